"""The life of a survey: everything exactly at its moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions import running
from elbe_elster.participation.actions.turning import turn_pages
from elbe_elster.participation.models import (
    Envelope,
    PublishedTable,
    Survey,
    SurveyState,
    SurveyVersion,
)
from elbe_elster.participation.permissions import can_see_survey
from elbe_elster.participation.tasks import serve_surveys
from elbe_elster.search.models import SearchEntry
from elbe_elster.snapshots import store
from tests.factories import UserFactory
from tests.participation.answering import answer
from tests.participation.drafting import HOUR, NOON, SECOND, both, drafted, open_survey, refusal, steps

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

db = pytest.mark.django_db


# Times ------------------------------------------------------------------------------


@db
def test_times_are_set_and_written_down(survey_team: User) -> None:
    survey = drafted()
    times: dict[str, Any] = {"opens_at": NOON + HOUR, "closes_at": NOON + 24 * HOUR, "results_from": None}
    assert running.schedule_survey(survey=survey, actor=survey_team, **times, reason="Plan", now=NOON)
    assert not running.schedule_survey(survey=survey, actor=survey_team, **times, reason="Plan", now=NOON)
    assert steps(survey) == [
        ("scheduled", "beginnt: offen → 23.11.2026 14:00; endet: offen → 24.11.2026 13:00. Plan"),
    ]


@db
@pytest.mark.parametrize(
    ("now", "opens", "closes", "expected"),
    [
        (0, 2, 10, []),
        (0, None, 10, []),  # at once
        (0, -1, 10, ["Dieser Anfang liegt schon zurück. Lassen Sie das Feld leer, damit die Umfrage sofort beginnt."]),
        (0, 5, 5, ["Das Ende muss nach dem Anfang liegen."]),
        (1, 1, 9, []),
        (1, 2, 9, ["Die Umfrage hat schon begonnen. Ihr Anfang bleibt, wie er war."]),
        (2, 1, 2, ["Dieses Ende liegt schon zurück."]),
        (10, 1, 12, ["Die Umfrage ist beendet. Zum Weiterführen öffnen Sie sie wieder."]),
    ],
)
def test_times_fit_the_state(now: int, opens: int | None, closes: int, expected: list[str]) -> None:
    survey = drafted(opens_at=NOON + HOUR, closes_at=NOON + 10 * HOUR)
    running.publish_survey(survey=survey, actor=None, now=NOON)
    times: dict[str, Any] = {
        "opens_at": None if opens is None else NOON + opens * HOUR,
        "closes_at": NOON + closes * HOUR,
        "results_from": None,
    }
    arguments: dict[str, Any] = {"survey": survey, "actor": None, **times, "now": NOON + now * HOUR}
    if expected:
        assert refusal(running.schedule_survey, **arguments) == expected
    else:
        assert running.schedule_survey(**arguments)
    survey.refresh_from_db()
    kept = (NOON + HOUR, NOON + 10 * HOUR)
    set_now = (times["opens_at"] or NOON, times["closes_at"])
    assert (survey.opens_at, survey.closes_at) == (kept if expected else set_now)


@db
def test_closing_and_reopening(survey_team: User) -> None:
    survey = open_survey()
    close: dict[str, Any] = {"survey": survey, "actor": survey_team, "reason": "Genug", "now": NOON + HOUR}
    assert not running.reopen_survey(survey=survey, actor=survey_team, closes_at=None, reason="x", now=NOON)
    assert [running.close_survey(**close), running.close_survey(**close)] == [True, False]
    survey.refresh_from_db()
    assert [survey.state_at(NOON + HOUR - SECOND), survey.state_at(NOON + HOUR)] == ["open", "closed"]
    assert [survey.accepts_at(NOON + 2 * HOUR - SECOND), survey.accepts_at(NOON + 2 * HOUR)] == [True, False]
    reopen: dict[str, Any] = {"survey": survey, "actor": survey_team, "reason": "Post kam spät", "now": NOON + 3 * HOUR}
    assert refusal(running.reopen_survey, **reopen, closes_at=NOON + 3 * HOUR) == ["Dieses Ende liegt schon zurück."]
    assert running.reopen_survey(**reopen, closes_at=NOON + 9 * HOUR)
    assert not running.reopen_survey(**reopen, closes_at=NOON + 9 * HOUR)
    assert steps(survey)[1:] == [("closed", "Genug"), ("reopened", "Post kam spät")]


@db
def test_it_does_not_reopen_beside_public_results() -> None:
    survey = open_survey()
    running.close_survey(survey=survey, actor=None, now=NOON + HOUR)
    table = PublishedTable.objects.create(survey=survey, question=survey.questions.get(code="q1"), values={})
    reopen: dict[str, Any] = {"survey": survey, "actor": None, "closes_at": None, "reason": "x", "now": NOON + 2 * HOUR}
    assert refusal(running.reopen_survey, **reopen) == [
        "Ergebnisse sind schon veröffentlicht. Nehmen Sie sie erst zurück; sonst antworten Menschen mit Blick darauf."
    ]
    table.withdrawn_at = NOON + HOUR
    table.save()
    assert running.reopen_survey(**reopen)


@db
def test_before_the_start_it_goes_back_to_a_draft() -> None:
    survey = drafted(opens_at=NOON + HOUR)
    running.publish_survey(survey=survey, actor=None, now=NOON)
    withdraw: dict[str, Any] = {"survey": survey, "actor": None, "reason": "Falsche Frage"}
    assert not running.withdraw_survey(**withdraw, now=NOON + HOUR)
    assert [running.withdraw_survey(**withdraw, now=NOON), running.withdraw_survey(**withdraw, now=NOON)] == [
        True,
        False,
    ]
    survey.refresh_from_db()
    assert (survey.state_at(NOON), SurveyVersion.objects.count()) == (SurveyState.DRAFT, 0)
    assert steps(survey)[1:] == [("withdrawn", "Falsche Frage")]
    assert SearchEntry.objects.filter(kind="umfragen").count() == 0
    version = running.publish_survey(survey=survey, actor=None, now=NOON)
    assert version is not None
    assert version.number == 1


@db
def test_with_an_answer_from_paper_it_stays_published() -> None:
    survey = drafted(opens_at=NOON + HOUR)
    running.publish_survey(survey=survey, actor=None, now=NOON)
    Envelope.objects.create(survey=survey, day=NOON.date(), content=b"x")
    assert refusal(running.withdraw_survey, survey=survey, actor=None, reason="x", now=NOON) == [
        "Es gibt schon Antworten, zum Beispiel vom Papier. Verschieben Sie lieber den Anfang."
    ]


@db
def test_nothing_is_done_to_what_lies_in_the_trash() -> None:
    survey = drafted(trashed_at=NOON)
    assert refusal(running.publish_survey, survey=survey, actor=None) == ["Die Umfrage liegt im Papierkorb."]


# State, visibility, and the pages at the moment ---------------------------------------

moments = st.one_of(st.none(), st.integers(-3, 3).map(lambda hours: NOON + hours * HOUR))


class StateTest(TestCase):
    """One survey at many moments."""

    @settings(max_examples=60, deadline=None)
    @given(
        times=st.tuples(moments, moments, st.integers(-4, 4)),
        marks=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    )
    def test_one_and_list_agree(self, times: tuple[Any, Any, int], marks: tuple[bool, bool, bool]) -> None:
        """``state_at`` is ``state``, ``can_see_survey`` is ``visible_to``, and the lists are what they say."""
        (opens, closes, at), (published, trashed, team) = times, marks
        if opens and closes and closes <= opens:
            opens, closes = closes, opens + HOUR
        now = NOON + at * HOUR
        survey = Survey.objects.create(
            slug="eine", title="Eine", opens_at=opens, closes_at=closes, trashed_at=NOON if trashed else None
        )
        if published:
            survey.current = survey.versions.create(number=1, document={})
            survey.save()
        user = UserFactory(roles=[Role.SURVEY_TEAM] if team else [Role.CURATOR])
        with time_machine.travel(now, tick=False):
            listed = Survey.objects.with_state(now).get()
            assert survey.state_at(now) == listed.state  # type: ignore[attr-defined]
            assert can_see_survey(user, survey) is Survey.objects.visible_to(user).exists()
            visible = Survey.objects.public(now).exists()
            assert visible is (survey.state_at(now) in {"open", "closed"} and not trashed)
            assert Survey.objects.running(now).exists() is (visible and survey.state_at(now) == "open")
            assert Survey.objects.over(now).exists() is (visible and survey.state_at(now) == "closed")


@db
def test_each_moment_is_noticed_once_and_exactly(django_capture_on_commit_callbacks: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        survey = drafted(opens_at=NOON + HOUR, closes_at=NOON + 2 * HOUR, results_from=NOON + 3 * HOUR)
        assert turn_pages(now=NOON + 5 * HOUR) == 0  # a draft turns nothing
        running.publish_survey(survey=survey, actor=None, now=NOON)
    for hours in (1, 2, 3):
        moment = NOON + hours * HOUR
        before = cache.get(store.VERSION)
        with django_capture_on_commit_callbacks(execute=True):
            assert [turn_pages(now=moment - SECOND), cache.get(store.VERSION)] == [0, before]
            assert [turn_pages(now=moment), turn_pages(now=moment), turn_pages(now=moment + SECOND)] == [1, 0, 0]
        assert cache.get(store.VERSION) != before


@pytest.mark.django_db(transaction=True)
def test_two_workers_notice_a_moment_once() -> None:
    survey = drafted(opens_at=NOON + HOUR)
    running.publish_survey(survey=survey, actor=None, now=NOON)
    assert both(lambda: turn_pages(now=NOON + HOUR)) == [False, True]


@db
def test_the_heartbeat_empties_the_urn_an_hour_after_the_end(survey_team: User) -> None:
    with time_machine.travel(NOON, tick=False):
        survey = open_survey(closes_at=NOON + HOUR)
        answer(survey, {})
        assert Envelope.objects.count() == 1
    for moment, left in ((NOON + 2 * HOUR - SECOND, 1), (NOON + 2 * HOUR, 0), (NOON + 2 * HOUR + SECOND, 0)):
        with time_machine.travel(moment, tick=False):
            serve_surveys()
        assert Envelope.objects.count() == left
    assert survey.responses.count() == 1
