"""How many have answered, by day and by way, for the team. Days, never times."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from elbe_elster.participation.models import Channel, Envelope, ResponseCount

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.models.surveys import SurveyQuerySet

MOST_DAYS = 45  # longer runs are shown by weeks
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """A day, or a week from its Monday: responses by channel in the order of ``Counts.channels``, and in the urn."""

    day: dt.date
    counts: tuple[int, ...]
    in_urn: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts) + self.in_urn


@dataclass(frozen=True)
class Counts:
    """What has come in. ``in_urn``: today's envelopes, whose way is known when the urn is emptied."""

    channels: tuple[Channel, ...]
    by_channel: tuple[int, ...]
    in_urn: int
    lines: tuple[Line, ...]
    by_weeks: bool

    @property
    def total(self) -> int:
        """Every response, those in the urn included."""
        return sum(self.by_channel) + self.in_urn

    @property
    def ways(self) -> list[tuple[Channel, int]]:
        """Every channel with its responses."""
        return list(zip(self.channels, self.by_channel, strict=True))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines for a table, the newest one first."""
        return [
            {
                "day": line.day,
                "ways": list(zip(self.channels, line.counts, strict=True)),
                "in_urn": line.in_urn,
                "total": line.total,
            }
            for line in reversed(self.lines)
        ]

    @property
    def largest(self) -> int:
        """Of the largest day or week, for the bars."""
        return max((line.total for line in self.lines), default=0)


def counts_of(survey: Survey) -> Counts:
    """The counts of one survey (two queries)."""
    counted: Counter[tuple[dt.date, str]] = Counter()
    for day, channel, count in ResponseCount.objects.filter(survey=survey).values_list("day", "channel", "count"):
        counted[day, channel] += count
    envelopes = Envelope.objects.filter(survey=survey).order_by().values("day").annotate(number=Count("key"))
    sealed = Counter({row["day"]: row["number"] for row in envelopes})
    channels = tuple(channel for channel in Channel if any(way == channel for _day, way in counted))
    days = {day for day, _way in counted} | set(sealed)
    by_weeks = bool(days) and (max(days) - min(days)).days >= MOST_DAYS
    return Counts(
        channels=channels,
        by_channel=tuple(sum(n for (_day, way), n in counted.items() if way == channel) for channel in channels),
        in_urn=sealed.total(),
        lines=_lines(counted, sealed, channels, by_weeks=by_weeks),
        by_weeks=by_weeks,
    )


def _lines(
    counted: Counter[tuple[dt.date, str]],
    sealed: Counter[dt.date],
    channels: tuple[Channel, ...],
    *,
    by_weeks: bool,
) -> tuple[Line, ...]:
    """From the first day (week) to the last, those without any included."""

    def start(day: dt.date) -> dt.date:
        return day - dt.timedelta(days=day.weekday()) if by_weeks else day

    ways: Counter[tuple[dt.date, str]] = Counter()
    waiting: Counter[dt.date] = Counter()
    for (day, way), count in counted.items():
        ways[start(day), way] += count
    for day, count in sealed.items():
        waiting[start(day)] += count
    days = {day for day, _way in ways} | set(waiting)
    step = WEEK if by_weeks else dt.timedelta(days=1)
    if not days:
        return ()
    every = (min(days) + number * step for number in range((max(days) - min(days)) // step + 1))
    return tuple(Line(day, tuple(ways[day, channel] for channel in channels), waiting[day]) for day in every)


def with_answered(surveys: SurveyQuerySet) -> SurveyQuerySet:
    """Each with ``answered``: how many responses are counted."""
    counts = ResponseCount.objects.filter(survey=OuterRef("pk")).order_by().values("survey").annotate(all=Sum("count"))
    return surveys.annotate(answered=Coalesce(Subquery(counts.values("all")), 0, output_field=IntegerField()))
