"""Dates in words, as exactly as they are known: „März 2026“, „3. Quartal 2026“, „2025 bis 2027“."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, gettext

from .models import Precision

if TYPE_CHECKING:
    import datetime as dt

    from .models import PlannedRecord

DAY_FORMATS = {"en": "j F Y"}  # 12 June 2025; the slashes of other English countries can be misread
DAY_FORMAT = "d.m.Y"


def period_text(date: dt.date | None, precision: str = Precision.DAY) -> str:
    """The day, month, quarter or year a date stands for, in the current language; empty for no date."""
    return "" if date is None else _period_text(date, precision, get_language() or "de")


@lru_cache(maxsize=4096)
def _period_text(date: dt.date, precision: str, language: str) -> str:
    """Kept, because long lists show the same months again and again."""
    if precision == Precision.YEAR:
        return str(date.year)
    if precision == Precision.QUARTER:
        return gettext("%(quarter)s. Quartal %(year)s") % {"quarter": (date.month + 2) // 3, "year": date.year}
    if precision == Precision.MONTH:
        return formatted(date, "F Y")
    return formatted(date, DAY_FORMATS.get(language, DAY_FORMAT))


def span_text(record: PlannedRecord, today: dt.date | None = None) -> str:
    """When a measure or profile is planned to run: „2025 bis 2027“, „ab März 2026“, „seit 2024, auf Dauer“, or empty."""
    start = period_text(record.starts_on, record.starts_precision)
    end = period_text(record.ends_on, record.ends_precision)
    words = {"start": start, "end": end}
    if record.permanent:
        return _permanent_text(record, start, today or timezone.localdate())
    if start and end:
        return start if start == end else gettext("%(start)s bis %(end)s") % words
    if start:
        return gettext("ab %(start)s") % words
    return gettext("bis %(end)s") % words if end else ""


def _permanent_text(record: PlannedRecord, start: str, today: dt.date) -> str:
    if record.starts_on is None:
        return gettext("auf Dauer")
    if record.starts_on <= today:
        return gettext("seit %(start)s, auf Dauer") % {"start": start}
    return gettext("ab %(start)s, auf Dauer") % {"start": start}


def within(date: dt.date | None, precision: str = Precision.DAY) -> str:
    """The same within a sentence: „im März 2026“, „im 3. Quartal 2026“, „im Jahr 2026“, „am 12.06.2025“."""
    if date is None:
        return ""
    sentences = {
        Precision.DAY: gettext("am %(period)s"),
        Precision.MONTH: gettext("im %(period)s"),
        Precision.QUARTER: gettext("im %(period)s"),
        Precision.YEAR: gettext("im Jahr %(period)s"),
    }
    return sentences[Precision(precision)] % {"period": period_text(date, precision)}
