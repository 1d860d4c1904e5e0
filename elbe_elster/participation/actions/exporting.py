"""Exports: asked for with a reason, written in the background under a lease, cancelled, and forgotten after a day."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, Q
from django.utils import timezone

from elbe_elster.participation.export.files import TooFewResponsesError, form_of, write_export
from elbe_elster.participation.models import ExportFormat, ExportJob, JobState, StepKind, Survey, SurveyStep
from elbe_elster.participation.models.files import KEPT_FOR

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

logger = logging.getLogger(__name__)
FOLDER = "exports"
LEASE = dt.timedelta(minutes=2)
TAKEN_UP_FOR = dt.timedelta(hours=1)  # after it was asked for; then a job whose worker died is given up
NOTED_EVERY = 1.0  # seconds
UNCLAIMED = dt.timedelta(hours=2)  # a file of no job that nobody wrote to for so long
LONGEST_NOTE = 300


class ClaimLostError(Exception):
    """Somebody cancelled the work, or another worker has taken it over. Nothing may be written any more."""


@transaction.atomic
def request_export(
    *, survey: Survey, actor: User, file_format: str, with_texts: bool = False, reason: str
) -> ExportJob:
    """Put a file on the list of work. The same file that is not finished yet counts once.

    Whoever takes something out of the portal is written down with the reason.
    """
    Survey.objects.select_for_update().get(pk=survey.pk)
    same = {"survey": survey, "file_format": file_format, "with_texts": with_texts}
    unfinished = ExportJob.objects.of(actor).filter(**same, state__in=(JobState.WAITING, JobState.RUNNING))
    if found := unfinished.first():
        return found
    what = str(ExportFormat(file_format).label) + (" mit freien Texten" if with_texts else "")
    note = f"{what}: {reason}"[:LONGEST_NOTE]
    SurveyStep.objects.create(survey=survey, kind=StepKind.EXPORTED, note=note, actor=actor)
    return ExportJob.objects.create(**same, owner=actor)


def cancel_export(*, job: ExportJob) -> bool:
    """Stop the work; who writes notices within a second. False when it had ended already."""
    unfinished = ExportJob.objects.filter(pk=job.pk, state__in=(JobState.WAITING, JobState.RUNNING))
    return unfinished.update(state=JobState.CANCELLED, lease_until=None) == 1


def run_export(*, pk: int) -> bool:
    """Write the file of a job if it is free and no other is being written. True when the file is there."""
    claim = _claim(pk)
    if claim is None:
        return False
    job = ExportJob.objects.select_related("survey").get(pk=pk)
    ending = form_of(job.file_format, with_texts=job.with_texts).ending
    name = f"{FOLDER}/{secrets.token_hex(16)}.{ending}"
    file = Path(default_storage.path(name))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file.touch(mode=0o600)
        with file.open("wb") as stream:
            write_export(stream, job.survey, job.file_format, with_texts=job.with_texts, note=claim.note)
        claim.finish(name)
    except ClaimLostError:
        file.unlink(missing_ok=True)
        return False
    except TooFewResponsesError:
        file.unlink(missing_ok=True)
        claim.give_up()
        return False
    except Exception:
        file.unlink(missing_ok=True)
        claim.give_up()
        logger.exception("Eine Ausfuhr ließ sich nicht schreiben.")
        return False
    return True


def _claim(pk: int) -> _Claim | None:
    now = timezone.now()
    others = ExportJob.objects.filter(state=JobState.RUNNING, lease_until__gte=now).exclude(pk=pk)
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=now)
    until = now + LEASE
    mine = ExportJob.objects.filter(free, ~Exists(others), pk=pk)
    taken = mine.update(state=JobState.RUNNING, lease_until=until, done=0)
    return _Claim(pk, until) if taken else None


class _Claim:
    """The right to write one file. The end of the lease is the mark: who holds an older one finds no row."""

    def __init__(self, pk: int, until: dt.datetime) -> None:
        self.pk, self.until = pk, until
        self.next_note = 0.0

    def note(self, done: int, of_all: int) -> None:
        """Say how far the work is, at most once a second, and hold on to it. Raises ClaimLostError."""
        if time.monotonic() < self.next_note and 0 < done < of_all:
            return
        self.next_note = time.monotonic() + NOTED_EVERY
        until = timezone.now() + LEASE
        self._update(done=done, of_all=of_all, lease_until=until)
        self.until = until

    def finish(self, name: str) -> None:
        """The file is there, for a day. Raises ClaimLostError."""
        ends = timezone.now() + KEPT_FOR
        self._update(state=JobState.DONE, file=name, expires_at=ends, lease_until=None)

    def give_up(self) -> None:
        """The file cannot be written."""
        mine = ExportJob.objects.filter(pk=self.pk, state=JobState.RUNNING, lease_until=self.until)
        mine.update(state=JobState.FAILED, lease_until=None)

    def _update(self, **values: object) -> None:
        mine = ExportJob.objects.filter(pk=self.pk, state=JobState.RUNNING, lease_until=self.until)
        if mine.update(**values) != 1:
            raise ClaimLostError


def free_exports(*, now: dt.datetime | None = None) -> list[int]:
    """Jobs to be taken up: nobody began them, or whoever did is dead. What is too old is given up instead."""
    now = now or timezone.now()
    free = ExportJob.objects.filter(Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=now))
    free.filter(created_at__lt=now - TAKEN_UP_FOR).update(state=JobState.FAILED, lease_until=None)
    return list(free.order_by("created_at").values_list("pk", flat=True))


def expired_exports(now: dt.datetime) -> Q:
    """Jobs that are over: a day after the file was there, or a day after it was asked for and never came."""
    unfinished = Q(expires_at=None, created_at__lt=now - KEPT_FOR)
    return Q(expires_at__lt=now) | unfinished


def forget_exports(*, now: dt.datetime | None = None) -> int:
    """Delete files and rows that are over, and files that no job knows. Gives the number of jobs."""
    now = now or timezone.now()
    jobs = list(ExportJob.objects.filter(expired_exports(now)))
    ExportJob.objects.filter(pk__in=[job.pk for job in jobs]).delete()
    for job in jobs:
        if job.file:
            Path(default_storage.path(str(job.file.name))).unlink(missing_ok=True)
    folder = Path(default_storage.path(FOLDER))
    known = {Path(name).name for name in ExportJob.objects.exclude(file="").values_list("file", flat=True)}
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name not in known and file.stat().st_mtime < (now - UNCLAIMED).timestamp():
            file.unlink(missing_ok=True)
    return len(jobs)
