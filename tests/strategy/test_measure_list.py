"""The catalogue's page: what it counts, says, links to, and never shows."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from elbe_elster.search.actions import rebuild_entries
from tests.factories import (
    ActionFieldFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectProfileFactory,
    StrategyFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.catalogue import Catalogue, Chip
    from elbe_elster.strategy.models import ActionField
    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
PATH = "/massnahmen/"


@pytest.fixture
def fields() -> list[ActionField]:
    """Two action fields."""
    return [
        ActionFieldFactory(number=1, slug="mobilitaet", short_name_de="Mobilität"),
        ActionFieldFactory(number=2, slug="verwaltung", short_name_de="Verwaltung", colour=2),
    ]


@pytest.fixture
def measures(fields: list[ActionField]) -> None:
    """Three published measures, and three that must not be counted anywhere."""
    bus, office = fields
    MeasureFactory(number="M-1", title_de="Rufbus", primary_field=bus, priority="high")
    MeasureFactory(number="M-2", title_de="Bürgeramt", primary_field=office, phase="idea", priority="high")
    both = MeasureFactory(
        number="M-3", title_de="Ärzte", primary_field=office, phase="done", done_on=dt.date(2026, 1, 1)
    )
    both.further_fields.add(bus)
    hidden: list[dict[str, Any]] = [
        {"publication": "draft"},
        {"publication": "withdrawn"},
        {"trashed_at": timezone.now()},
    ]
    for place, values in enumerate(hidden):
        MeasureFactory(number=f"X-{place}", title_de="Geheimsache", primary_field=bus, priority="high", **values)


def shown(client: PortalClient, query: str = "") -> Catalogue:
    """What the page is made of."""
    catalogue: Catalogue = client.get(f"{PATH}?{query}").context["catalogue"]
    return catalogue


def numbers(catalogue: Catalogue) -> list[str]:
    """The numbers of the measures on the page."""
    return [row.number for row in catalogue.rows]


def counted(chips: list[Chip]) -> dict[str, int]:
    """Chips as people read them; the chosen ones carry a cross."""
    return {f"{chip.label} ×" if chip.current else chip.label: chip.number for chip in chips}


def test_shows_exactly_the_published_ones(client: PortalClient, measures: None) -> None:
    response = client.get(PATH)
    assert numbers(response.context["catalogue"]) == ["M-1", "M-2", "M-3"]
    assert "Geheimsache" not in response.content.decode()


def test_shows_staff_the_same(measures: None, publisher: User, sign_in: Callable[..., PortalClient]) -> None:
    assert numbers(shown(sign_in(publisher))) == ["M-1", "M-2", "M-3"]


def test_chips_count_beside_the_other_facets(client: PortalClient, measures: None) -> None:
    catalogue = shown(client)
    assert counted(catalogue.chips("feld")) == {"Mobilität": 2, "Verwaltung": 2}
    assert counted(catalogue.chips("phase")) == {"Idee": 1, "In Umsetzung": 1, "Abgeschlossen": 1}
    assert counted(catalogue.chips("verlauf")) == {"Noch nicht bewertet": 2}
    narrowed = shown(client, "feld=mobilitaet&prioritaet=high")
    assert counted(narrowed.chips("feld")) == {"Mobilität ×": 1, "Verwaltung": 1}
    assert counted(narrowed.chips("phase")) == {"In Umsetzung": 1}
    assert numbers(narrowed) == ["M-1"]
    assert [chip.label for chip in narrowed.other_chips] == ["Hoch: möglichst sofort"]


def test_a_chip_leads_to_as_many_as_it_says(client: PortalClient, measures: None) -> None:
    for query in ("", "feld=mobilitaet", "phase=idea&phase=done", "prioritaet=high&feld=verwaltung"):
        catalogue = shown(client, query)
        for facet in ("feld", "phase", "verlauf"):
            alone = [chip for chip in catalogue.chips(facet) if facet not in catalogue.chosen]
            assert [chip.number for chip in alone] == [shown(client, chip.url[1:]).found for chip in alone]


def test_a_chosen_chip_takes_itself_away_and_nothing_else(client: PortalClient, measures: None) -> None:
    catalogue = shown(client, "feld=mobilitaet&feld=verwaltung&phase=idea&sortierung=titel&seite=2")
    chosen = [chip.url for chip in catalogue.chips("feld") if chip.current]
    assert [parse_qs(url[1:]) for url in chosen] == [
        {"feld": ["verwaltung"], "phase": ["idea"], "sortierung": ["titel"]},
        {"feld": ["mobilitaet"], "phase": ["idea"], "sortierung": ["titel"]},
    ]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "3 Maßnahmen"),
        ("phase=idea", "1 von 3 Maßnahmen ist eine Idee"),
        ("phase=idea&phase=done", "2 von 3 Maßnahmen passen zu Ihrer Auswahl"),
        ("prioritaet=high", "2 von 3 Maßnahmen passen zu Ihrer Auswahl"),
        ("phase=decided", "0 von 3 Maßnahmen sind beschlossen"),
    ],
)
def test_says_how_many(client: PortalClient, measures: None, query: str, sentence: str) -> None:
    assert str(shown(client, query).sentence()) == sentence


@pytest.mark.parametrize("query", ["q=gibtesnicht", "phase=decided", "feld=mobilitaet&phase=idea"])
def test_says_when_nothing_fits_and_how_to_go_on(client: PortalClient, measures: None, query: str) -> None:
    page = client.get(f"{PATH}?{query}").content.decode()
    assert "Dazu gibt es keine Maßnahme" in page
    assert "Filter löschen" in page


def test_an_empty_catalogue_says_so(client: PortalClient) -> None:
    assert "Noch stehen hier keine Maßnahmen" in client.get(PATH).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "seite=0",
        "seite=99999999",
        "seite=x",
        "feld=quatsch&phase=&verlauf=%00&ziel=1.1.1&stelle=-1&kommune=../etc&zeitraum_von=9999999&ansicht=film",
        "sortierung=-&sortierung=%27",
        "q=%00%ff&" + "&".join(f"feld={number}" for number in range(300)),
    ],
)
def test_nonsense_shows_everything(client: PortalClient, measures: None, query: str) -> None:
    assert numbers(shown(client, query)) == ["M-1", "M-2", "M-3"]


def test_page_two_keeps_the_filter(client: PortalClient, fields: list[ActionField]) -> None:
    strategy = StrategyFactory()
    for number in range(1, 61):
        MeasureFactory(
            number=f"M-{number}",
            slug=f"m-{number}",
            strategy=strategy,
            primary_field=fields[number % 2],
            priority="high",
        )
    MeasureFactory(number="M-99", primary_field=fields[0])
    first = client.get(f"{PATH}?prioritaet=high&sortierung=-nummer")
    assert numbers(first.context["catalogue"]) == [f"M-{number}" for number in range(60, 10, -1)]
    following = re.search(r'href="\?([^"]+)" rel="next"', first.content.decode())
    assert following
    second = shown(client, following[1].replace("&amp;", "&"))
    assert numbers(second) == [f"M-{number}" for number in range(10, 0, -1)]


def test_cards_show_the_same_measures(client: PortalClient, measures: None) -> None:
    response = client.get(f"{PATH}?ansicht=karten&phase=idea")
    assert numbers(response.context["catalogue"]) == ["M-2"]
    assert '<ol class="cards">' in response.content.decode()


def test_the_next_step_is_the_first_open_one_or_that_of_a_visible_project(client: PortalClient, measures: None) -> None:
    with_steps, with_project = MeasureFactory(number="M-7"), MeasureFactory(number="M-8")
    MilestoneFactory(measure=with_steps, title_de="Später", due_on=dt.date(2027, 3, 31))
    MilestoneFactory(measure=with_steps, title_de="Vorbei", state="done", done_on=dt.date(2026, 1, 1))
    MilestoneFactory(measure=with_steps, title_de="Zuerst", due_on=dt.date(2027, 1, 31))
    hidden = ProjectProfileFactory(measure=with_project, publication="draft")
    shown_profile = ProjectProfileFactory(measure=with_project)
    MilestoneFactory(measure=None, profile=hidden, title_de="Geheim", due_on=dt.date(2027, 1, 1))
    MilestoneFactory(measure=None, profile=shown_profile, title_de="Im Projekt")
    steps = {row.number: (row.step, row.step_due) for row in shown(client).rows}
    assert {name: steps[name] for name in ("M-1", "M-7", "M-8")} == {
        "M-1": ("", ""),
        "M-7": ("Zuerst", "Januar 2027"),
        "M-8": ("Im Projekt", "offen"),
    }


def test_text_search_and_facets_together(client: PortalClient, measures: None) -> None:
    rebuild_entries()
    assert numbers(shown(client, "q=Bürger&prioritaet=high")) == ["M-2"]
    assert numbers(shown(client, "q=Geheimsache")) == []
    assert counted(shown(client, "q=arzte").chips("feld")) == {"Mobilität": 1, "Verwaltung": 1}


def test_words_typed_are_shown_and_not_run(client: PortalClient, measures: None) -> None:
    page = client.get(f"{PATH}?q=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_files_carry_the_filter(client: PortalClient, measures: None) -> None:
    links = [link.url for link in shown(client, "feld=mobilitaet&seite=3&sortierung=titel").files]
    assert links[1] == "/massnahmen.csv?feld=mobilitaet&sortierung=titel"
    assert next(link.url for link in shown(client).files) == "/massnahmen.xlsx"


@pytest.mark.parametrize("query", ["", "?prioritaet=high&q=Maßnahme&ziel=1.1&ansicht=karten"])
def test_asks_no_more_for_more_measures(
    fields: list[ActionField], same_queries_for_one_and_three: Callable[..., int], query: str
) -> None:
    goal = GoalFactory(action_field=fields[0], number=1)

    def make() -> None:
        measure = MeasureFactory(priority="high")
        measure.goals.add(goal)
        measure.further_fields.add(*fields)
        MilestoneFactory(measure=measure)
        rebuild_entries()

    assert same_queries_for_one_and_three(make, PATH + query) <= 8


def test_in_other_languages(client: PortalClient, measures: None) -> None:
    for prefix in ("/en", "/de-simple"):
        response = client.get(f"{prefix}{PATH}?feld=verwaltung")
        assert numbers(response.context["catalogue"]) == ["M-2", "M-3"]
        assert f'href="{prefix}/massnahmen/m-2/"' in response.content.decode()


# What helps ---------------------------------------------------------------------


def test_a_word_without_result_gets_hints_and_a_way_on(client: PortalClient, measures: None) -> None:
    MeasureFactory(number="M-4", title_de="Rufbus nach Plessa", publication="draft")
    ProjectProfileFactory(title_de="Rufbus per App")
    ProjectProfileFactory(title_de="Rufbus geheim", publication="draft")
    rebuild_entries()
    response = client.get(PATH, {"q": "rufbsu & mehr"})
    found = [(hit.label, hit.title) for hit in response.context["catalogue"].meant()]
    assert found == [("Maßnahmen", "Rufbus"), ("Projekte", "Rufbus per App")]
    html = response.content.decode()
    assert ("Meinten Sie:" in html, 'href="/suche/?q=rufbsu%20%26%20mehr"' in html) == (True, True)
    assert "Meinten Sie:" not in client.get(PATH, {"q": "Xylophonkonzert"}).content.decode()
    assert "Meinten Sie:" not in client.get(PATH, {"q": "rufbus"}).content.decode()


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("", []),
        ("q=%00&phase=&zeitraum_von=&seite=x&sortierung=quatsch&utm_source=brief", []),
        ("feld=mobilitaet&feld=mobilitaet&zeitraum_von=2020&zeitraum_bis=2030", []),
        ("zeitraum_von=2030&zeitraum_bis=2020", ["Die Jahre standen verkehrt herum. Sie sehen 2020 bis 2030."]),
        ("feld=quatsch", ["Einen Teil Ihrer Auswahl kennen wir nicht. Er ist weggelassen."]),
        ("feld=quatsch&feld=mobilitaet", ["Einen Teil Ihrer Auswahl kennen wir nicht. Er ist weggelassen."]),
        ("zeitraum_von=abc", ["Einen Teil Ihrer Auswahl kennen wir nicht. Er ist weggelassen."]),
        (
            "zeitraum_von=2030&zeitraum_bis=2020&kommune=atlantis",
            [
                "Die Jahre standen verkehrt herum. Sie sehen 2020 bis 2030.",
                "Einen Teil Ihrer Auswahl kennen wir nicht. Er ist weggelassen.",
            ],
        ),
    ],
)
def test_says_what_it_did_with_the_choice(client: PortalClient, measures: None, query: str, notes: list[str]) -> None:
    response = client.get(f"{PATH}?{query}")
    html = response.content.decode()
    assert (response.status_code, response.context["catalogue"].notes()) == (200, notes)
    assert [note for note in notes if note not in html] == []
