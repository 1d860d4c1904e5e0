"""A period report as a workbook: then and now side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elbe_elster.strategy.exchange.workbook import Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from elbe_elster.strategy.exchange.cells import Cell
    from elbe_elster.strategy.reports import Line, ReportData

HEADS: tuple[tuple[str, int], ...] = (
    ("Nummer", 10),
    ("Titel", 40),
    ("Handlungsfeld", 28),
    ("Zuständig", 28),
    ("Phase", 16),
    ("Phase vorher", 16),
    ("Verlauf", 18),
    ("Verlauf vorher", 18),
    ("Begründung des Verlaufs", 36),
    ("Beginn", 16),
    ("Beginn vorher", 16),
    ("Ende", 16),
    ("Ende vorher", 16),
    ("Meilensteine erreicht", 12),
    ("Meilensteine insgesamt", 12),
    ("Kosten geplant (Euro)", 16),
    ("Kosten geplant vorher (Euro)", 16),
    ("Ausgegeben (Euro)", 16),
    ("Geld bewilligt (Euro)", 16),
    ("Geld bewilligt vorher (Euro)", 16),
    ("Beispiel", 10),
)


def report_xlsx(data: ReportData) -> bytes:
    """Sheets for the numbers, every measure, what changed, and milestones reached."""
    sheets = [
        _numbers(data),
        Sheet("Maßnahmen", [(head, width, ()) for head, width in HEADS], [_row(line) for line in data.lines]),
        _changes(data),
        _reached(data),
    ]
    return write_workbook(sheets, title=data.report.title)


def _numbers(data: ReportData) -> Sheet:
    before = f"Stand {data.previous.as_of:%d.%m.%Y}" if data.previous else "Vorher"
    heads: list[tuple[str, int, Sequence[str]]] = [
        ("Was", 36, ()),
        (f"Stand {data.report.as_of:%d.%m.%Y}", 20, ()),
        (before, 20, ()),
    ]
    rows: list[Sequence[Cell]] = [
        ["Maßnahmen", len(data.lines), sum(count.before or 0 for count in data.phases) if data.previous else None],
        *([count.label, count.now, count.before] for count in (*data.phases, *data.courses)),
        *([f"{label} (Euro)", now, then] for label, now, then in data.sums),
    ]
    return Sheet("Überblick", heads, rows)


def _row(line: Line) -> list[Cell]:
    before = line.before
    return [
        line.number,
        line.title,
        line.field_name,
        line.lead,
        line.phase_label,
        before.phase_label if before else None,
        line.course_label,
        before.course_label if before else None,
        line.course_reason,
        line.start_text,
        before.start_text if before else None,
        line.end_text,
        before.end_text if before else None,
        line.steps_done,
        line.steps_total,
        line.planned,
        before.planned if before else None,
        line.actual,
        line.granted,
        before.granted if before else None,
        line.example,
    ]


def _changes(data: ReportData) -> Sheet:
    rows: list[list[Cell]] = [[line.number, line.title, "Neu", None, None] for line in data.new]
    rows += [
        [line.number, line.title, difference.label, difference.before, difference.after]
        for line in data.lines
        for difference in line.differences
    ]
    rows += [[line.number, line.title, "Nicht mehr veröffentlicht", None, None] for line in data.gone]
    heads: list[tuple[str, int, Sequence[str]]] = [
        ("Nummer", 10, ()),
        ("Titel", 40, ()),
        ("Was", 30, ()),
        ("Vorher", 30, ()),
        ("Jetzt", 30, ()),
    ]
    return Sheet("Änderungen", heads, rows)


def _reached(data: ReportData) -> Sheet:
    heads: list[tuple[str, int, Sequence[str]]] = [
        ("Nummer", 10, ()),
        ("Titel", 40, ()),
        ("Meilenstein", 50, ()),
        ("Erreicht am", 16, ()),
    ]
    rows = [[line.number, line.title, step.title, step.done_text] for line in data.reached for step in line.reached]
    return Sheet("Erreicht", heads, rows)
