from collections.abc import Callable

import pytest
from django.test.utils import CaptureQueriesContext

from tests.client import PortalClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/en/", "/de-simple/"])
def test_home_exists_in_every_language(client: PortalClient, content: None, path: str) -> None:
    assert client.get(path).status_code == 200


def test_home_of_an_empty_portal_stands(client: PortalClient) -> None:
    assert client.get("/").status_code == 200


def test_home_asks_at_most_four_queries(
    client: PortalClient, content: None, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    client.get("/")
    with count_queries() as queries:
        client.get("/")
    assert len(queries) == 4


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
