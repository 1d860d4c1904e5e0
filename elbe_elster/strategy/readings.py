"""Indicators as tables that are their own charts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext

from elbe_elster.ui import drawings

from .amounts import number
from .models import Precision
from .periods import period_text, within

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

SHOWN_COLUMNS = 6  # in the head of the page


class Line(NamedTuple):
    """A value with its day and its bar; ``look`` says what it is: reading, start or aim."""

    when: str
    number: str
    bar: SafeString
    look: str = ""


class Column(NamedTuple):
    """A value in the head of the page."""

    when: str
    number: str


@dataclass(frozen=True)
class IndicatorTable:
    """An indicator with everything that was read, ready to be shown."""

    name: str
    unit: str
    source: str
    headline: bool
    lines: list[Line]
    columns: list[Column]
    drawing: SafeString
    latest: str
    sentence: str
    before: str
    fits_head: bool


def indicator_table(row: dict[str, Any]) -> IndicatorTable:
    """An indicator as ``dossier.py`` reads it: its start, its readings in order, and what is to be reached."""
    readings = [
        (dt.date.fromisoformat(one["date"]), one["precision"], Decimal(one["value"])) for one in row["readings"]
    ]
    latest = readings[-1] if readings else None
    shown = readings[-SHOWN_COLUMNS:]
    return IndicatorTable(
        name=row["name"],
        unit=row["unit"],
        source=row["source"],
        headline=row["headline"],
        lines=_lines(row, readings),
        columns=[Column(_short(date, precision, shown), number(value)) for date, precision, value in shown],
        drawing=drawings.columns([float(value) for _date, _precision, value in shown]),
        latest=number(latest[2]) if latest else "",
        sentence=f"{row['unit']} {within(latest[0], latest[1])}" if latest else "",
        before=_before(row, readings),
        fits_head=len(readings) <= SHOWN_COLUMNS and row["target"] is None and row["baseline"] is None,
    )


def _lines(row: dict[str, Any], readings: list[tuple[dt.date, str, Decimal]]) -> list[Line]:
    start = Decimal(row["baseline"]) if row["baseline"] is not None else None
    aim = Decimal(row["target"]) if row["target"] is not None else None
    values = [
        *(value for _date, _precision, value in readings),
        *(value for value in (start, aim) if value is not None),
    ]
    largest = float(max(values, default=0))
    lines = []
    if start is not None:
        when = period_text(_day(row["baseline_on"]), Precision.MONTH)
        label = gettext("Am Anfang, %(when)s") % {"when": when} if when else gettext("Am Anfang")
        lines.append(Line(label, number(start), drawings.bar(float(start), largest), "start"))
    for date, precision, value in readings:
        lines.append(Line(period_text(date, precision), number(value), drawings.bar(float(value), largest)))
    if aim is not None:
        when = period_text(_day(row["target_on"]), Precision.MONTH)
        label = gettext("Ziel bis %(when)s") % {"when": when} if when else gettext("Ziel")
        lines.append(Line(label, number(aim), drawings.bar(float(aim), largest), "aim"))
    return lines


def _before(row: dict[str, Any], readings: list[tuple[dt.date, str, Decimal]]) -> str:
    """„Im Mai 2026: 412.“ – what the latest value is to be compared with, or empty."""
    if len(readings) > 1:
        date, precision, value = readings[-SHOWN_COLUMNS:][0]
        return gettext("%(when)s: %(number)s") % {"when": period_text(date, precision), "number": number(value)}
    if row["baseline"] is not None:
        return gettext("Am Anfang: %(number)s") % {"number": number(Decimal(row["baseline"]))}
    return ""


def _short(date: dt.date, precision: str, shown: list[tuple[dt.date, str, Decimal]]) -> str:
    """The period as short as the others allow: without the year where all lie in one."""
    if precision != Precision.MONTH:
        return period_text(date, precision)
    one_year = len({other[0].year for other in shown}) == 1
    return formatted(date, "N" if one_year else "N y")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
