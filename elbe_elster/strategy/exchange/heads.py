"""Finds the head of a table, and which of its columns is which of ours."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from elbe_elster.strategy.exchange.cells import folded, one_line
from elbe_elster.strategy.exchange.grids import Grid, UnreadableError
from elbe_elster.strategy.exchange.tables import (
    DELETE,
    MEASURE_COLUMNS,
    OWNER,
    PROJECT,
    READ_COLUMNS,
    REASON,
    ROW_KEY,
    ROW_TABLES,
    SHEET,
    RowTable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PERIOD, REASON_KEY = "period", "reason"
OWNER_KEY, PROJECT_KEY, ID_KEY, DELETE_KEY = "owner", "project", "id", "delete"  # of rows of measures
HEAD_WITHIN = 25  # rows
NEEDED = ("number", "title")
ALIKE = 0.75
OURS = 5  # headers by which a sheet is ours
# How others call what we call otherwise. A header is compared without what stands in brackets.
ALIASES = {
    "number": ("nr", "nr.", "lfd. nr.", "lfd nr", "kennung", "id", "maßnahmennummer", "maßnahmen-nr.", "code"),
    "title": ("maßnahme", "bezeichnung", "name", "maßnahmentitel", "projekt", "vorhaben", "kurztitel"),
    "decided_title": ("wortlaut des beschlusses",),
    "summary": ("kurzbeschreibung", "zusammenfassung", "kurztext", "worum geht es", "inhalt"),
    "primary_field": ("feld", "themenfeld", "bereich", "handlungsbereich"),
    "goals": ("ziel", "zielsetzung", "strategisches ziel"),
    "lead": ("federführung", "verantwortlich", "zuständigkeit", "zuständige stelle", "federführend", "amt"),
    "partners": ("beteiligte", "kooperationspartner", "akteure", "mitwirkende", "beteiligte stellen"),
    "priority": ("prio", "dringlichkeit", "wichtigkeit"),
    "phase": ("umsetzungsstand", "status", "stand"),
    "starts_on": ("beginn", "start", "startdatum", "anfang"),
    "ends_on": ("ende", "enddatum", "fertigstellung", "abschluss geplant"),
    "description": ("erläuterung", "ausführliche beschreibung", "text"),
    "need": ("ausgangslage", "bedarf", "anlass", "problem"),
    "benefit": ("nutzen", "wirkung", "mehrwert"),
    "target_groups": ("zielgruppe", "zielgruppen"),
    "municipalities": ("gemeinden", "kommunen", "ort", "raumbezug"),
    "contact_email": ("e-mail", "email", "mail", "kontakt"),
    "contact_name": ("ansprechpartner", "ansprechpartnerin", "kontaktperson"),
    "internal_note": ("notiz", "bemerkung", "bemerkungen", "anmerkung", "kommentar"),
    PERIOD: ("zeitraum", "laufzeit", "umsetzungszeitraum", "zeitplan", "zeitrahmen", "dauer", "jahr"),
}


PREFIX = ""  # key in a mapping, where no header can be: what bare numbers get before them


@dataclass
class Head:
    """Where a table begins and which column is what: place of the column to key of ours."""

    grid: Grid
    row: int
    columns: dict[int, str]
    unknown: dict[int, str]  # header texts without a place of ours
    is_public: bool = False  # a file of the public catalogue: it has its columns, and none that only staff see

    @property
    def headers(self) -> dict[int, str]:
        """The header texts by place."""
        cells = dict(self.grid.rows)[self.row]
        found: dict[int, str] = {}
        for place, cell in enumerate(cells):
            text = one_line(cell)
            if text:
                twice = sum(1 for known in found.values() if known.partition(" (")[0] == text)
                found[place] = f"{text} ({twice + 1})" if twice else text
        return found


def own_measure_head(grids: Iterable[Grid]) -> Head | None:
    """The head of a table that was made here: names number and title as we do. None: somebody else's table."""
    names = {folded(column.header): column.key for column in READ_COLUMNS.values()} | {folded(REASON): REASON_KEY}
    for grid in sorted(grids, key=lambda grid: grid.name != SHEET):
        head = _find(grid, names, {"number", "title"}) if folded(grid.name) not in _row_sheets() else None
        if head:
            return _without_fixed(head)
    return None


def refuse_mistyped(grids: Sequence[Grid]) -> None:
    """Say which header is wrong in a working table of ours, instead of asking what its columns mean.

    Raises UnreadableError. A sheet is ours by its name and by most of its headers.
    """
    for grid in grids:
        names = {folded(column.header): column.key for column in MEASURE_COLUMNS}
        head = _find(grid, names, set()) if folded(grid.name) == folded(SHEET) else None
        if head is None or len(head.columns) < OURS:
            continue
        for key in NEEDED:
            if key not in head.columns.values():
                raise UnreadableError(_missing(head, READ_COLUMNS[key].header))


def _missing(head: Head, header: str) -> str:
    for place, text in head.unknown.items():
        if difflib.get_close_matches(folded(text), [folded(header)], cutoff=ALIKE):
            words = {"sheet": head.grid.name, "column": get_column_letter(place + 1), "text": text, "header": header}
            return (
                _(
                    "Blatt %(sheet)s, Spalte %(column)s: Die Überschrift „%(text)s“ kennen wir nicht. "
                    "Meinten Sie „%(header)s“?"
                )
                % words
            )
    return _("Blatt %(sheet)s: Die Spalte „%(header)s“ fehlt.") % {"sheet": head.grid.name, "header": header}


