"""The cells of roadmap and matrix as HTML. Drawn here and not by a template, because there are thousands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

from elbe_elster.ui import drawings

from .models import STAGE_STEPS, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from .lives import Cell
    from .models import Measure

EMPTY = format_html("<td>{}</td>", "")


def stage_sign(stage: Stage) -> SafeString:
    """A stage for the eye: squares out of four, a cross for what was stopped, a dash for what does not concern."""
    if STAGE_STEPS[stage]:
        return drawings.quad(STAGE_STEPS[stage])
    if stage == Stage.STOPPED:
        return drawings.icon("x", "s")
    return format_html('<span class="nostage" aria-hidden="true">{}</span>', "–")


def stage_cells() -> dict[Stage | None, SafeString]:
    """The cell of each stage, with its word for those who do not see the sign; None: nothing told."""
    drawn: dict[Stage | None, SafeString] = {
        stage: format_html('<td>{}<span class="sr">{}</span></td>', stage_sign(stage), stage.label) for stage in Stage
    }
    return {**drawn, None: EMPTY}


def stage_entries(told: Iterable[tuple[str, Measure, Stage]]) -> SafeString:
    """Measures and how far one administration is with each, as entries of a list."""
    words = {stage: str(stage.label) for stage in Stage}
    return format_html_join(
        "",
        '<li><a href="{}">{}</a> <span>{}</span></li>',
        ((url, str(measure), words[stage]) for url, measure, stage in told),
    )


def roadmap_cells(cells: Iterable[Cell]) -> SafeString:
    """The quarters of one measure in as few words as possible: what goes on, what happens; milestones as a sign."""
    return format_html_join("", "{}", ((_roadmap_cell(cell),) for cell in cells))


def roadmap_said(cells: Iterable[Cell]) -> SafeString:
    """What happens to one measure in all the quarters, in whole words, as entries of a list."""
    happenings = (one for cell in cells for one in cell.happenings)
    return format_html_join(" ", '<li class="hap hap--{}">{}</li>', ((one.kind, one.words) for one in happenings))


def _roadmap_cell(cell: Cell) -> SafeString:
    if cell.is_empty:
        return EMPTY
    events = [one for one in cell.happenings if not one.is_milestone]
    said = format_html_join(" ", '<span class="run__word">{}</span>', ((one.short,) for one in events))
    signs = format_html_join(
        " ",
        '<span class="hap hap--{}"><span class="sr">{}</span></span>',
        ((one.kind, one.short) for one in cell.happenings if one.is_milestone),
    )
    if not cell.run:
        return format_html("<td>{} {}</td>", said, signs)
    if not events:
        said = format_html('<span class="run__word">{}</span>', cell.run_words)
    return format_html('<td class="run run--{}">{} {}</td>', cell.run, said, signs)
