"""What is new: who reads what, in which order, and the feeds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from elbe_elster.strategy.models import ChronicleEntry, EntryKind, FormerAddress, Precision
from tests.factories import ActionFieldFactory, ChronicleEntryFactory, MeasureFactory, ProjectProfileFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = dt.date(2026, 11, 23)


def shown(browser: PortalClient, path: str = "/neues/") -> list[str]:
    """The sentences of the page, those ahead first, in order."""
    news = browser.get(path).context["news"]
    return [entry.text for entry in [*news.ahead, *(entry for month in news.months for entry in month.entries)]]


@pytest.fixture
def hidden() -> list[str]:
    """Sentences nobody may read: of drafts, withdrawn and trashed measures and of a hidden profile."""
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    ChronicleEntryFactory(measure=MeasureFactory(publication="draft"), text_de="Entwurf")
    ChronicleEntryFactory(measure=MeasureFactory(publication="withdrawn"), text_de="Zurückgezogen")
    ChronicleEntryFactory(measure=MeasureFactory(trashed_at=now), text_de="Papierkorb")
    profile = ProjectProfileFactory(publication="draft")
    ChronicleEntryFactory(measure=profile.measure, profile=profile, text_de="Stiller Steckbrief")
    return ["Entwurf", "Zurückgezogen", "Papierkorb", "Stiller Steckbrief"]


@pytest.mark.usefixtures("hidden")
def test_newest_first_by_month_ahead_apart(visitor: PortalClient, time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))
    for day, text in (("2026-10-31", "Oktober"), ("2026-11-23", "heute"), ("2027-02-01", "später"), ("2026-11-01", "n"),
                      ("2026-11-24", "morgen"), ("2025-11-02", "voriges Jahr")):  # fmt: skip
        ChronicleEntryFactory(date=dt.date.fromisoformat(day), text_de=text)
    news = visitor.get("/neues/").context["news"]
    assert [(month.name, [entry.text for entry in month.entries]) for month in news.months] == [
        ("November 2026", ["heute", "n"]),
        ("Oktober 2026", ["Oktober"]),
        ("November 2025", ["voriges Jahr"]),
    ]
    assert [entry.text for entry in news.ahead] == ["morgen", "später"]


def test_staff_see_the_same(hidden: list[str], sign_in: SignIn, admin: User, visitor: PortalClient) -> None:
    ChronicleEntryFactory(text_de="Für alle")
    for browser in (visitor, sign_in(admin)):
        page = browser.get("/neues/")
        assert shown(browser) == ["Für alle"]
        assert [text for text in hidden if text in page.content.decode()] == []


def test_filter_by_field_and_kind_counts_and_links(visitor: PortalClient) -> None:
    first, second = ActionFieldFactory(number=1), ActionFieldFactory(number=2)
    both = MeasureFactory(primary_field=first)
    both.further_fields.add(second)
    ChronicleEntryFactory(measure=both, text_de="beide", kind=EntryKind.DECISION)
    ChronicleEntryFactory(measure=MeasureFactory(primary_field=second), text_de="zwei", kind=EntryKind.RESULT)

    def chips(path: str, name: str) -> list[tuple[str, int, bool, str]]:
        return [(str(c["label"]), c["n"], c["current"], c["url"]) for c in visitor.get(path).context[name]]

    assert chips("/neues/", "field_chips") == [
        ("Feld 1", 1, False, "?feld=feld-1"),
        ("Feld 2", 2, False, "?feld=feld-2"),
    ]
    assert chips("/neues/?feld=feld-2&seite=1", "kind_chips") == [
        ("Beschluss", 1, False, "?feld=feld-2&art=decision"),
        ("Ergebnis", 1, False, "?feld=feld-2&art=result"),
    ]
    assert chips("/neues/?art=result", "field_chips") == [("Feld 2", 1, False, "?art=result&feld=feld-2")]
    assert chips("/neues/?feld=feld-1", "field_chips")[0] == ("Feld 1", 1, True, "/neues/")
    assert shown(visitor, "/neues/?feld=feld-1") == ["beide"]
    assert sorted(shown(visitor, "/neues/?feld=feld-2")) == ["beide", "zwei"]
    assert shown(visitor, "/neues/?feld=feld-2&art=result") == ["zwei"]
    assert shown(visitor, "/neues/?feld=feld-1&art=result") == []
    assert "Dazu gibt es nichts Neues" in visitor.get("/neues/?feld=feld-1&art=result").content.decode()


@pytest.mark.parametrize("query", ["feld=x", "art=x", "seite=0", "seite=-1", "seite=x", "feld=%00", "x=y", "seite=99"])
def test_nonsense_is_as_good_as_nothing(visitor: PortalClient, query: str) -> None:
    ChronicleEntryFactory(text_de="Satz")
    assert shown(visitor, f"/neues/?{query}") == ["Satz"]


def test_nothing_yet(visitor: PortalClient) -> None:
    assert "Noch ist nichts geschehen" in visitor.get("/neues/").content.decode()


def test_pages_of_forty(visitor: PortalClient) -> None:
    measure = MeasureFactory()
    for number in range(45):
        ChronicleEntryFactory(measure=measure, text_de=str(number), date=TODAY - dt.timedelta(days=number))
    assert shown(visitor) == [str(number) for number in range(40)]
    assert shown(visitor, "/neues/?seite=2") == [str(number) for number in range(40, 45)]


def test_queries(same_queries_for_one_and_three: Callable[..., int]) -> None:
    assert same_queries_for_one_and_three(ChronicleEntryFactory, "/neues/") <= 8
    assert same_queries_for_one_and_three(ChronicleEntryFactory, "/neues.atom") == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", ""])
def test_only_addresses_are_links(visitor: PortalClient, url: str) -> None:
    ChronicleEntryFactory(url=url, url_label_de="Hier lang")
    assert "Hier lang" not in visitor.get("/neues/").content.decode()


# Feeds ------------------------------------------------------------------------


def feed(browser: PortalClient, path: str) -> ET.Element:
    response = browser.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ET.fromstring(response.content)  # noqa: S314 - our own


def titles(browser: PortalClient, path: str) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed(browser, path).iter(f"{ATOM}entry")]


@pytest.mark.usefixtures("hidden")
def test_a_feed_has_what_the_standard_asks_for(visitor: PortalClient, settings: Any) -> None:
    settings.BASE_URL, settings.SITE_HOST = "https://portal.example", "portal.example"
    written = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
    measure = MeasureFactory(number="M-03", slug="rufbus", title_de="Rufbus", example=True)
    entry = ChronicleEntryFactory(
        measure=measure, text_de="Er <fährt> & hält\x0b.", text_en="It runs.", kind=EntryKind.RESULT, written_at=written,
        date=dt.date(2026, 11, 1), precision=Precision.MONTH, url="/stand/",
    )  # fmt: skip
    root = feed(visitor, "/neues.atom")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert root.findtext(f"{ATOM}id") == "tag:portal.example,2026:de/neues"
    assert root.findtext(f"{ATOM}updated") == "2026-11-20T09:30:00+00:00"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Landkreis Elbe-Elster, Redaktion Digitalstrategie"
    assert sorted(
        (link.get("rel", ""), link.get("hreflang", ""), link.get("href", "")) for link in root.findall(f"{ATOM}link")
    ) == [
        ("alternate", "", "https://portal.example/neues/"),
        ("alternate", "de-simple", "https://portal.example/de-simple/neues.atom"),
        ("alternate", "en", "https://portal.example/en/neues.atom"),
        ("self", "", "https://portal.example/neues.atom"),
    ]
    [item] = root.findall(f"{ATOM}entry")
    assert {child.tag.removeprefix(ATOM): child.text for child in item if child.text} == {
        "title": "[Beispiel] Ergebnis: Er <fährt> & hält.",
        "id": f"tag:portal.example,2026:de/chronik/{entry.pk}",
        "updated": "2026-11-20T09:30:00+00:00",
        "published": "2026-11-20T09:30:00+00:00",
        "summary": "<p>Er &lt;fährt&gt; &amp; hält.</p><p>November 2026 · M-03 Rufbus</p>",
    }
    assert [link.get("href") for link in item.findall(f"{ATOM}link")] == [
        "https://portal.example/massnahmen/rufbus/",
        "https://portal.example/stand/",
    ]
    english = feed(visitor, "/en/neues.atom")
    assert english.findtext(f"{ATOM}id") == "tag:portal.example,2026:en/neues"
    assert english.findtext(f"{ATOM}entry/{ATOM}id") == f"tag:portal.example,2026:en/chronik/{entry.pk}"
    assert "It runs." in (english.findtext(f"{ATOM}entry/{ATOM}title") or "")


def test_feeds_of_a_field_and_a_measure(visitor: PortalClient, hidden: list[str]) -> None:
    one, other = MeasureFactory(slug="eins"), MeasureFactory(slug="zwei")
    one.further_fields.add(other.primary_field)
    ChronicleEntryFactory(measure=one, text_de="eins", kind=EntryKind.NEWS)
    ChronicleEntryFactory(measure=other, text_de="zwei", kind=EntryKind.NEWS)
    field = f"/handlungsfelder/{other.primary_field.slug}"
    assert titles(visitor, "/massnahmen/eins.atom") == ["Neuigkeit: eins"]
    assert sorted(map(str, titles(visitor, f"{field}.atom"))) == ["Neuigkeit: eins", "Neuigkeit: zwei"]
    assert titles(visitor, f"/handlungsfelder/{one.primary_field.slug}.atom") == ["Neuigkeit: eins"]
    for entry in ChronicleEntry.objects.filter(text__in=hidden).select_related("measure", "profile"):
        answer = visitor.get(f"/massnahmen/{entry.measure.slug}.atom")
        assert (answer.status_code, entry.text in answer.content.decode()) == (200 if entry.profile else 404, False)
    assert [visitor.get(f"/{kind}/gibt-es-nicht.atom").status_code for kind in ("massnahmen", "handlungsfelder")] == [
        404,
        404,
    ]


def test_the_feed_of_a_choice(visitor: PortalClient, hidden: list[str]) -> None:
    one, other = MeasureFactory(), MeasureFactory()
    field = one.primary_field
    ChronicleEntryFactory(measure=one, text_de="eins", kind=EntryKind.NEWS)
    ChronicleEntryFactory(measure=one, text_de="zwei", kind=EntryKind.DECISION)
    ChronicleEntryFactory(measure=other, text_de="drei", kind=EntryKind.DECISION)
    both = f"/neues.atom?feld={field.slug}&art=decision"
    kind = EntryKind.DECISION.label
    assert titles(visitor, both) == [f"{kind}: zwei"]
    assert sorted(map(str, titles(visitor, f"/neues.atom?feld={field.slug}"))) == [f"{kind}: zwei", "Neuigkeit: eins"]
    assert not {*titles(visitor, "/neues.atom?art=decision")} & {"Neuigkeit: eins"}
    assert titles(visitor, "/neues.atom?feld=x&art=y") == titles(visitor, "/neues.atom")
    root = feed(visitor, both)
    assert root.findtext(f"{ATOM}title", "").startswith(f"Neues: {field.name}, {kind} – ")
    assert [link.get("href", "").partition("/neues")[2] for link in root.findall(f"{ATOM}link")] == [
        f"/?feld={field.slug}&art=decision",
        *[f".atom?feld={field.slug}&art=decision"] * 3,
    ]
    addresses = (both, "/neues.atom", f"/neues.atom?feld={field.slug}", "/neues.atom?art=decision")
    assert len({feed(visitor, path).findtext(f"{ATOM}id") for path in addresses}) == 4
    assert visitor.get(f"/neues/?feld={field.slug}&art=decision").context["feed"] == both


def test_a_former_address_of_a_measure_leads_on(visitor: PortalClient) -> None:
    FormerAddress.objects.create(slug="alt", measure=MeasureFactory(slug="neu"))
    FormerAddress.objects.create(slug="still", measure=MeasureFactory(publication="withdrawn"))
    answer = visitor.get("/massnahmen/alt.atom")
    assert (answer.status_code, answer["Location"]) == (301, "/massnahmen/neu.atom")
    assert visitor.get("/massnahmen/still.atom").status_code == 404


def test_a_reader_that_has_it_is_told_so(visitor: PortalClient) -> None:
    entry = ChronicleEntryFactory(text_de="alt")
    first = visitor.get("/neues.atom")
    assert visitor.get("/neues.atom", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert visitor.get("/neues.atom", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert visitor.get("/neues.atom")["ETag"] == first["ETag"]
    ChronicleEntry.objects.filter(pk=entry.pk).update(text="neu")
    assert visitor.get("/neues.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_an_empty_feed_stays_the_same(visitor: PortalClient) -> None:
    root = feed(visitor, "/neues.atom")
    assert root.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00"


def test_the_page_names_its_feed(visitor: PortalClient) -> None:
    field = ActionFieldFactory(number=1)
    assert visitor.get("/neues/").context["feed"] == "/neues.atom"
    page = visitor.get(f"/en/neues/?feld={field.slug}")
    assert page.context["feed"] == "/en/handlungsfelder/feld-1.atom"
    assert 'type="application/atom+xml"' in page.content.decode()
