"""Period reports, read: what was frozen, and what is different from the report before. Page, XLSX and PDF draw from this."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.strategy.deviations import euros
from elbe_elster.strategy.models import (
    ENDED_PHASES,
    PHASE_STEPS,
    Course,
    MilestoneState,
    PeriodReport,
    Phase,
    Precision,
    ReportRow,
)
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from collections.abc import Iterable

COURSE_ORDER = (Course.ON_TRACK, Course.DELAYED, Course.AT_RISK, Course.RESTING, Course.NOT_ASSESSED)


@dataclass(frozen=True)
class Difference:
    """One thing that was otherwise in the report before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """A milestone as it was frozen."""

    key: int
    title: str
    state: str
    due: tuple[str, str]
    done_on: str
    project: str

    @property
    def due_text(self) -> str:
        """When it is due, in words."""
        return _date_text(*self.due)

    @property
    def done_text(self) -> str:
        """The day it was reached."""
        return _date_text(self.done_on, Precision.DAY)


@dataclass
class Line:
    """A measure in a report, and what changed since the one before."""

    number: str
    title: str
    field_number: int
    field_name: str
    field_short: str
    phase: str
    course: str
    course_reason: str
    start: tuple[str, str]
    end: tuple[str, str]
    permanent: bool
    lead: str
    example: bool
    planned: Decimal
    actual: Decimal
    granted: Decimal
    steps: dict[int, Step]
    before: Line | None = None
    differences: list[Difference] = field(default_factory=list)
    reached: list[Step] = field(default_factory=list)
    moved: list[Difference] = field(default_factory=list)
    money: list[Difference] = field(default_factory=list)

    @property
    def phase_label(self) -> str:
        """The phase in words."""
        return str(Phase(self.phase).label)

    @property
    def phase_step(self) -> int:
        """Squares out of five; 0 for discontinued and merged."""
        return PHASE_STEPS.get(Phase(self.phase), 0)

    @property
    def course_label(self) -> str:
        """The course in words; empty for an ended measure."""
        return str(Course(self.course).label) if self.course else ""

    @property
    def has_ended(self) -> bool:
        """Done, discontinued or merged."""
        return self.phase in ENDED_PHASES

    @property
    def start_text(self) -> str:
        """When it begins, in words."""
        return _date_text(*self.start)

    @property
    def end_text(self) -> str:
        """When it ends, in words."""
        return _date_text(*self.end) or (_("auf Dauer") if self.permanent else "")

    @property
    def steps_done(self) -> int:
        """Milestones reached."""
        return sum(step.state == MilestoneState.DONE for step in self.steps.values())

    @property
    def steps_total(self) -> int:
        """Milestones without those dropped."""
        return sum(step.state != MilestoneState.DROPPED for step in self.steps.values())


@dataclass(frozen=True)
class Count:
    """How many measures, now and in the report before (None: there is none)."""

    label: str
    now: int
    before: int | None


@dataclass
class ReportData:
    """Everything a report says. Lists hold lines of ``lines``; ``gone`` those of the report before that are missing."""

    report: PeriodReport
    previous: PeriodReport | None
    lines: list[Line]
    gone: list[Line]
    phases: list[Count]
    courses: list[Count]
    sums: list[tuple[str, Decimal, Decimal | None]]

    @property
    def new(self) -> list[Line]:
        """Measures that the report before did not have; none for a first report."""
        return [line for line in self.lines if self.previous and line.before is None]

    @property
    def ended(self) -> list[Line]:
        """Measures that ended since the report before."""
        return [line for line in self.lines if line.before and line.has_ended and not line.before.has_ended]

    @property
    def course_changed(self) -> list[Line]:
        """Running measures whose course is another than in the report before."""
        return [line for line in self.lines if line.before and not line.has_ended and line.course != line.before.course]

    @property
    def reached(self) -> list[Line]:
        """Measures with milestones reached since the report before."""
        return [line for line in self.lines if line.reached]

    @property
    def moved(self) -> list[Line]:
        """Measures with dates that moved."""
        return [line for line in self.lines if line.moved]

    @property
    def money_changed(self) -> list[Line]:
        """Measures whose money changed."""
        return [line for line in self.lines if line.money]

    @property
    def by_field(self) -> list[tuple[int, str, list[Line]]]:
        """Number, name and lines of each action field, in order."""
        groups: dict[tuple[int, str], list[Line]] = {}
        for line in self.lines:
            groups.setdefault((line.field_number, line.field_name), []).append(line)
        return [(number, name, lines) for (number, name), lines in sorted(groups.items())]


