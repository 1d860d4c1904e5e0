from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
import pyreadstat
import pytest

from elbe_elster.participation.export import xlsx_writing
from elbe_elster.participation.export.files import TooFewResponsesError, form_of, write_export
from elbe_elster.participation.export.reading import editions_of, reading
from elbe_elster.participation.export.variables import Edition, Variable, variables_of
from elbe_elster.participation.models import ExportFormat, Survey
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import question, questionnaire
from tests.participation.exporting import FORMULA, corrected_survey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = dt.date(2026, 3, 2)
NAMES = [
    "nr",
    "fassung",
    "weg",
    "tag",
    "single",
    "multiple_a",
    "multiple_b",
    "multiple_z",
    "matrix_x",
    "matrix_y",
    "boxes_x_a",
    "boxes_x_b",
    "boxes_y_a",
    "boxes_y_b",
    "ranking_a",
    "ranking_b",
    "ranking_c",
    "number",
    "cold",
    "day",
    "text",
    "untold",
    "why",
]
FAR = -99_999_990
NUMBER, DAY = 17, 3


@pytest.fixture
def survey(time_machine: Any) -> Survey:
    time_machine.move_to(dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC), tick=True)
    return corrected_survey()


def rows_of(survey: Survey) -> list[list[Any]]:
    """Every row without its number, sorted: the order is random by design."""
    editions = editions_of(survey)
    with reading(survey) as source:
        assert source.count() == 12
        rows = list(source.rows(variables_of(editions), editions))
    assert [row[0] for row in rows] == list(range(1, 13))
    return sorted((row[1:] for row in rows), key=str)


MISSING = [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1]
FULL_ROW: list[Any] = [1, 1, TODAY, 2, 1, 0, 1, 3, -1, -1, -1, 1, 1, 2, -1, 1, 12.5, -9, dt.date(2026, 3, 1), 1, -2, -9]
EMPTY_ROW: list[Any] = [1, 3, TODAY, *MISSING, FAR - 1, -1, -1, -1, -9]
NEW_ROW: list[Any] = [2, 1, TODAY, 4, 0, 1, 0, *MISSING[:10], FAR - 1, -1, -9, -1, -9]


def test_every_kind_becomes_numbers(survey: Survey) -> None:
    assert [one.name for one in variables_of(editions_of(survey))] == NAMES
    assert rows_of(survey) == sorted([FULL_ROW, EMPTY_ROW, *[NEW_ROW] * 10], key=str)


def written(survey: Survey, file_format: str, *, with_texts: bool = False) -> bytes:
    stream = io.BytesIO()
    write_export(stream, survey, file_format, with_texts=with_texts)
    return stream.getvalue()


def in_csv(row: Sequence[Any]) -> list[str]:
    return [cell.isoformat() if isinstance(cell, dt.date) else str(cell).replace(".", ",") for cell in row]


def test_csv_as_german_spreadsheets_open_it(survey: Survey) -> None:
    content = written(survey, ExportFormat.CSV)
    assert content.startswith("\ufeffnr;fassung;weg;tag;".encode())
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[0] == NAMES
    assert sorted(line[1:] for line in lines[1:]) == sorted(map(in_csv, [FULL_ROW, EMPTY_ROW, *[NEW_ROW] * 10]))


def test_free_texts_stand_alone_and_are_no_formulas(survey: Survey) -> None:
    package = ZipFile(io.BytesIO(written(survey, ExportFormat.CSV, with_texts=True)))
    assert package.namelist() == ["antworten.csv", "freie-texte.csv"]
    lines = list(csv.reader(io.StringIO(package.read("freie-texte.csv").decode("utf-8-sig")), delimiter=";"))
    assert lines == [
        ["Variable", "Frage", "Text", "Stand der Durchsicht", "Zitat", "Themen"],
        ["multiple_z", "Frage multiple? – Z", f"'{FORMULA}", "neu", "", ""],
        [
            "text",
            "Frage text?",
            "Mehr Busse, bitte. Ihre Erika Beispiel",
            "als Zitat veröffentlicht",
            "Mehr Busse, bitte.",
            "",
        ],
    ]
    assert b"Busse" not in package.read("antworten.csv")


