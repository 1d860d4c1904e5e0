"""Population figures side by side.

One column for each official count, newest first, and how far the second is from the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from elbe_elster.region.models import Population, PopulationSeries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.region.models import Administration, Municipality


@dataclass(frozen=True)
class Row:
    """One municipality or administration: persons after each count, newest first; None where nobody counted."""

    name: str
    columns: list[tuple[int | None, PopulationSeries]]
    of: Municipality | Administration | None = None

    @property
    def counts(self) -> list[int | None]:
        """The persons alone."""
        return [count for count, _series in self.columns]

    @property
    def difference(self) -> int | None:
        """The second count less the first (persons)."""
        if len(self.counts) < 2 or self.counts[0] is None or self.counts[1] is None:  # noqa: PLR2004
            return None
        return self.counts[1] - self.counts[0]

    @property
    def percent(self) -> float | None:
        """The difference in percent of the first count."""
        if self.difference is None or not self.counts[0]:
            return None
        return 100 * self.difference / self.counts[0]


@dataclass(frozen=True)
class Figures:
    """A table of population figures with its total."""

    series: list[PopulationSeries]
    rows: list[Row]
    total: Row

    @property
    def has_difference(self) -> bool:
        """Whether there are two counts to compare."""
        return len(self.series) > 1

    @property
    def bars(self) -> list[tuple[Row, list[tuple[int, PopulationSeries]]]]:
        """Each row with the length of its bars, in percent of the longest."""
        longest = max((count or 0 for row in self.rows for count in row.counts), default=0) or 1
        return [
            (
                row,
                [
                    (round(100 * (count or 0) / longest), one)
                    for count, one in zip(row.counts, self.series, strict=True)
                ],
            )
            for row in self.rows
        ]

    @property
    def largest(self) -> Row | None:
        """The row whose first two counts differ most, in percent."""
        return max(self.rows, key=lambda row: abs(row.percent or 0), default=None)


def figures_by_municipality(municipalities: Iterable[Municipality]) -> Figures:
    """One row for each municipality (two queries)."""
    members = list(municipalities)
    return _figures([(member, str(member), {member.pk}) for member in members])


def figures_by_administration(municipalities: Iterable[Municipality]) -> Figures:
    """One row for each administration, in German order (two queries). Administrations must be at hand."""
    members: dict[Administration, set[int]] = {}
    for municipality in municipalities:
        members.setdefault(municipality.administration, set()).add(municipality.pk)
    ordered = sorted(members.items(), key=lambda item: item[0].sort_key)
    return _figures([(administration, str(administration), keys) for administration, keys in ordered])


def _figures(groups: list[tuple[Municipality | Administration, str, set[int]]]) -> Figures:
    series = list(PopulationSeries.objects.all())
    counts = {
        (row.series_id, row.municipality_id): row.count
        for row in Population.objects.filter(municipality__in=set().union(*(keys for _of, _name, keys in groups)))
    }

    def summed(keys: set[int]) -> list[tuple[int | None, PopulationSeries]]:
        columns = [([counts.get((one.pk, key)) for key in keys], one) for one in series]
        return [(None if None in column else sum(filter(None, column)), one) for column, one in columns]

    rows = [Row(name, summed(keys), of) for of, name, keys in groups]
    every: set[int] = set().union(*(keys for _of, _name, keys in groups))
    return Figures(series, rows, Row("", summed(every)))
