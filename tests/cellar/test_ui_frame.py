from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils.translation import override

from elbe_elster.ui import parts
from elbe_elster.ui.context import Frame

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

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


def test_the_report_of_a_barrier_does_not_report_itself_for_ever(visitor: PortalClient) -> None:
    html = visitor.get("/barriere-melden/?seite=/strategie/").content.decode()
    assert 'href="/barriere-melden/?seite=/strategie/"' in html
    assert "seite=%2Fbarriere-melden" not in html


# Parts of the frame that are kept ----------------------------------------------


def test_kept_parts_show_the_addresses_and_words_of_each_page(client: PortalClient) -> None:
    parts._kept.clear()  # noqa: SLF001
    for query in ("Rufbus", 'a"b<i>&', "Rufbus"):  # the first draws, the others are filled in
        html = client.get("/suche/", {"q": query}).content.decode()
        assert f"<title>Suche: {escape(query)} – Elbe-Elster digital</title>" in html
        assert switcher(client, f"/suche/?q={quote(query)}") == {
            f"/de-simple/suche/?q={quote(query)}": "de-simple",
            f"/en/suche/?q={quote(query)}": "en",
        }
        assert f'<link rel="canonical" href="{settings.BASE_URL}/suche/">' in html
        assert 'aria-current="page"' in html[html.index('id="suche-link"') : html.index("</header>")]
        assert "\ue000" not in html


def test_kept_parts_know_the_language_and_who_is_signed_in(
    client: PortalClient, curator: User, sign_in: SignIn
) -> None:
    parts._kept.clear()  # noqa: SLF001
    pages = [
        client.get("/suche/").content.decode(),
        client.get("/en/suche/").content.decode(),
        sign_in(curator).get("/suche/").content.decode(),
        client.get("/suche/").content.decode(),
    ]
    assert ["/konto/abmelden/" in page for page in pages] == [False, False, True, False]
    assert ["/konto/anmelden/" in page for page in pages] == [True, True, False, True]
    assert ['href="/en/strategie/"' in page for page in pages] == [False, True, False, False]
    assert pages[0] == pages[3]


def test_addresses_without_languages_keep_theirs(admin: User, sign_in: SignIn) -> None:
    request = RequestFactory().get("/admin/?a=b")
    assert {language.url for language in Frame(request).languages} == {"/admin/?a=b"}


def test_the_second_sheet_is_for_those_who_are_signed_in(client: PortalClient, curator: User, sign_in: SignIn) -> None:
    def sheets(browser: PortalClient, path: str) -> list[str]:
        return re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', browser.get(path).content.decode())

    assert sheets(client, "/impressum/") == ["portal.css"]
    assert sheets(client, "/konto/anmelden/") == ["portal.css"]
    assert sheets(sign_in(curator), "/redaktion/") == ["portal.css", "redaktion.css"]
