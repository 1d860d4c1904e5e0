from __future__ import annotations

import datetime as dt
import secrets
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from elbe_elster.legal.models import RetentionRun
from elbe_elster.legal.retention import apply_retention, doers, due_rows, rules
from elbe_elster.participation.models import (
    AccessCode,
    CodeLot,
    ContactWish,
    Draft,
    Envelope,
    ExportJob,
    FreeText,
    Kiosk,
    PaperBatch,
    PaperSheet,
    Response,
    SubmissionKey,
    Survey,
    SurveyImport,
    TextState,
)
from elbe_elster.participation.questionnaire.answers import Given
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import answer, count_now, published, question, questionnaire

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    settings.MEDIA_ROOT = tmp_path


def ended(ago: dt.timedelta | None) -> Survey:
    survey = published(questionnaire((question("text", Kind.LONG_TEXT),)))
    closes = None if ago is None else NOW - ago
    opens = NOW - 3 * 365 * DAY
    Survey.objects.filter(pk=survey.pk).update(opens_at=opens, closes_at=closes)
    survey.refresh_from_db()
    return survey


def left(label: str) -> dict[str, int]:
    """What a dry run counts, after which it is done: the same number, and then nothing."""
    counted = due_rows(now=NOW)[f"participation.{label}"]
    done = apply_retention(now=NOW)[f"participation.{label}"]
    again = due_rows(now=NOW)[f"participation.{label}"]
    return {"counted": counted, "done": done, "again": again}


ONE = {"counted": 1, "done": 1, "again": 0}


def test_every_rule_that_participation_does_has_a_doer() -> None:
    said = {label for label, rule in rules().items() if rule.done_by == "participation"}
    assert said == {label for label in doers() if label.startswith("participation.")}


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        ("SubmissionKey", 7 * DAY),
        ("Draft", 7 * DAY),
        ("AccessCode", 30 * DAY),
        ("ContactWish", 183 * DAY),
    ],
)
def test_what_goes_some_days_after_the_end(label: str, kept: dt.timedelta) -> None:
    surveys = [ended(kept + HOUR), ended(kept - HOUR), ended(None)]
    model: Any
    for survey in surveys:
        lot = CodeLot.objects.create(survey=survey, name="Briefe", created_on=NOW.date())
        AccessCode.objects.create(code=secrets.token_hex(5), lot=lot, used=True)
        SubmissionKey.objects.create(digest=secrets.token_bytes(32), survey=survey)
        Draft.objects.create(digest=secrets.token_bytes(32), survey=survey, content=b"x", kept_until=NOW.date())
        ContactWish.objects.create(survey=survey, contact="mensch@example.org")
    assert left(label) == ONE
    model = {one.__name__: one for one in (SubmissionKey, Draft, AccessCode, ContactWish)}[label]
    name = "lot__survey" if label == "AccessCode" else "survey"
    assert sorted(model.objects.values_list(name, flat=True)) == sorted(survey.pk for survey in surveys[1:])


def test_unused_codes_go_as_well() -> None:
    lot = CodeLot.objects.create(survey=ended(31 * DAY), name="Briefe", created_on=NOW.date())
    for used in (True, False):
        AccessCode.objects.create(code=secrets.token_hex(5), lot=lot, used=used)
    assert left("AccessCode") == {"counted": 2, "done": 2, "again": 0}


def test_drafts_go_when_their_day_is_over() -> None:
    survey = ended(None)
    for days in (-1, 0, 1):
        Draft.objects.create(
            digest=secrets.token_bytes(32), survey=survey, content=b"x", kept_until=NOW.date() + days * DAY
        )
    assert left("Draft") == ONE
    assert sorted(Draft.objects.values_list("kept_until", flat=True)) == [NOW.date(), NOW.date() + DAY]


def test_the_urn_is_emptied_and_what_cannot_be_opened_goes_after_a_month(caplog: pytest.LogCaptureFixture) -> None:
    survey = ended(None)
    answer(survey, {"text": Given(text="Bus")})
    Envelope.objects.update(day=NOW.date() - 40 * DAY)
    for days in (30, 31):
        Envelope.objects.create(survey=survey, day=NOW.date() - days * DAY, content=b"kaputt")
    assert due_rows(now=NOW)["participation.Envelope"] == 2
    assert apply_retention(now=NOW)["participation.Envelope"] == 1
    assert list(Envelope.objects.values_list("day", flat=True)) == [NOW.date() - 30 * DAY]
    assert Response.objects.count() == 1
    assert "1 Umschläge ließen sich 30 Tage lang nicht öffnen" in caplog.text


