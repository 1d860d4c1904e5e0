import re

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from elbe_elster.ui.context import Frame
from tests.client import PortalClient

pytestmark = pytest.mark.django_db


def switcher(client: PortalClient, path: str) -> dict[str, str]:
    html = client.get(path).content.decode()
    top = html[html.index('class="utility"') : html.index("</header>")]
    return dict(re.findall(r'href="([^"]+)"\s+hreflang="([^"]+)"', top))


def test_the_language_choice_stays_on_the_page() -> None:
    frame = Frame(RequestFactory().get("/konto/anmelden/?next=/x/"))
    assert [(language.code, language.url) for language in frame.languages] == [
        ("de", "/konto/anmelden/?next=/x/"),
        ("de-simple", "/de-simple/konto/anmelden/?next=/x/"),
        ("en", "/en/konto/anmelden/?next=/x/"),
    ]


def test_the_language_choice_offers_the_others(client: PortalClient) -> None:
    assert switcher(client, "/en/?a=b") == {"/?a=b": "de", "/de-simple/?a=b": "de-simple"}


@pytest.mark.parametrize(("path", "language"), [("/", "de"), ("/en/", "en"), ("/de-simple/", "de-simple")])
def test_the_page_says_its_language(client: PortalClient, path: str, language: str) -> None:
    assert f'<html lang="{language}">' in client.get(path).content.decode()


def test_an_address_that_does_not_exist_leads_home_in_the_other_languages(client: PortalClient) -> None:
    assert switcher(client, "/gibt/es/nicht/") == {"/de-simple/": "de-simple", "/en/": "en"}


def test_the_frame_costs_a_visitor_no_query(
    client: PortalClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/gibt/es/nicht/")


def test_reporting_a_barrier_carries_the_address(client: PortalClient) -> None:
    html = client.get("/gibt-es-nicht/?a=b&c=d").content.decode()
    assert "/barriere-melden/?seite=%2Fgibt-es-nicht%2F%3Fa%3Db%26c%3Dd" in html


def test_the_navigation_marks_where_one_is() -> None:
    request = RequestFactory().get("/en/")
    with override("en"):
        frame = Frame(request)
        entries = frame._entries([("/", "Start"), ("/gibt-es-nicht/", "Nichts")])  # noqa: SLF001
    assert entries == [("/en/", "Start", "page")]


def test_the_title_names_page_and_portal(client: PortalClient) -> None:
    assert (
        "<title>Diese Seite gibt es nicht – Elbe-Elster digital</title>"
        in client.get("/gibt-es-nicht/").content.decode()
    )
    assert "<title>Elbe-Elster digital</title>" in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_report_of_a_barrier_does_not_report_itself_for_ever(visitor: PortalClient) -> None:
    html = visitor.get("/barriere-melden/?seite=/strategie/").content.decode()
    assert 'href="/barriere-melden/?seite=/strategie/"' in html
    assert "seite=%2Fbarriere-melden" not in html
