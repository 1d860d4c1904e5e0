"""Limits of LimeSurvey's attributes: numbers, lengths, days, how many may be chosen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.document import MANY_OPTIONS, TEXTS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.participation.questionnaire.document import Question

    from .lss_tables import Record
    from .reports import LossReport

    Value = Callable[[Record, str], str]


def as_decimal(text: str) -> Decimal | None:
    """A number that fits, or None."""
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 10:
        return None
    return (
        number.quantize(Decimal("0.0001")).normalize() + 0 if number != number.to_integral() else Decimal(int(number))
    )


def limits(question: Question, record: Record, value: Value, report: LossReport) -> Question:
    """The question with its bounds. Bounds that are expressions or contradict each other are reported."""
    if question.kind is Kind.DATE:
        return _days(question, record, value, report)
    if question.kind in MANY_OPTIONS:
        names = ("min_answers", "max_answers")
    elif question.kind is Kind.NUMBER:
        names = _number_names(record, value)
    elif question.kind in TEXTS:
        names = ("", "maximum_chars")
    else:
        return question
    least, most = (_bound(record, name, value, report) for name in names)
    if question.kind in MANY_OPTIONS:
        most = min(most, Decimal(len(question.options))) if most is not None else None
        least = least or None
    return with_bounds(question, least, most, record["title"], report)


def _number_names(record: Record, value: Value) -> tuple[str, str]:
    if record["type"] == ":":
        return "multiflexible_min", "multiflexible_max"
    if record["type"] == "K" and value(record, "slider_layout") == "1":
        return "slider_min", "slider_max"
    return "min_num_value_n", "max_num_value_n"


def _bound(record: Record, name: str, value: Value, report: LossReport) -> Decimal | None:
    text = value(record, name) if name else ""
    if not text:
        return None
    number = as_decimal(text)
    if number is None:
        report.drop(record["title"], "Grenze", f"{name} = „{text[:80]}“ ist keine feste Zahl.")
    return number


def with_bounds(
    question: Question, least: Decimal | None, most: Decimal | None, source: str, report: LossReport
) -> Question:
    """The question between two bounds; contradictory ones are left out and reported."""
    if least is not None and most is not None and least > most:
        report.drop(source, "Grenzen", f"Die untere Grenze {least} liegt über der oberen {most}.")
        return question
    return replace(question, least=least, most=most)


def _days(question: Question, record: Record, value: Value, report: LossReport) -> Question:
    found = {}
    for name, field in (("date_min", "earliest"), ("date_max", "latest")):
        text = value(record, name)
        if not text or text == "0":
            continue
        day = as_day(text, first=field == "earliest")
        if day is None:
            report.drop(record["title"], "Grenze", f"{name} = „{text[:80]}“ ist kein fester Tag.")
        else:
            found[field] = day.isoformat()
    if any(sign in value(record, "date_format") for sign in "HM:") and "H" in value(record, "date_format"):
        report.change(record["title"], "Datum", "Nur der Tag, ohne Uhrzeit.")
    if len(found) == 2 and found["earliest"] > found["latest"]:  # noqa: PLR2004 - both
        report.drop(record["title"], "Grenzen", "Der früheste Tag liegt nach dem spätesten.")
        return question
    return replace(question, earliest=found.get("earliest", ""), latest=found.get("latest", ""))


def as_day(text: str, *, first: bool) -> dt.date | None:
    """A day as ``2026-03-01``; a year alone is its first or last day."""
    text = text.strip()
    if len(text) == 4 and text.isascii() and text.isdecimal():  # noqa: PLR2004 - a year
        text = f"{text}-01-01" if first else f"{text}-12-31"
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
