"""Opens what people upload: workbooks and CSV. Distrustful: sizes are looked at before anything is unpacked."""

from __future__ import annotations

import csv
import io
import logging
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from elbe_elster.strategy.exchange.cells import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.strategy.exchange.cells import Cell

logger = logging.getLogger(__name__)

MB = 1024 * 1024
LARGEST_FILE = 10 * MB
LARGEST_UNPACKED = 40 * MB
MOST_PARTS = 1000
MOST_ROWS = 5000
MOST_COLUMNS = 200
MOST_CELLS = 300_000
LAST_ROW = MOST_ROWS + 30  # a few lines of title above the head
LONGEST_FIELD = 200_000  # characters of one cell of CSV
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CELL = re.compile(rb'<(?:\w+:)?c(?: [^>]*?)? r="[A-Z]{1,3}(\d+)"[^>]*[^/]>')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class UnreadableError(ValueError):
    """A file that cannot be taken; the text is one sentence for people."""


@dataclass
class Grid:
    """One sheet. Rows by their number in the file; cells that hold formulas or errors are listed, not read."""

    name: str
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    broken: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def place(self, row: int, column: int | None = None) -> str:
        """Where a cell is, in words: ``Blatt Maßnahmen, Zeile 12, Spalte F``."""
        if column is None:
            return _("Blatt %(sheet)s, Zeile %(row)s") % {"sheet": self.name, "row": row}
        letter = get_column_letter(column + 1)
        return _("Blatt %(sheet)s, Zeile %(row)s, Spalte %(column)s") % {
            "sheet": self.name,
            "row": row,
            "column": letter,
        }


def refuse_at_sight(content: bytes) -> None:
    """Refuse what is no table, too large or locked, without reading it. Raises UnreadableError."""
    if not content.strip():
        raise UnreadableError(_("Die Datei ist leer."))
    if len(content) > LARGEST_FILE:
        raise UnreadableError(_("Die Datei ist zu groß. Erlaubt sind 10 MB."))
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise UnreadableError(_("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort."))
        raise UnreadableError(_("Das ist eine Datei im alten Excel-Format. Speichern Sie sie als „.xlsx“."))
    if content.startswith(ZIP):
        _check_package(content)


def read_grids(content: bytes) -> list[Grid]:
    """Every sheet of the file that holds something. Raises UnreadableError."""
    refuse_at_sight(content)
    grids = _read_workbook(content) if content.startswith(ZIP) else [_read_csv(content)]
    grids = [grid for grid in grids if grid.rows]
    if not grids:
        raise UnreadableError(_("In der Datei steht nichts."))
    return grids


# Workbooks --------------------------------------------------------------------


def _read_workbook(content: bytes) -> list[Grid]:
    try:
        _refuse_entities(content)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        scans = _scan(content, book)
        return [_read_sheet(page, scans.get(page.title, [])) for page in book.worksheets]
    except UnreadableError:
        raise
    except DefusedXmlException as error:
        raise UnreadableError(_("Die Datei enthält verbotene Anweisungen. Speichern Sie sie in Excel neu.")) from error
    except Exception as error:  # openpyxl answers broken files with nearly every kind of error
        logger.info("Eine Tabelle ließ sich nicht lesen: %r", error)
        raise UnreadableError(_("Die Datei ist beschädigt oder keine Excel-Tabelle.")) from error


def _check_package(content: bytes) -> None:
    """Look into the package before anything is unpacked; read once what it claims to be, in pieces."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError) as error:
        raise UnreadableError(_("Die Datei ist beschädigt oder keine Excel-Tabelle.")) from error
    parts = package.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableError(_("Das ist eine OpenDocument-Datei. Speichern Sie sie als „.xlsx“ oder „.csv“."))
    if "xl/workbook.xml" not in names:
        raise UnreadableError(_("Die Datei ist keine Excel-Tabelle."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableError(_("Ausgepackt ist die Datei zu groß. Teilen Sie die Tabelle auf."))
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError(_("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort."))


def _refuse_entities(content: bytes) -> None:
    """A spreadsheet has no document types; only attacks do."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")) and ENTITY.search(package.read(name)[: 64 * 1024]):
                raise UnreadableError(_("Die Datei enthält verbotene Anweisungen. Speichern Sie sie in Excel neu."))


