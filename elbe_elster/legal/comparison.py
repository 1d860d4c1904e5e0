"""What changed between two versions of a text, line by line."""

from __future__ import annotations

import difflib
from typing import NamedTuple

KINDS = {"+ ": "new", "- ": "old", "  ": "same"}


class Line(NamedTuple):
    """A line and whether it is new, old (taken out) or the same."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Line]:
    """Changed lines with one line around each."""
    every = [
        Line(KINDS[line[:2]], line[2:])
        for line in difflib.ndiff(before.splitlines(), after.splitlines())
        if line[:2] in KINDS
    ]
    near = {at + step for at, line in enumerate(every) if line.kind != "same" for step in (-1, 0, 1)}
    return [line for at, line in enumerate(every) if at in near]
