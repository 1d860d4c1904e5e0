from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.exporting import (
    FOLDER,
    LEASE,
    TAKEN_UP_FOR,
    UNCLAIMED,
    ClaimLostError,
    _claim,
    cancel_export,
    forget_exports,
    free_exports,
    request_export,
    run_export,
)
from elbe_elster.participation.models import ExportFormat, ExportJob, JobState, Survey, SurveyStep
from tests.factories import UserFactory
from tests.participation.exporting import corrected_survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 40  # seconds
# A worker that comes as far as the third response and then thinks for a long time.
SLOW_WORKER = """
import os, sys, time
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = os.environ['EXPORT_FOLDER']
from elbe_elster.participation.export import files
from elbe_elster.participation.actions import exporting
exporting.NOTED_EVERY = 0
def slowly(rows, count, note):
    for done, row in enumerate(rows, start=1):
        note(done, count)
        if done == 3:
            time.sleep(60)
        yield row
files._noted = slowly
exporting.run_export(pk=int(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def team(db: None) -> User:
    return UserFactory(email="beteiligung@example.org", name="Berta Team", roles=[Role.SURVEY_TEAM])


def files() -> list[str]:
    folder = Path(default_storage.path(FOLDER))
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def asked(survey: Survey, user: User, **fields: Any) -> ExportJob:
    return request_export(
        **{"survey": survey, "actor": user, "file_format": ExportFormat.CSV, "reason": "Bau", **fields}
    )


def test_a_file_is_asked_for_written_fetched_and_forgotten(team: User, sign_in: SignIn) -> None:
    survey = corrected_survey()
    browser = sign_in(team)
    page = reverse("participation:survey-export", args=[survey.slug])
    answer = browser.post(page, {"file_format": "csv", "reason": "Auswertung für den Bauausschuss"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    job = ExportJob.objects.get()
    assert "wartet" in browser.get(page).text
    assert run_export(pk=job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.of_all, job.lease_until) == (JobState.DONE, 12, 12, None)
    fetched: Any = browser.get(reverse("participation:export-file", args=[survey.slug, job.pk]))
    content = b"".join(fetched.streaming_content)
    fetched.close()
    assert content.startswith(b"\xef\xbb\xbfnr;fassung;weg;tag;single")
    assert content.count(b"\r\n") == 13
    assert (fetched["Content-Disposition"], fetched["Cache-Control"], fetched["Content-Type"]) == (
        f'attachment; filename="umfrage-1-antworten-{timezone.localdate()}.csv"',
        "private, no-store, max-age=0, no-cache, must-revalidate",
        "text/csv; charset=utf-8",
    )
    assert list(SurveyStep.objects.values_list("kind", "note", "actor")) == [
        ("exported", "CSV-Datei: Auswertung für den Bauausschuss", team.pk)
    ]
    assert forget_exports() == 0
    later = timezone.now() + dt.timedelta(hours=25)
    assert forget_exports(now=later) == 1
    assert (files(), ExportJob.objects.count()) == ([], 0)


def test_nobody_else_gets_the_file(team: User, sign_in: SignIn, admin: User, curator: User, visitor: Any) -> None:
    job = asked(corrected_survey(), team)
    run_export(pk=job.pk)
    address = reverse("participation:export-file", args=["umfrage-1", job.pk])
    page = reverse("participation:survey-export", args=["umfrage-1"])
    own = sign_in(team).get(address)
    own.close()
    assert own.status_code == 200
    assert [sign_in(user).get(address).status_code for user in (admin, curator)] == [404, 403]
    assert visitor.get(address).status_code == 302
    assert "Herunterladen" not in sign_in(admin).get(page).text
    stop = reverse("participation:export-cancel", args=["umfrage-1", job.pk])
    assert [sign_in(user).post(stop).status_code for user in (admin, curator)] == [404, 403]
    name = Path(ExportJob.objects.get().file.name).name
    assert visitor.get(f"/media/{FOLDER}/{name}").status_code == 404
    ExportJob.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert sign_in(team).get(address).status_code == 404


def test_files_are_for_the_portal_only(team: User) -> None:
    run_export(pk=asked(corrected_survey(), team).pk)
    folder = Path(default_storage.path(FOLDER))
    assert [oct(path.stat().st_mode)[-3:] for path in (folder, *folder.iterdir())] == ["700", "600"]


def test_a_reason_is_needed(team: User, sign_in: SignIn) -> None:
    survey, browser = corrected_survey(), sign_in(team)
    page = reverse("participation:survey-export", args=[survey.slug])
    refused = browser.post(page, {"file_format": "sav", "reason": " "})
    assert (refused.status_code, ExportJob.objects.count()) == (422, 0)
    assert "Schreiben Sie, wozu Sie die Datei brauchen." in refused.text
    assert browser.post(page, {"file_format": "xlsform", "reason": "x"}).status_code == 422
    assert browser.post(page, {"file_format": "codebook", "reason": "Handbuch"}).status_code == 302
    assert (ExportJob.objects.get().file_format, SurveyStep.objects.get().note) == ("codebook", "Codebuch: Handbuch")


def test_asking_twice_counts_once(team: User) -> None:
    survey = corrected_survey()
    assert asked(survey, team) == asked(survey, team)
    assert asked(survey, team, with_texts=True) != asked(survey, team)
    assert ExportJob.objects.count() == 2


def test_few_responses_are_given_to_nobody(team: User, sign_in: SignIn) -> None:
    survey = corrected_survey(responses=9)
    job = asked(survey, team)
    assert not run_export(pk=job.pk)
    assert (ExportJob.objects.get().state, files()) == (JobState.FAILED, [])
    page = sign_in(team).get(reverse("participation:survey-export", args=[survey.slug])).text
    assert "Bei weniger als 10 Antwortbögen gibt das Portal keine einzelnen Bögen aus" in page


def test_the_page_asks_as_often_for_three_files_as_for_one(
    team: User, sign_in: SignIn, same_queries_for_one_and_three: Callable[..., int]
) -> None:
    survey = corrected_survey()

    def make() -> None:
        ExportJob.objects.create(survey=survey, owner=team, file_format="csv", state="running", done=3, of_all=9)

    page = reverse("participation:survey-export", args=[survey.slug])
    assert same_queries_for_one_and_three(make, page, sign_in(team)) <= 14


def test_the_page_says_how_far_it_is(team: User, sign_in: SignIn) -> None:
    survey, browser = corrected_survey(), sign_in(team)
    page = reverse("participation:survey-export", args=[survey.slug])
    job = ExportJob.objects.create(survey=survey, owner=team, file_format="csv", state="running", done=3, of_all=9)
    text = browser.get(page).text
    assert f'id="fortschritt-{job.pk}" value="3" max="9"' in " ".join(text.split())
    assert 'hx-trigger="every 2s"' in text
    ExportJob.objects.update(state=JobState.DONE, expires_at=timezone.now() + dt.timedelta(hours=1))
    assert browser.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


# Work ------------------------------------------------------------------------------


def wait_for(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def begun(job: ExportJob, settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in the middle of the file; it does not outlive the block."""
    where = {"DJANGO_SETTINGS_MODULE": "elbe_elster.settings", "EXPORT_FOLDER": str(settings.MEDIA_ROOT)}
    worker = subprocess.Popen([sys.executable, "-c", SLOW_WORKER, str(job.pk)], env={**os.environ, **where})
    try:
        wait_for(lambda: ExportJob.objects.get(pk=job.pk).done == 3)
        yield worker
    finally:
        worker.kill()
        worker.wait()


