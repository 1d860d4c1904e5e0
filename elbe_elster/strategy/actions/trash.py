"""The trash: out of sight at once, back within 30 days, then gone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pghistory
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.actions.files import delete_files_of
from elbe_elster.strategy.models import Measure, ProjectProfile

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

    Record = Measure | ProjectProfile

KEPT_FOR = dt.timedelta(days=30)


@transaction.atomic
def trash_record(*, record: Record, actor: User, reason: str = "") -> None:
    """Move to the trash: gone from every page, feed, file and search with this commit. Repeatable."""
    if record.trashed_at is None:
        with pghistory.context(step="trashed", note=reason):
            change_record(record=record, values={"trashed_at": timezone.now()}, actor=actor)


@transaction.atomic
def restore_record(*, record: Record, actor: User) -> None:
    """Take out of the trash: shown again as before. Repeatable."""
    if record.trashed_at is not None:
        with pghistory.context(step="restored"):
            change_record(record=record, values={"trashed_at": None}, actor=actor)


def gone_after(record: Record) -> dt.datetime:
    """When a record in the trash is deleted."""
    assert record.trashed_at is not None  # noqa: S101 -- asked for what is in the trash
    return record.trashed_at + KEPT_FOR


def empty_trash(now: dt.datetime | None = None) -> int:
    """Delete what has been in the trash for 30 days. Returns how many records. Repeatable.

    A measure into which others have merged stays until they are gone as well; profiles go with their measure.
    """
    before = (now or timezone.now()) - KEPT_FOR
    deleted = sum(_delete_profile(pk) for pk in _pks(ProjectProfile, before))
    return deleted + sum(_delete_measure(pk) for pk in _pks(Measure, before))


def _pks(model: type[Record], before: dt.datetime) -> list[int]:
    return list(model._default_manager.filter(trashed_at__lt=before).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _delete_profile(pk: int) -> bool:
    profile = ProjectProfile.objects.select_for_update(of=("self",)).filter(pk=pk, trashed_at__isnull=False).first()
    if profile is None:
        return False
    delete_files_of(profile)
    profile.delete()
    _tell(ProjectProfile, [pk])
    return True


@transaction.atomic
def _delete_measure(pk: int) -> bool:
    measure = Measure.objects.select_for_update(of=("self",)).filter(pk=pk, trashed_at__isnull=False).first()
    if measure is None:
        return False
    profiles: list[ProjectProfile] = list(measure.profiles.all())
    try:
        with transaction.atomic():
            records: list[Record] = [*profiles, measure]
            for record in records:
                delete_files_of(record)
                record.delete()
    except ProtectedError:
        return False
    _tell(ProjectProfile, [profile.pk for profile in profiles])
    _tell(Measure, [pk])
    return True


def _tell(model: type[Record], pks: list[int]) -> None:
    refresh_entries(model, pks)
    mark_stale()
