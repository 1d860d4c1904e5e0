"""The catalogue as files: the same set as the page, public fields only, safe cells, few queries."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml import ElementTree
from openpyxl import load_workbook

from elbe_elster.strategy.exchange.files import guarded
from elbe_elster.strategy.exchange.tables import PUBLIC_COLUMNS
from elbe_elster.strategy.models import (
    CostRow,
    FundingRow,
    Measure,
    MeasurePartner,
    Publication,
)
from tests.factories import (
    ActionFieldFactory,
    BodyFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectProfileFactory,
)
from tests.strategy.expected_export import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
ENDINGS = ("csv", "xlsx", "json", "atom")
SECRET = "GEHEIM"


def read(client: PortalClient, ending: str, query: str = "") -> bytes:
    response = client.get(f"/massnahmen.{ending}{query}")
    assert response.status_code == 200
    content: bytes = response.content
    return content


def csv_rows(client: PortalClient, query: str = "") -> list[dict[str, str]]:
    text = read(client, "csv", query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def xlsx_rows(content: bytes, sheet: str) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)]


def full_measure() -> Measure:
    field = ActionFieldFactory(number=2, slug="verwaltung", name_de="Verwaltung")
    measure: Measure = MeasureFactory(
        number="M-01",
        title_de="Termine online",
        summary_de="Termine ohne Anruf.",
        primary_field=field,
        lead=BodyFactory(name="Bürgeramt", email="amt@example.org"),
        contact_name=SECRET,
        internal_note=SECRET,
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2030, 3, 31),
        ends_precision="quarter",
        priority="high",
    )
    measure.goals.add(GoalFactory(action_field=field, number=1, title_de="Wege sparen"))
    MeasurePartner.objects.create(measure=measure, body=BodyFactory(name="Stadt Herzberg"), role="erprobt")
    MilestoneFactory(measure=measure, title_de="Ausschreibung", due_on=dt.date(2029, 12, 31))
    CostRow.objects.create(measure=measure, kind="service", year=2026, planned="1200.50")
    FundingRow.objects.create(measure=measure, kind="own", amount="1200.50", internal_note=SECRET)
    return measure


def test_csv_of_a_measure_is_this_line(client: PortalClient) -> None:
    full_measure()
    given = {name: text for name, text in csv_rows(client)[0].items() if text}
    assert given == {
        "Nummer": "M-01",
        "Titel": "Termine online",
        "In einem Satz": "Termine ohne Anruf.",
        "Handlungsfeld": "Verwaltung",
        "Ziele": "2.1 Wege sparen",
        "Phase": "In Umsetzung",
        "Verlauf": "Im Plan",
        "Priorität": "Hoch: möglichst sofort",
        "Beginn geplant": "2026-01-01",
        "Beginn genau auf": "Monat",
        "Ende geplant": "2030-03-31",
        "Ende genau auf": "Quartal",
        "Daueraufgabe": "nein",
        "Zuständig": "Bürgeramt",
        "Partner": "Stadt Herzberg | erprobt",
        "E-Mail-Adresse": "amt@example.org",
        "Aufgenommen am": Measure.objects.get().added_on.isoformat(),
        "Beispiel": "nein",
        "Zuletzt gemeldet": "2026-01-02",
        "Adresse": "http://localhost:8000/massnahmen/m-01/",
    }


def test_csv_is_what_german_spreadsheet_programs_open(client: PortalClient) -> None:
    response = client.get("/massnahmen.csv")
    assert response.content.startswith(b"\xef\xbb\xbfNummer;Titel;")
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"] in {
        f'attachment; filename="massnahmen-{day.isoformat()}.csv"' for day in (today, today + dt.timedelta(days=1))
    }


def test_json_of_a_measure_has_these_keys_and_values(client: PortalClient) -> None:
    full_measure()
    document = json.loads(read(client, "json", "?feld=verwaltung"))
    found = document.pop("measures")
    assert dt.datetime.fromisoformat(document.pop("generated_at")).tzinfo is not None
    assert document == {
        "version": 1,
        "title": "Elbe-Elster digital: Maßnahmen",
        "language": "de",
        "page": "http://localhost:8000/massnahmen/?feld=verwaltung",
        "licence": {
            "code": "dl-de-by-2.0",
            "name": "Datenlizenz Deutschland – Namensnennung – Version 2.0",
            "url": "https://www.govdata.de/dl-de/by-2-0",
        },
        "note": "Einträge mit „example“ sind Beispiele und keine Beschlüsse des Landkreises.",
        "count": 1,
    }
    measure = found[0] | {"added_on": "2026-01-02"}
    assert [measure] == EXPECTED


def test_xlsx_has_sheets_with_frozen_heads_filters_and_lists(client: PortalClient) -> None:
    full_measure()
    book = load_workbook(io.BytesIO(read(client, "xlsx")))
    assert book.sheetnames == [
        "Maßnahmen",
        "Meilensteine",
        "Kosten",
        "Finanzierung",
        "Ziele",
        "Handlungsfelder",
        "Stellen",
        "Auswahl",
    ]
    page = book["Maßnahmen"]
    assert [cell.value for cell in page[1]] == [column.header for column in PUBLIC_COLUMNS]
    assert (page.freeze_panes, page.auto_filter.ref) == ("B2", "A1:AP2")
    phases = next(rule for rule in page.data_validations.dataValidation if "H2" in str(rule.sqref))
    place = phases.formula1.split("$")[1]
    assert [cell.value for cell in book["Auswahl"][place] if cell.value][1:] == [
        "Idee",
        "Geprüft",
        "Beschlossen",
        "In Umsetzung",
        "Abgeschlossen",
        "Eingestellt",
        "Aufgegangen",
    ]


def test_xlsx_has_rows_and_names_on_sheets_of_their_own(client: PortalClient) -> None:
    full_measure()
    book = load_workbook(io.BytesIO(read(client, "xlsx")))
    assert [[cell.value for cell in row] for row in book["Meilensteine"].iter_rows(min_row=2)] == [
        [
            "M-01",
            None,
            "Ausschreibung",
            None,
            "Noch offen",
            dt.datetime.fromisoformat("2029-12-31"),
            "Monat",
            *[None] * 4,
        ]
    ]
    assert [[cell.value for cell in row] for row in book["Kosten"].iter_rows(min_row=2)] == [
        ["M-01", None, "Dienstleistung", 2026, 1200.5, None, None]
    ]
    assert [[cell.value for cell in row] for row in book["Finanzierung"].iter_rows(min_row=2)] == [
        ["M-01", None, "Eigenmittel", None, 1200.5, None, "Geplant", None]
    ]
    assert [cell.value for cell in book["Ziele"]["A"]] == ["Ziel", "2.1 Wege sparen"]
    assert [cell.value for cell in book["Stellen"]["A"]] == ["Name", "Bürgeramt", "Stadt Herzberg"]


def numbers(client: PortalClient, ending: str, query: str) -> list[str]:
    content = read(client, ending, query)
    if ending == "csv":
        return [row["Nummer"] for row in csv_rows(client, query)]
    if ending == "json":
        return [row["number"] for row in json.loads(content)["measures"]]
    if ending == "xlsx":
        return [str(row[0]) for row in xlsx_rows(content, "Maßnahmen")[1:]]
    titles = ElementTree.fromstring(content).findall(
        "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title"
    )
    return [str(title.text).split(" ")[0] for title in titles]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["M-01", "M-02", "M-03"]),
        ("?sortierung=-nummer", ["M-03", "M-02", "M-01"]),
        ("?phase=idea", ["M-02"]),
        ("?phase=nonsense&seite=99&sortierung=%00", ["M-01", "M-02", "M-03"]),
        ("?phase=done", []),
    ],
)
def test_files_hold_what_the_page_shows(client: PortalClient, ending: str, query: str, expected: list[str]) -> None:
    from django.http import QueryDict

    from elbe_elster.strategy.filters import filtered_measures

    for number in ("M-01", "M-02", "M-03"):
        MeasureFactory(number=number, phase="idea" if number == "M-02" else "in_progress")
    MeasureFactory(number="M-90", publication="draft")
    MeasureFactory(number="M-91", publication="withdrawn")
    MeasureFactory(number="M-92", trashed_at=dt.datetime(2026, 1, 3, tzinfo=dt.UTC))
    measures, _filter = filtered_measures(QueryDict(query.removeprefix("?")))
    assert [measure.number for measure in measures] == expected
    wanted = sorted(expected) if ending == "atom" else expected
    found = numbers(client, ending, query)
    assert (sorted(found) if ending == "atom" else found) == wanted


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_file_tells_what_is_not_public(client: PortalClient, ending: str, publisher: Any, sign_in: Any) -> None:
    measure = full_measure()
    hidden = MeasureFactory(number="M-77", title_de=SECRET, publication=Publication.DRAFT, merged_into=None)
    measure.related.add(hidden)
    measure.depends_on.add(hidden)
    profile = ProjectProfileFactory(measure=measure, title_de=SECRET, publication="draft", internal_note=SECRET)
    MilestoneFactory(measure=None, profile=profile, title_de=SECRET)
    CostRow.objects.create(profile=profile, kind="staff", year=2026, planned=77777)
    visible = ProjectProfileFactory(measure=measure, title_de="Sichtbar", risks=SECRET, resources=SECRET)
    MilestoneFactory(measure=None, profile=visible, title_de="Steht im Projekt")
    BodyFactory(name=SECRET)
    for browser in (client, sign_in(publisher)):
        content = read(browser, ending)
        if ending == "xlsx":
            book = load_workbook(io.BytesIO(content))
            cells = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell]
            assert "Steht im Projekt" in cells
            content = "\n".join(cells).encode()
        assert SECRET.encode() not in content
        assert b"M-77" not in content
        assert b"77777" not in content


def test_a_name_shows_only_where_it_may(client: PortalClient) -> None:
    MeasureFactory(contact_name="Kim Beispiel", contact_public=True)
    assert csv_rows(client)[0]["Ansprechperson"] == "Kim Beispiel"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_disarmed_in_csv(start: str) -> None:
    assert guarded(f"{start}SUMME(A1)") == f"'{start}SUMME(A1)"


def test_numbers_and_days_stay_what_they_are_in_csv() -> None:
    from decimal import Decimal

    assert [guarded(value) for value in (-5, Decimal("12.50"), dt.date(2026, 3, 1), None, "ja")] == [
        "-5",
        "12,50",
        "2026-03-01",
        "",
        "ja",
    ]


def test_text_is_never_a_formula_in_xlsx(client: PortalClient) -> None:
    MeasureFactory(title_de="=1+1", summary_de="#N/A", target_groups_de="\x0b=HYPERLINK(1)", description_de="x" * 40000)
    page = load_workbook(io.BytesIO(read(client, "xlsx")))["Maßnahmen"]
    kinds = {cell.data_type for row in page.iter_rows() for cell in row}
    assert (page["B2"].value, page["B2"].data_type, page["D2"].value, page["D2"].data_type) == (
        "=1+1",
        "s",
        "#N/A",
        "s",
    )
    assert kinds == {"s", "n", "d"}


@pytest.mark.parametrize(("ending", "most"), [("csv", 3), ("xlsx", 6), ("json", 6), ("atom", 3)])
def test_queries_do_not_grow(
    client: PortalClient, count_queries: Callable[[], CaptureQueriesContext], ending: str, most: int
) -> None:
    counts: list[int] = []
    for _round in range(3):
        full_measure() if not counts else MilestoneFactory(measure=MeasureFactory(lead=BodyFactory()))
        with count_queries() as queries:
            read(client, ending)
        counts.append(len(queries) - 2)  # BEGIN and COMMIT are savepoints in tests
    assert counts[0] == counts[1] == counts[2] <= most + 2


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_answer_head_and_not_modified(client: PortalClient, ending: str) -> None:
    MeasureFactory()
    first = client.get(f"/massnahmen.{ending}")
    mark = {"If-None-Match": first["ETag"]}
    assert client.get(f"/massnahmen.{ending}", headers=mark).status_code == 304
    assert client.get(f"/massnahmen.{ending}?phase=idea", headers=mark).status_code == 200
    assert client.head(f"/massnahmen.{ending}").content == b""
    assert client.post(f"/massnahmen.{ending}").status_code == 405
    from elbe_elster.snapshots.store import raise_version

    raise_version()
    assert client.get(f"/massnahmen.{ending}", headers=mark).status_code == 200


def test_files_speak_the_language_of_the_address(client: PortalClient) -> None:
    MeasureFactory(title_de="Termine", title_en="Appointments")
    document = json.loads(read(client, "json").decode())
    assert document["measures"][0]["title"] == "Termine"
    english = json.loads(client.get("/en/massnahmen.json").content)
    assert (english["language"], english["measures"][0]["title"]) == ("en", "Appointments")


def test_atom_tells_the_last_change_first(client: PortalClient) -> None:
    from elbe_elster.strategy.actions.chronicle import add_chronicle_entry
    from elbe_elster.strategy.models import EntryKind

    MeasureFactory(number="M-01", example=True)
    told = MeasureFactory(number="M-02")
    add_chronicle_entry(measure=told, kind=EntryKind.NEWS, texts={"de": "Los."})
    space = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(read(client, "atom", "?sortierung=nummer"))
    titles = [entry.findtext(f"{space}title") for entry in feed.findall(f"{space}entry")]
    assert titles == ["M-02 Maßnahme M-02", "M-01 Maßnahme M-01 (Beispiel)"]
    assert feed.findtext(f"{space}entry/{space}id") == "http://localhost:8000/massnahmen/m-02/"
