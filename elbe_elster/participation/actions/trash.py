"""Drafts in the trash are deleted after a while. What was once published stays; it is part of the record."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from elbe_elster.participation.models import Survey

KEPT_FOR = dt.timedelta(days=30)


def gone_after(survey: Survey) -> dt.datetime | None:
    """When a survey in the trash is deleted. None: never, because it was published."""
    return survey.trashed_at + KEPT_FOR if survey.trashed_at and survey.current_id is None else None


def empty_trash(*, now: dt.datetime | None = None) -> int:
    """Delete the drafts that have been in the trash for 30 days. Gives how many. Repeatable."""
    before = (now or timezone.now()) - KEPT_FOR
    due = Survey.objects.filter(trashed_at__lt=before, current=None).order_by("pk").values_list("pk", flat=True)
    return sum(_delete(pk) for pk in list(due))


@transaction.atomic
def _delete(pk: int) -> bool:
    found = Survey.objects.select_for_update(of=("self",)).filter(pk=pk, trashed_at__isnull=False).first()
    if found is None:
        return False
    found.breakdowns.all().delete()  # they protect their questions
    found.delete()
    return True