def test_raw_texts_lose_their_words_a_year_after_the_end() -> None:
    for ago in (365 * DAY + HOUR, 365 * DAY - HOUR):
        survey = ended(None)
        for text in ("roh", "Zitat", "abgelehnt"):
            answer(survey, {"text": Given(text=text)})
        count_now(survey)
        Survey.objects.filter(pk=survey.pk).update(closes_at=NOW - ago)
    FreeText.objects.filter(text="Zitat").update(state=TextState.PUBLISHED, quote="Zi…")
    FreeText.objects.filter(text="abgelehnt").update(state=TextState.REJECTED, quote="ab…")
    assert left("FreeText") == {"counted": 3, "done": 3, "again": 0}
    assert sorted(FreeText.objects.values_list("text", "quote", "state")) == [
        ("", "", "new"),
        ("", "", "rejected"),
        ("", "Zi…", "published"),
        ("Zitat", "Zi…", "published"),
        ("abgelehnt", "ab…", "rejected"),
        ("roh", "", "new"),
    ]


def test_sheets_of_finished_batches_go() -> None:
    survey = ended(None)
    for number, finished in enumerate((True, False), start=1):
        assert survey.current is not None
        batch = PaperBatch.objects.create(survey=survey, version=survey.current, number=number, finished=finished)
        PaperSheet.objects.create(batch=batch, number=1, first={})
    assert left("PaperSheet") == ONE
    assert PaperSheet.objects.get().batch.number == 2


def test_exports_and_imports(admin: User) -> None:
    survey = ended(None)
    for hours in (1, -1):
        moment = NOW + hours * HOUR
        ExportJob.objects.create(survey=survey, owner=admin, file_format="csv", state="done", expires_at=moment)
    assert left("ExportJob") == ONE
    for taken, days in ((None, 2), (None, 0), (survey, 89), (survey, 91)):
        SurveyImport.objects.create(owner=admin, name=f"{days}.lss", survey=taken, created_at=NOW - days * DAY)
    assert left("SurveyImport") == {"counted": 2, "done": 2, "again": 0}
    assert sorted(SurveyImport.objects.values_list("name", flat=True)) == ["0.lss", "89.lss"]


def test_kiosks_go_after_a_year() -> None:
    for days in (364, 366):
        Kiosk.objects.create(
            survey=ended(None), name=f"vor {days}", digest=secrets.token_bytes(32), open_until=NOW - days * DAY
        )
    assert left("Kiosk") == ONE


def test_a_dry_run_changes_nothing_and_is_written_down() -> None:
    survey = ended(200 * DAY)
    ContactWish.objects.create(survey=survey, contact="mensch@example.org")
    SubmissionKey.objects.create(digest=secrets.token_bytes(32), survey=survey)
    said = StringIO()
    call_command("apply_retention", "--dry-run", stdout=said)
    assert {line for line in said.getvalue().splitlines() if not line.endswith(": 0")} == {
        "participation.ContactWish: 1",
        "participation.SubmissionKey: 1",
    }
    assert (ContactWish.objects.count(), SubmissionKey.objects.count()) == (1, 1)
    apply_retention()
    assert (ContactWish.objects.count(), SubmissionKey.objects.count()) == (0, 0)
    counts = {"participation.ContactWish": 1, "participation.SubmissionKey": 1}
    assert list(RetentionRun.objects.order_by("pk").values_list("at", "dry_run", "counts")) == [
        (NOW, True, counts),
        (NOW, False, counts),
    ]


def test_answers_outlive_every_rule() -> None:
    survey = ended(None)
    answer(survey, {"text": Given(text="Bus")})
    count_now(survey)
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - 3000 * DAY + 2000 * DAY)
    apply_retention(now=NOW + 3000 * DAY)
    assert Response.objects.count() == 1
