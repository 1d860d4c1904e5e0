"""What /stand/ says beside the count of measures: milestones that matter now, freshness, money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from .models import ENDED_PHASES, FundingState, Milestone, MilestoneState, Precision, last_day
from .money import public_costs, public_funding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise

    from .figures import Fact
    from .models import Measure

OPEN_STATES = (MilestoneState.OPEN, MilestoneState.UNDER_WAY)
LOOK_BACK = dt.timedelta(days=365)
SHOWN = 10  # of the milestones reached; all of them stand in the measures' Chronik
FRESHNESS = (  # days since the last review, and in words
    (91, _("in den letzten drei Monaten")),
    (183, _("vor drei bis sechs Monaten")),
    (365, _("vor sechs bis zwölf Monaten")),
)


@dataclass(frozen=True)
class MilestoneNews:
    """Milestones that matter now; each knows its measure (``measure_of``)."""

    overdue: list[Milestone]
    due: list[Milestone]
    reached: list[Milestone]

    @property
    def latest(self) -> list[Milestone]:
        """The last few of those reached."""
        return self.reached[:SHOWN]

    @property
    def reached_late(self) -> int:
        """How many of those reached came later than promised."""
        return sum(row.came_late for row in self.reached)


class Bar(NamedTuple):
    """One line of a chart: what, how much, and where the list of it is (or "")."""

    label: str | Promise
    number: int
    url: str = ""


class YearSum(NamedTuple):
    """What was planned for one year and what was spent in it (whole euros)."""

    year: int
    planned: int
    actual: int | None


@dataclass(frozen=True)
class MoneySums:
    """All the money of what is public (whole euros)."""

    years: list[YearSum]
    states: list[Bar]

    @property
    def planned(self) -> int:
        """Planned in all years."""
        return sum(row.planned for row in self.years)

    @property
    def granted(self) -> int:
        """Certain so far."""
        return sum(row.number for row in self.states if row.label == FundingState.GRANTED.label)

    @property
    def largest(self) -> int:
        """The largest sum of a year, for the bars."""
        return max((max(row.planned, row.actual or 0) for row in self.years), default=0)


def measure_of(milestone: Milestone) -> Measure:
    """The measure a milestone belongs to, its own or that of its profile. Both must be at hand."""
    owner = milestone.measure or (milestone.profile and milestone.profile.measure)
    assert owner  # noqa: S101 - the database refuses a milestone of nothing
    return owner


def milestone_news(today: dt.date) -> MilestoneNews:
    """Overdue, due until the end of this quarter, and reached in the last twelve months (one query).

    What was due this quarter and is overdue by now stands with the overdue ones.
    """
    quarter_ends = last_day(today, Precision.QUARTER)
    open_now = Q(state__in=OPEN_STATES, due_on__lte=quarter_ends)
    reached = Q(state=MilestoneState.DONE, done_on__gt=today - LOOK_BACK, done_on__lte=today)
    rows = Milestone.objects.public().filter(open_now | reached).select_related("measure", "profile__measure")
    known = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk"))
    waiting = [row for row in known if row.state in OPEN_STATES]
    done = [row for row in known if row.state == MilestoneState.DONE]
    return MilestoneNews(
        overdue=[row for row in waiting if row.is_overdue(today)],
        due=[row for row in waiting if not row.is_overdue(today)],
        reached=sorted(done, key=lambda row: (row.done_on or today, row.pk), reverse=True),
    )


def freshness(known: Iterable[Fact], today: dt.date) -> list[Bar]:
    """How long ago somebody last checked the measures that have not ended, in plain words."""
    reviews = [fact.reviewed_on for fact in known if fact.phase not in ENDED_PHASES]
    ages = [max((today - day).days, 0) for day in reviews if day]
    bars, before = [], -1
    for days, words in FRESHNESS:
        bars.append(Bar(words, sum(before < age <= days for age in ages)))
        before = days
    bars.append(Bar(_("vor mehr als einem Jahr"), sum(age > before for age in ages)))
    bars.append(Bar(_("noch nie"), reviews.count(None)))
    return bars


def money_sums() -> MoneySums:
    """Planned and spent by year, funding by how sure it is (two queries)."""
    years = public_costs().order_by("year").values_list("year").annotate(Sum("planned"), Sum("actual"))
    amounts = dict(public_funding().order_by().values_list("state").annotate(Sum("amount")))
    return MoneySums(
        years=[YearSum(year, round(planned), actual and round(actual)) for year, planned, actual in years],
        states=[Bar(state.label, round(amounts[state])) for state in FundingState if state in amounts],
    )
