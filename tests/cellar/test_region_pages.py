from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test.utils import CaptureQueriesContext

from elbe_elster.region.figures import figures_by_administration, figures_by_municipality
from elbe_elster.region.models import Municipality
from elbe_elster.region.tilemap import Tile, tile_map
from tests.client import PortalClient
from tests.factories import AdministrationFactory, MunicipalityFactory, PopulationFactory

Count = Callable[[], CaptureQueriesContext]

pytestmark = pytest.mark.django_db


def test_county_page_has_all_municipalities(client: PortalClient, content: None) -> None:
    response = client.get("/kommunen/landkreis-elbe-elster/")
    assert len(response.context["members"]) == 33


def test_unknown_administration_is_not_found(client: PortalClient, content: None) -> None:
    assert client.get("/kommunen/atlantis/").status_code == 404


def test_page_asks_no_more_for_more_rows(client: PortalClient, content: None, count_queries: Count) -> None:
    counts = []
    for slug in ("finsterwalde", "amt-schlieben", "landkreis-elbe-elster"):
        with count_queries() as queries:
            client.get(f"/kommunen/{slug}/")
        counts.append(len(queries))
    assert counts == [6, 6, 6]  # four, and the two that open and close the request's transaction


def test_figures_of_an_administration(content: None) -> None:
    members = Municipality.objects.filter(administration__slug="amt-plessa")
    figures = figures_by_municipality(members)
    assert [(row.name, row.counts, row.difference) for row in figures.rows] == [
        ("Gorden-Staupitz", [919, 952], 33),
        ("Hohenleipisch", [2005, 1901], -104),
        ("Plessa", [2564, 2559], -5),
        ("Schraden", [485, 488], 3),
    ]
    assert figures.total.counts == [5973, 5900]


def test_shares_of_all_administrations(content: None) -> None:
    figures = figures_by_administration(Municipality.objects.select_related("administration"))
    assert {row.name: tuple(row.counts) for row in figures.rows} == {
        "Amt Elsterland": (4416, 4395),
        "Amt Kleine Elster (Niederlausitz)": (5338, 5350),
        "Amt Plessa": (5973, 5900),
        "Amt Schlieben": (5179, 5138),
        "Amt Schradenland": (4334, 4325),
        "Doberlug-Kirchhain": (9032, 8280),
        "Elsterwerda": (7792, 7745),
        "Finsterwalde": (15968, 15606),
        "Herzberg (Elster)": (8731, 8693),
        "Röderland": (3746, 3712),
        "Schönewalde": (3004, 2978),
        "Sonnewalde": (3169, 3148),
        "Verbandsgemeinde Liebenwerda": (24220, 23710),
    }
    assert figures.largest is not None
    assert (figures.largest.name, round(figures.largest.percent or 0, 1)) == ("Doberlug-Kirchhain", -8.3)


def test_sum_with_a_gap_is_no_sum() -> None:
    known = PopulationFactory()
    MunicipalityFactory()
    figures = figures_by_municipality(Municipality.objects.all())
    assert sorted(str(row.counts) for row in figures.rows) == ["[1000]", "[None]"]
    assert (figures.total.columns, figures.has_difference) == ([(None, known.series)], False)


def test_map_draws_one_line_around_an_administration() -> None:
    amt = AdministrationFactory(slug="amt", name="Amt")
    MunicipalityFactory(name="West", administration=amt, tile_column=0, tile_row=0, tile_label="We-|st")
    MunicipalityFactory(name="Ost", administration=amt, tile_column=1, tile_row=0)
    drawn = tile_map(Municipality.objects.on_map())
    assert (drawn.width, drawn.height) == (164, 84)
    (area,) = drawn.areas
    assert area.tiles == [Tile("West", 2, 2, [(58, "We-"), (73, "st")]), Tile("Ost", 82, 2, [(73, "Ost")])]
    assert area.outline == "M2 2h80M2 82h80M2 2v80M82 2h80M82 82h80M162 2v80"


def test_two_municipalities_cannot_share_a_square() -> None:
    MunicipalityFactory(tile_column=1, tile_row=1)
    with pytest.raises(IntegrityError, match="region_one_municipality_per_tile"):
        MunicipalityFactory(tile_column=1, tile_row=1)
