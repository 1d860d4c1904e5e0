"""Reads free texts: sorts them by topics, and chooses what is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.retention import blank_texts
from elbe_elster.participation.actions.running import SurveyRefusedError, locked, tell
from elbe_elster.participation.models import FreeText, Question, StepKind, TextCode, TextState
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import Survey


@transaction.atomic
def review_text(
    *, text: FreeText, state: TextState, topics: Collection[TextCode], quote: str = "", actor: User
) -> None:
    """Store what became of a text. Only what is quoted keeps a quote; the original is never public."""
    row = FreeText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    was_public = row.state == TextState.PUBLISHED
    row.state, row.reviewed_by = state, actor
    row.quote = quote.strip() if state == TextState.PUBLISHED else ""
    row.save()
    row.codes.set(topic for topic in topics if topic.question_id == row.question_id)
    if was_public or state == TextState.PUBLISHED:
        mark_stale()


def against_blanking(survey: Survey, now: dt.datetime) -> str:
    """Why the wording of the texts cannot be deleted yet; empty: it can."""
    if survey.accepts_at(now):
        return _("Die Umfrage nimmt noch Antworten an. Warten Sie ihr Ende ab.")
    if FreeText.objects.filter(question__survey=survey, state=TextState.NEW).exclude(text="").exists():
        return _("Einige Texte hat noch niemand gelesen. Ordnen Sie diese zuerst zu.")
    return ""


@transaction.atomic
def end_reading(*, survey: Survey, actor: User, now: dt.datetime | None = None) -> int:
    """The reading has ended: delete the wording of every text; topics and published quotes stay. Gives how many.

    Raises SurveyRefusedError while answers may come or texts are unread.
    """
    row = locked(survey)
    now = now or timezone.now()
    if reason := against_blanking(row, now):
        raise SurveyRefusedError(reason)
    number = blank_texts(FreeText.objects.filter(question__survey=row).exclude(text=""))
    if number:
        tell(row, StepKind.TEXTS_BLANKED, actor, str(number), now=now)
    return number


@transaction.atomic
def add_topic(*, question: Question, label: str) -> TextCode:
    """A topic of the texts of a question; the one that has this name already, if there is one."""
    last = TextCode.objects.filter(question=question).aggregate(last=Max("order"))["last"] or 0
    topic, _new = TextCode.objects.get_or_create(
        question=question, label_de=label.strip(), defaults={"order": last + 1}
    )
    return topic


def rename_topic(*, topic: TextCode, label: str) -> None:
    """Another name for a topic."""
    topic.label_de = label.strip()  # type: ignore[attr-defined]  # of modeltranslation
    topic.save()


@transaction.atomic
def remove_topic(*, topic: TextCode) -> None:
    """Texts keep their other topics."""
    topic.delete()
