"""Dates in words."""

import datetime as dt

import pytest
from django.template import engines
from django.utils import translation

from elbe_elster.strategy.models import Measure, Precision
from elbe_elster.strategy.periods import period_text, span_text

DAY = dt.date(2026, 8, 4)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ["04.08.2026", "August 2026", "3. Quartal 2026", "2026"]),
        ("de-simple", ["04.08.2026", "August 2026", "3. Quartal 2026", "2026"]),
        ("en", ["4 August 2026", "August 2026"]),
    ],
)
def test_period_is_as_exact_as_it_is_known(language: str, texts: list[str]) -> None:
    with translation.override(language):
        assert [period_text(DAY, precision) for precision in list(Precision)[: len(texts)]] == texts


def test_months_are_in_the_language_of_the_page() -> None:
    found = []
    for language in ("de", "de-simple", "en"):
        with translation.override(language):
            found.append(period_text(dt.date(2026, 3, 31), Precision.MONTH))
    assert found == ["März 2026", "März 2026", "March 2026"]


def test_quarters_begin_in_january_april_july_and_october() -> None:
    days = [dt.date(2026, month, 1) for month in range(1, 13)]
    assert [period_text(day, Precision.QUARTER)[0] for day in days] == list("111222333444")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, ""),
        ({"starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2027, 12, 31)}, "2025 bis 2027"),
        ({"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}, "2026"),
        ({"starts_on": dt.date(2026, 3, 1), "starts_precision": "month"}, "ab März 2026"),
        ({"ends_on": dt.date(2027, 3, 31), "ends_precision": "quarter"}, "bis 1. Quartal 2027"),
        ({"starts_on": dt.date(2024, 1, 1), "permanent": True}, "seit 2024, auf Dauer"),
        ({"starts_on": dt.date(2027, 1, 1), "permanent": True}, "ab 2027, auf Dauer"),
        ({"permanent": True}, "auf Dauer"),
    ],
)
def test_span(fields: dict[str, object], text: str) -> None:
    values = {"starts_precision": Precision.YEAR, "ends_precision": Precision.YEAR, **fields}
    with translation.override("de"):
        assert span_text(Measure(**values), today=DAY) == text


def test_filters() -> None:
    template = engines["django"].from_string(
        "{% load strategy %}{{ day|period:'month' }}|{{ day|period }}|{{ none|period:'year' }}|{{ measure|span }}"
    )
    measure = Measure(starts_on=DAY, starts_precision=Precision.MONTH)
    with translation.override("de"):
        shown = template.render({"day": DAY, "none": None, "measure": measure})
    assert shown == "August 2026|04.08.2026||ab August 2026"
