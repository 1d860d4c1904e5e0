"""What a table says about published measures becomes drafts: a second person approves them, as in the editor."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.strategy.actions.applying import DraftError, draft_errors, rebased
from elbe_elster.strategy.actions.drafts import add_remark
from elbe_elster.strategy.drafting.content import REASONS, table_names, written
from elbe_elster.strategy.drafting.merging import differences, flattened, merged, nested
from elbe_elster.strategy.drafting.showing import errors_in_words, label_of
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Draft, DraftState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import DeviationKind, Measure


class DraftRefusedError(ValueError):
    """The row does not fit beside the draft that is there; the text is for people."""


def text_after(*, before: Mapping[str, Any], change: Callable[[], Measure]) -> dict[str, Any]:
    """The text of the measure as ``change`` would make it. Nothing of it is stored."""
    with transaction.atomic():
        text = written(change())
        transaction.set_rollback(True)
    for table in table_names("measure"):
        known = {row["key"] for row in before.get(table, [])}
        text[table] = [_row(row, place, known) for place, row in enumerate(text[table])]
    return text


def _row(row: dict[str, Any], place: int, known: set[str]) -> dict[str, Any]:
    """A new row gets a key made of what it says, so that the same table twice does not bring it twice."""
    if row["key"] in known:
        return row
    said = json.dumps([place, {**row, "key": ""}], ensure_ascii=False, sort_keys=True)
    return {**row, "key": f"n{hashlib.sha256(said.encode()).hexdigest()[:12]}"}


def keep_as_draft(*, measure: Measure, text: dict[str, Any], reasons: Mapping[DeviationKind, str], actor: User) -> bool:
    """Lay the text before those who approve. A draft that somebody is still writing takes it up and stays theirs.

    False when the draft says so already. Raises DraftRefusedError where the draft says something else about the same box, or is approved for a day already.
    """
    work = Work.on_record(measure)
    text |= {REASONS[kind]: reason for kind, reason in reasons.items()}
    draft = work.draft
    if draft is None:
        if {**text, **dict.fromkeys(REASONS.values(), "")} == work.stored:
            return False
        draft = Draft(kind=work.kind, measure=measure, created_by=actor, updated_by=actor, base=work.stored)
        draft.values, draft.state, draft.submitted_by = text, DraftState.SUBMITTED, actor
        draft.save()
    elif not _merge(work, draft, text, actor):
        return False
    if draft.state == DraftState.SUBMITTED:
        if error := draft_errors(draft=draft, actor=actor):
            raise DraftRefusedError(" ".join(_sentences(Work.on_draft(draft), error)))
        add_remark(draft=draft, actor=actor, step=DraftState.SUBMITTED, text=_("Aus einer Tabelle."))
    return True


def _merge(work: Work, draft: Draft, text: dict[str, Any], actor: User) -> bool:
    """Put the text into the draft that is there. False when it says the same already."""
    if draft.state == DraftState.SCHEDULED:
        raise DraftRefusedError(
            _("Ein Entwurf ist schon freigegeben und erscheint bald. Lesen Sie die Tabelle danach noch einmal ein.")
        )
    try:
        theirs_text = rebased(work)
    except DraftError as error:
        raise DraftRefusedError(" ".join(_sentences(work, error))) from error
    tables = table_names(work.kind)
    base, mine, theirs = (flattened(values, tables) for values in (work.stored, text, theirs_text))
    found = [one for one in differences(base, mine, theirs) if one.name not in REASONS.values()]
    if conflicts := [one.name for one in found if not one.chosen]:
        boxes = ", ".join(dict.fromkeys(_label(work, name) for name in conflicts))
        sentence = _("Im Entwurf steht schon etwas anderes bei: %s. Gleichen Sie es im Entwurf ab.")
        raise DraftRefusedError(sentence % boxes)
    values = nested(merged(mine, theirs, found, {}), tables)
    for box in REASONS.values():
        both = dict.fromkeys(filter(None, [theirs_text.get(box, ""), text.get(box, "")]))
        values[box] = " ".join(both)
    if values == draft.values:
        return False
    draft.values, draft.base, draft.updated_by, draft.updated_at = values, work.stored, actor, timezone.now()
    draft.revision += 1
    if draft.state == DraftState.SUBMITTED:
        draft.submitted_by, draft.approved_by = actor, None
    draft.save()
    return True


def _label(work: Work, name: str) -> str:
    return label_of(work.content(), name)


def _sentences(work: Work, error: DraftError) -> list[str]:
    said = errors_in_words(work.content(), error.errors)
    return [f"{label}: {text}" if label else text for _name, label, text in said]
