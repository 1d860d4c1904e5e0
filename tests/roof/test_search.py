from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser

from elbe_elster import searching
from elbe_elster.legal.loading import load_texts
from elbe_elster.legal.models import LegalText
from elbe_elster.search.actions import rebuild_entries, refresh_entries
from elbe_elster.search.finding import find, similar, suggestions
from elbe_elster.search.models import SearchEntry
from elbe_elster.search.snippets import plain, snippet
from elbe_elster.search.sources import Source
from elbe_elster.search.words import Words, cleaned, read_words

if TYPE_CHECKING:
    from tests.client import PortalClient

pytestmark = pytest.mark.django_db

SOURCE = Source(kind="texte", label="Texte", rows=lambda _user: LegalText.objects.all(), title="title", texts=("body",))
HIDDEN = Source(
    kind="intern",
    label="Intern",
    rows=lambda user: (
        LegalText.objects.filter(slug="datenschutz") if user.is_authenticated else LegalText.objects.none()
    ),
    title="title",
    texts=("body",),
    indexed=LegalText.objects.all,
)


def make(slug: str, title: str, body: str = "", **more: str) -> LegalText:
    return LegalText.objects.create(slug=slug, title=title, body=body, **more)


def found(text: str, language: str = "de", source: Source = SOURCE) -> list[str]:
    rebuild_entries([source])
    return [hit.title for hit in find([source], read_words(text, language), AnonymousUser()).hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Mühlberg", ["Die Fähre in Mühlberg"]),
        ("Muehlberg", ["Die Fähre in Mühlberg"]),
        ("muhlberg", ["Die Fähre in Mühlberg"]),
        ("fähren", ["Die Fähre in Mühlberg"]),
        ("fahr mühl", ["Die Fähre in Mühlberg"]),
        ("verwaltung", ["Rufbus"]),
        ("Straßen", ["Rufbus"]),
        ("strasse", ["Rufbus"]),
        ("amtes", []),
        ("fahrt", []),
        ("dienst", ["Rufbus"]),  # inside of a compound
        ("die und der", []),  # only words that say nothing
        ("Fähre Rufbus", []),  # every word counts
    ],
)
def test_words_are_found_as_people_write_them(typed: str, expected: list[str]) -> None:
    make("impressum", "Die Fähre in Mühlberg")
    make("datenschutz", "Rufbus", "Die Verwaltungen zahlen den Lieferdienst auf jeder Straße.")
    assert found(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("buerger", ["Der Wohnbürgerbus", "Neue Bauern"]),
        ("BUERGERBUS", ["Der Wohnbürgerbus"]),
        ("bürger", ["Der Wohnbürgerbus", "Neue Bauern"]),
        ("neue", ["Neue Bauern"]),
        ("bauer", ["Neue Bauern"]),
        ("quelle", ["Neue Bauern"]),
        ("strasse", ["Der Wohnbürgerbus"]),
        ("nue", []),
    ],
)
def test_umlauts_may_be_spelled_out_inside_of_words_too(typed: str, expected: list[str]) -> None:
    make("impressum", "Der Wohnbürgerbus", "Er hält in der Hauptstraße.")
    make("datenschutz", "Neue Bauern", "Stromquelle und Mitbürgerin")
    assert sorted(found(typed)) == expected
    wanted = read_words(typed, "de")
    titles = [hit.title for hit in suggestions([SOURCE], wanted, AnonymousUser())]
    assert titles == [
        title for title in ("Der Wohnbürgerbus", "Neue Bauern") if typed in ("neue", "bauer") and "Neue" in title
    ]


def test_spelled_out_titles_are_suggested_and_meant() -> None:
    make("impressum", "Bürgerbüro")
    rebuild_entries([SOURCE])
    for ask in (suggestions, similar):
        assert [hit.title for hit in ask([SOURCE], read_words("Buergerbuero", "de"), AnonymousUser())] == ["Bürgerbüro"]
    meant = similar([SOURCE], read_words("Termin im Buergrbüro machen", "de"), AnonymousUser())
    assert [hit.title for hit in meant] == ["Bürgerbüro"]


