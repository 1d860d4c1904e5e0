"""A period report for the Kreistag: the numbers, what changed, every measure as it was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from elbe_elster.strategy.models import COURSE_LOOKS, Course
from elbe_elster.strategy.pdf import blocks as b
from elbe_elster.strategy.pdf.parts import money
from elbe_elster.strategy.pdf.records import MOST_SQUARES, frame
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.strategy.pdf.blocks import Data
    from elbe_elster.strategy.reports import Difference, Line, ReportData


def report_paper(data: ReportData) -> Data:
    """The whole report. What it says never changes; it is as of its own day, not of today."""
    report = data.report
    day = period_text(report.as_of)
    sections = [
        b.section(gettext("Vorwort"), [b.paragraph(b.text(part)) for part in report.foreword.split("\n") if part.strip()]),
        _numbers(data),
        *([_changes(data)] if data.previous else []),
        *(_field(name, lines) for _number, name, lines in data.by_field),
    ]  # fmt: skip
    count = ngettext("%(count)s Maßnahme", "%(count)s Maßnahmen", len(data.lines)) % {"count": len(data.lines)}
    compared = period_text(data.previous.as_of) if data.previous else gettext("keinem")
    facts = [(gettext("Stand vom"), day), (gettext("Verglichen mit"), compared), (gettext("Umfang"), count)]
    example = [b.text("   "), b.example()] if any(line.example for line in data.lines) else []
    return {
        **frame(title=report.title, url=reverse("strategy:report-detail", args=[report.pk]), running=report.title),
        "as_of": day,
        "summary": "",
        "kicker": [b.paragraph(b.strong(gettext("Bericht zum Stand der Maßnahmen")), *example)],
        "facts": {"t": "facts", "items": [{"label": label, "c": [b.strong(words)]} for label, words in facts]},
        "variants": [b.shown(sections)],
        "one_page": False,
    }


def _numbers(data: ReportData) -> Data | None:
    head = [gettext("Maßnahmen"), gettext("jetzt"), *([gettext("vorher")] if data.previous else [])]
    courses = [(gettext("Verlauf: %(course)s") % {"course": row.label}, row.now, row.before) for row in data.courses]
    counts = [*((row.label, row.now, row.before) for row in data.phases), *courses]
    cells = [(label, str(now), str(before)) for label, now, before in counts]
    cells += [(label, money(now), money(before) if before is not None else "") for label, now, before in data.sums]
    rows = [[[b.strong(cell[0])], *([b.text(word)] for word in cell[1 : len(head)])] for cell in cells]
    widths = ["4fr", *["2fr"] * (len(head) - 1)]
    return b.section(gettext("In Zahlen"), [b.table(head, rows, widths, name=gettext("Zahlen des Berichts"))])


def _changes(data: ReportData) -> Data | None:
    groups = [
        (gettext("Neu dabei"), [_name(line) for line in data.new]),
        (gettext("Zu Ende gegangen"), [f"{_name(line)}: {line.phase_label}" for line in data.ended]),
        (gettext("Nicht mehr veröffentlicht"), [_name(line) for line in data.gone]),
        (gettext("Verlauf geändert"), [_course_change(line) for line in data.course_changed]),
        (
            gettext("Meilensteine erreicht"),
            [f"{line.number}: {step.title}, {step.done_text}" for line in data.reached for step in line.reached],
        ),
        (gettext("Termine verschoben"), [_change(line, row) for line, row in _pairs(data.moved, "moved")]),
        (gettext("Geld"), [_change(line, row) for line, row in _pairs(data.money_changed, "money")]),
    ]
    blocks: list[Data] = []
    for title, lines in groups:
        if lines:
            blocks += [{"t": "h", "c": [b.text(title)]}, b.bullets([b.text(line)] for line in lines)]
    nothing = [b.paragraph(b.text(gettext("Nichts hat sich geändert.")))]
    since = period_text(data.previous.as_of) if data.previous else ""
    note = gettext("Seit dem Bericht vom %(day)s.") % {"day": since}
    return b.section(gettext("Was sich geändert hat"), blocks or nothing, note=note)


def _pairs(lines: Iterable[Line], name: str) -> list[tuple[Line, Difference]]:
    return [(line, row) for line in lines for row in getattr(line, name)]


def _name(line: Line) -> str:
    return f"{line.number} {line.title}"


def _course_change(line: Line) -> str:
    before = line.before.course_label or line.before.phase_label if line.before else ""
    said = gettext("bisher %(before)s, jetzt %(after)s") % {"before": before, "after": line.course_label}
    return f"{_name(line)}: {said}" + (f". {line.course_reason}" if line.course_reason else "")


def _change(line: Line, row: Difference) -> str:
    before, after = row.before or gettext("offen"), row.after or gettext("offen")
    return f"{line.number}: {row.label}: " + gettext("bisher %(before)s, jetzt %(after)s") % {
        "before": before,
        "after": after,
    }


def _field(name: str, lines: list[Line]) -> Data | None:
    rows = []
    for line in lines:
        step = [b.meter(line.phase_step, MOST_SQUARES)] if line.phase_step else []
        reason = [b.small(line.course_reason)] if line.course_reason else []
        course = [b.look(COURSE_LOOKS[Course(line.course)], line.course_label), *reason] if line.course else []
        steps = f"{line.steps_done}/{line.steps_total}" if line.steps_total else "–"
        what = [b.strong(_name(line)), *([b.small(line.lead)] if line.lead else [])]
        rows.append([what, [*step, b.text(line.phase_label)], course or [b.text("–")], [b.text(line.end_text or "–")], [b.text(steps)]])  # fmt: skip
    head = [gettext("Maßnahme"), gettext("Phase"), gettext("Verlauf"), gettext("Ende"), gettext("Meilensteine")]
    return b.section(name, [b.table(head, rows, ["9fr", "7fr", "6fr", "6fr", "auto"], name=name)])
