"""How far the strategy is: the numbers of /stand/ are those of the catalogue."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.utils import timezone

from elbe_elster.strategy.figures import STANDINGS, Fact, facts, tallies, tally
from elbe_elster.strategy.filters import filtered_measures
from elbe_elster.strategy.models import (
    ActionField,
    CostRow,
    Course,
    FundingRow,
    Measure,
    Milestone,
    MilestoneState,
    Phase,
)
from elbe_elster.strategy.overview import Bar, YearSum, freshness, measure_of, milestone_news, money_sums
from tests.client import PortalClient
from tests.factories import ActionFieldFactory, MeasureFactory, MilestoneFactory, ProjectProfileFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def hidden_measures() -> list[Measure]:
    """One of each kind that the public does not see."""
    return [
        MeasureFactory(publication="draft"),
        MeasureFactory(publication="withdrawn"),
        MeasureFactory(trashed_at=timezone.now()),
    ]


def every_standing(**fields: object) -> None:
    """Nine measures that between them have every phase and every course."""
    for course in Course:
        MeasureFactory(course_override=course, course_reason="Weil es so ist", **fields)
    MeasureFactory(phase=Phase.DONE, done_on=dt.date(2026, 2, 1), **fields)
    MeasureFactory(phase=Phase.DISCONTINUED, ending_reason="Kein Geld", **fields)
    MeasureFactory(phase=Phase.MERGED, merged_into=Measure.objects.first(), **fields)
    MeasureFactory(phase=Phase.IDEA, **fields)


# Counting ---------------------------------------------------------------------


def test_measures_are_counted_by_standing() -> None:
    every_standing()
    hidden_measures()
    counted = tally(facts(TODAY))
    assert {one.standing.key: one.number for one in counted.numbers} == {
        "done": 1, "on_track": 1, "delayed": 1, "at_risk": 1, "resting": 1, "not_assessed": 2, "ended": 2,
    }  # fmt: skip
    assert (counted.total, counted.done, counted.on_track, counted.late, counted.others) == (9, 1, 1, 2, 5)


def test_every_course_and_phase_has_a_standing() -> None:
    keys = {standing.key for standing in STANDINGS}
    found = {Fact(frozenset(), phase, course, None, False).standing for phase, course in product(Phase, ["", *Course])}
    assert found == keys


def test_every_number_is_the_length_of_the_list_it_links_to() -> None:
    bus, school = ActionFieldFactory(slug="mobilitaet", number=1001), ActionFieldFactory(slug="bildung", number=1002)
    every_standing(primary_field=bus)
    every_standing(primary_field=school)
    for measure in Measure.objects.filter(primary_field=bus)[:4]:
        measure.further_fields.add(school, bus)
    delayed = MeasureFactory(primary_field=school)
    MilestoneFactory(measure=None, profile=ProjectProfileFactory(measure=delayed), due_on=TODAY - dt.timedelta(1))
    for hidden in hidden_measures():
        hidden.further_fields.add(bus)
    known = facts(TODAY)
    everything = [tally(known), *tallies(known, ActionField.objects.filter(pk__in=[bus.pk, school.pk]))]
    assert [one.total for one in everything] == [19, 9, 14]
    shown = [(row.url, row.total) for row in everything]
    shown += [(one.url, one.number) for row in everything for one in row.numbers]
    listed = [(url, filtered_measures(QueryDict(urlsplit(url).query), TODAY)[0].count()) for url, _number in shown]
    assert listed == shown
    assert everything[2].late == 5  # two of each field and the one whose project is late


def test_addresses_of_the_lists() -> None:
    field = ActionFieldFactory(slug="mobilitaet")
    MeasureFactory(primary_field=field)
    counted = tally(facts(TODAY), field)
    assert [*[one.url for one in counted.numbers][:2], counted.numbers[-1].url, counted.url, tally([]).url] == [
        "/massnahmen/?phase=done&feld=mobilitaet",
        "/massnahmen/?verlauf=on_track&feld=mobilitaet",
        "/massnahmen/?phase=discontinued&phase=merged&feld=mobilitaet",
        "/massnahmen/?feld=mobilitaet",
        "/massnahmen/",
    ]


# Milestones -------------------------------------------------------------------


def test_milestones_that_matter_now() -> None:
    measure = MeasureFactory()
    profile = ProjectProfileFactory(measure=measure)
    hidden = ProjectProfileFactory(measure=measure, publication="draft")
    open_ones = [
        ("überfällig", dt.date(2026, 9, 30)), ("gestern", dt.date(2026, 11, 22)), ("heute", TODAY),
        ("Quartalsende", dt.date(2026, 12, 31)), ("nächstes Jahr", dt.date(2027, 1, 1)), ("ohne Termin", None),
    ]  # fmt: skip
    for title, due in open_ones:
        MilestoneFactory(measure=measure, title_de=title, due_on=due)
        MilestoneFactory(measure=None, profile=hidden, title_de=f"geheim {title}", due_on=due)
    MilestoneFactory(measure=measure, state="dropped", due_on=TODAY)
    for title, due, done in (
        ("neulich", dt.date(2026, 10, 31), TODAY),
        ("spät", dt.date(2026, 10, 31), dt.date(2026, 11, 1)),
        ("vor einem Jahr", None, dt.date(2025, 11, 24)),
        ("davor", None, dt.date(2025, 11, 23)),
    ):
        MilestoneFactory(measure=None, profile=profile, title_de=title, state="done", due_on=due, done_on=done)
    for one in hidden_measures():
        MilestoneFactory(measure=one, due_on=TODAY)
    news = milestone_news(TODAY)
    found = [[row.title for row in rows] for rows in (news.overdue, news.due, news.reached)]
    assert found == [
        ["überfällig", "gestern"],
        ["heute", "Quartalsende"],
        ["neulich", "spät", "vor einem Jahr"],
    ]
    assert news.reached_late == 2
    assert {measure_of(row) for row in [*news.overdue, *news.reached]} == {measure}


def test_quarter_ends_with_the_year() -> None:
    for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2027, 3, 31)):
        MilestoneFactory(title_de=str(day), due_on=day, due_precision="quarter")
    assert [row.title for row in milestone_news(dt.date(2026, 12, 31)).due] == ["2026-12-31"]
    assert [row.title for row in milestone_news(dt.date(2027, 1, 1)).due] == ["2027-01-01", "2027-03-31"]


# Freshness and money ----------------------------------------------------------


def test_freshness_of_what_has_not_ended() -> None:
    ages = [-1, 0, 91, 92, 183, 184, 365, 366, 4000, None]
    for age in ages:
        MeasureFactory(reviewed_on=None if age is None else TODAY - dt.timedelta(age))
    MeasureFactory(phase=Phase.DONE, done_on=TODAY, reviewed_on=TODAY)
    MeasureFactory(publication="draft", reviewed_on=TODAY)
    assert [(str(bar.label), bar.number) for bar in freshness(facts(TODAY), TODAY)] == [
        ("in den letzten drei Monaten", 3),
        ("vor drei bis sechs Monaten", 2),
        ("vor sechs bis zwölf Monaten", 2),
        ("vor mehr als einem Jahr", 2),
        ("noch nie", 1),
    ]


def test_money_of_what_is_public() -> None:
    measure = MeasureFactory()
    profile = ProjectProfileFactory(measure=measure)
    draft = ProjectProfileFactory(measure=measure, publication="draft")
    owners = [{"measure": measure}, {"profile": profile}]
    secret: list[dict[str, Any]] = [{"profile": draft}, *({"measure": one} for one in hidden_measures())]
    for owner in owners:
        CostRow.objects.create(**owner, kind="staff", year=2026, planned=Decimal("100.50"))
    CostRow.objects.create(measure=measure, kind="staff", year=2025, planned=10, actual=12)
    for state, amount in (("refused", 8), ("granted", 4), ("planned", 1)):
        FundingRow.objects.create(profile=profile, kind="grant", amount=amount, state=state)
    for hidden in secret:
        CostRow.objects.create(**hidden, kind="staff", year=2024, planned=5000)
        FundingRow.objects.create(**hidden, kind="grant", amount=7000, state="granted")
    sums = money_sums()
    assert sums.years == [YearSum(2025, 10, 12), YearSum(2026, 201, None)]
    assert sums.states == [Bar("Geplant", 1), Bar("Bewilligt", 4), Bar("Abgelehnt", 8)]
    assert (sums.planned, sums.granted, sums.largest) == (211, 4, 201)


# Page -------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
def test_page_exists_in_every_language(client: PortalClient, prefix: str) -> None:
    every_standing()
    assert client.get(f"{prefix}/stand/").status_code == 200


def test_page_of_an_empty_portal_says_so(client: PortalClient) -> None:
    MeasureFactory(publication="draft", title_de="GEHEIM")
    html = client.get("/stand/").content.decode()
    assert ("Hier gibt es noch nichts zu zählen" in html, "GEHEIM" in html) == (True, False)


def test_page_shows_nothing_of_what_is_hidden(client: PortalClient) -> None:
    measure = MeasureFactory(title_de="Rufbus", lead=None)
    MilestoneFactory(measure=measure, title_de="Start", due_on=dt.date(2020, 1, 1))
    draft = ProjectProfileFactory(measure=measure, publication="draft")
    MilestoneFactory(measure=None, profile=draft, title_de="GEHEIM-Schritt", due_on=dt.date(2020, 1, 1))
    MilestoneFactory(
        measure=MeasureFactory(publication="draft", title_de="GEHEIM"), title_de="GEHEIM", due_on=dt.date(2020, 1, 1)
    )
    html = client.get("/stand/").content.decode()
    assert ("GEHEIM" in html, "Start" in html, "Rufbus" in html) == (False, True, True)


def test_page_asks_no_more_for_more_rows(same_queries_for_one_and_three: Callable[..., int]) -> None:
    def make() -> None:
        profile = ProjectProfileFactory()
        MilestoneFactory(measure=None, profile=profile, due_on=dt.date(2026, 1, 1), state=MilestoneState.UNDER_WAY)
        MilestoneFactory(measure=profile.measure, due_on=dt.date(2026, 1, 1))
        CostRow.objects.create(profile=profile, kind="staff", year=2026, planned=1)
        profile.measure.further_fields.add(ActionFieldFactory())

    assert same_queries_for_one_and_three(make, "/stand/") == 5
    assert Milestone.objects.count() == 6
