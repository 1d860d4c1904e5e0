from collections.abc import Callable

import pytest
from django.test.utils import CaptureQueriesContext

from tests.client import PortalClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
@pytest.mark.parametrize("path", ["/strategie/", "/handlungsfelder/", "/handlungsfelder/gesundheit/"])
def test_pages_exist_in_every_language(client: PortalClient, content: None, prefix: str, path: str) -> None:
    assert client.get(prefix + path).status_code == 200


def test_pages_speak_the_language(client: PortalClient, content: None) -> None:
    assert "Fields of action" not in client.get("/handlungsfelder/gesundheit/").content.decode()
    assert "Consulting from afar" in client.get("/en/handlungsfelder/gesundheit/").content.decode()
    assert "Mit dem Arzt am Computer sprechen" in client.get("/de-simple/handlungsfelder/gesundheit/").content.decode()


def test_field_names_its_neighbours(client: PortalClient, content: None) -> None:
    neighbours = []
    for slug in ("mobilitaet", "bildung", "arbeit-wirtschaft"):
        context = client.get(f"/handlungsfelder/{slug}/").context
        neighbours.append(tuple(getattr(context[name], "slug", None) for name in ("previous", "field", "next")))
    assert neighbours == [
        (None, "mobilitaet", "verwaltung"),
        ("verwaltung", "bildung", "klimaschutz-katastrophenschutz"),
        ("gesundheit", "arbeit-wirtschaft", None),
    ]


def test_unknown_field_is_not_found(client: PortalClient, content: None) -> None:
    assert client.get("/handlungsfelder/raumfahrt/").status_code == 404


def test_portal_without_strategy_has_no_strategy_page(client: PortalClient) -> None:
    assert client.get("/strategie/").status_code == 404
    assert "Noch sind keine Handlungsfelder eingetragen." in client.get("/handlungsfelder/").content.decode()


def test_few_queries(client: PortalClient, content: None, count_queries: Callable[[], CaptureQueriesContext]) -> None:
    counts = []
    for path in ("/strategie/", "/handlungsfelder/", "/handlungsfelder/bildung/", "/handlungsfelder/verwaltung/"):
        with count_queries() as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts == [2, 1, 4, 5]  # a field without measures asks for no rows