def report_data(report: PeriodReport) -> ReportData:
    """What a report says, compared with the one it names as ``previous`` (three queries, whatever the size)."""
    previous = report.previous
    older = {line.number: line for line in _lines(previous)} if previous else {}
    lines = _lines(report)
    for line in lines:
        _compare(line, older.get(line.number))
    numbers = {line.number for line in lines}
    before = list(older.values()) if previous else None
    return ReportData(
        report=report,
        previous=previous,
        lines=lines,
        gone=[line for number, line in older.items() if number not in numbers],
        phases=_counts(Phase, lines, before, lambda line: line.phase),
        courses=_counts(COURSE_ORDER, lines, before, lambda line: line.course),
        sums=[
            (label, _sum(lines, name), _sum(before, name) if before is not None else None)
            for label, name in (
                (_("Kosten geplant"), "planned"),
                (_("Ausgegeben"), "actual"),
                (_("Geld bewilligt"), "granted"),
            )
        ],
    )


def _lines(report: PeriodReport) -> list[Line]:
    return [_line(row) for row in ReportRow.objects.filter(report=report).order_by("pk")]


def _line(row: ReportRow) -> Line:
    values: dict[str, Any] = row.values
    return Line(
        number=row.number,
        title=row.title,
        field_number=values["primary_field"]["number"],
        field_name=values["primary_field"]["name"],
        field_short=values["primary_field"]["short_name"],
        phase=values["phase"],
        course=values["course"] or "",
        course_reason=values["course_reason"],
        start=(values["starts_on"] or "", values["starts_precision"]),
        end=(values["ends_on"] or "", values["ends_precision"]),
        permanent=values["permanent"],
        lead=values["lead"] or "",
        example=values["example"],
        planned=Decimal(values["money"]["planned"]),
        actual=Decimal(values["money"]["actual"]),
        granted=Decimal(values["money"]["granted"]),
        steps={step["id"]: _step(step) for step in values["milestones"]},
    )


def _step(values: dict[str, Any]) -> Step:
    return Step(
        key=values["id"],
        title=values["title"],
        state=values["state"],
        due=(values["due_on"] or "", values["due_precision"]),
        done_on=values["done_on"] or "",
        project=values["project"] or "",
    )


def _compare(line: Line, before: Line | None) -> None:
    line.before = before
    known = before.steps if before else {}
    if before is None:
        return
    line.reached = [
        step
        for key, step in line.steps.items()
        if step.state == MilestoneState.DONE and (key not in known or known[key].state != MilestoneState.DONE)
    ]
    line.differences = _different(
        (_("Titel"), before.title, line.title),
        (_("Phase"), before.phase_label, line.phase_label),
        (_("Verlauf"), before.course_label, line.course_label),
        (_("Zuständig"), before.lead, line.lead),
    )
    line.moved = _different(
        (_("Beginn"), before.start_text, line.start_text),
        (_("Ende"), before.end_text, line.end_text),
        *((step.title, known[key].due_text, step.due_text) for key, step in line.steps.items() if key in known),
    )
    line.money = _different(
        (_("Kosten geplant"), euros(before.planned), euros(line.planned)),
        (_("Ausgegeben"), euros(before.actual), euros(line.actual)),
        (_("Geld bewilligt"), euros(before.granted), euros(line.granted)),
    )
    line.differences += [*line.moved, *line.money]


def _different(*triples: tuple[str, str, str]) -> list[Difference]:
    return [Difference(*triple) for triple in triples if triple[1] != triple[2]]


def _counts(options: Iterable[Any], lines: list[Line], before: list[Line] | None, value: Any) -> list[Count]:
    now, then = Counter(map(value, lines)), Counter(map(value, before or []))
    return [
        Count(str(option.label), now[option.value], None if before is None else then[option.value])
        for option in options
    ]


def _sum(lines: list[Line], name: str) -> Decimal:
    return sum((getattr(line, name) for line in lines), Decimal(0))


def _date_text(day: str, precision: str) -> str:
    return period_text(dt.date.fromisoformat(day), precision) if day else ""