def _without_fixed(head: Head) -> Head:
    """Columns that are written only are no news."""
    fixed = {folded(column.header) for column in MEASURE_COLUMNS if column.fixed}
    head.unknown = {place: text for place, text in head.unknown.items() if folded(text) not in fixed}
    every = {folded(text) for text in head.headers.values()}
    needed = {folded(column.header) for column in MEASURE_COLUMNS if column.is_public}
    hidden = {folded(column.header) for column in MEASURE_COLUMNS if not column.is_public}
    head.is_public = needed <= every and not hidden & every
    return head


def _row_sheets() -> set[str]:
    return {folded(table.sheet) for table in ROW_TABLES}


def own_row_head(grid: Grid, table: RowTable) -> Head:
    """The head of a sheet of rows. Raises UnreadableError."""
    names = {folded(column.header): column.key for column in table.columns}
    names |= {
        folded(OWNER): OWNER_KEY,
        folded(PROJECT): PROJECT_KEY,
        folded(ROW_KEY): ID_KEY,
        folded(DELETE): DELETE_KEY,
    }
    head = _find(grid, names, {OWNER_KEY})
    if head is None:
        words = {"sheet": grid.name, "header": OWNER}
        raise UnreadableError(_("Auf dem Blatt %(sheet)s fehlt die Spalte „%(header)s“.") % words)
    return head


def _find(grid: Grid, names: Mapping[str, str], needed: set[str]) -> Head | None:
    """The row with the most names we know, if it has those that are needed. Raises UnreadableError for a name twice."""
    best: tuple[int, int, dict[int, str]] | None = None
    for number, cells in grid.rows[:HEAD_WITHIN]:
        known = {
            place: names[folded(one_line(cell))] for place, cell in enumerate(cells) if folded(one_line(cell)) in names
        }
        if needed <= set(known.values()) and (best is None or len(known) > best[0]):
            best = (len(known), number, known)
    if best is None:
        return None
    _count, number, known = best
    for key in set(known.values()):
        places = [place for place, name in known.items() if name == key]
        if len(places) > 1:
            header = one_line(dict(grid.rows)[number][places[0]])
            raise UnreadableError(
                _("%(where)s: Die Überschrift „%(header)s“ steht zweimal da.")
                % {"where": grid.place(number), "header": header}
            )
    head = Head(grid, number, known, {})
    head.unknown = {place: text for place, text in head.headers.items() if place not in known}
    return head


# Tables of others -------------------------------------------------------------


def foreign_head(grids: list[Grid]) -> Head:
    """The most likely head of somebody else's table: on its first sheet with a table, the first row with most texts."""
    tables = [grid for grid in grids if len(grid.rows) > 1 and max(_texts(cells) for _row, cells in grid.rows) > 1]
    grid = (tables or grids)[0]
    number, _cells = max(grid.rows[:HEAD_WITHIN], key=lambda row: (_texts(row[1]), -row[0]))
    return Head(grid, number, {}, {})


def _texts(cells: Sequence[object]) -> int:
    return len({folded(cell) for cell in cells if isinstance(cell, str) and len(cell) <= 60})  # noqa: PLR2004


def guessed(headers: dict[int, str], remembered: Mapping[str, str]) -> dict[int, str]:
    """Which of our columns each header most likely is: remembered, the same, an alias, or alike. Each at most once."""
    keys = _names()
    found: dict[int, str] = {}
    for place, header in headers.items():
        key = remembered.get(folded(header)) or keys.get(_bare(header))
        if key and key not in found.values():
            found[place] = key
    for place, header in headers.items():
        if place in found:
            continue
        close = difflib.get_close_matches(_bare(header), keys, n=1, cutoff=ALIKE)
        if close and keys[close[0]] not in found.values():
            found[place] = keys[close[0]]
    return found


def _bare(header: str) -> str:
    return folded(re.sub(r"\(.*?\)|:$", "", header))


def _names() -> dict[str, str]:
    names = {folded(column.header): column.key for column in READ_COLUMNS.values()}
    for key, aliases in ALIASES.items():
        for alias in aliases:
            names.setdefault(folded(alias), key)
    return names


def targets() -> list[tuple[str, str]]:
    """Key and name of every column of ours that may be filled from somebody else's table."""
    found = [(column.key, column.header) for column in READ_COLUMNS.values()]
    place = next(index for index, (key, _name) in enumerate(found) if key == "starts_on")
    found.insert(place, (PERIOD, _("Zeitraum (von – bis)")))
    return found


def mapped_head(grids: list[Grid], mapping: Mapping[str, str]) -> Head:
    """The head of somebody else's table, assigned by ``mapping`` (header to key). Raises UnreadableError."""
    head = foreign_head(grids)
    head.columns = {place: mapping[text] for place, text in head.headers.items() if mapping.get(text)}
    keys = list(head.columns.values())
    if missing := [READ_COLUMNS[key].header for key in NEEDED if key not in keys]:
        raise UnreadableError(_("Es fehlt eine Spalte für: %s.") % ", ".join(missing))
    if len(set(keys)) < len(keys):
        raise UnreadableError(_("Zwei Spalten sind derselben Angabe zugeordnet."))
    head.unknown = {place: text for place, text in head.headers.items() if place not in head.columns}
    return head
