import csv
from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command

from elbe_elster.region import actions
from elbe_elster.region.actions import CONTENT, load_region
from elbe_elster.region.models import Administration, Municipality, Population, PopulationSeries

pytestmark = pytest.mark.django_db


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def own_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Content files the test may change."""
    folder = tmp_path / "content"
    copytree(CONTENT, folder)
    monkeypatch.setattr(actions, "CONTENT", folder)
    return folder


def test_every_figure_of_the_file_is_stored() -> None:
    load_region()
    stored = {
        (population.municipality.key, population.series.key): population.count
        for population in Population.objects.select_related("municipality", "series")
    }
    assert stored == {
        (row["key"], series): int(row[series])
        for row in rows("population.csv")
        for series in ("gv100ad-2022", "zensus-2022")
    }
    assert len(stored) == 66


def test_sums_are_those_of_the_county() -> None:
    load_region()
    sums: Counter[str] = Counter()
    for series, count in Population.objects.values_list("series__key", "count"):
        sums[series] += count
    assert sums == {"gv100ad-2022": 100_902, "zensus-2022": 98_980}


def test_series_have_day_and_source() -> None:
    load_region()
    assert [(one.key, one.date.isoformat(), bool(one.source)) for one in PopulationSeries.objects.all()] == [
        ("gv100ad-2022", "2022-12-31", True),
        ("zensus-2022", "2022-05-15", True),
    ]


def test_administrations_have_their_members() -> None:
    load_region()
    members: dict[str, list[str]] = {}
    for municipality in Municipality.objects.select_related("administration"):
        members.setdefault(municipality.administration.slug, []).append(municipality.name)
    assert members == {
        "amt-elsterland": ["Heideland", "Rückersdorf", "Schilda", "Schönborn", "Tröbitz"],
        "amt-kleine-elster": ["Crinitz", "Lichterfeld-Schacksdorf", "Massen-Niederlausitz", "Sallgast"],
        "amt-plessa": ["Gorden-Staupitz", "Hohenleipisch", "Plessa", "Schraden"],
        "amt-schlieben": ["Fichtwald", "Hohenbucko", "Kremitzaue", "Lebusa", "Schlieben"],
        "amt-schradenland": ["Gröden", "Großthiemig", "Hirschfeld", "Merzdorf"],
        "doberlug-kirchhain": ["Doberlug-Kirchhain"],
        "elsterwerda": ["Elsterwerda"],
        "finsterwalde": ["Finsterwalde"],
        "herzberg": ["Herzberg (Elster)"],
        "roederland": ["Röderland"],
        "schoenewalde": ["Schönewalde"],
        "sonnewalde": ["Sonnewalde"],
        "verbandsgemeinde-liebenwerda": [
            "Bad Liebenwerda",
            "Falkenberg/Elster",
            "Mühlberg/Elbe",
            "Uebigau-Wahrenbrück",
        ],
    }
    assert Administration.objects.county().get().slug == "landkreis-elbe-elster"
    assert Municipality.objects.filter(is_town=True).count() == 11


def test_names_sort_the_german_way() -> None:
    for name in ("Zossen", "Äpfelsdorf", "Apfelberg", "Oßling", "Ostrau", "Öls"):
        Administration.objects.create(name=name, slug=name.encode("ascii", "ignore").decode(), kind="town", seat=name)
    assert [str(row) for row in Administration.objects.all()] == [
        "Apfelberg",
        "Äpfelsdorf",
        "Öls",
        "Oßling",
        "Ostrau",
        "Zossen",
    ]


def test_every_municipality_has_a_square_of_its_own() -> None:
    places = [(row["tile_column"], row["tile_row"]) for row in rows("municipalities.csv")]
    assert len(places) == len(set(places)) == 33


def test_squares_of_an_administration_touch() -> None:
    squares: dict[str, set[tuple[int, int]]] = {}
    for row in rows("municipalities.csv"):
        squares.setdefault(row["administration"], set()).add((int(row["tile_column"]), int(row["tile_row"])))
    for own in squares.values():
        reached, new = set(), {min(own)}
        while new:
            reached |= new
            new = {(x + i, y + j) for x, y in reached for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0))} & own - reached
        assert reached == own


def test_second_loading_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_region")
    call_command("load_region")
    assert capsys.readouterr().out.splitlines() == [
        "Region: 115 neu, 0 geändert, 0 unverändert",
        "Region: 0 neu, 0 geändert, 115 unverändert",
    ]


def test_corrected_figure_is_followed(own_content: Path) -> None:
    load_region()
    file = own_content / "population.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("15968", "15970"), encoding="utf-8")
    report = load_region()
    assert [line.partition(": ")[2] for line in report.updated] == ["count"]
    finsterwalde = Population.objects.get(municipality__key="12062140", series__key="gv100ad-2022")
    assert finsterwalde.count == 15_970


def test_broken_file_loads_nothing(own_content: Path) -> None:
    file = own_content / "municipalities.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("amt-plessa", "amt-irgendwo"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"municipalities\.csv nennt eine unbekannte Verwaltung: amt-irgendwo"):
        call_command("load_region")
    assert Administration.objects.count() == 0
