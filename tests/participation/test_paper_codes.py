"""What a clerk types for a question: everything an answer can be, and a sentence for everything else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elbe_elster.participation.paper.codes import Typed, TypingError, as_typed, offered, read_typed
from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.document import MATRICES, Item, Kind, Option, Question
from elbe_elster.participation.questionnaire.path import only_shown
from tests.participation.answering import options, question

OPTIONS = options("a", "b", "c", "d", other="c", exclusive="d")
ROWS = (Item("x", 1, {"de": "x"}), Item("old", 2, {"de": "old"}, retired=True), Item("y", 4, {"de": "y"}), Item("z", 9, {"de": "z"}))  # fmt: skip
GAPS = (*options("a", "b"), Option("old", 3, {"de": "weg"}, retired=True), Option("e", 12, {"de": "Zwölf"}))
QUESTIONS = {
    Kind.SINGLE: question("q", Kind.SINGLE, options=(*OPTIONS, Option("e", 12, {"de": "e"})), no_answer=True),
    Kind.MULTIPLE: question("q", Kind.MULTIPLE, options=OPTIONS, most=Decimal(3)),
    Kind.YES_NO: question("q", Kind.YES_NO),
    Kind.SCALE: question("q", Kind.SCALE, no_answer=True),
    Kind.MATRIX_SINGLE: question("q", Kind.MATRIX_SINGLE, items=ROWS, options=GAPS),
    Kind.MATRIX_MULTIPLE: question("q", Kind.MATRIX_MULTIPLE, items=ROWS, options=GAPS, no_answer=True),
    Kind.RANKING: question("q", Kind.RANKING, options=OPTIONS),
    Kind.NUMBER: question("q", Kind.NUMBER, places=2, least=Decimal(-50), most=Decimal(2_000_000)),
    Kind.DATE: question("q", Kind.DATE, earliest="1900-01-01", latest="2100-12-31"),
    Kind.SHORT_TEXT: question("q", Kind.SHORT_TEXT, no_answer=True),
    Kind.LONG_TEXT: question("q", Kind.LONG_TEXT, most=Decimal(500)),
    Kind.MUNICIPALITY: question("q", Kind.MUNICIPALITY, options=GAPS),
}
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40).map(str.strip)


@st.composite
def answers(draw: st.DrawFn, kind: Kind) -> Given:
    """An answer somebody may give to the question of this kind."""
    asked = QUESTIONS[kind]
    if draw(st.integers(0, 9)) == 0:
        return Given(missing=Missing.NOT_LEGIBLE)
    if asked.no_answer and draw(st.integers(0, 9)) == 0:
        return Given(missing=Missing.NO_ANSWER)
    codes = [option.code for option in offered(asked).options]
    return only_shown(offered(asked), _value(draw, asked, codes))


def _value(draw: st.DrawFn, asked: Question, codes: list[str]) -> Given:
    if asked.kind in MATRICES:
        return _rows(draw, asked, codes)
    if asked.kind in {Kind.MULTIPLE, Kind.RANKING}:
        return _several(draw, asked, codes)
    if asked.options:
        code = draw(st.sampled_from(codes))
        text = draw(words) if asked.option_by_code[code].other else ""
        return Given(options=(code,), others={code: text} if text else {})
    values = {
        Kind.NUMBER: st.builds(Given, number=st.decimals(-50, 2_000_000, places=2)),
        Kind.DATE: st.builds(Given, date=st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))),
    }
    texts = st.one_of(words, st.sampled_from(["?", "k", "K", "-", '"', '""', '"?"', "a\nb"]))
    return draw(values.get(asked.kind, st.builds(Given, text=texts)))


def _rows(draw: st.DrawFn, asked: Question, codes: list[str]) -> Given:
    rows = [item.code for item in offered(asked).items]
    if asked.kind is Kind.MATRIX_MULTIPLE:
        chosen = st.sets(st.sampled_from(codes), min_size=1).map(lambda found: tuple(c for c in codes if c in found))
        return Given(items=draw(st.dictionaries(st.sampled_from(rows), chosen)))
    items = draw(st.dictionaries(st.sampled_from(rows), st.sampled_from(codes)))
    unread = Missing.NOT_LEGIBLE if 0 < len(items) < len(rows) and draw(st.booleans()) else None
    return Given(items={row: (code,) for row, code in items.items()}, missing=unread)


def _several(draw: st.DrawFn, asked: Question, codes: list[str]) -> Given:
    if asked.kind is Kind.RANKING:
        return Given(options=tuple(draw(st.permutations(codes))[: draw(st.integers(0, len(codes)))]))
    chosen = draw(st.one_of(st.just({"d"}), st.sets(st.sampled_from(["a", "b", "c"]))))
    text = draw(words) if "c" in chosen else ""
    return Given(options=tuple(code for code in codes if code in chosen), others={"c": text} if text else {})


@pytest.mark.parametrize("kind", list(QUESTIONS))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_typed_for_an_answer_is_that_answer(kind: Kind, data: st.DataObject) -> None:
    given_answer = data.draw(answers(kind))
    assert read_typed(QUESTIONS[kind], as_typed(QUESTIONS[kind], given_answer)) == given_answer


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (Kind.SINGLE, " 12 ", Given(options=("e",), option_value=12)),
        (Kind.SINGLE, "K", Given(missing=Missing.NO_ANSWER)),
        (Kind.MULTIPLE, "3,1", Given(options=("a", "c"))),
        (Kind.MATRIX_SINGLE, "2 - 1", Given(items={"x": ("b",), "z": ("a",)})),
        (Kind.MATRIX_SINGLE, "2?1", Given(items={"x": ("b",), "z": ("a",)}, missing=Missing.NOT_LEGIBLE)),
        (Kind.MATRIX_SINGLE, "1 12", Given(items={"x": ("a",), "y": ("e",)})),
        (Kind.MATRIX_MULTIPLE, "1 2 / - / 12", Given(items={"x": ("a", "b"), "z": ("e",)})),
        (Kind.MATRIX_MULTIPLE, "/ 2", Given(items={"y": ("b",)})),
        (Kind.RANKING, "2 1 - 3", Given(options=("b", "a", "d"))),
        (Kind.NUMBER, "1.200,5", Given(number=Decimal("1200.5"))),
        (Kind.NUMBER, "12.50", Given(number=Decimal("12.50"))),
        (Kind.DATE, "1.5.2026", Given(date=dt.date(2026, 5, 1))),
        (Kind.DATE, "01052026", Given(date=dt.date(2026, 5, 1))),
        (Kind.SHORT_TEXT, '"?"', Given(text="?")),
        (Kind.SHORT_TEXT, "?", Given(missing=Missing.NOT_LEGIBLE)),
        (Kind.LONG_TEXT, "  ", Given()),
    ],
)
def test_hands_type_in_more_than_one_way(kind: Kind, typed: str, expected: Given) -> None:
    assert read_typed(QUESTIONS[kind], Typed(typed)) == expected


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (Kind.SINGLE, "7", "Die Nummer 7 gibt es hier nicht. Möglich: 1, 2, 3, 4, 12."),
        (Kind.SCALE, "6", "Die Nummer 6 gibt es hier nicht. Möglich: 1 bis 5."),
        (Kind.SINGLE, "1 2", "Hier gilt nur ein Kreuz. Sind es auf dem Bogen mehrere, tippen Sie „?“."),
        (Kind.SINGLE, ",", "Hier fehlt die Nummer."),
        (Kind.YES_NO, "k", "Bei dieser Frage gibt es kein „keine Angabe“. Nicht lesbar ist „?“."),
        (Kind.MULTIPLE, "1 1", "Eine Nummer steht zweimal da."),
        (Kind.MULTIPLE, "1 4", "4 gilt nur allein. Steht es so auf dem Bogen, tippen Sie „?“."),
        (Kind.MUNICIPALITY, "3", "Die Nummer 3 gibt es hier nicht. Möglich: 1, 2, 12."),
        (Kind.MATRIX_SINGLE, "1 2 1 2", "Hier stehen 4 Angaben, die Frage hat aber nur 3 Zeilen."),
        (Kind.RANKING, "1 1", "Platz 1 steht zweimal da. Steht es so auf dem Bogen, tippen Sie „?“."),
        (Kind.RANKING, "1 3", "In der Rangfolge fehlt ein Platz. Steht es so auf dem Bogen, tippen Sie „?“."),
        (Kind.RANKING, "5", "5 ist kein Platz in dieser Rangfolge."),
        (Kind.RANKING, "000001" + "9" * 6_000, "00000199999999999999 ist kein Platz in dieser Rangfolge."),
        (Kind.RANKING, "²", "² ist kein Platz in dieser Rangfolge."),
        (Kind.NUMBER, "viel", "Das ist keine Zahl. Nicht lesbar ist „?“."),
        (Kind.NUMBER, "1e5", "Das ist keine Zahl. Nicht lesbar ist „?“."),
        (Kind.NUMBER, "1,234", "Zu viele Stellen nach dem Komma: höchstens 2."),
        (Kind.NUMBER, "-51", "Die Zahl liegt außerhalb der Grenzen. Steht sie so auf dem Bogen, tippen Sie „?“."),
        (Kind.DATE, "31.2.2026", "Das ist kein Tag. Tippen Sie zum Beispiel 1.5.2026."),
        (Kind.DATE, "1.1.1800", "Der Tag liegt außerhalb der Grenzen. Steht er so auf dem Bogen, tippen Sie „?“."),
        (Kind.LONG_TEXT, "w" * 501, "Der Text hat 501 Zeichen, erlaubt sind 500. Kürzen Sie ihn."),
    ],
)
def test_everything_else_is_a_sentence(kind: Kind, typed: str, sentence: str) -> None:
    with pytest.raises(TypingError) as refusal:
        read_typed(QUESTIONS[kind], Typed(typed))
    assert str(refusal.value) == sentence


def test_limits_of_crosses_and_texts_without_cross() -> None:
    few = question("q", Kind.MULTIPLE, options=OPTIONS, most=Decimal(1))
    for asked, typed, sentence in (
        (few, Typed("1 2"), "Erlaubt ist höchstens 1 Kreuz. Sind es auf dem Bogen mehr, tippen Sie „?“."),
        (few, Typed("1", {"c": "Rad"}), "Zu 3 steht ein Text, aber kein Kreuz."),
    ):
        with pytest.raises(TypingError) as refusal:
            read_typed(asked, typed)
        assert str(refusal.value) == sentence


@given(kind=st.sampled_from(list(QUESTIONS)), typed=st.text(max_size=60), other=st.text(max_size=20))
@settings(max_examples=300, deadline=None)
def test_anything_typed_is_an_answer_or_a_sentence(kind: Kind, typed: str, other: str) -> None:
    asked = QUESTIONS[kind]
    others: Any = {"c": other} if "c" in asked.option_by_code and asked.option_by_code["c"].other else {}
    try:
        found = read_typed(asked, Typed(typed, others))
    except TypingError:
        return
    assert read_typed(asked, as_typed(asked, found)) == found
