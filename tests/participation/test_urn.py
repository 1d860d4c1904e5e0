from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from elbe_elster.participation.actions.urn import Outcome, Submission, cast, empty_urn, empty_urns
from elbe_elster.participation.models import (
    Access,
    AccessCode,
    Answer,
    AnswerState,
    CodeLot,
    Envelope,
    FreeText,
    Response,
    ResponseCount,
    SubmissionKey,
    Survey,
)
from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Kind, Option
from tests.participation.answering import answer, count_now, options, published, question, questionnaire

pytestmark = pytest.mark.django_db
VALUE, MORE, SKIPPED, NO_ANSWER = (
    AnswerState.VALUE,
    AnswerState.MORE,
    AnswerState.SKIPPED,
    AnswerState.NO_ANSWER,
)


def rows() -> list[tuple[object, ...]]:
    """Every stored answer with the code of its question."""
    found = Answer.objects.values_list("question__code", "item", "option", "state", "number", "date")
    return sorted(found, key=lambda row: row[:3])


@pytest.fixture
def of_every_kind() -> Survey:
    """A survey with a question of every kind."""
    return published(
        questionnaire(
            (
                question("single"),
                question(
                    "multiple", Kind.MULTIPLE, options=(*options("a", "b"), Option("z", 9, {"de": "Z"}, other=True))
                ),
                question("matrix", Kind.MATRIX_SINGLE),
                question("boxes", Kind.MATRIX_MULTIPLE),
            ),
            (
                question("ranking", Kind.RANKING),
                question("number", Kind.NUMBER),
                question("day", Kind.DATE),
                question("text", Kind.LONG_TEXT),
                question("left", Kind.SHORT_TEXT),
                question("untold", Kind.SCALE, no_answer=True),
                question("note", Kind.INFORMATION),
            ),
        )
    )


def test_every_kind_is_stored_long_and_typed(of_every_kind: Survey) -> None:
    answer(
        of_every_kind,
        {
            "single": Given(options=("b",)),
            "multiple": Given(options=("a", "z"), others={"z": " Traktor "}),
            "matrix": Given(items={"x": ("c",)}),
            "boxes": Given(items={"y": ("a", "b")}),
            "ranking": Given(options=("c", "a")),
            "number": Given(number=Decimal("12.5")),
            "day": Given(date=dt.date(2026, 3, 1)),
            "text": Given(text="Mehr Busse"),
            "untold": Given(missing=Missing.NO_ANSWER),
        },
    )
    assert count_now(of_every_kind) == 1
    assert rows() == [
        ("boxes", 1, 0, SKIPPED, None, None),
        ("boxes", 2, 1, VALUE, None, None),
        ("boxes", 2, 2, MORE, None, None),
        ("day", 0, 0, VALUE, None, dt.date(2026, 3, 1)),
        ("left", 0, 0, SKIPPED, None, None),
        ("matrix", 1, 3, VALUE, None, None),
        ("matrix", 2, 0, SKIPPED, None, None),
        ("multiple", 0, 1, VALUE, None, None),
        ("multiple", 0, 9, MORE, None, None),
        ("number", 0, 0, VALUE, Decimal("12.5000"), None),
        ("ranking", 0, 1, MORE, Decimal(2), None),
        ("ranking", 0, 3, VALUE, Decimal(1), None),
        ("single", 0, 2, VALUE, None, None),
        ("text", 0, 0, VALUE, None, None),
        ("untold", 0, 0, NO_ANSWER, None, None),
    ]
    assert sorted(FreeText.objects.values_list("question__code", "option", "text")) == [
        ("multiple", 9, "Traktor"),
        ("text", 0, "Mehr Busse"),
    ]


def test_what_is_hidden_is_not_stored() -> None:
    survey = published(questionnaire((question("car"), question("why", condition=Selected("car", "a")))))
    answer(survey, {"car": Given(options=("b",)), "why": Given(options=("c",))})
    count_now(survey)
    assert rows() == [("car", 0, 2, VALUE, None, None)]


def test_a_double_click_counts_once() -> None:
    survey = published(questionnaire((question("car"),)))
    assert [answer(survey, {}, key="one") for _ in range(3)] == [Outcome.COUNTED, Outcome.REPEATED, Outcome.REPEATED]
    assert count_now(survey) == Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_count_once() -> None:
    survey = published(questionnaire((question("car"),)))

    def send(_number: int) -> Outcome:
        try:
            return answer(survey, {}, key="one")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        outcomes = sorted(crowd.map(send, range(4)))
    assert outcomes == [Outcome.COUNTED, *[Outcome.REPEATED] * 3]
    assert Envelope.objects.count() == 1


def test_a_code_lets_in_once_and_is_not_burnt_by_a_refusal() -> None:
    survey = published(questionnaire((question("car"),)), access=Access.CODES)
    lot = CodeLot.objects.create(survey=survey, name="Briefe", created_on=timezone.localdate())
    AccessCode.objects.create(code="ABCD", lot=lot)
    assert answer(survey, {}, code="ABCD") == Outcome.COUNTED
    assert answer(survey, {}, code="ABCD", key="second") == Outcome.CODE_REFUSED
    assert answer(survey, {}, code="WXYZ", key="third") == Outcome.CODE_REFUSED
    assert Envelope.objects.count() == SubmissionKey.objects.count() == 1


def test_answers_are_taken_for_an_hour_after_the_end() -> None:
    end = timezone.now()
    survey = published(questionnaire((question("car"),)), closes_at=end)
    submission = Submission(survey, survey.current_id or 0, {}, "a")
    assert cast(submission, now=end + dt.timedelta(minutes=59)) == Outcome.COUNTED
    late = Submission(survey, survey.current_id or 0, {}, "b")
    assert cast(late, now=end + dt.timedelta(minutes=60)) == Outcome.TOO_LATE


def test_a_submission_of_100_answers_takes_three_statements() -> None:
    survey = published(questionnaire(tuple(question(f"q{number}") for number in range(100))))
    draft = {f"q{number}": Given(options=("a",)) for number in range(100)}
    answer(survey, {})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer(survey, draft)
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert [sql.split()[0] for sql in statements] == ["INSERT", "INSERT"]


def test_the_urn_stays_closed_during_the_day_and_can_be_emptied_twice() -> None:
    survey = published(questionnaire((question("car"),)))
    answer(survey, {"car": Given(options=("a",))})
    assert empty_urns() == 0
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert (empty_urns(now=tomorrow), empty_urns(now=tomorrow)) == (1, 0)
    assert list(ResponseCount.objects.values_list("channel", "day", "count")) == [("online", timezone.localdate(), 1)]
    assert not Envelope.objects.exists()


def test_the_urn_of_a_survey_that_has_ended_is_emptied_at_once() -> None:
    survey = published(questionnaire((question("car"),)))
    answer(survey, {})
    survey.closes_at = timezone.now() - dt.timedelta(hours=1)
    survey.save()
    assert empty_urn(survey) == 1


def test_an_envelope_that_cannot_be_opened_waits_and_holds_up_nobody() -> None:
    survey = published(questionnaire((question("car"),)))
    answer(survey, {})
    Envelope.objects.create(survey=survey, day=timezone.localdate(), content=b"x" * 40)
    assert count_now(survey) == 1
    assert Envelope.objects.count() == 1
