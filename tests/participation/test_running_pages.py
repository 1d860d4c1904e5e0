"""The pages on which the team runs a survey."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions import running
from elbe_elster.participation.counts import Line, counts_of
from elbe_elster.participation.forms.running import TimesForm
from elbe_elster.participation.models import (
    Breakdown,
    Channel,
    Envelope,
    Question,
    ResponseCount,
    Survey,
    SurveyState,
    SurveyVersion,
    TextCode,
)
from tests.factories import UserFactory
from tests.participation.drafting import HOUR, NOON, drafted, open_survey, steps

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
RUN = "/redaktion/umfragen/umfrage/lauf/"
PAGES = ("lauf", "fassungen", "kopie", "gliederung", "vorschau", "vorschau/blatt", "probe")


@pytest.fixture
def team(survey_team: User, sign_in: SignIn) -> PortalClient:
    """A browser of the survey team."""
    return sign_in(survey_team)


@pytest.mark.parametrize("page", PAGES)
def test_only_the_team_gets_in(page: str, sign_in: SignIn, client: PortalClient) -> None:
    drafted()
    path = f"/redaktion/umfragen/umfrage/{page}/"
    for role in Role:
        expected = 200 if role in {Role.SURVEY_TEAM, Role.ADMIN} else 403
        assert sign_in(UserFactory(roles=[role])).get(path).status_code == expected, role
    assert sign_in(UserFactory()).get(path).status_code == 403
    assert client.get(path).status_code == 302
    Survey.objects.update(trashed_at=NOON)
    assert sign_in(UserFactory(roles=[Role.SURVEY_TEAM])).get(path).status_code == 404


def post(browser: PortalClient, step: str, **values: str) -> Any:
    """Send the form of a step."""
    return browser.post(RUN, {"step": step, **{f"{step}-{name}": value for name, value in values.items()}})


def test_nobody_else_takes_a_step(curator: User, sign_in: SignIn) -> None:
    survey = drafted()
    for step in ("publish", "times", "close"):
        assert post(sign_in(curator), step).status_code == 403
    assert (survey.steps.count(), SurveyVersion.objects.count()) == (0, 0)


def test_publish_correct_close_and_reopen(team: PortalClient) -> None:
    survey = drafted()
    assert "Ein Entwurf" in team.get(RUN).content.decode()
    assert post(team, "publish").status_code == 302
    assert post(team, "publish").status_code == 302
    Question.objects.filter(code="q1").update(label_de="Wie oft fahren Sie?")
    page = team.get(RUN).content.decode()
    assert "Frage „Wie oft fahren Sie?“, Frage" in page
    assert post(team, "correct", reason="").status_code == 422
    assert post(team, "correct", reason="Tippfehler").status_code == 302
    versions = team.get("/redaktion/umfragen/umfrage/fassungen/").content.decode()
    assert ("Tippfehler" in versions, "Fassung 2" in versions, "Die erste Veröffentlichung." in versions) == (
        True,
        True,
        True,
    )
    assert post(team, "close", reason="").status_code == 302
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    assert post(team, "reopen", closes_day=tomorrow, closes_time="18:00", reason="").status_code == 422
    assert post(team, "reopen", closes_day=tomorrow, closes_time="18:00", reason="Nachzügler").status_code == 302
    survey.refresh_from_db()
    assert survey.state_at(timezone.now()) == SurveyState.OPEN
    assert [kind for kind, _note in steps(survey)] == ["published", "corrected", "closed", "reopened"]


def test_what_is_refused_is_said_and_what_was_typed_stays(team: PortalClient) -> None:
    survey = drafted()
    survey.questions.all().delete()
    response = post(team, "publish")
    assert response.status_code == 422
    assert "Die Umfrage fragt noch nichts." in response.content.decode()
    answer = post(team, "times", opens_day="2027-03-28", opens_time="02:30")
    assert answer.status_code == 422
    assert 'value="02:30"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"opens_day": "2026-12-01", "opens_time": "08:00"}, dt.datetime(2026, 12, 1, 7, tzinfo=dt.UTC)),
        ({"opens_day": "01.07.2027", "opens_time": "08:00"}, dt.datetime(2027, 7, 1, 6, tzinfo=dt.UTC)),
        ({"opens_day": "2027-10-31", "opens_time": "02:30"}, dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)),
        ({"opens_day": "2027-03-28", "opens_time": "02:30"}, "time"),  # the clocks skip it
        ({"opens_day": "2026-11-31", "opens_time": "08:00"}, "day"),
        ({"opens_day": "2026-12-01"}, "time"),
        ({"opens_time": "08:00"}, "day"),
        ({}, None),
    ],
)
def test_times_are_meant_by_the_countys_clock(team: PortalClient, typed: dict[str, str], stored: Any) -> None:
    survey = drafted()
    response = post(team, "times", **typed)
    survey.refresh_from_db()
    if isinstance(stored, str):
        assert (response.status_code, survey.opens_at) == (422, None)
        assert list(response.context["forms"]["times"].errors) == [f"opens_{stored}"]
    else:
        assert (response.status_code, survey.opens_at) == (302, stored)


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("", dt.datetime(2027, 2, 10, 23, tzinfo=dt.UTC), (dt.date(2027, 2, 10), None)),
        ("00:00", dt.datetime(2027, 2, 9, 23, tzinfo=dt.UTC), (dt.date(2027, 2, 9), None)),
        ("18:00", dt.datetime(2027, 2, 10, 17, tzinfo=dt.UTC), (dt.date(2027, 2, 10), dt.time(18))),
    ],
)
def test_an_end_without_a_time_is_the_end_of_its_day(
    team: PortalClient, typed: str, stored: dt.datetime, shown: tuple[dt.date, dt.time | None]
) -> None:
    survey = drafted()
    assert post(team, "times", closes_day="2027-02-10", closes_time=typed).status_code == 302
    survey.refresh_from_db()
    form = TimesForm(survey=survey)
    assert (survey.closes_at, survey.last_day, survey.last_time) == (stored, *shown)
    assert (form["closes_day"].initial, form["closes_time"].initial) == shown


def test_the_second_of_two_hours_is_kept(team: PortalClient) -> None:
    second = dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)  # 2:30 for the second time
    survey = drafted(opens_at=second)
    post(team, "times", opens_day="2027-10-31", opens_time="02:30", closes_day="2027-11-30", closes_time="02:30")
    survey.refresh_from_db()
    assert survey.opens_at == second


def test_days_and_ways_are_counted(team: PortalClient) -> None:
    with time_machine.travel(NOON, tick=False):
        survey = open_survey(expected_responses=1000)
        day = NOON.date()
        for channel, back, count in ((Channel.ONLINE, 2, 4), (Channel.PAPER, 2, 3), (Channel.ONLINE, 0, 1)):
            ResponseCount.objects.create(survey=survey, channel=channel, day=day - dt.timedelta(days=back), count=count)
        Envelope.objects.create(survey=survey, day=day, content=b"x")
        found = counts_of(survey)
        page = team.get(RUN).content.decode()
    assert found.channels == (Channel.ONLINE, Channel.PAPER)
    assert (found.by_channel, found.in_urn, found.total, found.largest) == ((5, 3), 1, 9, 7)
    assert found.lines == (
        Line(day - dt.timedelta(days=2), (4, 3), 0),
        Line(day - dt.timedelta(days=1), (0, 0), 0),
        Line(day, (1, 0), 1),
    )
    assert "von 1.000 erwarteten" in page
    assert "12:00" not in page.split("antworten")[1].split("zeiten")[0]


def test_long_runs_are_counted_by_weeks() -> None:
    survey = open_survey()
    for days in (0, 3, 60):
        day = dt.date(2026, 9, 2) + dt.timedelta(days=days)
        ResponseCount.objects.create(survey=survey, channel=Channel.ONLINE, day=day, count=2)
    found = counts_of(survey)
    assert (found.by_weeks, len(found.lines)) == (True, 9)
    assert found.lines[0] == Line(dt.date(2026, 8, 31), (4,), 0)


def test_the_page_asks_the_same_for_one_and_three_days(team: PortalClient, same_queries_for_one_and_three: Any) -> None:
    survey = open_survey()
    days = iter(range(3))

    def make() -> None:
        day = NOON.date() + dt.timedelta(days=next(days))
        ResponseCount.objects.create(survey=survey, channel=Channel.ONLINE, day=day, count=1)

    same_queries_for_one_and_three(make, RUN, team)


# Copies -------------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_a_copy_has_everything_but_answers_and_times(team: PortalClient) -> None:
    survey = open_survey(
        title_de="Digital 2025", title_en="Digital 2025", languages=["en"], closes_at=NOON + HOUR, minutes=9
    )
    question = survey.questions.get(code="q1")
    survey.questions.filter(code="q2").update(publishable=False)
    question.options.filter(code="b").update(retired=True)
    breakdown = Breakdown.objects.create(survey=survey, question=question, label="Nach Antwort")
    breakdown.groups.create(number=1, label="A oder B", options=[1, 2])
    TextCode.objects.create(question=question, label="Bus")
    form = team.get("/redaktion/umfragen/umfrage/kopie/").context["form"]
    assert form.initial == {"title": "Digital 2026", "slug": "digital-2026"}
    for _click in range(2):
        response = team.post("/redaktion/umfragen/umfrage/kopie/", form.initial)
        assert response["Location"] == "/redaktion/umfragen/digital-2026/bearbeiten/"
    copy = Survey.objects.get(copied_from=survey)
    assert (copy.title_de, copy.title_en, copy.minutes, copy.languages) == ("Digital 2026", "Digital 2026", 9, ["en"])  # type: ignore[attr-defined]
    assert (copy.current, copy.opens_at, copy.closes_at, copy.state_at(NOON)) == (None, None, None, SurveyState.DRAFT)
    assert list(copy.questions.values_list("code", "publishable")) == [("q1", True), ("q2", False)]
    copied = copy.questions.get(code="q1")
    assert list(copied.options.values_list("code", "number", "retired")) == [
        ("a", 1, False),
        ("b", 2, True),
        ("c", 3, False),
    ]
    assert copied.pk != question.pk
    assert [
        (row.question, row.label, [(g.number, g.label, g.options) for g in row.groups.all()])
        for row in copy.breakdowns.all()
    ] == [(copied, "Nach Antwort", [(1, "A oder B", [1, 2])])]
    assert [topic.label for topic in copied.text_codes.all()] == ["Bus"]
    assert (survey.breakdowns.count(), survey.questions.count()) == (1, 2)
    assert steps(copy) == [("copied", "Aus „Digital 2025“")]
    assert running.publish_survey(survey=copy, actor=None)


def test_a_copy_takes_no_address_of_another(team: PortalClient) -> None:
    drafted()
    Survey.objects.create(slug="anders", title="Anders")
    response = team.post("/redaktion/umfragen/umfrage/kopie/", {"title": "Neu", "slug": "anders"})
    assert response.status_code == 422
    assert "Diese Adresse hat schon eine andere Umfrage." in response.content.decode()
    assert Survey.objects.count() == 2