@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.SAV])
def test_without_asking_no_file_has_a_word_of_anybody(survey: Survey, file_format: str) -> None:
    content = written(survey, file_format)
    if file_format == ExportFormat.XLSX:
        package = ZipFile(io.BytesIO(content))
        content = b"".join(package.read(name) for name in package.namelist())
    assert b"Busse" not in content
    assert b"WEBSERVICE" not in content


def cells(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_xlsx_has_numbers_dates_and_no_formula(survey: Survey) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(survey, ExportFormat.XLSX, with_texts=True)))
    assert book.sheetnames == ["Antworten", "Freie Texte", "Variablen", "Werte", "Fassungen", "Hinweise"]
    head, *rows = cells(book["Antworten"])
    assert head == NAMES
    expected = [[dt.datetime.combine(cell, dt.time()) if isinstance(cell, dt.date) else cell for cell in row]
                for row in (FULL_ROW, EMPTY_ROW, *[NEW_ROW] * 10)]  # fmt: skip
    assert sorted((row[1:] for row in rows), key=str) == sorted(expected, key=str)
    assert book["Freie Texte"]["C2"].value == FORMULA
    assert book["Freie Texte"]["C2"].data_type == "s"
    assert book["Antworten"]["D2"].number_format == r"dd\.mm\.yyyy"


def test_xlsx_goes_on_in_a_second_sheet(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writing, "MOST_ROWS", 8)
    book = openpyxl.load_workbook(io.BytesIO(written(survey, ExportFormat.XLSX)))
    sheets = [cells(book[name]) for name in ("Antworten", "Antworten 2")]
    assert [len(sheet) for sheet in sheets] == [8, 6]
    assert [sheet[0] for sheet in sheets] == [NAMES, NAMES]
    assert [row[0] for sheet in sheets for row in sheet[1:]] == list(range(1, 13))


def test_sav_is_read_back_by_somebody_elses_reader(survey: Survey, tmp_path: Path) -> None:
    file = tmp_path / "antworten.sav"
    file.write_bytes(written(survey, ExportFormat.SAV))
    values, meta = pyreadstat.read_sav(str(file), output_format="dict", user_missing=True, disable_datetime_conversion=True)  # fmt: skip
    assert list(values) == NAMES
    seconds = (TODAY - dt.date(1582, 10, 14)).days * 86400
    full: list[Any] = [*FULL_ROW[:2], seconds, *FULL_ROW[3:18], seconds - 86400, *FULL_ROW[19:]]
    others: list[list[Any]] = [[row[0], row[1], seconds, *row[3:]] for row in (EMPTY_ROW, *[NEW_ROW] * 10)]
    found = sorted(([*row] for row in zip(*(values[name] for name in NAMES[1:]), strict=True)), key=str)
    assert found == sorted([[float(cell) for cell in row] for row in [full, *others]], key=str)
    assert (meta.number_rows, meta.file_encoding, meta.file_label) == (12, "UTF-8", "Umfrage 1")
    labels = dict(zip(meta.column_names, meta.column_labels, strict=True))
    assert (labels["boxes_y_b"], labels["cold"]) == ("Frage boxes? – Zeile y – Antwort b", "Wie kalt?")
    assert meta.variable_value_labels["single"] == {
        1: "Antwort a",
        2: "Antwort b (bis Fassung 1)",
        3: "Antwort c",
        4: "Antwort d",
        -1: "übersprungen",
        -2: "keine Angabe",
        -3: "nicht lesbar",
        -9: "nicht gezeigt",
    }
    assert meta.missing_ranges["single"] == [{"lo": -9.0, "hi": -1.0}]
    assert meta.missing_ranges["cold"] == [{"lo": FAR - 9.0, "hi": FAR - 1.0}]
    assert set(meta.missing_ranges) == set(NAMES[4:])
    assert [meta.original_variable_types[name] for name in ("single", "number", "cold", "day")] == [
        "F10.0",
        "F10.1",
        "F12.0",
        "EDATE10",
    ]
    assert [meta.variable_measure[name] for name in ("single", "ranking_a", "number")] == ["nominal", "ordinal", "scale"]  # fmt: skip


