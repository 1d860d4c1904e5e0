"""Reads the rows of a table into values, and says what is wrong with each cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from elbe_elster.strategy.exchange.cells import Cell, CellError, plain_text, read_span, read_yes
from elbe_elster.strategy.exchange.columns import Column, Untouched
from elbe_elster.strategy.exchange.heads import DELETE_KEY, ID_KEY, OWNER_KEY, PERIOD, PROJECT_KEY, REASON_KEY
from elbe_elster.strategy.exchange.plans import Message
from elbe_elster.strategy.exchange.tables import NUMBER
from elbe_elster.strategy.models import Precision, first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from elbe_elster.strategy.exchange.heads import Head
    from elbe_elster.strategy.exchange.words import Words

PERIODS = {"starts_on": "starts_precision", "ends_on": "ends_precision", "due_on": "due_precision"}


@dataclass
class RowRead:
    """One row of the file: what its cells say, by column, and the notes of its own columns."""

    head: Head
    number: int  # of the row in the file
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[Message] = field(default_factory=list)
    read_as: list[Message] = field(default_factory=list)
    code: str = ""  # number of the measure
    reason: str = ""
    key: int | None = None
    delete: bool = False
    of_project: bool = False

    def place(self, key: str = "") -> str:
        """Where the cell of a column is, or the row if the file has no such column."""
        found = [place for place, name in self.head.columns.items() if name == key]
        return self.head.grid.place(self.number, found[0] if found else None)

    def refuse(self, key: str, text: str) -> None:
        """Note that a cell cannot be taken."""
        what = next((self.head.headers.get(place, "") for place, name in self.head.columns.items() if name == key), "")
        self.errors.append(Message(self.place(key), text, self.code, what))


def read_rows(head: Head, columns: Mapping[str, Column], words: Words) -> Iterator[RowRead]:
    """Every row below the head."""
    unreadable = _unreadable_cells(head)
    for number, cells in head.grid.rows:
        if number > head.row:
            yield _read_row(RowRead(head, number), cells, columns, words, unreadable)


def _unreadable_cells(head: Head) -> dict[tuple[int, int], str]:
    formula = _("Hier steht eine Formel. Ersetzen Sie sie durch ihren Wert (Kopieren, Inhalte einfügen: Werte).")
    broken = _("Hier steht ein Fehlerwert der Tabellenkalkulation.")
    return dict.fromkeys(head.grid.formulas, formula) | dict.fromkeys(head.grid.broken, broken)


def merged_cells(head: Head) -> list[Message]:
    """A message for each merged range in the table itself; titles above it may be merged."""
    found = []
    for ref in head.grid.merged:
        _column, _first, _last_column, last = range_boundaries(ref)
        if last is not None and last >= head.row:
            text = _("Die Zellen %s sind verbunden. Heben Sie die Verbindung auf und füllen Sie jede Zelle einzeln.")
            found.append(Message(_("Blatt %s") % head.grid.name, text % ref))
    return found


def _read_row(
    row: RowRead,
    cells: list[Cell],
    columns: Mapping[str, Column],
    words: Words,
    unreadable: Mapping[tuple[int, int], str],
) -> RowRead:
    for place, key in sorted(row.head.columns.items(), key=lambda item: item[1] not in {"number", OWNER_KEY}):
        if (row.number, place) in unreadable:
            row.refuse(key, unreadable[row.number, place])
            continue
        try:
            _read_cell(row, key, cells[place] if place < len(cells) else None, columns, words)
        except Untouched:
            continue
        except CellError as error:
            row.refuse(key, str(error))
    return row


def _read_cell(row: RowRead, key: str, cell: Cell, columns: Mapping[str, Column], words: Words) -> None:
    if key in {"number", OWNER_KEY}:
        row.code = NUMBER.clean(cell, words)
        if row.code != plain_text(cell):
            row.read_as.append(Message(row.place(key), _as(cell, row.code), row.code, NUMBER.header))
    elif key == REASON_KEY:
        row.reason = " ".join(plain_text(cell).split())
    elif key == PROJECT_KEY:
        row.of_project = bool(plain_text(cell))
    elif key == ID_KEY:
        row.key = _key(cell)
    elif key == DELETE_KEY:
        row.delete = read_yes(cell)
    elif key == PERIOD:
        _read_span(row, cell)
    else:
        row.values[key] = columns[key].clean(cell, words)


def _as(cell: Cell, value: object) -> str:
    return _("„%(text)s“ gelesen als „%(value)s“.") % {"text": plain_text(cell), "value": value}


def _key(cell: Cell) -> int | None:
    text = plain_text(cell)
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 15:  # noqa: PLR2004 - what a key may have
        raise CellError(_("Die Kennung ist eine Zahl, die das Portal vergibt. Lassen Sie sie bei neuen Zeilen leer."))
    return int(text)


def _read_span(row: RowRead, cell: Cell) -> None:
    start, end, permanent = read_span(cell)
    row.values |= {"starts_on": start, "ends_on": end, "permanent": permanent}


def settle_periods(values: dict[str, Any], current: Any | None) -> None:
    """Turn what was read of dates into day and precision. A day nobody changed keeps the precision it had."""
    for key, precision_key in PERIODS.items():
        wanted = values.pop(precision_key, "")
        if wanted and values.get(key) is None:
            values[precision_key] = wanted
        if values.get(key) is None:
            continue
        day, written = values[key]
        known = getattr(current, precision_key) if current is not None and getattr(current, key) == day else ""
        precision = written if written != Precision.DAY else (wanted or known or Precision.DAY)
        if (day, precision) != (getattr(current, key, None), getattr(current, precision_key, None)):
            day = (first_day if key == "starts_on" else last_day)(day, precision)
        values[key], values[precision_key] = day, str(precision)
