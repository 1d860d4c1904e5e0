"""The roadmap (Fahrplan): what happens in which quarter. One set of data for table, list, picture and paper.

A date known to the year stands in the quarter it cannot miss: a beginning in the first, an end or a milestone in the
last. The words say how exactly it is known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from .cells import roadmap_cells, roadmap_said
from .choosing import Chip, address_with, chosen_field, field_chips
from .lives import Cell, Life, Quarter
from .models import ActionField, Measure, Milestone, MilestoneState, Phase, Precision, last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

YEARS = range(2000, 2101)
MOST_YEARS = 4
NOT_ON_THE_ROAD = (Phase.DISCONTINUED, Phase.MERGED)


@dataclass(frozen=True)
class Line:
    """One measure over all quarters shown."""

    measure: Measure
    cells: list[Cell]

    @property
    def drawn(self) -> SafeString:
        """The cells as HTML."""
        return roadmap_cells(self.cells)

    @property
    def said(self) -> SafeString:
        """What happens in these quarters, as entries of a list; nothing if the measure only goes on."""
        return roadmap_said(self.cells)


@dataclass(frozen=True)
class FieldGroup:
    """One action field with its measures."""

    field: ActionField
    lines: list[Line]

    @cached_property
    def summaries(self) -> list[list[str]]:
        """For each quarter in words how much goes on in the field: measures, then milestones."""
        return [_summary(cells) for cells in zip(*(line.cells for line in self.lines), strict=True)]


class Choice(NamedTuple):
    """What the page shows and what else it could show."""

    first: int
    last: int
    years: list[int]
    field: ActionField | None
    chips: list[Chip]
    picture: str  # address of the picture of the same choice
    before: str
    after: str
    note: str  # what was done to the years asked for that nobody asked for


class QuarterList(NamedTuple):
    """One quarter of the list: where something happens, and how many other measures simply go on."""

    quarter: Quarter
    entries: list[Entry]
    others: int
    is_open: bool  # whether it shows without being asked: this quarter and the next


class Entry(NamedTuple):
    """One measure within a quarter, for the list on the phone."""

    measure: Measure
    cell: Cell


@dataclass(frozen=True)
class Roadmap:
    """Everything the page, the picture and the paper show."""

    quarters: list[Quarter]
    groups: list[FieldGroup]
    undated: list[Measure]
    elsewhere: list[Measure]  # those that have dates, but none in these years
    now: Quarter

    @property
    def years(self) -> list[int]:
        """The years shown."""
        return sorted({quarter.year for quarter in self.quarters})

    def only(self, chosen: ActionField | None) -> Roadmap:
        """The same for one action field; for all if none is chosen."""
        if chosen is None:
            return self
        groups = [group for group in self.groups if group.field == chosen]
        return replace(
            self,
            groups=groups,
            undated=[row for row in self.undated if row.primary_field_id == chosen.pk],
            elsewhere=[row for row in self.elsewhere if row.primary_field_id == chosen.pk],
        )

    @property
    def lines(self) -> list[Line]:
        """Every measure shown."""
        return [line for group in self.groups for line in group.lines]

    @property
    def by_quarter(self) -> list[QuarterList]:
        """The same, quarter by quarter."""
        found, soon = [], last_day(self.now.last + dt.timedelta(1), Precision.QUARTER)
        for place, quarter in enumerate(self.quarters):
            entries = [Entry(line.measure, line.cells[place]) for line in self.lines]
            busy = [entry for entry in entries if entry.cell.happenings]
            others = sum(bool(entry.cell.run) for entry in entries if not entry.cell.happenings)
            found.append(QuarterList(quarter, busy, others, self.now.first <= quarter.first <= soon))
        return found


def quarters_between(first_year: int, last_year: int) -> list[Quarter]:
    """Every quarter of the years, both included."""
    return [Quarter(year, number) for year in range(first_year, last_year + 1) for number in (1, 2, 3, 4)]


def _year(text: str) -> int | None:
    known = text.isascii() and text.isdecimal() and len(text) == len("2026")
    return int(text) if known and int(text) in YEARS else None


def years_asked(first: str, last: str, today: dt.date) -> tuple[int, int]:
    """The years to show, in their order: nonsense means this year and the next; no more than four from the first."""
    start, end = _year(first), _year(last)
    if start is None:
        start = max(end - 1, YEARS[0]) if end else today.year
    if end is None:
        end = start + 1
    start, end = sorted((start, end))
    return start, min(end, start + MOST_YEARS - 1, YEARS[-1])


def _note(first: str, last: str, shown: tuple[int, int]) -> str:
    """A sentence if the years shown are not those asked for."""
    start, end = _year(first), _year(last)
    if start is None or end is None or (start, end) == shown:
        return ""
    words = {"first": shown[0], "last": shown[1]}
    if abs(end - start) < MOST_YEARS:
        return gettext("Die Jahre standen verkehrt herum. Sie sehen %(first)s bis %(last)s.") % words
    return gettext("Der Fahrplan zeigt höchstens vier Jahre auf einmal. Sie sehen %(first)s bis %(last)s.") % words


def _summary(cells: Iterable[Cell]) -> list[str]:
    """„3 Maßnahmen“ and „1 Meilenstein“, or nothing."""
    known = list(cells)
    busy = sum(not cell.is_empty for cell in known)
    steps = sum(one.is_milestone for cell in known for one in cell.happenings)
    words = [ngettext("%(n)s Maßnahme", "%(n)s Maßnahmen", busy) % {"n": busy}] if busy else []
    words += [ngettext("%(n)s Meilenstein", "%(n)s Meilensteine", steps) % {"n": steps}] if steps else []
    return words


def roadmap(quarters: Sequence[Quarter], fields: Iterable[ActionField], today: dt.date) -> Roadmap:
    """Draw up the roadmap of all public measures that were neither discontinued nor merged (two queries).

    Every measure stands in its primary field. ``fields`` are those to show, in order.
    """
    measures = list(Measure.objects.published().exclude(phase__in=NOT_ON_THE_ROAD))
    steps: dict[int, list[Milestone]] = {}
    for row in Milestone.objects.public().exclude(state=MilestoneState.DROPPED).select_related("measure", "profile"):
        owner = row.measure_id or (row.profile and row.profile.measure_id)
        steps.setdefault(owner or 0, []).append(row)
    groups: list[FieldGroup] = []
    undated: list[Measure] = []
    elsewhere: list[Measure] = []
    for one in fields:
        lines = []
        for measure in (row for row in measures if row.primary_field_id == one.pk):
            life = Life(measure, steps.get(measure.pk, []), today)
            line = Line(measure, [life.cell(quarter) for quarter in quarters])
            if not life.has_dates:
                undated.append(measure)
            elif all(cell.is_empty for cell in line.cells):
                elsewhere.append(measure)
            else:
                lines.append(line)
        if lines:
            groups.append(FieldGroup(one, lines))
    return Roadmap(list(quarters), groups, undated, elsewhere, Quarter(today.year, (today.month + 2) // 3))


def asked_roadmap(request: HttpRequest) -> tuple[Roadmap, Choice]:
    """The roadmap of the years ``von`` and ``bis`` and of the field ``feld`` of the address (three queries)."""
    today = timezone.localdate()
    asked = request.GET.get("von", ""), request.GET.get("bis", "")
    first, last = years_asked(*asked, today)
    fields = list(ActionField.objects.in_force())
    chosen = chosen_field(fields, request.GET.get("feld", ""))
    whole = roadmap(quarters_between(first, last), fields, today)
    counts = {group.field.pk: len(group.lines) for group in whole.groups}
    return whole.only(chosen), Choice(
        first=first,
        last=last,
        years=sorted({*range(today.year - 3, today.year + 6), first, last}),
        field=chosen,
        chips=field_chips(request, fields, chosen, counts),
        picture=reverse("strategy:roadmap-file") + address_with(request, von=str(first), bis=str(last)),
        before=address_with(request, von=str(first - 1), bis=str(last - 1)) if first > YEARS[0] else "",
        after=address_with(request, von=str(first + 1), bis=str(last + 1)) if last < YEARS[-1] else "",
        note=_note(*asked, (first, last)),
    )
