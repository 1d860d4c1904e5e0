"""How finished tables are shown: shares in whole percent, German table signs, brackets where few were asked."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext as _

from elbe_elster.participation.disclosure.thresholds import BRACKETS_BELOW
from elbe_elster.participation.questionnaire.document import Kind, in_language
from elbe_elster.strategy.exchange.files import BOM, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HIDDEN, NONE, LITTLE = ".", "–", "0"
WIDEST = 7  # answers that stand side by side


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a share in percent, how many people, and how long a bar is (percent, None: no bar)."""

    share: str
    count: str
    bar: int | None


@dataclass(frozen=True)
class Line:
    """A line of a table. ``base``: of how many people."""

    label: str
    base: str
    cells: tuple[Cell, ...]
    extra: str = ""  # mean place, average


@dataclass(frozen=True)
class Table:
    """A table to be shown. ``by_row``: shares of a line are of the people of that line."""

    caption: str
    heads: tuple[str, ...]
    bases: tuple[str, ...]
    lines: tuple[Line, ...]
    by_row: bool
    notes: tuple[str, ...] = ()
    extra_head: str = ""


def whole_number(number: int | None) -> str:
    """A number of people; a dot if it is hidden."""
    if number is None:
        return HIDDEN
    return str(number) if number < 1000 else formats.number_format(number, use_l10n=True, force_grouping=True)  # noqa: PLR2004 - nothing to group


def cell(count: int | None, base: int | None) -> Cell:
    """Share and number under the signs of German tables."""
    if count is None or base is None:
        return Cell(HIDDEN, HIDDEN, None)
    if count == 0:
        return Cell(NONE, NONE, 0)
    percent = (200 * count + base) // (2 * base)  # rounded half up
    share, number = str(percent) if percent else LITTLE, whole_number(count)
    return Cell(f"({share})", f"({number})", percent) if base < BRACKETS_BELOW else Cell(share, number, percent)


def shown_tables(values: Mapping[str, Any], part: str, language: str) -> list[Table]:
    """The tables of a part (``blocks``, ``channels``). Of everybody a matrix is one table."""
    kind, blocks = values["kind"], values.get(part, [])
    if kind in {Kind.MATRIX_SINGLE, Kind.MATRIX_MULTIPLE} and all(len(block["columns"]) == 1 for block in blocks):
        return [_matrix(blocks, language)] if blocks else []
    return [_table(kind, block, language) for block in blocks if block["columns"]]


def topics_table(values: Mapping[str, Any], language: str) -> Table | None:
    """How often the topics of free texts were named."""
    return _table(Kind.MULTIPLE, values["topics"], language) if values.get("topics") else None


def _matrix(blocks: Sequence[Mapping[str, Any]], language: str) -> Table:
    heads = tuple(in_language(row["label"], language) for row in blocks[0]["rows"])
    lines = []
    for block in blocks:
        base = block["columns"][0]["base"]
        cells = tuple(cell(row["counts"][0], base) for row in block["rows"])
        lines.append(Line(in_language(block["label"], language), whole_number(base), cells))
    return Table("", heads, (), tuple(lines), by_row=True)


def _table(kind: str, block: Mapping[str, Any], language: str) -> Table:
    columns, rows = block["columns"], block["rows"]
    if len(columns) > 1 and len(rows) <= WIDEST:
        return _groups_down(kind, block, language)
    bases = [column["base"] for column in columns]
    lines = tuple(
        Line(
            in_language(row["label"], language),
            "",
            tuple(cell(count, base) for count, base in zip(row["counts"], bases, strict=True)),
            _mean_text(row.get("means", [None])[0]) if len(columns) == 1 else "",
        )
        for row in rows
    )
    heads = tuple(in_language(column["label"], language) for column in columns)
    notes = tuple(_notes(kind, columns[0], rows, language)) if len(columns) == 1 else ()
    ranked = kind == Kind.RANKING and len(columns) == 1
    caption = in_language(block["label"], language) if block["item"] else ""
    return Table(
        caption,
        heads,
        tuple(map(whole_number, bases)),
        lines,
        by_row=False,
        notes=notes,
        extra_head=_("mittlerer Platz") if ranked else "",
    )


def _groups_down(kind: str, block: Mapping[str, Any], language: str) -> Table:
    lines = []
    for place, column in enumerate(block["columns"]):
        cells = tuple(cell(row["counts"][place], column["base"]) for row in block["rows"])
        label = in_language(column["label"], language)
        lines.append(Line(label, whole_number(column["base"]), cells, _mean_text(column["mean"])))
    averaged = kind in {Kind.SCALE, Kind.NUMBER} and any(column["mean"] for column in block["columns"])
    return Table(
        in_language(block["label"], language) if block["item"] else "",
        tuple(in_language(row["label"], language) for row in block["rows"]),
        (),
        tuple(lines),
        by_row=True,
        extra_head=_("Mittelwert") if averaged else "",
    )


def _mean_text(mean: str | None) -> str:
    return formats.localize(Decimal(mean)) if mean else HIDDEN


def _notes(kind: str, column: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], language: str) -> Iterator[str]:
    if column["mean"]:
        yield _("Mittelwert: %(mean)s") % {"mean": _mean_text(column["mean"])}
    if column["middle"] is not None:
        label = in_language(rows[column["middle"]]["label"], language)
        yield _("Mindestens die Hälfte der Antworten liegt bei „%(label)s“ oder darunter.") % {"label": label}
    if kind == Kind.RANKING:
        yield _("Anteil und Zahl: wie viele das auf den ersten Platz gesetzt haben.")


# Download ---------------------------------------------------------------------


def as_csv(values: Mapping[str, Any], part: str, language: str) -> bytes:
    """One line for each group and answer: UTF-8 with mark, semicolons, no formulas; the signs are those of the page."""
    kind = values["kind"]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [_("Zeile"), _("Gruppe"), _("Befragte"), _("Antwort"), _("Anzahl"), _("Anteil in Prozent"), _("Mittelwert")]
    )
    for block in values.get(part, []):
        item = in_language(block["label"], language) if block["item"] else ""
        for place, column in enumerate(block["columns"]):
            for row in block["rows"]:
                found = cell(row["counts"][place], column["base"])
                mean = row["means"][place] if kind == Kind.RANKING else column["mean"]
                texts = (in_language(column["label"], language), in_language(row["label"], language))
                writer.writerow(
                    [
                        guarded(item),
                        guarded(texts[0]),
                        HIDDEN if column["base"] is None else column["base"],
                        guarded(texts[1]),
                        found.count.replace(".", "") if found.count != HIDDEN else HIDDEN,
                        found.share,
                        mean.replace(".", ",") if mean else "",
                    ]
                )
    return (BOM + stream.getvalue()).encode()
