import datetime as dt
from collections.abc import Callable

import pytest
from django.test.utils import CaptureQueriesContext

from elbe_elster.strategy.models import ActionField, ChronicleEntry, Phase
from tests.client import PortalClient
from tests.factories import MeasureFactory, ProjectProfileFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/en/", "/de-simple/"])
def test_home_exists_in_every_language(client: PortalClient, content: None, path: str) -> None:
    assert client.get(path).status_code == 200


def test_home_of_an_empty_portal_stands(client: PortalClient) -> None:
    assert client.get("/").status_code == 200


def test_home_asks_at_most_seven_queries(
    client: PortalClient, content: None, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    """Fields, steps, talks, places, surveys; how far the measures are; the latest news."""
    counts = []
    for visit in range(3):
        with count_queries() as queries:
            client.get("/")
        counts.append(len(queries))
        measure = MeasureFactory(number=f"T-{visit}", primary_field=ActionField.objects.get(slug="bildung"))
        ChronicleEntry.objects.create(measure=measure, text="Neu")
    assert counts[1:] == [7, 7]


def test_home_counts_measures_and_tells_the_latest_news(client: PortalClient, content: None) -> None:
    school = ActionField.objects.get(slug="bildung")
    hidden = MeasureFactory(number="T-01", primary_field=school, publication="draft", title_de="GEHEIM")
    late = MeasureFactory(number="T-02", primary_field=school, ends_on=dt.date(2020, 1, 1), title_de="Tafeln")
    MeasureFactory(number="T-03", primary_field=school, phase=Phase.DONE, done_on=dt.date(2026, 1, 1))
    draft = ProjectProfileFactory(measure=late, publication="draft")
    for day in (1, 2, 3, 4):
        ChronicleEntry.objects.create(measure=late, text=f"Tag {day}", date=dt.date(2026, 11, day))
        ChronicleEntry.objects.create(measure=hidden, text="GEHEIM", date=dt.date(2026, 11, day))
        ChronicleEntry.objects.create(measure=late, profile=draft, text="GEHEIM", date=dt.date(2026, 11, day))
    response = client.get("/")
    context = response.context
    numbers = [
        (row.field.slug, row.done, row.on_track, row.late, row.others) for row in context["tallies"] if row.total
    ]
    everything = context["all"]
    assert numbers == [("verwaltung", 0, 0, 0, 1), ("bildung", 1, 0, 1, 0)]  # the circle is a measure, and real
    assert (everything.total, everything.done, everything.late) == (3, 1, 1)
    assert [entry.text for entry in context["entries"]] == ["Tag 4", "Tag 3", "Tag 2"]
    assert "GEHEIM" not in response.content.decode()


def test_home_shows_fields_steps_talks_and_the_county(client: PortalClient, content: None) -> None:
    context = client.get("/").context
    shown = (
        [field.number for field in context["fields"]],
        [step.number for step in context["steps"]],
        [talk.place for talk in context["talks"]],
        len(context["map"].areas),
        context["municipality_count"],
        context["town_count"],
    )
    numbers = [1, 2, 3, 4, 5, 6, 7]
    assert shown == (numbers, numbers, ["Domsdorf", "Herzberg (Elster)", "Finsterwalde"], 13, 33, 11)


def test_home_shows_nothing_that_does_not_exist(client: PortalClient, content: None) -> None:
    html = client.get("/").content.decode()
    assert "Beispiel</span>" not in html
    assert "Umfrage läuft" not in html
