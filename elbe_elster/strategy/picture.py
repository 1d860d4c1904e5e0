"""The roadmap as a picture: bars for measures, diamonds for milestones, drawn from the same data as the table.

Colours stand in attributes, so that the file looks the same wherever it is saved; on the page the look's classes go
before them and follow light and dark. No style element, no script.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.safestring import SafeString

    from .lives import Cell
    from .roadmap import Line, Roadmap

LABEL, HEAD, ROW, FIELD = 330, 56, 26, 36  # widths and heights in units of the drawing
WHOLE = 1136
LONGEST = 42  # characters of a title
INK, INK_2, ACCENT, TINT, HAIR, PAPER, LATE, GOOD = (
    *("#1c1b18", "#575349", "#0b5361", "#dfecec", "#d8d1c2", "#fbf9f4", "#8a4b00", "#2c6a33"),
)
RUN_LOOKS = {"ran": (ACCENT, ACCENT), "runs": (ACCENT, ACCENT), "goes_on": (TINT, ACCENT), "planned": (PAPER, INK_2)}
RUN_LOOKS["late"] = (PAPER, LATE)
STEP_LOOKS = {"reached": (INK, INK), "due": (PAPER, INK), "overdue": (PAPER, LATE)}


def roadmap_picture(plan: Roadmap) -> SafeString:
    """The picture of a roadmap with at least one quarter. Its table says the same in words."""
    height = HEAD + sum(FIELD + ROW * len(group.lines) for group in plan.groups) + 10
    first, last = plan.quarters[0].year, plan.quarters[-1].year
    title = gettext("Fahrplan %(first)s bis %(last)s") % {"first": first, "last": last}
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="roadpic" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' font-family="Fira Sans, Arial, sans-serif" font-size="14"><title>{}</title>'
        '<rect class="fill-paper" width="{}" height="{}" fill="{}"/>{}{}</svg>',
        *(WHOLE, height, WHOLE, height, title, WHOLE, height, PAPER, _grid(plan, height), _groups(plan)),
    )


def _step_width(plan: Roadmap) -> float:
    return (WHOLE - LABEL) / len(plan.quarters)


def _units(length: float) -> str:
    return f"{length:.1f}"


def _grid(plan: Roadmap, height: int) -> SafeString:
    """Years, quarters, and a line before each."""
    wide = _step_width(plan)
    years = [(LABEL + wide * index, quarter.year) for index, quarter in enumerate(plan.quarters) if quarter.number == 1]
    return format_html_join(
        "",
        '<text class="fill-ink" x="{}" y="20" dx="6" font-weight="600" fill="{}">{}</text>',
        ((_units(left), INK, year) for left, year in years),
    ) + format_html_join(
        "",
        '<text class="fill-ink-2" x="{}" y="42" dx="6" fill="{}">{}</text>'
        '<path class="roadpic__line" d="M{} 28V{}" stroke="{}" fill="none"/>',
        (
            (_units(LABEL + wide * index), INK_2, f"Q{quarter.number}", _units(LABEL + wide * index), height, HAIR)
            for index, quarter in enumerate(plan.quarters)
        ),
    )


def _groups(plan: Roadmap) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in _pieces(plan)))


def _pieces(plan: Roadmap) -> Iterator[SafeString]:
    top = HEAD
    for group in plan.groups:
        yield format_html(
            '<path class="roadpic__rule" d="M0 {}H{}" stroke="{}" fill="none"/>'
            '<text class="fill-ink" x="0" y="{}" font-weight="600" fill="{}">{}</text>',
            *(top + 6, WHOLE, INK, top + 26, INK, group.field.short_name),
        )
        top += FIELD
        for line in group.lines:
            yield _line(line, top, _step_width(plan))
            top += ROW


def _line(line: Line, top: int, wide: float) -> SafeString:
    title = f"{line.measure.number}  {line.measure.title}"
    title = title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
    label = format_html('<text class="fill-ink" x="0" y="{}" fill="{}">{}</text>', top + 18, INK, title)
    bars, at = [], 0
    for run, cells in groupby(line.cells, key=lambda cell: cell.run):
        count = len(list(cells))
        if run:
            fill, stroke = RUN_LOOKS[run]
            left = LABEL + wide * at
            bars.append((run, _units(left + 2), top + 7, _units(wide * count - 4), fill, stroke))
        at += count
    drawn = format_html_join(
        "",
        '<rect class="roadpic__{}" x="{}" y="{}" width="{}" height="12" fill="{}" stroke="{}"/>',
        bars,
    )
    steps = (_steps(cell, LABEL + wide * place, top + 13, wide) for place, cell in enumerate(line.cells))
    return label + drawn + format_html_join("", "{}", ((step,) for step in steps))


def _steps(cell: Cell, left: float, middle: int, wide: float) -> SafeString:
    """Diamonds side by side within the quarter."""
    kinds = [one.kind for one in cell.happenings if one.is_milestone]
    gap = wide / (len(kinds) + 1)
    return format_html_join(
        "",
        '<path class="roadpic__{}" d="M{} {}l8 8-8 8-8-8z" fill="{}" stroke="{}" stroke-width="2"/>',
        ((kind, _units(left + gap * (place + 1)), middle - 8, *STEP_LOOKS[kind]) for place, kind in enumerate(kinds)),
    )


def picture_key() -> list[tuple[SafeString, str]]:
    """What the signs of the picture mean: the sign, and its words."""
    bars = [
        ("runs", gettext("läuft oder lief")), ("goes_on", gettext("soll weiterlaufen")),
        ("planned", gettext("geplant, noch nicht begonnen")), ("late", gettext("läuft länger als geplant")),
    ]  # fmt: skip
    steps = [
        ("reached", gettext("Meilenstein erreicht")), ("due", gettext("Meilenstein noch offen")),
        ("overdue", gettext("Meilenstein überfällig")),
    ]  # fmt: skip
    bar = '<rect class="roadpic__{}" x="1" y="2" width="18" height="12"/>'
    diamond = '<path class="roadpic__{}" d="M10 1l7 7-7 7-7-7z" stroke-width="2"/>'
    return [
        *((format_html(bar, kind), words) for kind, words in bars),
        *((format_html(diamond, kind), words) for kind, words in steps),
    ]