def test_missing_values_are_missing_to_spss(survey: Survey, tmp_path: Path) -> None:
    file = tmp_path / "antworten.sav"
    file.write_bytes(written(survey, ExportFormat.SAV))
    values, _meta = pyreadstat.read_sav(str(file), output_format="dict")
    assert sorted(one for one in values["number"] if one is not None and one == one) == [12.5]  # noqa: PLR0124 - not NaN
    assert sorted(one for one in values["cold"] if one is not None and one == one) == [-9.0]  # noqa: PLR0124


def test_codebook_says_what_everything_means(survey: Survey) -> None:
    package = ZipFile(io.BytesIO(written(survey, ExportFormat.CODEBOOK)))
    book = openpyxl.load_workbook(io.BytesIO(package.read("codebuch.xlsx")))
    rows = {row[0]: row[1:] for row in cells(book["Variablen"])}
    missing = "-1 = übersprungen\n-2 = keine Angabe\n-3 = nicht lesbar\n-9 = nicht gezeigt"
    assert rows["single"] == [
        "Frage single?",
        "Auswahl",
        "1 = Antwort a\n2 = Antwort b (bis Fassung 1)\n3 = Antwort c\n4 = Antwort d",
        missing,
        "immer",
        1,
        None,
        None,
    ]
    assert rows["text"][5:] == [1, 1, None]
    assert rows["cold"][5:] == [1, None, "Fassung 1: Frage cold?"]
    assert rows["why"][4] == "Nur wenn Sie bei Frage 1 „Antwort c“ gewählt haben"
    assert cells(book["Fassungen"])[1:] == [[1, "02.03.2026", None], [2, "02.03.2026", "Tippfehler"]]
    assert ["cold", FAR - 9, "nicht gezeigt", "ja"] in cells(book["Werte"])


def test_codebook_for_programs(survey: Survey) -> None:
    package = ZipFile(io.BytesIO(written(survey, ExportFormat.CODEBOOK)))
    values = json.loads(package.read("codebuch.json"))
    variables = {one.pop("name"): one for one in values.pop("variables")}
    assert values == {
        "format": 1,
        "survey": "umfrage-1",
        "title": "Umfrage 1",
        "versions": [
            {"number": 1, "published_on": "2026-03-02", "reason": ""},
            {"number": 2, "published_on": "2026-03-02", "reason": "Tippfehler"},
        ],
        "languages": ["de"],
    }
    assert list(variables) == NAMES
    assert variables["why"] == {
        "label": "Frage why?",
        "type": "choice",
        "places": 0,
        "codes": [{"value": number, "label": f"Antwort {code}"} for number, code in enumerate("abc", start=1)],
        "missing": [
            {"value": -1, "label": "übersprungen"},
            {"value": -2, "label": "keine Angabe"},
            {"value": -3, "label": "nicht lesbar"},
            {"value": -9, "label": "nicht gezeigt"},
        ],
        "condition": "single = c",
        "since_version": 1,
        "until_version": None,
        "earlier_labels": [],
    }


def test_fewer_than_ten_responses_are_given_to_nobody(time_machine: Any) -> None:
    survey = corrected_survey(responses=9)
    for file_format in (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.SAV):
        with pytest.raises(TooFewResponsesError):
            written(survey, file_format)
    assert written(survey, ExportFormat.CODEBOOK)


def named(*questions: Any) -> list[Variable]:
    numbered = tuple(replace(one, pk=pk) for pk, one in enumerate(questions, start=1))
    return variables_of([Edition(1, 1, questionnaire(numbered))])[4:]


def test_names_are_those_that_spss_allows() -> None:
    long = "a" * 40
    found = named(
        question("and"),
        question("tag"),
        question("a", Kind.MATRIX_SINGLE),
        question("a_x"),
        question("end_"),
        question(long, Kind.MATRIX_MULTIPLE, options=(), items=()),
    )
    assert [one.name for one in found] == ["v_and", "tag_2", "a_x", "a_y", "a_x_2", "end"]


def test_endings() -> None:
    assert [form_of(one, with_texts=False).ending for one in ("csv", "xlsx", "sav", "codebook")] == ["csv", "xlsx", "sav", "zip"]  # fmt: skip
    assert [form_of(one, with_texts=True).ending for one in ("csv", "xlsx", "sav")] == ["zip", "xlsx", "zip"]
