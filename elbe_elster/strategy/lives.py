"""What happens to one measure in which quarter, in words: begins, runs, ends, reaches a milestone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import MilestoneState, Phase, Precision, last_day
from .periods import period_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

    from .models import Measure, Milestone

MILESTONES = ("reached", "due", "overdue")
BEGUN = (Phase.IN_PROGRESS, Phase.DONE)


class Quarter(NamedTuple):
    """Three months; ``number`` from 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return last_day(self.first, Precision.QUARTER)

    @property
    def label(self) -> str:
        """„3. Quartal 2026“."""
        return period_text(self.first, Precision.QUARTER)


class Happening(NamedTuple):
    """One thing in one quarter: an icon's look for the eye and words for everybody."""

    kind: str  # begin, missed, end, done, or one of MILESTONES
    words: str
    short: str | Promise  # one word for the narrow column of the quarter

    @property
    def is_milestone(self) -> bool:
        """Whether this is a milestone, be it reached or not."""
        return self.kind in MILESTONES


@dataclass
class Cell:
    """One measure in one quarter. ``run`` says what goes on besides: "" for nothing."""

    quarter: Quarter
    run: str = ""
    happenings: list[Happening] = field(default_factory=list)

    @property
    def run_words(self) -> str | Promise:
        """What goes on, in one word."""
        return RUN_WORDS[self.run]

    @property
    def is_empty(self) -> bool:
        """Whether nothing goes on and nothing happens."""
        return not self.run and not self.happenings


RUN_WORDS: dict[str, str | Promise] = {
    "": "",
    "ran": _("lief"),
    "runs": _("läuft"),
    "goes_on": _("läuft weiter"),
    "planned": _("geplant"),
    "late": _("länger als geplant"),
}
SHORT: dict[str, str | Promise] = {
    "begin": _("Beginn"),
    "end": _("Ende"),
    "done": _("fertig"),
    "missed_begin": _("Beginn war geplant"),
    "missed_end": _("Ende war geplant"),
    "reached": _("Meilenstein erreicht"),
    "due": _("Meilenstein noch offen"),
    "overdue": _("Meilenstein überfällig"),
}


class Life:
    """The dates of one measure, as of a day. ``milestones``: hers and those of its public profiles."""

    def __init__(self, measure: Measure, milestones: Sequence[Milestone], today: dt.date) -> None:
        self.measure = measure
        self.milestones = [row for row in milestones if row.done_on or row.due_on]
        self.today = today
        self.begun = measure.phase in BEGUN

    @cached_property
    def has_dates(self) -> bool:
        """Whether there is anything to place in a quarter."""
        measure = self.measure
        dates = (measure.starts_on, measure.ends_on, measure.started_on, measure.done_on)
        return any(dates) or bool(self.milestones)

    @cached_property
    def start(self) -> dt.date | None:
        """When it began or is to begin. In progress since nobody knows when: with its first step, today at the latest."""
        known = self.measure.started_on or self.measure.starts_on
        if known or not self.begun or not self.has_dates:
            return known
        return min([*self._step_dates, self.measure.done_on or self.today, self.today])

    @cached_property
    def end(self) -> dt.date | None:
        """Until when it is drawn. What has begun and is not done goes on until today at least; permanent: for ever."""
        measure = self.measure
        if measure.done_on:
            return measure.done_on
        if measure.permanent and self.start:
            return dt.date.max
        last = max([day for day in (measure.ends_on, self.start, *self._step_dates) if day], default=None)
        return max(last, self.today) if last and self.begun else last

    @cached_property
    def _step_dates(self) -> list[dt.date]:
        return [day for row in self.milestones if (day := row.done_on or row.due_on)]

    def cell(self, quarter: Quarter) -> Cell:
        """What goes on and what happens in a quarter."""
        happenings = [happening for day, happening in self._happenings if quarter.first <= day <= quarter.last]
        return Cell(quarter, self._run(quarter), happenings)

    def _run(self, quarter: Quarter) -> str:
        if not self.start or not self.end or quarter.last < self.start or quarter.first > self.end:
            return ""
        if not self.begun:
            return "planned" if quarter.last >= self.today else ""
        overrun = self.measure.ends_on and quarter.first > self.measure.ends_on and not self.measure.permanent
        if quarter.last < self.today or self.measure.done_on:
            return "late" if overrun else "ran"
        if quarter.first <= self.today:
            return "late" if overrun else "runs"
        return "goes_on"

    @cached_property
    def _happenings(self) -> list[tuple[dt.date, Happening]]:
        """Everything that has a day, in order."""
        steps = [(row.done_on or row.due_on or self.today, self._step(row)) for row in self.milestones]
        found = [*self._beginning(), *steps, *self._ending()]
        return sorted(found, key=lambda pair: pair[0])

    def _beginning(self) -> list[tuple[dt.date, Happening]]:
        measure = self.measure
        if measure.started_on:
            return [(measure.started_on, _on_the_day("begin", gettext("Beginn: %(when)s"), measure.started_on))]
        if not measure.starts_on:
            return []
        missed = not self.begun and last_day(measure.starts_on, measure.starts_precision) < self.today
        text = gettext("Beginn war geplant: %(when)s") if missed else gettext("Beginn: %(when)s")
        words = text % {"when": period_text(measure.starts_on, measure.starts_precision)}
        kind, short = ("missed", SHORT["missed_begin"]) if missed else ("begin", SHORT["begin"])
        return [(measure.starts_on, Happening(kind, words, short))]

    def _ending(self) -> list[tuple[dt.date, Happening]]:
        measure = self.measure
        if measure.done_on:
            return [(measure.done_on, _on_the_day("done", gettext("Fertig: %(when)s"), measure.done_on))]
        if not measure.ends_on:
            return []
        missed = measure.ends_on < self.today
        text = gettext("Ende war geplant: %(when)s") if missed else gettext("Ende: %(when)s")
        words = text % {"when": period_text(measure.ends_on, measure.ends_precision)}
        kind, short = ("missed", SHORT["missed_end"]) if missed else ("end", SHORT["end"])
        return [(measure.ends_on, Happening(kind, words, short))]

    def _step(self, row: Milestone) -> Happening:
        if row.state == MilestoneState.DONE and row.done_on:
            kind, text, when = "reached", gettext("Erreicht am %(when)s: %(title)s"), period_text(row.done_on)
        elif row.is_overdue(self.today):
            kind, text = "overdue", gettext("Überfällig seit %(when)s: %(title)s")
            when = period_text(row.due_on, row.due_precision)
        else:
            kind, text = "due", gettext("Fällig bis %(when)s: %(title)s")
            when = period_text(row.due_on, row.due_precision)
        return Happening(kind, text % {"title": row.title, "when": when}, SHORT[kind])


def _on_the_day(kind: str, text: str, day: dt.date) -> Happening:
    return Happening(kind, text % {"when": period_text(day)}, SHORT[kind])
