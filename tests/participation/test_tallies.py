"""Counts that are added up equal counts from the rows, whatever was answered."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elbe_elster.participation.actions.tallies import recount
from elbe_elster.participation.bands import band_month, date_band, number_band, number_thresholds
from elbe_elster.participation.counting import count_all, cross, tallied
from elbe_elster.participation.models import (
    Breakdown,
    BreakdownGroup,
    Channel,
    Question,
    ResponseCount,
    Survey,
    Tally,
)
from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import answer, count_now, published, question, questionnaire

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire import document

pytestmark = pytest.mark.django_db
CHOICE = st.sampled_from("abc")
SOME = st.lists(CHOICE, unique=True, max_size=3).map(tuple)
ANSWER = st.fixed_dictionaries(
    {},
    optional={
        "one": CHOICE.map(lambda code: Given(options=(code,))) | st.just(Given(missing=Missing.NO_ANSWER)),
        "many": SOME.map(lambda codes: Given(options=codes)),
        "rows": st.dictionaries(st.sampled_from("xy"), SOME).map(lambda items: Given(items=items)),
        "rank": SOME.map(lambda codes: Given(options=codes)),
        "age": st.integers(0, 120).map(lambda age: Given(number=Decimal(age))),
        "day": st.dates(dt.date(2020, 1, 1), dt.date(2027, 1, 1)).map(lambda day: Given(date=day)),
        "why": st.just(Given(text="Darum")),
    },
)


def whole() -> document.Questionnaire:
    return questionnaire(
        (
            question("one"),
            question("many", Kind.MULTIPLE),
            question("rows", Kind.MATRIX_MULTIPLE),
            question("rank", Kind.RANKING),
            question("age", Kind.NUMBER, least=Decimal(0), most=Decimal(120)),
            question("day", Kind.DATE),
            question("why", Kind.LONG_TEXT),
        )
    )


def split(survey: Survey, code: str, *groups: dict[str, Any]) -> Breakdown:
    breakdown = Breakdown.objects.create(survey=survey, question=Question.objects.get(survey=survey, code=code))
    for number, group in enumerate(groups, start=1):
        BreakdownGroup.objects.create(breakdown=breakdown, number=number, label=f"Gruppe {number}", **group)
    return breakdown


def tallies() -> list[tuple[Any, ...]]:
    names = ("question__code", "item", "option", "state", "channel", "breakdown", "group", "count", "total")
    return sorted(Tally.objects.values_list(*names), key=repr)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(ANSWER, st.sampled_from(Channel)), max_size=6), max_size=3))
def test_adding_up_equals_counting_anew(loads: list[list[tuple[dict[str, Given], Channel]]]) -> None:
    Tally.objects.all().delete()
    ResponseCount.objects.all().delete()
    survey = published(whole())
    split(survey, "one", {"options": [1]}, {"options": [2, 3]})
    split(survey, "age", {"least": 0, "most": 17}, {"least": 18, "most": 64}, {"least": 65})
    for load in loads:
        for draft, channel in load:
            answer(survey, draft, channel=channel)
        count_now(survey)
    added, days = tallies(), sorted(ResponseCount.objects.values_list("channel", "day", "count"))
    assert tallied(survey) == count_all(survey)
    recount(survey)
    assert tallies() == added
    assert sorted(ResponseCount.objects.values_list("channel", "day", "count")) == days
    assert sum(count for _channel, _day, count in days) == sum(map(len, loads))
    everybody = Counter[object]()
    grouped: dict[object, Counter[object]] = {}
    for *cell, breakdown, _group, count, _total in added:
        target = everybody if breakdown is None else grouped.setdefault(breakdown, Counter())
        target[tuple(cell)] += count
    assert all(found == everybody for found in grouped.values())


def test_groups_channels_and_bands_are_counted() -> None:
    survey = published(
        questionnaire((question("one"), question("age", Kind.NUMBER, least=Decimal(16), most=Decimal(99))))
    )
    breakdown = split(survey, "one", {"options": [1, 2]})
    answer(survey, {"one": Given(options=("a",)), "age": Given(number=Decimal(16))})
    answer(survey, {"one": Given(options=("b",)), "age": Given(number=Decimal(99))}, channel=Channel.PAPER)
    answer(survey, {"one": Given(options=("c",))})
    answer(survey, {"one": Given(missing=Missing.NO_ANSWER), "age": Given(number=Decimal(20))})
    count_now(survey)
    age = Tally.objects.filter(question__code="age").order_by("breakdown_id", "group", "option")
    assert [
        (row.breakdown_id, row.group, row.channel, row.state, row.option, row.count, int(row.total)) for row in age
    ] == [
        (breakdown.pk, 0, "online", 2, 0, 1, 0),
        (breakdown.pk, 0, "online", 0, 3, 1, 20),
        (breakdown.pk, 1, "online", 0, 2, 1, 16),
        (breakdown.pk, 1, "paper", 0, 10, 1, 99),
        (None, 0, "online", 2, 0, 1, 0),
        (None, 0, "online", 0, 2, 1, 16),
        (None, 0, "online", 0, 3, 1, 20),
        (None, 0, "paper", 0, 10, 1, 99),
    ]


def test_a_cross_table_counts_pairs() -> None:
    survey = published(questionnaire((question("one"), question("many", Kind.MULTIPLE))))
    for chosen, several in [("a", ("a", "b")), ("a", ("b",)), ("c", ())]:
        answer(survey, {"one": Given(options=(chosen,)), "many": Given(options=several)})
    count_now(survey)
    one, many = (Question.objects.get(survey=survey, code=code).pk for code in ("one", "many"))
    assert [tuple(row) for row in cross(survey, many, one)] == [
        (0, 1, 0, 1, 0, 1),
        (0, 1, 0, 2, 0, 1),
        (0, 1, 0, 2, 1, 1),
        (0, 3, 0, 0, 2, 1),
    ]


@pytest.mark.parametrize(
    ("least", "most", "places", "expected"),
    [
        ("1", "5", 0, ["1", "2", "3", "4", "5"]),
        ("16", "99", 0, ["10", "20", "30", "40", "50", "60", "70", "80", "90"]),
        ("-5", "5", 0, ["-6", "-4", "-2", "0", "2", "4"]),
        ("0", "1", 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ],
)
def test_bands_begin_at_round_numbers(least: str, most: str, places: int, expected: list[str]) -> None:
    asked = question("n", Kind.NUMBER, least=Decimal(least), most=Decimal(most), places=places)
    assert number_thresholds(asked) == [Decimal(value) for value in expected]


def test_bands_hold_what_is_in_them() -> None:
    edges = [Decimal(0), Decimal(10)]
    assert [number_band(Decimal(value), edges) for value in (-1, 0, 9, 10, 99)] == [1, 2, 2, 3, 3]
    assert band_month(date_band(dt.date(2026, 12, 31))) == dt.date(2026, 12, 1)
