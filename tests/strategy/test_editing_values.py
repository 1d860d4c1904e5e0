"""Dates and numbers are read as people type them, and written so that they are read again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from elbe_elster.strategy.drafting.fields import read_number, write_number
from elbe_elster.strategy.drafting.periods import read_period, write_period
from elbe_elster.strategy.models import Precision


@pytest.mark.parametrize(
    ("text", "date", "precision", "again"),
    [
        ("12.6.2026", dt.date(2026, 6, 12), Precision.DAY, "12.06.2026"),
        ("2026-06-12", dt.date(2026, 6, 12), Precision.DAY, "12.06.2026"),
        ("03/2026", dt.date(2026, 3, 1), Precision.MONTH, "03/2026"),
        ("3/2026", dt.date(2026, 3, 1), Precision.MONTH, "03/2026"),
        (" März  2026", dt.date(2026, 3, 1), Precision.MONTH, "03/2026"),
        ("Okt. 2026", dt.date(2026, 10, 1), Precision.MONTH, "10/2026"),
        ("3. Quartal 2026", dt.date(2026, 7, 1), Precision.QUARTER, "3. Quartal 2026"),
        ("Q4/2026", dt.date(2026, 10, 1), Precision.QUARTER, "4. Quartal 2026"),
        ("IV/2026", dt.date(2026, 10, 1), Precision.QUARTER, "4. Quartal 2026"),
        ("2027", dt.date(2027, 1, 1), Precision.YEAR, "2027"),
    ],
)
def test_periods_are_read_as_people_write_them(text: str, date: dt.date, precision: str, again: str) -> None:
    period = read_period(text)
    assert period == (date, precision)
    assert write_period(date, precision) == again
    assert read_period(again) == period


@pytest.mark.parametrize("text", ["bald", "13/2026", "31.02.2026", "5. Quartal 2026", "26", "Ju 2026", "2026/2027", ""])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250.000,50 €", Decimal("1250000.50")),
        ("1.250", Decimal(1250)),
        ("12.5", Decimal("12.5")),
        ("1 250 Euro", Decimal(1250)),
        ("-3,5", Decimal("-3.5")),
        ("viel", None),
        ("1e5", None),
        ("NaN", None),
    ],
)
def test_numbers_are_read_in_german_and_english(text: str, number: Decimal | None) -> None:
    assert read_number(text) == number
    if number is not None:
        assert read_number(write_number(number)) == number
