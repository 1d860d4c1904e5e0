"""What a query string asks for; pages, files and feeds all go by it."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from elbe_elster.search.actions import rebuild_entries
from elbe_elster.strategy.filters import filtered_measures
from elbe_elster.strategy.models import Adoption, Measure, Stage
from tests.factories import AdministrationFactory, BodyFactory, GoalFactory, MeasureFactory, MilestoneFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def numbers(query: str, language: str = "de") -> list[str]:
    """The numbers of the measures found, in their order."""
    with translation.override(language):
        return [measure.number for measure in filtered_measures(QueryDict(query), today=TODAY)[0]]


@pytest.fixture
def catalogue() -> None:
    """Three published measures that differ in everything, and three that nobody must see."""
    bus = MeasureFactory(number="M-1", title_de="Rufbus per App", primary_field__slug="mobilitaet", priority="high")
    office = MeasureFactory(number="M-2", title_de="Bürgeramt", primary_field__slug="verwaltung", phase="idea")
    river = MeasureFactory(number="M-10", title_de="Ärzte", primary_field__slug="gesundheit", priority="low")
    river.further_fields.add(bus.primary_field)
    goal = GoalFactory(action_field=bus.primary_field, number=1)
    bus.goals.add(goal)
    bus.lead, office.lead = BodyFactory(pk=11, name="Verkehr"), BodyFactory(pk=12, name="Hauptamt")
    bus.starts_on, bus.ends_on = dt.date(2025, 1, 1), dt.date(2026, 12, 31)
    office.starts_on, office.permanent = dt.date(2027, 1, 1), True
    bus.save()
    office.save()
    MilestoneFactory(measure=bus, due_on=dt.date(2026, 10, 1))
    MilestoneFactory(measure=river, due_on=dt.date(2026, 1, 1))
    Adoption.objects.create(measure=bus, administration=AdministrationFactory(slug="plessa"), stage=Stage.IN_USE)
    Adoption.objects.create(
        measure=office, administration=AdministrationFactory(slug="plessa"), stage=Stage.NOT_CONCERNED
    )
    hidden: list[dict[str, Any]] = [
        {"publication": "draft"},
        {"publication": "withdrawn"},
        {"trashed_at": timezone.now()},
    ]
    for place, fields in enumerate(hidden):
        leak = MeasureFactory(
            number=f"X-{place}", title_de="Rufbus per App", primary_field=bus.primary_field, priority="high", **fields
        )
        leak.goals.add(goal)
        leak.lead = bus.lead
        leak.starts_on = bus.starts_on
        leak.save()
        Adoption.objects.create(measure=leak, administration=AdministrationFactory(slug="plessa"), stage=Stage.IN_USE)
    rebuild_entries()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["M-1", "M-2", "M-10"]),
        ("feld=verwaltung", ["M-2"]),
        ("feld=mobilitaet", ["M-1", "M-10"]),
        ("feld=verwaltung&feld=gesundheit", ["M-2", "M-10"]),
        ("phase=idea", ["M-2"]),
        ("verlauf=delayed", ["M-1"]),
        ("verlauf=delayed&verlauf=at_risk", ["M-1", "M-10"]),
        ("prioritaet=low", ["M-10"]),
        ("stelle=12", ["M-2"]),
        ("kommune=plessa", ["M-1"]),
        ("zeitraum_von=2027", ["M-2"]),
        ("zeitraum_bis=2026", ["M-1"]),
        ("zeitraum_von=2026&zeitraum_bis=2027", ["M-1", "M-2"]),
        ("feld=mobilitaet&prioritaet=low", ["M-10"]),
        ("q=rufbus", ["M-1"]),
        ("q=Bürger", ["M-2"]),
        ("q=burgeramt", ["M-2"]),
        ("q=ÄRZTE", ["M-10"]),
        ("q=m-10", ["M-10"]),
        ("q=M10", ["M-10"]),
        ("q=m+010", ["M-10"]),
        ("q=10", ["M-10"]),
        ("q=1", ["M-1"]),
        ("q=x1", []),
        ("q=per", ["M-1"]),
        ("q=buergeramt", ["M-2"]),
        ("q=aerzte", ["M-10"]),
        ("zeitraum_von=2027&zeitraum_bis=2026", ["M-1", "M-2"]),
        ("q=rufbus&feld=gesundheit", []),
    ],
)
def test_facets(catalogue: None, query: str, found: list[str]) -> None:
    assert numbers(query) == found


def test_goal(catalogue: None) -> None:
    field = Measure.objects.get(number="M-1").primary_field
    assert numbers(f"ziel={field.number}.1") == ["M-1"]


@pytest.mark.parametrize(
    "query",
    [
        "feld=quatsch",
        "ziel=9.9",
        "ziel=x",
        "phase=",
        "verlauf=late",
        "stelle=99999999999999999999",
        "stelle=abc",
        "kommune=%00",
        "zeitraum_von=99",
        "zeitraum_bis=0000",
        "zeitraum_von=%D9%A2%D9%A0%D9%A2%D9%A6",
        "q=%00",
        "q=%20",
        "q=...",
        "seite=-1&sortierung=quatsch&unbekannt=1",
    ],
)
def test_nonsense_filters_nothing(catalogue: None, query: str) -> None:
    assert numbers(query) == ["M-1", "M-2", "M-10"]


def test_one_unknown_value_does_not_spoil_the_others(catalogue: None) -> None:
    assert numbers("feld=quatsch&feld=verwaltung") == ["M-2"]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("nummer", ["M-1", "M-2", "M-10"]),
        ("-nummer", ["M-10", "M-2", "M-1"]),
        ("titel", ["M-10", "M-2", "M-1"]),
        ("-titel", ["M-1", "M-2", "M-10"]),
        ("naechster", ["M-10", "M-1", "M-2"]),
        ("verlauf", ["M-10", "M-1", "M-2"]),
    ],
)
def test_order(catalogue: None, order: str, found: list[str]) -> None:
    assert numbers(f"sortierung={order}") == found


def test_search_goes_by_the_language(catalogue: None) -> None:
    Measure.objects.filter(number="M-1").update(title_en="Bus on demand")
    rebuild_entries()
    assert numbers("q=demand", "en") == ["M-1"]
    assert numbers("q=demand") == []
    assert numbers("q=Bürgeramt", "en") == ["M-2"]
