"""What the rows of a result are: options, or bands of numbers and dates. Labels in every language of the portal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from elbe_elster.participation.bands import band_month
from elbe_elster.participation.questionnaire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from elbe_elster.participation.questionnaire.document import Question

    from .counted import Counted

MOST_MONTHS = 24  # above that dates are counted by year
LANGUAGES = settings.MODELTRANSLATION_LANGUAGES


@dataclass(frozen=True)
class Row:
    """A row: the numbers of the options or bands that are counted in it."""

    numbers: tuple[int, ...]
    label: Mapping[str, str]


def in_every_language(text: Callable[[], str]) -> dict[str, str]:
    """A text of the interface, as it reads in each language."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = str(text())
    return found


def rows_of(question: Question, counted: Counted, edges: Sequence[Decimal]) -> list[Row]:
    """The rows of a question, also those nobody chose."""
    if question.kind is Kind.NUMBER:
        return _number_rows(question, edges)
    if question.kind is Kind.DATE:
        return _date_rows(counted)
    used = {option for (_split, _group, option), count in counted.chosen.items() if count}
    options = [option for option in question.options if not option.retired or option.number in used]
    return [Row((option.number,), dict(option.label)) for option in options]


def _number_rows(question: Question, edges: Sequence[Decimal]) -> list[Row]:
    bands = [(None, edges[0]), *pairwise(edges), (edges[-1], None)] if edges else [(None, None)]
    rows = []
    for number, (low, high) in enumerate(bands, start=1):
        if high is not None and question.least is not None and high <= question.least:
            continue
        if low is not None and question.most is not None and low > question.most:
            continue
        rows.append(Row((number,), in_every_language(lambda low=low, high=high: _span(question, low, high))))  # type: ignore[misc]
    return rows


def _span(question: Question, low: Decimal | None, high: Decimal | None) -> str:
    """Whole numbers read "10 bis 19", others "10 bis unter 20"."""
    places = question.places
    if low is None:
        return _("unter %(number)s") % {"number": _written(high, places)} if high is not None else _("alle Zahlen")
    last = question.most if high is None or (question.most is not None and high > question.most) else None
    if places == 0:
        end = last if last is not None else high - 1 if high is not None else None
        if end is None:
            return _("%(number)s und mehr") % {"number": _written(low, 0)}
        begin = max(low, question.least) if question.least is not None else low
        if begin == end:
            return _written(end, 0)
        return _("%(low)s bis %(high)s") % {"low": _written(begin, 0), "high": _written(end, 0)}
    if high is None:
        return _("%(number)s und mehr") % {"number": _written(low, places)}
    return _("%(low)s bis unter %(high)s") % {"low": _written(low, places), "high": _written(high, places)}


def _written(number: Decimal | None, places: int) -> str:
    return formats.number_format(number or 0, decimal_pos=places, use_l10n=True, force_grouping=True)


def _date_rows(counted: Counted) -> list[Row]:
    bands = sorted({option for (_split, _group, option), count in counted.chosen.items() if count})
    if not bands:
        return []
    months = range(bands[0], bands[-1] + 1)
    if len(months) <= MOST_MONTHS:
        return [
            Row((band,), in_every_language(lambda band=band: formats.date_format(band_month(band), "F Y")))  # type: ignore[misc]
            for band in months
        ]
    years = range(bands[0] // 12, bands[-1] // 12 + 1)
    return [Row(tuple(range(year * 12, year * 12 + 12)), dict.fromkeys(LANGUAGES, str(year))) for year in years]
