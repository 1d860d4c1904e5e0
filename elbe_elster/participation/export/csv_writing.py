"""CSV as German spreadsheet programs open it: UTF-8 with a mark, semicolons, a comma in numbers, ISO dates."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from elbe_elster.participation.export.variables import DATES, Sort
from elbe_elster.strategy.exchange.files import BOM, guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import IO

    from elbe_elster.participation.export.reading import Row
    from elbe_elster.participation.export.variables import Variable


def write_csv(stream: IO[bytes], variables: Sequence[Variable], rows: Iterable[Row]) -> None:
    """The codes of every response, one line each."""
    to_format = [column for column, one in enumerate(variables) if one.sort in DATES or one.sort is Sort.NUMBER]
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    text.write(BOM)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([variable.name for variable in variables])
    for row in rows:
        cells: list[object] = list(row)
        for column in to_format:
            cells[column] = guarded(row[column])
        writer.writerow(cells)
    text.flush()
    text.detach()


def write_table(stream: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """A table of words; what a spreadsheet program would take for a formula is made harmless."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    text.write(BOM)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()
