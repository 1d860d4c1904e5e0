"""How much room words take on paper, roughly: so that typst need not try every length of every record.

What surely fits is not measured at all, what surely does not is not tried; only what lies between is measured by typst.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from elbe_elster.strategy.models import Measure, ProjectProfile
    from elbe_elster.strategy.pdf.blocks import Data

LETTERS = 78  # in a line of the main column
SURE = 45  # lines that fit on a page, whatever the words
UNLIKELY = 95  # lines that never do
HEAD = 9  # lines for title and facts
FACT = 30  # letters in a line of the facts
GAP = 1.8  # lines between two parts


class Room(NamedTuple):
    """How much a paper has room for: letters of a text, rows of a table. None: everything."""

    letters: int | None = None
    rows: int | None = None


# From roomy to narrow; the last fits whatever a record holds.
ROOMS = (Room(), Room(900, 10), Room(450, 6), Room(220, 4), Room(90, 2))


def lengths_to_try(record: Measure | ProjectProfile, make: Callable[[Room], list[Data]]) -> list[list[Data]]:
    """The parts of a record in the lengths that may fit on one page, the longest first."""
    reason = max(len(record.course_reason), len(record.ending_reason))
    head = HEAD + reason / FACT + (len(record.title) + len(record.summary)) / LETTERS
    found = []
    for room in ROOMS:
        sections = make(room)
        lines = head + sum(GAP + _lines(section["blocks"]) for section in sections)
        if lines > UNLIKELY and room != ROOMS[-1]:
            continue
        found.append(sections)
        if lines <= SURE:
            break
    return found


def _lines(nodes: Iterable[Data]) -> float:
    return sum(map(_of_block, nodes))


def _of_block(node: Data) -> float:
    if node["t"] == "table":
        share = LETTERS / max(1, len(node["head"]))
        rows = (max(1 + _letters(cell) / share for cell in row) for row in node["rows"] if row)
        return 2 + sum(0.5 + lines for lines in rows)
    if "items" in node:
        return 0.6 + sum(_lines(item) for item in node["items"])
    if node["t"] == "quote":
        return 1 + _lines(node["c"])
    return 0.7 + _letters([node]) // LETTERS + 1


def _letters(nodes: Iterable[Data]) -> int:
    return sum(len(node["v"]) if "v" in node else _letters(node.get("c", ())) for node in nodes)
