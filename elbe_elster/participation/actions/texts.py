"""Reads free texts: sorts them by topics, and chooses what is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from elbe_elster.participation.models import FreeText, Question, TextCode, TextState
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from collections.abc import Collection

    from elbe_elster.accounts.models import User


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


@transaction.atomic
def add_topic(*, question: Question, label: str) -> TextCode:
    """A topic of the texts of a question; the one that has this name already, if there is one."""
    last = TextCode.objects.filter(question=question).aggregate(last=Max("order"))["last"] or 0
    topic, _made = TextCode.objects.get_or_create(
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