def test_a_word_in_the_title_counts_more() -> None:
    make("impressum", "Anderes", "Ein Rufbus fährt.")
    make("datenschutz", "Rufbus", "Er fährt.")
    assert found("Rufbus") == ["Rufbus", "Anderes"]


def test_each_language_is_searched_by_its_own_rules_and_falls_back_to_german() -> None:
    make(
        "impressum", "Wetter", "Regen", title_en="Weather", body_en="It was raining", title_de="Wetter", body_de="Regen"
    )
    make("datenschutz", "Straßen", "Brücken")
    assert [found("rains", "en"), found("Regen", "en"), found("Brücke", "en")] == [["Weather"], [], ["Straßen"]]
    assert [found("rains", "de"), found("Regen", "de-simple")] == [[], ["Wetter"]]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "%",
        "_",
        "'",
        '"',
        "\\",
        "' OR 1=1 --",
        "\x00\x01",
        "a:*&|!()<->",
        "x" * 1000,
        "🚌",
        "die",
        "<b>",
        "\u00ad",
        "١٢",
    ],
)
def test_nonsense_is_answered(visitor: PortalClient, typed: str) -> None:
    load_texts()
    for path in ("/suche/", "/suche/vorschlaege/", "/en/suche/"):
        assert visitor.get(path, {"q": typed, "page": "zz", "art": typed}).status_code == 200


def test_snippets_are_safe_and_marked() -> None:
    words = Words(text="rufbus", language="de", parts=("Rufbus",))
    assert snippet(plain("<i>Der</i> **Rufbus** & du"), words) == "Der <mark>Rufbus</mark> &amp; du"
    assert snippet(plain("<script>Rufbus</script>"), words) == "<mark>Rufbus</mark>"
    assert snippet("<b>Rufbus</b>", words) == "&lt;b&gt;<mark>Rufbus</mark>&lt;/b&gt;"
    long = snippet("Wort " * 100 + "Rufbus " + "Wort " * 100, words)
    assert (long.startswith("… "), long.endswith(" …"), "<mark>Rufbus</mark>" in long, len(long) < 300) == (True,) * 4


def test_cleaning_keeps_words_and_drops_tricks() -> None:
    assert cleaned("  Land·kreis\u00ad\x00 \n Elbe\u202e ") == "Landkreis Elbe"
    assert len(cleaned("x" * 1000)) == 200


def test_the_page_counts_kinds_and_highlights(visitor: PortalClient) -> None:
    load_texts()
    page = visitor.get("/suche/?q=Datenschutzbeauftragte").content.decode()
    assert "<mark>Datenschutzbeauftragte</mark>" in page
    assert 'href="?q=Datenschutzbeauftragte&amp;art=rechtliches"' in page


def test_a_typing_error_gets_a_hint_and_prefixes_get_suggestions(visitor: PortalClient) -> None:
    load_texts()
    page = visitor.get("/suche/?q=Datenschuz").content.decode()
    assert "Meinten Sie:" in page
    assert '<a href="/datenschutz/">Datenschutz</a>' in page
    assert 'href="/datenschutz/"' in visitor.get("/suche/vorschlaege/?q=daten").content.decode()
    assert visitor.get("/suche/vorschlaege/?q=d").content.strip() == b""


def test_strangers_find_nothing_hidden(
    visitor: PortalClient, monkeypatch: pytest.MonkeyPatch, curator: object, sign_in: object
) -> None:
    make("datenschutz", "Geheimprotokoll", "Der Koordinierungskreis stimmt ab.")
    rebuild_entries([HIDDEN])
    monkeypatch.setattr(searching, "sources", lambda: [HIDDEN])
    for path in ("/suche/?q=Geheimprotokoll", "/suche/?q=Geheimprotokol", "/suche/vorschlaege/?q=Geheim"):
        assert (
            '/datenschutz/">' not in visitor.get(path).content.decode().replace("Rechtliches", "").split("<footer")[0]
        ), path
        seen = sign_in(curator).get(path).content.decode().split("<footer")[0]  # type: ignore[operator]
        assert "/datenschutz/" in seen, path