def _scan(content: bytes, book: Any) -> dict[str, list[str]]:
    """Merged cells by sheet; refuses too many cells or rows before the slow reader begins."""
    found: dict[str, list[str]] = {}
    cells = 0
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for page in book.worksheets:
            text = package.read(page._worksheet_path)  # noqa: SLF001 - the library keeps the path to itself
            numbers = [int(number) for number in CELL.findall(text)]
            cells += len(numbers)
            if max(numbers, default=0) > LAST_ROW:
                raise UnreadableError(_too_many_rows(page.title))
            if cells > MOST_CELLS:
                raise UnreadableError(_("Die Tabelle hat zu viele Zellen. Teilen Sie sie auf."))
            found[page.title] = [ref.decode() for ref in MERGED.findall(text)]
    return found


def _too_many_rows(sheet: str) -> str:
    words = {"sheet": sheet, "most": f"{MOST_ROWS:,}".replace(",", ".")}
    return _("Blatt %(sheet)s hat mehr als %(most)s Zeilen. Teilen Sie die Tabelle auf.") % words


def _read_sheet(page: Any, merged: list[str]) -> Grid:
    grid = Grid(page.title, merged=merged)
    page.reset_dimensions()
    for number, row in enumerate(page.iter_rows(max_row=LAST_ROW + 1, max_col=MOST_COLUMNS), start=1):
        cells: list[Cell] = []
        for place, cell in enumerate(row):
            if cell.data_type == "f":
                grid.formulas.append((number, place))
            elif cell.data_type == "e":
                grid.broken.append((number, place))
            cells.append(None if cell.data_type in {"f", "e"} else _value(cell.value))
        _keep(grid, number, cells)
    return grid


def _value(value: Any) -> Cell:
    return None if isinstance(value, str) and not value.strip() else value


def _keep(grid: Grid, number: int, cells: list[Cell]) -> None:
    """Keep a row that holds something, without the empty cells at its end."""
    while cells and cells[-1] is None:
        cells.pop()
    if not cells:
        return
    if len(grid.rows) > MOST_ROWS or number > LAST_ROW:
        raise UnreadableError(_too_many_rows(grid.name))
    grid.rows.append((number, cells))


# CSV --------------------------------------------------------------------------


def _read_csv(content: bytes) -> Grid:
    text = _decoded(content)
    delimiter = _delimiter(text)
    grid = Grid(_("Tabelle"))
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(_rows(reader), start=1):
            if len(row) > MOST_COLUMNS:
                raise UnreadableError(_("Die Tabelle hat zu viele Spalten."))
            grid.formulas += [(number, place) for place, text in enumerate(row) if re.match(r"=[^\s=]", text)]
            _keep(grid, number, [_unguarded(text) for text in row])
    except csv.Error as error:
        raise UnreadableError(_("Die Datei lässt sich nicht als Tabelle lesen.")) from error
    if not any(len(cells) > 1 for _number, cells in grid.rows):
        raise UnreadableError(_("Die Datei ist keine Tabelle. Möglich sind „.xlsx“ und „.csv“."))
    return grid


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    yield from reader


def _unguarded(text: str) -> Cell:
    """Without the apostrophe that our own files put before what looks like a formula."""
    text = text[1:] if re.match(r"'[=+\-@\t\r]", text) else text
    return text if plain_text(text) else None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text
    raise UnreadableError(_("Die Datei ist keine Tabelle. Möglich sind „.xlsx“ und „.csv“."))


def _delimiter(text: str) -> str:
    """The sign between the cells: the one that most lines agree upon."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20] or [""]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in (";", "\t", ",")}
    return max(counts, key=lambda sign: (counts[sign][len(counts[sign]) // 2], sum(counts[sign])))