def test_a_killed_worker_is_followed_by_another(team: User, settings: Any) -> None:
    job = asked(corrected_survey(), team)
    with begun(job, settings) as worker:
        assert not run_export(pk=job.pk)  # somebody is at it
        worker.kill()
        worker.wait(PATIENCE)
    assert len(files()) == 1  # half a file that no row names
    now = timezone.now()
    assert free_exports(now=now) == []
    assert free_exports(now=now + LEASE + dt.timedelta(seconds=1)) == [job.pk]
    ExportJob.objects.update(lease_until=now - dt.timedelta(seconds=1))
    assert run_export(pk=job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 12)
    assert len(files()) == 2
    half = next(file for file in Path(default_storage.path(FOLDER)).iterdir() if file.name not in str(job.file.name))
    long_ago = time.time() - UNCLAIMED.total_seconds() - 60
    os.utime(half, (long_ago, long_ago))
    forget_exports()
    assert files() == [Path(str(job.file.name)).name]


def test_what_dies_again_and_again_is_given_up(team: User) -> None:
    job = asked(corrected_survey(), team)
    old = timezone.now() - TAKEN_UP_FOR - dt.timedelta(seconds=1)
    ExportJob.objects.update(state=JobState.RUNNING, lease_until=old, created_at=old)
    assert free_exports() == []
    job.refresh_from_db()
    assert (job.state, job.lease_until) == (JobState.FAILED, None)


def test_who_was_thought_dead_writes_nothing_any_more(team: User) -> None:
    """The first worker wakes up after the second has taken over."""
    job = asked(corrected_survey(), team)
    first = _claim(job.pk)
    assert first is not None
    ExportJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert run_export(pk=job.pk)
    with pytest.raises(ClaimLostError):
        first.note(12, 12)
    with pytest.raises(ClaimLostError):
        first.finish("exports/falsch.csv")
    first.give_up()
    assert ExportJob.objects.get().state == JobState.DONE


def test_cancelled_in_the_middle_leaves_no_file(team: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from elbe_elster.participation.actions import exporting
    from elbe_elster.participation.export import files as export_files

    monkeypatch.setattr(exporting, "NOTED_EVERY", 0.0)
    monkeypatch.setattr(export_files, "NOTED_EVERY", 1)
    job = asked(corrected_survey(), team)
    claim_class: Any = exporting._Claim  # noqa: SLF001
    noted = claim_class.note

    def note(claim: Any, done: int, of_all: int) -> None:
        if done == 5:
            assert cancel_export(job=job)
        noted(claim, done, of_all)

    monkeypatch.setattr(claim_class, "note", note)
    assert not run_export(pk=job.pk)
    assert (ExportJob.objects.get().state, files()) == (JobState.CANCELLED, [])
    assert not cancel_export(job=job)


def test_one_file_at_a_time(team: User) -> None:
    survey = corrected_survey()
    first, second = asked(survey, team), asked(survey, team, file_format=ExportFormat.SAV)
    assert _claim(first.pk) is not None
    assert not run_export(pk=second.pk)
    ExportJob.objects.filter(pk=first.pk).update(state=JobState.DONE, lease_until=None)
    assert run_export(pk=second.pk)


def test_a_broken_file_system_ends_the_job(team: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from elbe_elster.participation.actions import exporting

    def full(*_given: Any, **_named: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(exporting, "write_export", full)
    assert not run_export(pk=asked(corrected_survey(), team).pk)
    assert (ExportJob.objects.get().state, files()) == (JobState.FAILED, [])
