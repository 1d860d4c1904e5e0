"""What somebody can find out about hidden cells of a table whose totals are known, and which cells to hide as well.

A table with hidden cells is a flow network: rows and columns are its nodes, hidden cells its edges. A cell can be
larger than it is if other hidden cells of its column and row can make up for it, along a path of cells that fall and
rise in turn; cells fall at most to 0. So the bounds of a cell are two largest flows, and because such networks have
whole solutions, they are exact. (L. H. Cox, "Network models for complementary cell suppression", 1995; J. Castro,
"A shortest-paths heuristic for statistical data protection in positive tables", 2007.)
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .thresholds import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Cell = tuple[int, int]  # column, row
    Path = list[tuple[Cell, int]]  # cells that rise (1) or fall (-1)

ENOUGH = 2  # by so much the bounds of a larger hidden cell must differ: three possible values
DEAR = 1_000_000  # hiding one cell more costs more than any count in it


@dataclass
class Grid:
    """A table, and what is hidden of it. ``cells[column][row]`` are counts.

    Who attacks knows the total of every column, and of each row that is in ``known_rows``. Rows of unknown totals can
    make up for each other.
    """

    cells: Sequence[Sequence[int]]
    known_rows: frozenset[int]
    hidden: set[Cell]

    def __post_init__(self) -> None:
        """Lay out the nodes: columns first, then one for each known row, and one for all other rows."""
        self.columns = len(self.cells)
        rows = len(self.cells[0]) if self.cells else 0
        self.rows = range(rows)
        self.node = [self.columns + 1 + row if row in self.known_rows else self.columns for row in self.rows]
        self.rows_at: dict[int, list[int]] = {}
        for row, node in enumerate(self.node):
            self.rows_at.setdefault(node, []).append(row)
        self.row_totals = [sum(column[row] for column in self.cells) for row in self.rows]
        self.column_totals = [sum(column) for column in self.cells]

    def is_open(self, cell: Cell) -> bool:
        """Whether the cell can differ from zero at all: nobody asks about the empty column or the empty row."""
        column, row = cell
        return self.column_totals[column] > 0 and (row not in self.known_rows or self.row_totals[row] > 0)

    def bounds(self, cell: Cell, most: int = 10**9) -> tuple[int, int]:
        """The least and largest value that fit everything that is known; looks at most ``most`` away from the truth."""
        value = self.cells[cell[0]][cell[1]]
        return value - self._slack(cell, -1, min(most, value)), value + self._slack(cell, 1, most)

    def need(self, cell: Cell) -> tuple[int, int]:
        """By how much a hidden cell must be able to fall and to rise. A large cell may do either."""
        column, row = cell
        value = self.cells[column][row]
        if value >= SMALLEST:
            return 0, 0
        reachable = self.column_totals[column]
        if row in self.known_rows:
            reachable = min(reachable, self.row_totals[row])
        return value, max(0, min(SMALLEST, reachable) - value)

    def missing(self, cell: Cell) -> int:
        """In which direction a hidden cell is too well known (-1, 1), 0 if it is not."""
        fall, rise = self.need(cell)
        value = self.cells[cell[0]][cell[1]]
        if value >= SMALLEST:
            up = self._slack(cell, 1, ENOUGH)
            return 0 if up >= ENOUGH or up + self._slack(cell, -1, ENOUGH - up) >= ENOUGH else 1
        if fall and self._slack(cell, -1, fall) < fall:
            return -1
        return 1 if rise and self._slack(cell, 1, rise) < rise else 0

    # Paths ------------------------------------------------------------------

    def _ends(self, cell: Cell, direction: int) -> tuple[int, int]:
        """Where the path begins and ends that makes up for a cell that rises or falls."""
        column, row = cell
        return (column, self.node[row]) if direction > 0 else (self.node[row], column)

    def _slack(self, cell: Cell, direction: int, wanted: int) -> int:
        """By how much a hidden cell can rise (1) or fall (-1), up to ``wanted``."""
        moved: dict[Cell, int] = {}
        reached = 0
        while reached < wanted:
            path = self._path(cell, direction, moved)
            if path is None:
                break
            falling = [self._value(step, moved) for step, sign in path if sign < 0]
            amount = min([wanted - reached, *falling])
            for step, sign in path:
                moved[step] = moved.get(step, 0) + sign * amount
            reached += amount
        return reached

    def _value(self, cell: Cell, moved: dict[Cell, int]) -> int:
        return self.cells[cell[0]][cell[1]] + moved.get(cell, 0)

    def _path(self, cell: Cell, direction: int, moved: dict[Cell, int]) -> Path | None:
        """The shortest path over hidden cells: columns are left by falling cells, rows by rising ones."""
        start, end = self._ends(cell, direction)
        came: dict[int, tuple[int, Cell, int]] = {}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for step, sign, target in self._steps(node, self.hidden.__contains__, moved):
                if step == cell or target in came or target == start:
                    continue
                came[target] = (node, step, sign)
                if target == end:
                    return _walk(came, start, end)
                waiting.append(target)
        return None

    def _steps(
        self, node: int, usable: Callable[[Cell], bool], moved: dict[Cell, int]
    ) -> Iterator[tuple[Cell, int, int]]:
        if node < self.columns:
            for row in self.rows:
                cell = (node, row)
                if usable(cell) and self._value(cell, moved) > 0:
                    yield cell, -1, self.node[row]
            return
        for row in self.rows_at[node]:
            for column in range(self.columns):
                if usable((column, row)):
                    yield (column, row), 1, column

    def partners(self, cell: Cell, direction: int, amount: int) -> list[Cell] | None:
        """Which shown cells to hide so that this one can rise or fall by ``amount``: the cheapest path, None if none."""
        start, end = self._ends(cell, direction)
        cost = {start: 0}
        came: dict[int, tuple[int, Cell, int]] = {}
        waiting = [(0, start)]
        while waiting:
            paid, node = heapq.heappop(waiting)
            if node == end:
                return [step for step, _sign in _walk(came, start, end) if step not in self.hidden]
            if paid > cost[node]:
                continue
            for step, sign, target in self._steps(node, self.is_open, {}):
                if step == cell or (sign < 0 and self.cells[step[0]][step[1]] < amount):
                    continue
                price = paid + (1 if step in self.hidden else DEAR + self.cells[step[0]][step[1]])
                if price < cost.get(target, 1 << 60):
                    cost[target], came[target] = price, (node, step, sign)
                    heapq.heappush(waiting, (price, target))
        return None


def _walk(came: dict[int, tuple[int, Cell, int]], start: int, end: int) -> Path:
    path = []
    node = end
    while node != start:
        node, step, sign = came[node]
        path.append((step, sign))
    return path


def hide_partners(grid: Grid, also: Callable[[Cell], Iterable[Cell]] = lambda cell: (cell,)) -> bool:
    """Hide further cells until nobody can find out a hidden one. ``also`` says what is hidden together with a cell.

    What is safe stays safe when more is hidden, so each cell is looked at until it is safe. False if that is
    impossible because the totals alone give too much away.
    """
    waiting = deque(sorted(grid.hidden))
    while waiting:
        cell = waiting.popleft()
        while grid.is_open(cell) and (direction := grid.missing(cell)):
            more = _partners(grid, cell, direction)
            if not more:
                return False
            new = {other for partner in more for other in also(partner)} - grid.hidden
            grid.hidden.update(new)
            waiting.extend(sorted(new))
    return True


def _partners(grid: Grid, cell: Cell, direction: int) -> Iterable[Cell]:
    """What to hide next for the sake of this cell: a path that lets it move far enough, else the smallest cell."""
    fall, rise = grid.need(cell)
    if grid.cells[cell[0]][cell[1]] >= SMALLEST:
        ways = [(1, ENOUGH), (-1, ENOUGH), (1, 1), (-1, 1)]
    else:
        ways = [(direction, amount) for amount in range(fall if direction < 0 else rise, 0, -1)]
    for way, amount in ways:
        if partners := grid.partners(cell, way, amount):
            return partners
    shown = [
        (grid.cells[column][row], (column, row))
        for column in range(grid.columns)
        for row in grid.rows
        if (column, row) not in grid.hidden and grid.is_open((column, row))
    ]
    return [min(shown)[1]] if shown else []
