"""The sheets of an XLSForm: rows with columns by their present names, texts by language, and where each stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from elbe_elster.strategy.exchange import grids
from elbe_elster.strategy.exchange.cells import plain_text

from .files import UnreadableError

if TYPE_CHECKING:
    from elbe_elster.strategy.exchange.grids import Grid

    from .reports import LossReport

ALIASES = {
    "caption": "label",
    "command": "type",
    "relevance": "relevant",
    "calculate": "calculation",
    "tag": "name",
    "constraint_msg": "constraint_message",
    "requiredmsg": "required_message",
    "constraintmsg": "constraint_message",
    "jr_constraintmsg": "constraint_message",
    "readonly": "read_only",
    "jr_requiredmsg": "required_message",
    "list": "list_name",
    "list_names": "list_name",
    "id_string": "form_id",
    "title": "form_title",
    "set_form_title": "form_title",
    "jr_count": "repeat_count",
    "big_image": "image",
}
OF_CHOICES = {"value": "name"}
PREFIXES = {"bind", "control", "body", "instance", "media"}
TRANSLATED = {
    *("label", "hint", "guidance_hint", "constraint_message", "required_message"),
    *("image", "audio", "video", "unit", "help"),
}
NEAR = {"survey": ("surveys", "fragen", "survey sheet"), "choices": ("choice", "antworten"), "settings": ("setting",)}
MOST_LANGUAGES = 60


@dataclass
class Line:
    """One row: plain columns and translated ones (by language; no language is ``""``)."""

    sheet: str
    number: int
    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def text(self, column: str) -> dict[str, str]:
        """A text in the languages of the file."""
        return self.texts.get(column, {})

    def place(self, column: str = "") -> str:
        """Where it stands, in words: ``Blatt survey, Zeile 12, Spalte F``."""
        words = f"Blatt {self.sheet}, Zeile {self.number}"
        if column in self.columns:
            words += f", Spalte {get_column_letter(self.columns[column] + 1)}"
        return words


@dataclass
class Form:
    """A whole workbook."""

    survey: list[Line]
    choices: dict[str, list[Line]]
    settings: dict[str, str]
    languages: list[str]


def read_form(content: bytes, report: LossReport) -> Form:
    """The sheets of a workbook. Raises UnreadableError."""
    try:
        found = grids.read_grids(content)
    except grids.UnreadableError as error:
        raise UnreadableError(str(error)) from error
    sheets = {" ".join(grid.name.split()).casefold(): grid for grid in found}
    if "survey" not in sheets:
        near = [grid.name for name, grid in sheets.items() if name in NEAR["survey"]]
        hint = f" Gemeint ist vielleicht „{near[0]}“." if near else ""
        raise UnreadableError(f"Ein XLSForm braucht ein Blatt „survey“. Es gibt: {_names(found)}.{hint}")
    survey = _lines(sheets["survey"], {}, report)
    if not survey:
        raise UnreadableError("Im Blatt „survey“ steht unter der Kopfzeile keine Frage.")
    if "type" not in sheets_columns(survey):
        words = "Im Blatt „survey“ fehlt in Zeile 1 die Spalte „type“."
        raise UnreadableError(words)
    choices: dict[str, list[Line]] = {}
    listed = _lines(sheets["choices"], OF_CHOICES, report) if "choices" in sheets else []
    for line in listed:
        choices.setdefault(line["list_name"].strip(), []).append(line)
    settings = _lines(sheets["settings"], {}, report) if "settings" in sheets else []
    for name in ("external_choices", "entities", "osm"):
        if name in sheets:
            report.drop("", f"Blatt {name}", "Dieses Blatt hat im Portal keine Entsprechung.")
    names = [name for line in (*survey, *listed) for texts in line.texts.values() for name in texts]
    return Form(survey, choices, settings[0].cells if settings else {}, list(dict.fromkeys(names))[:MOST_LANGUAGES])


def _names(found: list[Grid]) -> str:
    return ", ".join(f"„{grid.name[:40]}“" for grid in found[:8])


def sheets_columns(lines: list[Line]) -> set[str]:
    """All columns of a sheet that has rows."""
    return {name for line in lines[:1] for name in line.columns}


def _lines(grid: Grid, aliases: dict[str, str], report: LossReport) -> list[Line]:
    for ref in grid.merged[:20]:
        words = f"Blatt {grid.name}: Die Zellen {ref} sind verbunden; nur die erste davon zählt."
        report.change("", "Verbundene Zellen", words)
    header = _header(grid, aliases, report)
    found = []
    for number, cells in grid.rows:
        if number == 1:
            continue
        line = Line(grid.name, number, columns={name: place for place, (name, _language) in header.items()})
        for place, (name, language) in header.items():
            text = plain_text(cells[place]) if place < len(cells) else ""
            if not text:
                continue
            if name in TRANSLATED:
                line.texts.setdefault(name, {}).setdefault(language, text)
            else:
                line.cells.setdefault(name, text)
        if line.cells or line.texts:
            found.append(line)
    _say_what_is_computed(grid, found, header, report)
    return found


def _say_what_is_computed(
    grid: Grid, found: list[Line], header: dict[int, tuple[str, str]], report: LossReport
) -> None:
    by_number = {line.number: line for line in found}
    for kinds, words in ((grid.formulas, "Eine Formel"), (grid.broken, "Ein Fehlerwert")):
        for number, place in kinds:
            if place in header and number > 1:
                known = by_number.get(number)
                where = f"{grid.place(number, place)}: {words} steht hier; gelesen wird nur, was fest geschrieben ist."
                report.drop(known["name"] if known else "", "Zelle", where)


def _header(grid: Grid, aliases: dict[str, str], report: LossReport) -> dict[int, tuple[str, str]]:
    first = next((cells for number, cells in grid.rows if number == 1), [])
    found: dict[int, tuple[str, str]] = {}
    for place, cell in enumerate(first):
        text = plain_text(cell)
        if not text:
            continue
        name = _column(text, aliases)
        if name in found.values():
            report.drop("", "Spalte", f"Blatt {grid.name}: Die Spalte „{text[:60]}“ steht doppelt da; die erste zählt.")
            continue
        found[place] = name
    return found


def _column(header: str, aliases: dict[str, str]) -> tuple[str, str]:
    """The column and its language: ``label::Deutsch (de)``, ``label:English``, ``bind:relevant``, ``media::image``."""
    header = header.replace("jr:", "jr_")
    parts = [part.strip() for part in re.split(r"::?", header)]
    if len(parts) > 1 and parts[0].casefold() in PREFIXES:
        parts = parts[1:]
    name = re.sub(r"[\s\-]+", "_", parts[0].casefold())
    name = aliases.get(name, ALIASES.get(name, name))
    language = ":".join(parts[1:]) if len(parts) > 1 else ""
    return (name, language) if name in TRANSLATED else (name, "")
