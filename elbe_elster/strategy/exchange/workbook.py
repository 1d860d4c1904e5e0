"""Writes workbooks: frozen heads, filters, lists to choose from, real dates and numbers, and never a formula."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from elbe_elster.strategy.exchange.cells import LONGEST_CELL
from elbe_elster.ui.xml import NOT_IN_XML

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from elbe_elster.strategy.exchange.cells import Cell

LISTS = "Auswahl"
HEAD = Font(bold=True)
TOP = Alignment(vertical="top", wrap_text=True)
ROWS_TO_COME = 1000  # rows below the last in which the lists to choose from still work
LONGEST_SHEET_NAME = 31


@dataclass
class Sheet:
    """One sheet: its name, its columns as (header, width, choices), its rows."""

    name: str
    columns: Sequence[tuple[str, int, Sequence[str]]]
    rows: Iterable[Sequence[Cell]]
    count: int = 0
    formats: dict[int, str] = field(default_factory=dict)


def write_workbook(sheets: Sequence[Sheet], *, title: str, strict: frozenset[str] = frozenset()) -> bytes:
    """The file. Row after row: the memory it takes does not grow with cells, only with the compressed file.

    In sheets named in ``strict`` the spreadsheet program refuses what is not in a list.
    """
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = ""
    lists = _lists(sheets)
    for sheet in sheets:
        _write_sheet(book, sheet, lists, strict=sheet.name in strict)
    if lists:
        _write_lists(book, lists)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _lists(sheets: Sequence[Sheet]) -> dict[tuple[str, ...], int]:
    """Every list of choices once, with the column it stands in."""
    found: dict[tuple[str, ...], int] = {}
    for sheet in sheets:
        for _header, _width, choices in sheet.columns:
            if choices:
                found.setdefault(tuple(choices), len(found) + 1)
    return found


def _write_sheet(book: Workbook, sheet: Sheet, lists: dict[tuple[str, ...], int], *, strict: bool) -> None:
    page = book.create_sheet(sheet.name[:LONGEST_SHEET_NAME])
    page.freeze_panes = "B2"
    for number, (_header, width, choices) in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = width
        if choices:
            _add_choices(page, letter, lists[tuple(choices)], len(choices), sheet.count, strict=strict)
    page.append([_cell(page, header, font=HEAD) for header, _width, _choices in sheet.columns])
    written = 1
    for row in sheet.rows:
        page.append([_cell(page, value, number_format=sheet.formats.get(place)) for place, value in enumerate(row)])
        written += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{written}"


def _add_choices(page: Any, letter: str, place: int, length: int, count: int, *, strict: bool) -> None:
    column = get_column_letter(place)
    rule = DataValidation(
        type="list",
        formula1=f"{quote_sheetname(LISTS)}!${column}$2:${column}${length + 1}",
        allow_blank=True,
        showErrorMessage=strict,
        errorTitle="Auswahl",
        error="Bitte wählen Sie etwas aus der Liste.",
    )
    rule.add(f"{letter}2:{letter}{count + ROWS_TO_COME}")
    page.data_validations.append(rule)


def _write_lists(book: Workbook, lists: dict[tuple[str, ...], int]) -> None:
    page = book.create_sheet(LISTS)
    page.append([_cell(page, f"Liste {place}", font=HEAD) for place in lists.values()])
    for number in range(max(map(len, lists))):
        page.append([_cell(page, choices[number] if number < len(choices) else None) for choices in lists])


def _cell(page: Any, value: Cell, *, font: Font | None = None, number_format: str | None = None) -> Any:
    """A cell with a type of its own: text stays text, whatever it begins with."""
    if isinstance(value, str):
        return _text_cell(page, value, font)
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
    elif isinstance(value, bool):
        value = "ja" if value else "nein"
    if value is None or (number_format is None and not isinstance(value, dt.date | Decimal)):
        return value
    cell: Any = WriteOnlyCell(page, value=value)  # type: ignore[arg-type]  # takes dates and decimals as well
    cell.alignment = TOP
    cell.number_format = number_format or ("DD.MM.YYYY" if isinstance(value, dt.date) else "#,##0.00")
    return cell


def _text_cell(page: Any, value: str, font: Font | None) -> Any:
    text = NOT_IN_XML.sub("", value)[:LONGEST_CELL]
    if not text:
        return None
    if font is None and text[0] not in "=#" and len(text) <= 30 and "\n" not in text:  # noqa: PLR2004 - fits its column
        return text
    cell: Any = WriteOnlyCell(page, value="")
    cell._value = text  # noqa: SLF001 - the public way would take "=…" for a formula
    cell.data_type = "s"
    cell.alignment = TOP
    if font:
        cell.font = font
    return cell
