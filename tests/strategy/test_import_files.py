# ruff: noqa: ISC004 -- the sentences are long
"""Files that are no good table: each refused with one sentence, quickly, and nothing half done."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from elbe_elster.strategy.exchange.dry_run import make_plan
from elbe_elster.strategy.exchange.grids import UnreadableError, read_grids
from elbe_elster.strategy.models import Measure, TableImport
from tests.strategy.test_import import HOME, catalogue, messages, saved, table, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def replaced(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    return packed({**parts, name: change(parts[name])})


SHEET = "xl/worksheets/sheet1.xml"
GOOD = table(["Nummer", "Titel"], ["M-01", "Neu"])
BOMB_XML = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
)


def lying_about_its_size() -> bytes:
    """A package whose directory claims that a part of 50 MB has ten bytes."""
    content = bytearray(replaced(GOOD, SHEET, lambda text: text + b" " * 50_000_000))
    place = content.index(b"PK\x01\x02")
    while place >= 0:
        length = struct.unpack_from("<H", content, place + 28)[0]
        if content[place + 46 : place + 46 + length] == SHEET.encode():
            struct.pack_into("<I", content, place + 24, 10)
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def many_rows() -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("Maßnahmen")
    page.append(["Nummer", "Titel"])
    for number in range(10_000):
        page.append([f"M-{number}", "Neu"])
    return saved(book)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "Die Datei ist leer."),
    "blank": (lambda: b" \n \n", "Die Datei ist leer."),
    "30 MB": (lambda: b"x;y\n" * 7_500_000, "Die Datei ist zu groß. Erlaubt sind 10 MB."),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "Die Datei ist keine Tabelle. Möglich sind „.xlsx“ und „.csv“."),
    "prose": (lambda: b"Sehr geehrte Damen und Herren", "Die Datei ist keine Tabelle. Möglich sind „.xlsx“ und „.csv“."),
    "xls": (lambda: OLE + bytes(4000), "Das ist eine Datei im alten Excel-Format. Speichern Sie sie als „.xlsx“."),
    "password": (
        lambda: OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000),
        "Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort.",
    ),
    "zip of something": (lambda: packed({"brief.txt": b"Hallo"}), "Die Datei ist keine Excel-Tabelle."),
    "open document": (
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
        "Das ist eine OpenDocument-Datei. Speichern Sie sie als „.xlsx“ oder „.csv“.",
    ),
    "broken zip": (lambda: GOOD[: len(GOOD) // 2], "Die Datei ist beschädigt oder keine Excel-Tabelle."),
    "broken xml": (lambda: replaced(GOOD, SHEET, lambda text: text[:-40]), "Die Datei ist beschädigt oder keine Excel-Tabelle."),
    "zip bomb": (
        lambda: replaced(GOOD, SHEET, lambda text: text + b" " * 100_000_000),
        "Ausgepackt ist die Datei zu groß. Teilen Sie die Tabelle auf.",
    ),
    "lying zip bomb": (lying_about_its_size, "Die Datei ist beschädigt oder keine Excel-Tabelle."),
    "entities": (
        lambda: replaced(GOOD, SHEET, lambda _text: BOMB_XML),
        "Die Datei enthält verbotene Anweisungen. Speichern Sie sie in Excel neu.",
    ),
    "10,000 rows": (many_rows, "Blatt Maßnahmen hat mehr als 5.000 Zeilen. Teilen Sie die Tabelle auf."),
    "a cell far below": (
        lambda: replaced(GOOD, SHEET, lambda text: text.replace(b'r="A2"', b'r="A1048576"').replace(b'r="2"', b'r="1048576"')),
        "Blatt Maßnahmen hat mehr als 5.000 Zeilen. Teilen Sie die Tabelle auf.",
    ),
    "nothing in it": (lambda: table([]), "In der Datei steht nichts."),
    "a header twice": (
        lambda: table(["Nummer", "Titel", "Titel"], ["M-01", "a", "b"]),
        "Blatt Maßnahmen, Zeile 1: Die Überschrift „Titel“ steht zweimal da.",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_one_sentence(case: str) -> None:
    make, text = BAD[case]
    content = make()
    began = time.monotonic()
    with pytest.raises(UnreadableError) as refused:
        make_plan(read_grids(content), user=None)
    assert str(refused.value) == text
    assert time.monotonic() - began < 60  # minutes would mean it grows with the square


@pytest.mark.django_db
def test_the_page_says_so_at_the_field_and_keeps_nothing(publisher: User, sign_in: SignIn) -> None:
    browser = sign_in(publisher)
    for case in ("xls", "zip bomb", "30 MB", "picture", "entities"):
        answer = upload(browser, BAD[case][0]())
        assert (answer.status_code, BAD[case][1] in answer.content.decode()) == (422, True), case
    assert "Wählen Sie eine Datei aus." in browser.post(HOME).content.decode()
    assert "Das ist keine Tabelle." in upload(browser, b"x", "bild.png").content.decode()
    assert TableImport.objects.count() == 0


@pytest.mark.django_db
def test_formulas_are_named_and_not_read() -> None:
    catalogue()
    book = Workbook()
    page: Any = book.active
    page.title = "Maßnahmen"
    page.append(["Nummer", "Titel", "In einem Satz", "Rechnung"])
    page.append(["M-01", '=HYPERLINK("http://example.org","x")', None, "=1+1"])
    page["C2"] = ArrayFormula("C2:C2", "=SUM(A1:A2)")
    assert messages(saved(book)) == [
        f"Blatt Maßnahmen, Zeile 2, Spalte {column}: Hier steht eine Formel. Ersetzen Sie sie durch ihren Wert "
        "(Kopieren, Inhalte einfügen: Werte)."
        for column in "BC"
    ]
    assert messages(b"Nummer;Titel\nM-01;=1+1") == [
        "Blatt Tabelle, Zeile 2, Spalte B: Hier steht eine Formel. Ersetzen Sie sie durch ihren Wert "
        "(Kopieren, Inhalte einfügen: Werte)."
    ]


@pytest.mark.django_db
def test_merged_cells_in_the_table_are_named() -> None:
    catalogue()
    book = Workbook()
    page: Any = book.active
    page.title = "Maßnahmen"
    page.append(["Ein Titel darf verbunden sein"])
    page.append(["Nummer", "Titel"])
    page.append(["M-01", "Neu"])
    page.merge_cells("A1:B1")
    page.merge_cells("B3:B4")
    assert messages(saved(book)) == [
        "Blatt Maßnahmen: Die Zellen B3:B4 sind verbunden. Heben Sie die Verbindung auf und füllen Sie jede Zelle "
        "einzeln."
    ]


@pytest.mark.django_db
def test_error_values_are_named() -> None:
    catalogue()
    book = Workbook()
    page: Any = book.active
    page.title = "Maßnahmen"
    page.append(["Nummer", "Titel"])
    page.append(["M-01", "#REF!"])
    assert messages(saved(book)) == [
        "Blatt Maßnahmen, Zeile 2, Spalte B: Hier steht ein Fehlerwert der Tabellenkalkulation."
    ]


@given(content=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", OLE, b"a;b\n"):
        with suppress(UnreadableError):
            assert all(grid.rows for grid in read_grids(start + content))


NAMES = st.text(max_size=60).map(lambda text: " ".join(text.split())).filter(str.isprintable)  # as bodies may be named
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.django_db
@given(
    title=TEXTS,
    note=TEXTS,
    text=st.text(st.sampled_from("a =+-@\t\n\r;|\"'€ä\x07"), max_size=30),
    role=TEXTS,
    body=NAMES,
)
@example(title="", note="", text="", role="", body="Bau; Verkehr")
@settings(max_examples=25, deadline=None)
def test_whatever_stands_in_a_text_comes_back_unchanged(title: str, note: str, text: str, role: str, body: str) -> None:
    from elbe_elster.accounts.models import Role
    from elbe_elster.strategy.exchange.working_file import working_file
    from elbe_elster.strategy.models import Body, MeasurePartner, Milestone
    from tests.factories import BodyFactory, MeasureFactory, MilestoneFactory, UserFactory

    Milestone.objects.all().delete()
    Measure.objects.all().delete()
    Body.objects.all().delete()
    clean = {name: value.replace("\x00", "") for name, value in locals().items() if isinstance(value, str)}
    measure = MeasureFactory(
        title_de=clean["title"], internal_note=clean["note"], description_de=clean["text"], decided_title=clean["text"]
    )
    if clean["body"]:
        office = BodyFactory(name=clean["body"])
        office.full_clean()
        MeasurePartner.objects.create(measure=measure, body=office, role=clean["role"])
    MilestoneFactory(measure=measure, title_de=clean["text"])
    user = UserFactory(roles=[Role.PUBLISHER])
    plan = make_plan(read_grids(working_file(user)), user=user)
    assert [(row.number, row.changes) for row in plan.measures if row.has_work] == []


@pytest.mark.django_db
def test_500_rows_are_looked_at_in_time(publisher: User) -> None:
    from elbe_elster.strategy.exchange.working_file import working_file
    from tests.factories import ActionFieldFactory, MeasureFactory

    field = ActionFieldFactory(number=1, name_de="Mobilität")
    MeasureFactory.create_batch(20, primary_field=field)
    content = working_file(publisher)
    rows = [["Nummer", "Titel", "In einem Satz", "Handlungsfeld", "Phase", "Beginn geplant"]]
    rows += [[f"N-{number}", f"Titel {number}", "Satz.", "Mobilität", "Idee", "2027"] for number in range(500)]
    began = time.monotonic()
    plan = make_plan(read_grids(table(*rows)), user=publisher)
    assert (plan.errors, len(plan.created)) == ([], 500)
    make_plan(read_grids(content), user=publisher)
    assert time.monotonic() - began < 60  # minutes would mean it grows with the square


def test_a_body_has_a_visible_name() -> None:
    from django.core.exceptions import ValidationError

    from elbe_elster.strategy.models.bodies import visible_line

    assert visible_line(" Amt für\nBau  und Verkehr ") == "Amt für Bau und Verkehr"
    for hidden in ("\x1b", "Amt\x00", "Amt\u202e", "\ufffe"):
        with pytest.raises(ValidationError):
            visible_line(hidden)
