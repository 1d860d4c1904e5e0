"""Free texts as a list of their own. Raw texts may be about people, so nothing ties them to the responses or to a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from elbe_elster.participation.export.variables import Slot
from elbe_elster.participation.models import FreeText, TextState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from elbe_elster.participation.export.variables import Variable
    from elbe_elster.participation.models import Survey

AT_ONCE = 2000


def text_head() -> list[tuple[str, int]]:
    """Columns and their widths."""
    return [
        (_("Variable"), 24),
        (_("Frage"), 50),
        (_("Text"), 80),
        (_("Stand der Durchsicht"), 20),
        (_("Zitat"), 60),
        (_("Themen"), 40),
    ]


def text_rows(survey: Survey, variables: Sequence[Variable]) -> Iterator[tuple[str, ...]]:
    """One row for each text, by question, within it in the order of random keys of the texts.

    Neither key nor day nor way: the row of a response cannot be found from here.
    """
    by_slot = {variable.slot: variable for variable in variables if variable.slot}
    texts = FreeText.objects.filter(response__survey=survey).order_by(
        "question__page__order", "question__order", "question", "option", "key"
    )
    for text in texts.prefetch_related("codes").iterator(chunk_size=AT_ONCE):
        exact = by_slot.get(Slot(text.question_id, text.item, text.option))
        variable = exact or by_slot.get(Slot(text.question_id, text.item, 0))
        if variable is None:
            continue
        label = variable.label
        if exact is None:
            words = dict(variable.codes).get(text.option)
            label = f"{label} – {words}" if words else label
        yield (
            variable.name,
            label,
            text.text,
            str(TextState(text.state).label),
            text.quote if text.state == TextState.PUBLISHED else "",
            "; ".join(code.label for code in text.codes.all()),
        )


def text_count(survey: Survey) -> int:
    """How many texts there are."""
    return FreeText.objects.filter(response__survey=survey).count()
