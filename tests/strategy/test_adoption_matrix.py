"""Who is how far with which measure: the matrix of /kommunen/."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from elbe_elster.region.models import Administration
from elbe_elster.strategy.matrix import legend, matrix, told_adoptions
from elbe_elster.strategy.models import ActionField, Adoption, Measure, Stage
from tests.client import PortalClient
from tests.factories import ActionFieldFactory, AdministrationFactory, MeasureFactory, PopulationFactory

pytestmark = pytest.mark.django_db


def tell(measure: Measure, **stages: str) -> None:
    """``tell(measure, amt="in_use")``: the administration with that address is so far."""
    for slug, stage in stages.items():
        administration = AdministrationFactory(slug=slug, name=slug.title())
        Adoption.objects.create(measure=measure, administration=administration, stage=stage)


def rows(client: PortalClient, path: str = "/kommunen/") -> list[tuple[str, list[str]]]:
    shown = client.get(path).context["matrix"].rows
    return [(row.measure.number, [cell.stage or "" for cell in row.cells]) for row in shown]


# Laying out -------------------------------------------------------------------


def test_rows_are_public_measures_of_which_something_was_told(client: PortalClient) -> None:
    second, first = MeasureFactory(number="M-02"), MeasureFactory(number="M-01")
    MeasureFactory(number="M-03")
    tell(second, amt="in_use", stadt="not_concerned")
    tell(first, amt="interested")
    tell(MeasureFactory(number="M-04", publication="draft"), amt="in_use")
    tell(MeasureFactory(number="M-05", publication="withdrawn"), amt="in_use")
    tell(MeasureFactory(number="M-06", trashed_at=timezone.now()), amt="in_use")
    assert rows(client) == [("M-01", ["interested", ""]), ("M-02", ["in_use", "not_concerned"])]


def test_counts_of_measures_and_administrations() -> None:
    one, other = MeasureFactory(number="M-01"), MeasureFactory(number="M-02")
    tell(one, a="interested", b="planned", c="piloting", d="in_use", e="stopped", f="not_concerned")
    tell(other, a="in_use", d="in_use")
    AdministrationFactory(slug="still")
    table = matrix(told_adoptions(), list(Administration.objects.all()))
    assert [(row.measure.number, row.in_use, row.taking_part) for row in table.rows] == [("M-01", 1, 4), ("M-02", 2, 2)]
    assert [(one.administration.slug, one.in_use, one.taking_part, len(one.told)) for one in table.columns] == [
        ("a", 1, 2, 2), ("b", 0, 1, 1), ("c", 0, 1, 1), ("d", 2, 2, 2), ("e", 0, 0, 1), ("f", 0, 0, 1), ("still", 0, 0, 0),
    ]  # fmt: skip
    assert [cell.count('class="on"') for cell in table.rows[0].drawn.split("<td>")] == [0, 1, 2, 3, 4, 0, 0, 0]


def test_every_stage_is_explained() -> None:
    assert {one.stage for one in legend()} == set(Stage)


# Page -------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
def test_page_exists_in_every_language(client: PortalClient, content: None, prefix: str) -> None:
    tell(MeasureFactory(number="T-01", primary_field=ActionField.objects.get(slug="bildung")), finsterwalde="in_use")
    assert client.get(f"{prefix}/kommunen/").status_code == 200


def test_page_can_be_narrowed_to_field_and_stage(client: PortalClient) -> None:
    bus, school = ActionFieldFactory(slug="mobilitaet", number=1001), ActionFieldFactory(slug="bildung", number=1002)
    tell(MeasureFactory(number="M-01", primary_field=bus), amt="in_use", stadt="in_use")
    tell(MeasureFactory(number="M-02", primary_field=school), amt="planned")
    tell(MeasureFactory(number="M-03", primary_field=school), amt="in_use")
    found = {
        query: [number for number, _stages in rows(client, f"/kommunen/?{query}")]
        for query in ("feld=bildung", "stand=in_use", "feld=bildung&stand=planned", "feld=mobilitaet&stand=planned",
                      "feld=unsinn&stand=%00")
    }  # fmt: skip
    assert found == {
        "feld=bildung": ["M-02", "M-03"],
        "stand=in_use": ["M-01", "M-03"],
        "feld=bildung&stand=planned": ["M-02"],
        "feld=mobilitaet&stand=planned": [],
        "feld=unsinn&stand=%00": ["M-01", "M-02", "M-03"],
    }
    choice = client.get("/kommunen/?feld=bildung").context["choice"]
    assert [(chip.url, chip.n, chip.current) for chip in choice.fields] == [
        ("?feld=mobilitaet", 1, False),
        ("/kommunen/", 2, True),
    ]
    assert [(chip.url, chip.label, chip.n) for chip in choice.stages] == [
        ("?feld=bildung&stand=planned", "Geplant", 1),
        ("?feld=bildung&stand=in_use", "Im Einsatz", 1),
    ]


def test_each_cell_says_its_word(client: PortalClient) -> None:
    tell(MeasureFactory(title_de="Rufbus"), amt="in_use", stadt="stopped", dorf="not_concerned")
    AdministrationFactory(slug="still")
    html = client.get("/kommunen/").content.decode()
    table = html[html.index('class="matrix__table"') : html.index("</table>", html.index('class="matrix__table"'))]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", body, re.DOTALL)]
    assert cells == ["Im Einsatz", "– Nicht betroffen", "Beendet", "", "1", "1"]


def test_nothing_told_says_so(client: PortalClient) -> None:
    tell(MeasureFactory(publication="draft", title_de="GEHEIM"), leer="in_use")
    html = client.get("/kommunen/").content.decode()
    texts = ("Noch hat keine Verwaltung gemeldet", "Noch sind keine Einwohnerzahlen eingetragen.", "GEHEIM")
    assert [text in html for text in texts] == [True, True, False]
    html = client.get("/kommunen/?stand=in_use").content.decode()
    assert "Nehmen Sie einen Filter zurück" in html


def test_page_asks_no_more_for_more_rows(same_queries_for_one_and_three: Callable[..., int]) -> None:
    def make() -> None:
        PopulationFactory()
        measure = MeasureFactory()
        tell(measure, **{measure.slug: "in_use"})

    assert same_queries_for_one_and_three(make, "/kommunen/") == 6


# Map and figures --------------------------------------------------------------


def test_page_shows_both_counts(client: PortalClient, content: None) -> None:
    html = client.get("/kommunen/").content.decode()
    figures = ("100.902", "98.980", "9.032", "8.280", "−752", "−8,3", "31. Dezember 2022", "15. Mai 2022")
    assert [figure for figure in figures if figure not in html] == []


def test_page_links_every_administration(client: PortalClient, content: None) -> None:
    html = client.get("/kommunen/").content.decode()
    links = html.count('class="tilemap__area"'), html.count("tilemap__tile"), html.count('href="/kommunen/amt-plessa/"')
    assert links == (13, 33, 3)  # map, list, table of inhabitants
