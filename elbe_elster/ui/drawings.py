"""Small drawings: icons, countable squares, bars. All are SVG without inline style, for eyes only.

Whoever uses one puts the words and numbers beside it: every drawing is ``aria-hidden``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ICON_FILE = Path(__file__).parent / "icons.svg"
SQUARE = 14  # units of the drawing
STEP = 18
LINE = 14  # squares in a line
SIGNS = {  # what a square shows inside, so that no colour stands alone
    "delayed": "M1 13 13 1V13z",
    "at_risk": "M3 3l8 8M11 3l-8 8",
    "resting": "M5 3.500v7M9 3.500v7",
    "ended": "M1 13 13 1",
}
UNIT_CLASSES = ("u4", "u3", "u2", "u1")  # done, running, decided, open


@cache
def icons() -> dict[str, str]:
    """Every icon's drawing by its name, from the one registry ``icons.svg``."""
    symbols = re.findall(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', ICON_FILE.read_text(encoding="utf-8"), re.DOTALL)
    return dict(symbols)


def icon(name: str, size: str = "") -> SafeString:
    """One icon; ``size`` is "", "s" or "l". Raises LookupError for a name that is not in the registry."""
    drawing = icons().get(name)
    if drawing is None:
        raise LookupError(f"There is no icon „{name}“; known are: {', '.join(icons())}")
    return format_html(
        '<svg class="ico{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" ico--{size}" if size else "",
        mark_safe(drawing),  # noqa: S308 - our own file
    )


def _squares(classes: Sequence[str], css: str) -> SafeString:
    width = max(len(classes) * STEP - STEP + SQUARE + 1, 1)
    rows = format_html_join(
        "",
        '<rect class="{}" x="{}.5" y=".5" width="14" height="14"/>',
        ((name, number * STEP) for number, name in enumerate(classes)),
    )
    return format_html(
        '<svg class="{}" width="{}" height="16" viewBox="0 0 {} 16" aria-hidden="true" focusable="false">{}</svg>',
        css,
        width,
        width,
        rows,
    )


def units(counts: Iterable[int], css: str = "") -> SafeString:
    """One square for each thing: done, running, decided, open, in this order."""
    classes = [name for name, count in zip(UNIT_CLASSES, counts, strict=False) for _ in range(count)]
    return _squares(classes, f"units {css}".strip())


def meter(value: int, total: int) -> SafeString:
    """A stage out of ``total`` as squares, the first ``value`` filled."""
    return _squares(["on" if number < value else "off" for number in range(total)], "meter")


def quad(value: int) -> SafeString:
    """A stage out of four for narrow cells: two by two squares, the first ``value`` filled."""
    corners = ((0, 0), (10, 0), (0, 10), (10, 10))
    squares = format_html_join(
        "",
        '<rect class="{}" x="{}.5" y="{}.5" width="8" height="8"/>',
        (("on" if number < value else "off", x, y) for number, (x, y) in enumerate(corners)),
    )
    return format_html(
        '<svg class="meter" width="19" height="19" viewBox="0 0 19 19" aria-hidden="true" focusable="false">{}</svg>',
        squares,
    )


def bar(value: float, largest: float, css: str = "bar") -> SafeString:
    """One bar of a table; its length is the share of the largest value. Values below zero count as zero."""
    share = round(max(value, 0) / largest * 100, 1) if largest > 0 else 0
    return format_html(
        '<svg class="bar-row" width="100%" height="16" aria-hidden="true" focusable="false">'
        '<rect class="{}" width="{}%" height="16"/></svg>',
        css,
        share,
    )


def course_units(counts: Iterable[tuple[str, int]]) -> SafeString:
    """One square for each measure, by how far it is (keys: done, on_track, … ended); at most 14 in a line."""
    kinds = [kind for kind, count in counts for _ in range(count)]
    lines = -(-len(kinds) // LINE)
    width, height = max(min(len(kinds), LINE) * STEP - STEP + SQUARE + 1, 1), max(lines * STEP - STEP + SQUARE + 1, 1)
    squares = format_html_join(
        "",
        '<g transform="translate({}.5 {}.5)">{}</g>',
        ((at % LINE * STEP, at // LINE * STEP, _course_square(kind)) for at, kind in enumerate(kinds)),
    )
    return format_html(
        '<svg class="courses" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        *(width, height, width, height, squares),
    )


def _course_square(kind: str) -> SafeString:
    square = format_html('<rect class="c-{}" width="14" height="14"/>', kind)
    if kind not in SIGNS:
        return square
    return square + format_html('<path class="c-{}-sign" d="{}"/>', kind, SIGNS[kind])


def columns(values: Sequence[float]) -> SafeString:
    """Standing bars, the last one filled; a table below with as many columns is the axis."""
    largest = max([*values, 1e-9])
    rects = format_html_join(
        "",
        '<rect class="{}" x="{}.5" y="{}" width="51" height="{}"/>',
        (
            ("bar" if number == len(values) - 1 else "bar2", number * 60, round(111 - height, 1), height)
            for number, height in enumerate(round(max(value, 0) / largest * 108, 1) for value in values)
        ),
    )
    return format_html(
        '<svg class="chart impact__bars" viewBox="0 0 {} 112" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        max(len(values), 1) * 60,
        rects,
    )
