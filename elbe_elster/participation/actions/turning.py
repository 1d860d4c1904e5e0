"""The moments at which a survey begins, ends or shows results: finished pages must not show the time before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from elbe_elster.participation.models import Survey
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    import datetime as dt

MOMENTS = ("opens_at", "closes_at", "results_from")


@transaction.atomic
def turn_pages(*, now: dt.datetime | None = None) -> int:
    """Notice every survey one of whose moments has come since the last time. Gives how many.

    Each moment is claimed by a conditional update, so it is noticed once by however many workers.
    """
    now = now or timezone.now()
    come = Q()
    for name in MOMENTS:
        come |= Q((f"{name}__lte", now), (f"{name}__gt", F("shown_as_of")))
    turned = Survey.objects.filter(come, current__isnull=False, trashed_at=None).update(shown_as_of=now)
    if turned:
        mark_stale()
    return turned
