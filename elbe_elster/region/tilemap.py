"""The county as a map of squares: one square is one municipality, an ink line runs around each administration.

The squares are laid by hand (``tile_column``, ``tile_row``); neighbours lie roughly as they do in the county.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.region.models import Administration, Municipality

SIDE = 80  # units of the drawing; one unit is one pixel at full size
MARGIN = 2  # room for half of the outermost line
LINE = 15  # from one line of a name to the next


@dataclass(frozen=True)
class Tile:
    """One municipality: its corner and the lines of its name with the height of each."""

    name: str
    x: int
    y: int
    lines: list[tuple[int, str]]


@dataclass
class Area:
    """One administration on the map: its squares and the line around them. ``number`` is its place in the list."""

    administration: Administration
    number: int
    tiles: list[Tile] = field(default_factory=list)
    outline: str = ""

    @property
    def names(self) -> str:
        """The municipalities in one line."""
        return ", ".join(tile.name for tile in self.tiles)


@dataclass(frozen=True)
class TileMap:
    """The whole drawing, its size in units."""

    width: int
    height: int
    areas: list[Area]

    @property
    def side(self) -> int:
        """Length of a square's side."""
        return SIDE


def tile_map(municipalities: Iterable[Municipality]) -> TileMap:
    """Draw municipalities that have a place (``Municipality.objects.on_map()``), administrations in German order."""
    placed = sorted(municipalities, key=lambda row: (row.administration.sort_key, row.sort_key))
    areas = []
    for number, (_key, rows) in enumerate(groupby(placed, key=lambda row: row.administration.sort_key), start=1):
        members = list(rows)
        places = [(row.tile_column or 0, row.tile_row or 0) for row in members]
        areas.append(
            Area(
                administration=members[0].administration,
                number=number,
                tiles=sorted(map(_tile, members), key=lambda tile: (tile.y, tile.x)),
                outline=_outline(set(places)),
            )
        )
    return TileMap(
        width=SIDE * (1 + max((row.tile_column or 0 for row in placed), default=0)) + 2 * MARGIN,
        height=SIDE * (1 + max((row.tile_row or 0 for row in placed), default=0)) + 2 * MARGIN,
        areas=areas,
    )


def _corner(column: int, row: int) -> tuple[int, int]:
    return MARGIN + SIDE * column, MARGIN + SIDE * row


def _tile(municipality: Municipality) -> Tile:
    x, y = _corner(municipality.tile_column or 0, municipality.tile_row or 0)
    lines = (municipality.tile_label or municipality.name).split("|")
    lowest = y + SIDE - 9
    heights = [lowest - LINE * (len(lines) - 1 - index) for index in range(len(lines))]
    return Tile(municipality.name, x, y, list(zip(heights, lines, strict=True)))


def _outline(places: set[tuple[int, int]]) -> str:
    """Path of every side of a square behind which no square of the same administration lies."""
    parts = []
    for column, row in sorted(places):
        x, y = _corner(column, row)
        for neighbour, start, step in (
            ((column, row - 1), (x, y), f"h{SIDE}"),
            ((column, row + 1), (x, y + SIDE), f"h{SIDE}"),
            ((column - 1, row), (x, y), f"v{SIDE}"),
            ((column + 1, row), (x + SIDE, y), f"v{SIDE}"),
        ):
            if neighbour not in places:
                parts.append(f"M{start[0]} {start[1]}{step}")
    return "".join(parts)
