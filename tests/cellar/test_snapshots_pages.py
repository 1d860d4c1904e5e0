from __future__ import annotations

import datetime as dt
import gzip
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from elbe_elster.legal import actions
from elbe_elster.legal.loading import load_texts
from elbe_elster.legal.models import LegalText
from elbe_elster.snapshots import store
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.snapshots.middleware import _may_be_kept, _with_own_top
from elbe_elster.snapshots.tasks import refresh_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/impressum/"


@pytest.fixture(autouse=True)
def _finished_pages(settings: Any) -> None:
    settings.SNAPSHOTS = True
    load_texts()


def change(body: str) -> None:
    LegalText.objects.filter(slug="impressum").update(body_de=body)


def shows(browser: PortalClient, words: str, path: str = PAGE, **more: Any) -> bool:
    return words in browser.get(path, **more).content.decode()


def test_the_second_visit_costs_no_sql_and_looks_the_same(
    visitor: PortalClient, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    first = visitor.get(PAGE)
    with count_queries() as queries:
        second = visitor.get(PAGE)
    assert len(queries) == 0
    assert second.content == first.content
    ours = {"ETag", "X-Request-ID", "Content-Length", "Vary"}
    assert {name: value for name, value in second.items() if name not in ours} == {
        name: value for name, value in first.items() if name not in ours
    }
    assert "Content-Security-Policy" in second.headers


def test_who_has_the_page_gets_no_body(visitor: PortalClient) -> None:
    visitor.get(PAGE)
    kept = visitor.get(PAGE)
    again = visitor.get(PAGE, headers={"if-none-match": kept.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_travels_compressed(visitor: PortalClient) -> None:
    plain = visitor.get(PAGE).content
    packed = visitor.get(PAGE, headers={"accept-encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_write_shows_at_once(visitor: PortalClient, curator: User) -> None:
    visitor.get(PAGE)
    change("heimlich")
    assert not shows(visitor, "heimlich")
    text = LegalText.objects.get(slug="impressum")
    values = {name: getattr(text, name) for name in actions.TEXT_FIELDS} | {"body_de": "angekündigt"}
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.update_text(text=text, revision=1, values=values, actor=curator)
    assert shows(visitor, "angekündigt")


def test_what_nobody_announced_shows_within_a_minute(visitor: PortalClient) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        visitor.get(PAGE)
        change("heimlich")
        assert not shows(visitor, "heimlich")
    with time_machine.travel(now + dt.timedelta(seconds=store.LONGEST + 1), tick=False):
        assert shows(visitor, "heimlich")


def test_a_page_begun_before_a_write_is_never_served(visitor: PortalClient) -> None:
    key = store.page_key(host="testserver", secure=False, path=PAGE)
    version, _none = store.read(key)
    assert version is not None
    store.raise_version()
    store.write(key, version=version, body=b"alt", headers=[("Content-Type", "text/html")])
    assert not shows(visitor, "alt</")
    assert visitor.get(PAGE).content != b"alt"


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_whoever_brings_a_personal_cookie_gets_their_own_page(
    cookie: str, visitor: PortalClient, sign_in: SignIn, curator: User
) -> None:
    mine = sign_in(curator)
    assert shows(mine, "Abmelden")
    assert not shows(visitor, "Abmelden")
    assert not shows(visitor, "Abmelden")
    assert shows(mine, "Abmelden")
    change("frisch")
    visitor.cookies["irgendeins"] = "1"  # says nothing about the person
    assert not shows(visitor, "frisch")
    visitor.cookies[cookie] = "1"
    assert shows(visitor, "frisch")


@pytest.mark.parametrize(
    "path", ["/barriere-melden/", "/suche/vorschlaege/?q=bus", "/konto/login/", "/redaktion/texte/", "/gibt-es-nicht/"]
)
def test_forms_and_hidden_pages_are_never_kept(visitor: PortalClient, path: str) -> None:
    from tests.client import PortalClient as Browser

    for _visit in range(2):
        Browser().get(path)
    assert cache.get(store.page_key(host="testserver", secure=False, path=path)) is None
    assert cache.get(store.PAGES) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda response: response.set_cookie("a", "b"),
        lambda response: response.headers.__setitem__("Cache-Control", "private"),
        lambda response: setattr(response, "status_code", 404),
        lambda response: setattr(response, "content", b'<input name="csrfmiddlewaretoken">'),
        lambda response: delattr(response, "finished_page"),
    ],
)
def test_nothing_personal_is_kept_even_by_mistake(spoil: Callable[[HttpResponse], None]) -> None:
    response = HttpResponse(b"<p>")
    response.finished_page = True  # type: ignore[attr-defined]
    assert _may_be_kept(response) is True
    spoil(response)
    assert _may_be_kept(response) is False


def test_languages_hosts_and_queries_do_not_mix(visitor: PortalClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    visitor.get(PAGE)
    assert shows(visitor, "Legal notice", "/en/impressum/")
    change("frisch")
    assert shows(visitor, "frisch", PAGE + "?a=1")
    assert shows(visitor, "frisch", headers={"host": "other.example"})
    assert visitor.get(PAGE, headers={"host": "evil.example"}).status_code == 400


def test_pages_with_a_query_string_are_kept_in_one_order_and_not_without_end(
    visitor: PortalClient, count_queries: Callable[[], CaptureQueriesContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_QUERIES", 2)
    same = ("?a=1&b=2", "?b=2&a=1", "?a=1&b=2&c=")
    for number, query in enumerate((*same, "?a=2", "?a=3", "?a=3")):
        with count_queries() as queries:
            page = visitor.get(PAGE + query)
        assert page.status_code == 200
        assert bool(queries) == (number in {0, 3, 4, 5}), query  # the third is not kept any more
    assert [path for _host, _secure, path in store.remembered_pages()] == []
    assert visitor.get(PAGE + "?" + "&".join(f"a{number}=1" for number in range(200))).status_code == 200


def test_pages_are_compressed_for_those_who_can_read_it(visitor: PortalClient, settings: Any) -> None:
    settings.SNAPSHOTS = False
    plain = visitor.get(PAGE)
    packed = visitor.get(PAGE, headers={"accept-encoding": "br, gzip"})
    assert [plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]] == [None, "gzip"]
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert all("Accept-Encoding" in page.headers["Vary"] for page in (plain, packed))


def test_what_many_pages_share_is_computed_once_until_something_is_written() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [store.shared("zahl", make), store.shared("zahl", make), store.shared("andere", make)] == [1, 1, 2]
    store.raise_version()
    assert store.shared("zahl", make) == 3
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=store.LONGEST)):
        assert store.shared("zahl", make) == 4


def test_the_worker_makes_pages_again(
    visitor: PortalClient, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    visitor.get(PAGE)
    change("frisch")
    store.raise_version()
    assert refresh_pages() == 1
    with count_queries() as queries:
        assert shows(visitor, "frisch")
    assert len(queries) == 0


def test_a_cache_that_is_down_costs_only_time(visitor: PortalClient, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    assert shows(visitor, "Impressum")
    mark_stale()


# People who are signed in -----------------------------------------------------

EVERY_PAGE = (
    *("/", "/strategie/", "/massnahmen/", "/massnahmen/?phase=idea", "/fahrplan/", "/stand/", "/kommunen/", "/neues/"),
    *(
        "/projekte/",
        "/beteiligung/",
        "/impressum/",
        "/en/massnahmen/",
        "/de-simple/kommunen/",
        "/neues/per-e-mail/angefragt/",
    ),
)


@pytest.mark.usefixtures("content")
def test_whoever_is_signed_in_gets_the_visitors_page_with_their_own_top(
    visitor: PortalClient, sign_in: SignIn, curator: User, admin: User, settings: Any
) -> None:
    people = [sign_in(curator), sign_in(admin)]
    for path in EVERY_PAGE:
        settings.SNAPSHOTS = False
        fresh = [person.get(path) for person in people]
        settings.SNAPSHOTS = True
        public = visitor.get(path).content
        kept = [person.get(path) for person in people]
        for mine, own in zip(kept, fresh, strict=True):
            assert b" ".join(mine.content.split()) == b" ".join(own.content.split()), path
            differ = {"X-Request-ID": "", "Content-Length": ""}  # by white space
            assert {**mine.headers, **differ} == {**own.headers, **differ}, path
        assert len({public, *(page.content for page in kept)}) == 3
        assert visitor.get(path).content == public


def test_a_signed_in_person_gets_what_is_kept_until_it_is_written(
    visitor: PortalClient, sign_in: SignIn, curator: User
) -> None:
    mine = sign_in(curator)
    visitor.get(PAGE)
    change("frisch")
    assert not shows(mine, "frisch")
    assert shows(mine, "Redaktion</a>")
    store.raise_version()
    assert shows(mine, "frisch")
    assert not shows(visitor, "Abmelden")  # what was made for the person was not kept
    change("frischer")
    assert not shows(mine, "frischer")


def test_a_message_is_told_once(visitor: PortalClient, sign_in: SignIn, curator: User) -> None:
    mine = sign_in(curator)
    visitor.get(PAGE)
    told, answer = CookieStorage(RequestFactory().get("/")), HttpResponse()
    told.add(SUCCESS, "Gespeichert.")
    told.update(answer)
    mine.cookies.update(answer.cookies)
    assert shows(mine, "Gespeichert.")
    assert not shows(mine, "Gespeichert.")
    assert not shows(visitor, "Gespeichert.")


@pytest.mark.parametrize("headers", [{"authorization": "besuch"}, {"hx-request": "true"}, {"range": "bytes=0-1"}])
def test_programs_of_signed_in_people_get_their_own_answer(
    headers: dict[str, str], visitor: PortalClient, sign_in: SignIn, curator: User
) -> None:
    visitor.get(PAGE)
    change("frisch")
    assert shows(sign_in(curator), "frisch", headers=headers)


def test_a_feed_has_no_top() -> None:
    snapshot = store.Snapshot(0, 0, gzip.compress(b"<feed/>"), (), "")
    assert _with_own_top(RequestFactory().get("/"), snapshot) is None


def test_what_visitors_search_for_is_kept_and_what_members_find_is_not(
    visitor: PortalClient,
    sign_in: SignIn,
    curator: User,
    count_queries: Callable[[], CaptureQueriesContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    mine, page = sign_in(curator), "/suche/?q=wasserstoffzug"
    mine.get(page)
    with count_queries() as asked:
        assert shows(visitor, "Anmelden", page)
    assert asked
    with count_queries() as none:
        assert shows(visitor, "wasserstoffzug", page)
    assert len(none) == 0
    with count_queries() as again:
        assert shows(mine, "Abmelden", page)
    assert any("search_searchentry" in query["sql"] for query in again)
    assert not shows(visitor, "Abmelden", page)
    store.raise_version()
    with count_queries() as stale:
        visitor.get(page)
    assert stale
    assert "wasserstoffzug" not in caplog.text
    assert store.remembered_pages() == []
