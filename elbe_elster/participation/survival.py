"""Which groups of a cross table will be large enough to be shown, told before anybody has answered.

The rules of disclosure control hide a group with fewer than ``LEAST_BASE`` responses and a cell with fewer than
``SMALLEST``. What is expected of a group is its share of the people times the responses expected. How answers
will spread is unknown; here they spread evenly, which is the best case: more will be hidden, not less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elbe_elster.participation.disclosure.thresholds import BRACKETS_BELOW, LEAST_BASE, SMALLEST

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 0.5  # share of cells from which on a table says little


@dataclass(frozen=True)
class Group:
    """A group of respondents: its number, its name, and its share of all people (None: unknown)."""

    number: int
    label: str
    share: float | None
    people: int | None = None


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of one group. ``base``: responses; ``hidden_cells``: share of its cells, 0 to 1."""

    group: Group
    base: float | None
    hidden_cells: float | None

    @property
    def survives(self) -> bool | None:
        """Whether the group will be shown at all; None: nobody knows."""
        return None if self.base is None else self.base >= LEAST_BASE

    @property
    def in_brackets(self) -> bool:
        """Whether its numbers will stand in brackets."""
        return bool(self.survives and self.base is not None and self.base < BRACKETS_BELOW)


def outlook(groups: Sequence[Group], responses: int, options: Sequence[int]) -> list[Outlook]:
    """What to expect of each group. ``options``: of every question to be split, how many answers it has."""
    return [_of_group(group, responses, options) for group in groups]


def _of_group(group: Group, responses: int, options: Sequence[int]) -> Outlook:
    if group.share is None:
        return Outlook(group, None, None)
    base = group.share * responses
    if base < LEAST_BASE:
        return Outlook(group, base, 1.0)
    cells = sum(options)
    hidden = sum(count * _fewer_than(SMALLEST, base / count) for count in options if count)
    return Outlook(group, base, hidden / cells if cells else 0.0)


def _fewer_than(least: int, mean: float) -> float:
    """How likely fewer than ``least`` fall into a cell of which ``mean`` are expected (Poisson)."""
    return math.exp(-mean) * sum(mean**count / math.factorial(count) for count in range(least))


def hidden_share(found: Sequence[Outlook]) -> float:
    """Of all cells of groups about which something is known, the share to be hidden."""
    known = [one.hidden_cells for one in found if one.hidden_cells is not None]
    return sum(known) / len(known) if known else 0.0


def responses_needed(groups: Sequence[Group]) -> int | None:
    """With how many responses every group with people would be shown. None: nothing is known of them."""
    shares = [group.share for group in groups if group.share]
    return math.ceil(LEAST_BASE / min(shares) - 1e-9) if shares else None
