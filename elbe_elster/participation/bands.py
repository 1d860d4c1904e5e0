"""Numbers and dates are counted in bands: where they lie is fixed before the first answer, so counts can be added up.

The number of a band stands where other questions have the number of an option. Numbers: band 1 is everything below the
first threshold, band n everything from threshold n-1 on. Dates: band is ``year * 12 + month``, month from 0.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .models import BreakdownGroup
    from .questionnaire.document import Question

MOST_BANDS = 10
STEPS = (Decimal(1), Decimal(2), Decimal(5))
OPEN_ENDED = tuple(Decimal(value) for value in (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000))


def number_thresholds(
    question: Question, groups: Sequence[BreakdownGroup] = (), cuts: Collection[Decimal] = ()
) -> list[Decimal]:
    """Where the bands of a number begin: at the groups people are split by, else at round steps between its limits.

    ``cuts`` are where conditions tell numbers apart: bands that are not groups end there, so that those who were asked
    more are whole bands.
    """
    if groups:
        return sorted({group.least for group in groups if group.least is not None})
    return sorted({*_round_thresholds(question), *cuts})


def _round_thresholds(question: Question) -> list[Decimal]:
    if question.least is None or question.most is None:
        return [value for value in OPEN_ENDED if question.least is None or value >= question.least]
    step = _round_step(question.most - question.least, Decimal(1).scaleb(-question.places))
    first = question.least // step * step
    if first > question.least:  # ``//`` cuts towards zero
        first -= step
    return [first + step * place for place in range(int((question.most - first) // step) + 1)]


def _round_step(span: Decimal, finest: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10 … times the finest unit that needs at most ten steps."""
    scale = finest
    while True:
        for step in STEPS:
            if span < step * scale * MOST_BANDS:
                return step * scale
        scale *= 10


def number_band(value: Decimal, thresholds: Sequence[Decimal]) -> int:
    """The band of a number. Equals ``width_bucket(value, thresholds) + 1`` in the database."""
    return 1 + sum(threshold <= value for threshold in thresholds)


def date_band(day: dt.date) -> int:
    """The band of a date: its month."""
    return day.year * 12 + day.month - 1


def band_month(band: int) -> dt.date:
    """The first day of the month of a band."""
    return dt.date(band // 12, band % 12 + 1, 1)
