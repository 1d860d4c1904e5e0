"""Which cells of a question may be shown: in the table of everybody and in each table split by groups.

All tables of a question are looked at together. The table of everybody comes first; a row that is hidden there is
hidden in every split. So the rows of a split have totals that are known or that nobody knows, and each split can be
protected on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from .bounds import Grid, hide_partners
from .thresholds import LEAST_BASE, SMALLEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .bounds import Cell


class Why(StrEnum):
    """Why a cell is not shown."""

    SHOWN = ""
    SMALL = "small"  # fewer than three, or fewer than three others
    PARTNER = "partner"  # could be used to compute a small one
    SMALL_GROUP = "small_group"  # fewer than ten people in the group
    OTHER_GROUP = "other_group"  # hidden so that a small group cannot be computed as what is left
    TELLING = "telling"  # who saw the question tells more than the tables of what its condition looks at
    LINKED = "linked"  # would tell a hidden number of the question it depends on
    UNSAFE = "unsafe"  # the totals alone give too much away: the whole table stays hidden


@dataclass(frozen=True)
class Split:
    """The exact counts by group: ``cells[group][row]``, how many of each group answered, which groups stay closed and why."""

    cells: Sequence[Sequence[int]]
    answered: Sequence[int]
    closed: Mapping[int, Why] = field(default_factory=dict)


@dataclass(frozen=True)
class Exact:
    """The exact counts of a question or matrix row. ``several``: rows do not add up, people chose more than one."""

    total: Sequence[int]
    answered: int
    several: bool = False
    splits: Mapping[str, Split] = field(default_factory=dict)
    closed: Why = Why.SHOWN


@dataclass(frozen=True)
class Mask:
    """Why each cell is hidden, ``Why.SHOWN`` for those that are not."""

    total: tuple[Why, ...]
    splits: Mapping[str, tuple[tuple[Why, ...], ...]]

    def group_is_hidden(self, split: str, group: int) -> bool:
        """Whether not even the size of a group is shown."""
        closed = {Why.SMALL_GROUP, Why.OTHER_GROUP, Why.TELLING, Why.LINKED, Why.UNSAFE}
        return bool(self.splits[split][group]) and all(why in closed for why in self.splits[split][group])


def protect(exact: Exact) -> Mask:
    """What may be shown of a question."""
    total = _protect_total(exact)
    splits = {name: _protect_split(exact, split, total) for name, split in exact.splits.items()}
    return Mask(tuple(total), splits)


# The table of everybody -------------------------------------------------------


def _protect_total(exact: Exact) -> list[Why]:
    if exact.closed:
        return [exact.closed] * len(exact.total)
    if exact.answered < LEAST_BASE:
        return [Why.SMALL_GROUP] * len(exact.total)
    why = [Why.SMALL if _is_small(exact, count) else Why.SHOWN for count in exact.total]
    if Why.SMALL in why:
        why = [found if count else Why.SMALL for found, count in zip(why, exact.total, strict=True)]
        _hide_more(exact, why)
    return why


def _is_small(exact: Exact, count: int) -> bool:
    """Among everybody zero is no secret, unless it would tell that a hidden count is not zero."""
    return 0 < count < SMALLEST or (exact.several and 0 < exact.answered - count < SMALLEST)


def _hide_more(exact: Exact, why: list[Why]) -> None:
    """Hide the next smallest rows until the hidden ones can share their sum in several ways."""
    while not _is_mixed(exact, why):
        shown = [(count, row) for row, count in enumerate(exact.total) if not why[row]]
        if not shown:
            return
        why[min(shown)[1]] = Why.PARTNER


def _is_mixed(exact: Exact, why: Sequence[Why]) -> bool:
    """Whether each hidden row may be large or small, for all anybody knows."""
    hidden = [count for row, count in enumerate(exact.total) if why[row]]
    if not exact.several:
        return len(hidden) > 1 and sum(hidden) >= SMALLEST
    return len(hidden) > 1 or _least_of_one(exact.answered, exact.total, why) <= 0


def _least_of_one(answered: int, counts: Sequence[int], why: Sequence[Why]) -> int:
    """Of a single hidden row: so many must have chosen it, because everybody who answered chose something."""
    return answered - sum(count for row, count in enumerate(counts) if not why[row])


# Tables split by groups -------------------------------------------------------


def _protect_split(exact: Exact, split: Split, total: Sequence[Why]) -> tuple[tuple[Why, ...], ...]:
    rows = range(len(exact.total))
    whole = _hidden_groups(split)
    why = [[whole.get(group, total[row]) for row in rows] for group in range(len(split.cells))]
    if all(total):
        return tuple(map(tuple, why))
    for group, counts in enumerate(split.cells):
        for row in rows:
            if not why[group][row] and _is_small_in_group(exact, split, group, counts[row]):
                why[group][row] = Why.SMALL if exact.total[row] else Why.SHOWN  # known to be empty: so is each group
    solved = _several(exact, split, total, why) if exact.several else _single(exact, split, total, why)
    return tuple(tuple(Why.UNSAFE for _row in rows) if not solved else tuple(found) for found in why)


def _is_small_in_group(exact: Exact, split: Split, group: int, count: int) -> bool:
    """In a group zero is as secret as one and two: that nobody said something tells about everybody in it."""
    return count < SMALLEST or (exact.several and split.answered[group] - count < SMALLEST)


def _hidden_groups(split: Split) -> dict[int, Why]:
    """Groups that are hidden as a whole: the small ones, and if what is left would tell about them, the next larger."""
    hidden = {group: Why.SMALL_GROUP for group, size in enumerate(split.answered) if size < LEAST_BASE}
    hidden |= split.closed
    rest = sorted((size, group) for group, size in enumerate(split.answered) if group not in hidden)
    people = [split.answered[group] for group in hidden if split.answered[group]]
    while people and rest and (len(people) == 1 or sum(people) < LEAST_BASE):
        size, group = rest.pop(0)
        hidden[group] = Why.OTHER_GROUP
        people.append(size)
    return hidden


def _single(exact: Exact, split: Split, total: Sequence[Why], why: list[list[Why]]) -> bool:
    known = frozenset(row for row in range(len(exact.total)) if not total[row])
    hidden = {(group, row) for group, found in enumerate(why) for row in range(len(found)) if found[row]}
    grid = Grid(split.cells, known, hidden)
    if not hide_partners(grid):
        return False
    _mark(why, grid.hidden)
    return True


def _mark(why: list[list[Why]], hidden: set[Cell]) -> None:
    for group, row in hidden:
        why[group][row] = why[group][row] or Why.PARTNER


def _several(exact: Exact, split: Split, total: Sequence[Why], why: list[list[Why]]) -> bool:
    """Each row is a small table of its own: who chose it and who did not. Repeated as groups tie the rows together."""
    rows = set(range(len(exact.total)))
    open_rows = [row for row, count in enumerate(exact.total) if count or total[row]]
    while rows:
        for row in sorted(rows):
            if not _one_of_several(exact, split, row, total, why):
                return False
        tied = (_tied(split, group, open_rows, why[group]) for group in range(len(why)))
        rows = {row for row in tied if row is not None}
    return True


def _one_of_several(exact: Exact, split: Split, row: int, total: Sequence[Why], why: list[list[Why]]) -> bool:
    if not exact.total[row] and not total[row]:  # known to be empty
        return True
    cells = [
        (counts[row], answered - counts[row]) for counts, answered in zip(split.cells, split.answered, strict=True)
    ]
    hidden = {(group, side) for group in range(len(cells)) if why[group][row] for side in (0, 1)}
    grid = Grid(cells, frozenset() if total[row] else frozenset((0, 1)), hidden)
    if not hide_partners(grid, lambda cell: ((cell[0], 0), (cell[0], 1))):
        return False
    _mark(why, {(group, row) for group, side in grid.hidden if side == 0})
    return True


def _tied(split: Split, group: int, open_rows: Sequence[int], why: list[Why]) -> int | None:
    """A row to hide as well where a single hidden one would have a least size. Marks it and gives it."""
    hidden = [row for row in open_rows if why[row]]
    if len(hidden) != 1 or _least_of_one(split.answered[group], split.cells[group], why) <= 0:
        return None
    shown = [(split.cells[group][row], row) for row in open_rows if not why[row]]
    if not shown:
        return None
    row = min(shown)[1]
    why[row] = Why.PARTNER
    return row