def test_the_number_of_queries_does_not_grow(visitor: PortalClient, count_queries: object) -> None:
    def asked(path: str) -> int:
        refresh_entries(LegalText)
        visitor.get(path)  # what a stop word is, a process asks once
        with count_queries() as queries:  # type: ignore[operator]
            visitor.get(path)
        return len(queries)

    paths = ("/suche/?q=Rufbus", "/suche/?q=Rufbuss", "/suche/vorschlaege/?q=Rufbus")
    make("impressum", "Rufbus")
    assert [asked(path) for path in paths] == [2, 2, 1]  # counts and hits; counts and what was meant; suggestions
    make("datenschutz", "Rufbus zwei")
    make("leichte-sprache", "Rufbus drei")
    assert [asked(path) for path in paths] == [2, 2, 1]


# The index ---------------------------------------------------------------------


def test_parts_of_a_text_are_kept_apart() -> None:
    text = """# Ziel

Wir bauen *Netze*
im Kreis

- Breitband
- [Mobilfunk](https://example.org/)

| Ort | Jahr |
| --- | --- |
| Plessa | 2027 |

> Telefon: [[Nummer]]
"""
    assert plain(text) == (
        "Ziel: Wir bauen Netze im Kreis · Breitband · Mobilfunk · Ort, Jahr · Plessa, 2027 · Telefon: [Nummer]"
    )


def test_what_is_withdrawn_is_not_found_even_before_the_index_knows() -> None:
    text = make("impressum", "Rufbus")
    refresh_entries(LegalText)
    nobody = AnonymousUser()
    rufbus = read_words("Rufbus", "de")
    shown = Source(
        kind="rechtliches", label="", rows=lambda _user: LegalText.objects.filter(edited=False), title="title"
    )
    assert find([shown], rufbus, nobody).counts == {"rechtliches": 1}
    LegalText.objects.update(edited=True)  # a write nobody told the search about
    assert find([shown], rufbus, nobody).hits == []
    assert [similar([shown], rufbus, nobody), suggestions([shown], rufbus, nobody)] == [[], []]
    text.delete()
    assert find(searching.sources(), rufbus, nobody).hits == []


def test_a_refresh_follows_the_rows_and_repeats_without_effect() -> None:
    text, other = make("impressum", "Rufbus"), make("datenschutz", "Fähre")
    refresh_entries(LegalText)
    before = list(SearchEntry.objects.values())
    refresh_entries(LegalText)
    rebuild_entries()
    assert list(SearchEntry.objects.values()) == before
    LegalText.objects.filter(pk=text.pk).update(title_de="Bürgerbus", title_en="Bus")
    other.delete()
    refresh_entries(LegalText, [text.pk])
    titles = SearchEntry.objects.values_list("title", "language", "text_language", "url")
    assert sorted(titles.filter(row_id=text.pk)) == [
        ("Bus", "en", "en", "/en/impressum/"),
        ("Bürgerbus", "de", "de", "/impressum/"),
        ("Bürgerbus", "de-simple", "de", "/de-simple/impressum/"),
    ]
    assert titles.count() == 6  # the other one was not named
    rebuild_entries()
    assert titles.count() == 3


def test_the_index_holds_exactly_what_rooms_offer(content: None) -> None:
    expected = sum(source.index_rows().count() for source in searching.sources())
    assert SearchEntry.objects.count() == 3 * expected
    before = list(SearchEntry.objects.values())
    rebuild_entries()
    assert list(SearchEntry.objects.values()) == before


def test_pages_of_hits_and_their_ends(visitor: PortalClient) -> None:
    for slug in ("impressum", "datenschutz", "leichte-sprache"):
        make(slug, f"Rufbus {slug}")
    refresh_entries(LegalText)
    rufbus, nobody, every = read_words("Rufbus", "de"), AnonymousUser(), searching.sources()
    second = find(every, rufbus, nobody, limit=2, offset=2)
    assert [[hit.title for hit in second.hits], second.counts] == [["Rufbus leichte-sprache"], {"rechtliches": 3}]
    assert find(every, rufbus, nobody, kind="nichts").total == 3
    for number in ("0", "2", "9999", "-1", "zwei", "²"):
        assert ">Rufbus" in visitor.get("/suche/", {"q": "Rufbus", "seite": number}).content.decode().replace(
            "<mark>", ""
        ).replace("</mark>", "")
