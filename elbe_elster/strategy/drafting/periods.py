"""Reads a day, month, quarter or year as people type it, and writes it the same way in every language."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from elbe_elster.strategy.models import Precision

MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november"),
    "dezember",
)
ENGLISH = {"january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10, "december": 12}
NAMES = {name: number for number, name in enumerate(MONTHS, start=1)} | ENGLISH
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
YEAR = r"(?P<year>(?:19|20|21)\d\d)"
DAY = re.compile(rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{YEAR}")
ISO_DAY = re.compile(rf"{YEAR}-(?P<month>\d\d)-(?P<day>\d\d)")
MONTH = re.compile(rf"(?P<month>\d{{1,2}})\s?[/.]\s?{YEAR}")
ISO_MONTH = re.compile(rf"{YEAR}-(?P<month>\d\d)")
NAMED_MONTH = re.compile(rf"(?P<name>[a-zä]{{3,9}})\.?\s+{YEAR}")
QUARTER = re.compile(rf"(?P<quarter>iv|i{{1,3}}|[1-4])\.?\s?(?:quartal|quarter|q|/)\s?{YEAR}")
LETTER_QUARTER = re.compile(rf"q\s?(?P<quarter>[1-4])\s?/?\s?{YEAR}")
ONLY_YEAR = re.compile(YEAR)


class Period(NamedTuple):
    """A day in a period, and how exactly it is meant."""

    date: dt.date
    precision: Precision


def read_period(text: str) -> Period | None:
    """The period the text names: „12.06.2025“, „03/2026“, „März 2026“, „3. Quartal 2026“, „2027“. None: no such."""
    plain = " ".join(text.lower().split())
    try:
        return _day(plain) or _quarter(plain) or _month(plain) or _year(plain)
    except ValueError:  # the 31st of February
        return None


def write_period(date: dt.date | None, precision: str) -> str:
    """The text that ``read_period`` reads again."""
    if date is None:
        return ""
    if precision == Precision.YEAR:
        return f"{date.year}"
    if precision == Precision.QUARTER:
        return f"{(date.month + 2) // 3}. Quartal {date.year}"
    return f"{date:%m/%Y}" if precision == Precision.MONTH else f"{date:%d.%m.%Y}"


def _day(text: str) -> Period | None:
    found = DAY.fullmatch(text) or ISO_DAY.fullmatch(text)
    if not found:
        return None
    return Period(dt.date(int(found["year"]), int(found["month"]), int(found["day"])), Precision.DAY)


def _quarter(text: str) -> Period | None:
    found = QUARTER.fullmatch(text) or LETTER_QUARTER.fullmatch(text)
    if not found or ("/" in text and "q" not in text and not text.startswith("i")):  # 3/2026 is March
        return None
    return Period(dt.date(int(found["year"]), 3 * QUARTERS[found["quarter"]] - 2, 1), Precision.QUARTER)


def _month(text: str) -> Period | None:
    if found := MONTH.fullmatch(text) or ISO_MONTH.fullmatch(text):
        return Period(dt.date(int(found["year"]), int(found["month"]), 1), Precision.MONTH)
    if found := NAMED_MONTH.fullmatch(text):
        fitting = {number for name, number in NAMES.items() if name.startswith(found["name"].replace("maerz", "märz"))}
        return Period(dt.date(int(found["year"]), fitting.pop(), 1), Precision.MONTH) if len(fitting) == 1 else None
    return None


def _year(text: str) -> Period | None:
    found = ONLY_YEAR.fullmatch(text)
    return Period(dt.date(int(found["year"]), 1, 1), Precision.YEAR) if found else None
