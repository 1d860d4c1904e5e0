"""Questionnaires and answers that hypothesis makes up: every kind of question, conditions everywhere, odd answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.conditions import (
    SIGNS,
    Answered,
    Both,
    Compare,
    Constant,
    CountOf,
    Either,
    Expression,
    Not,
    Selected,
    SumOf,
    Term,
    ValueOf,
)
from elbe_elster.participation.questionnaire.document import (
    MANY_OPTIONS,
    MATRICES,
    ONE_OPTION,
    TEXTS,
    Item,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
)

# Names that mean something in JavaScript must mean nothing here.
CODES = ("q1", "q2", "q3", "constructor", "valueof", "q6", "q7", "tostring", "q9")
OPTIONS = ("a", "b", "constructor", "1")
ITEMS = ("r1", "constructor", "r3")
NUMBERS = st.one_of(
    st.sampled_from([Decimal(text) for text in ("0", "-0", "0.1", "0.2", "0.3", "0.30", "1", "2", "3", "1E+2", "100")]),
    st.decimals(min_value=-(10**11), max_value=10**11, places=4),
    st.integers(-3, 5).map(Decimal),
)
DAYS = st.one_of(st.sampled_from([dt.date(2026, 11, 23), dt.date(2026, 11, 24), dt.date(999, 1, 1)]), st.dates())
TEXTS_SAID = st.one_of(
    st.sampled_from(
        ["", "ja", " ja\u00a0", "ja\x1f", "\ufeffja", "Ja", "  ", "\x85", "1", "2026-11-23", "ä", "a\u0308"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=6),
)


def _term(earlier: tuple[str, ...]) -> st.SearchStrategy[Term]:
    named = st.sampled_from(earlier)
    return st.one_of(
        NUMBERS.map(Constant),
        DAYS.map(Constant),
        TEXTS_SAID.map(lambda text: Constant(text.strip())),
        named.map(ValueOf),
        named.map(ValueOf),
        named.map(CountOf),
        st.lists(named, min_size=1, max_size=3).map(lambda names: SumOf(tuple(names))),
    )


def _expression(earlier: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    named = st.sampled_from(earlier)
    item = st.sampled_from(("", "", *ITEMS))
    leaf = st.one_of(
        st.builds(Selected, named, st.sampled_from(OPTIONS), item),
        st.builds(Answered, named, item),
        st.builds(Compare, st.sampled_from(SIGNS), _term(earlier), _term(earlier)),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=1, max_size=3).map(lambda of: Both(tuple(of))),
            st.lists(inner, min_size=1, max_size=3).map(lambda of: Either(tuple(of))),
        ),
        max_leaves=5,
    )


def _condition(earlier: tuple[str, ...], often: int = 2) -> st.SearchStrategy[Expression | None]:
    if not earlier:
        return st.none()
    return st.integers(0, often).flatmap(lambda chance: st.none() if chance else _expression(earlier))


@st.composite
def _question(draw: st.DrawFn, number: int, earlier: tuple[str, ...]) -> Question:
    kind = draw(st.sampled_from(Kind))
    codes = draw(st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True))
    rows = draw(st.lists(st.sampled_from(ITEMS), min_size=1, unique=True))
    gone = st.integers(0, 6).map(lambda chance: chance == 0)
    options = [
        Option(code, place, {"de": code}, other=draw(gone), retired=draw(gone), condition=draw(_condition(earlier, 3)))
        for place, code in enumerate(codes, 1)
    ]
    items = [
        Item(code, place, {"de": code}, retired=draw(gone), condition=draw(_condition(earlier, 3)))
        for place, code in enumerate(rows, 1)
    ]
    return Question(
        pk=number + 1,
        code=CODES[number],
        kind=kind,
        label={"de": "?"},
        options=tuple(options) if kind in ONE_OPTION | MANY_OPTIONS | MATRICES else (),
        items=tuple(items) if kind in MATRICES else (),
        retired=draw(gone),
        condition=draw(_condition(earlier)),
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Up to nine questions on up to four pages; conditions name earlier questions, whatever these ask for."""
    count = draw(st.integers(1, len(CODES)))
    pages: list[Page] = []
    for number in range(count):
        if not pages or (len(pages) < 4 and draw(st.booleans())):
            pages.append(Page(f"p{len(pages)}", {"de": "Teil"}, condition=draw(_condition(CODES[:number]))))
        question = draw(_question(number, CODES[:number]))
        pages[-1] = replace(pages[-1], questions=(*pages[-1].questions, question))
    return Questionnaire(("de",), tuple(pages))


@st.composite
def _given(draw: st.DrawFn, question: Question) -> Given:
    """An answer as cleaning makes it, at times with options nobody offered."""
    if draw(st.integers(0, 5)) == 0:
        return Given(missing=draw(st.sampled_from([None, *Missing])))
    codes = st.sampled_from((*OPTIONS, "z"))
    if question.kind in MATRICES:
        most = 1 if question.kind is Kind.MATRIX_SINGLE else 4
        row = st.lists(codes, unique=True, max_size=most).map(tuple)
        return Given(items=draw(st.dictionaries(st.sampled_from((*ITEMS, "z")), row)))
    if question.kind in ONE_OPTION | MANY_OPTIONS:
        most = 1 if question.kind in ONE_OPTION else 4
        options = tuple(draw(st.lists(codes, unique=True, max_size=most)))
        return Given(options=options, others=draw(st.dictionaries(codes, st.sampled_from(["", "x"]), max_size=2)))
    if question.kind is Kind.NUMBER:
        return Given(number=draw(NUMBERS))
    if question.kind is Kind.DATE:
        return Given(date=draw(DAYS))
    return Given(text=draw(TEXTS_SAID)) if question.kind in TEXTS else Given()


@st.composite
def steps_of_answering(draw: st.DrawFn) -> tuple[Questionnaire, list[tuple[str, Given]]]:
    """A questionnaire, and what a person says in any order, also twice about the same question."""
    questionnaire = draw(questionnaires())
    questions = list(questionnaire.questions())
    chosen: Any = draw(st.lists(st.sampled_from(questions), max_size=14))
    return questionnaire, [(question.code, draw(_given(question))) for question in chosen]


NUMBERS_TYPED = st.one_of(
    st.sampled_from(
        ["12", "1,5", "1.5", "1.500", "1 500", "1.500,25", "-3", "+3", "−3", "007", "0,00", "1e5", "12a", ",5", "5,", "1,2,3",
         "99999999999", "100000000000", "\u0663", "1'000", "\u00a012\u202f000"]
    ),
    st.text("0123456789.,+- ", max_size=8),
)  # fmt: skip
DAYS_TYPED = st.one_of(
    st.sampled_from(
        ["2026-11-23", "23.11.2026", "1. 2. 2026", "31.02.2026", "2026-02-30", "29.02.2024", "29.02.2025", "0000-01-01",
         "0999-01-01", "morgen", "2026-1-1"]
    ),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day.day}.{day.month}.{day.year:04d}"),
)  # fmt: skip


@st.composite
def sent_forms(draw: st.DrawFn) -> tuple[Question, dict[str, list[str]]]:
    """A question and what was sent for it, at times nonsense."""
    question = replace(draw(_question(0, ())), code="q", retired=False, no_answer=draw(st.booleans()), places=draw(st.integers(0, 4)))  # fmt: skip
    codes = st.one_of(st.sampled_from([option.code for option in question.options if not option.retired] or ["a"]), st.sampled_from((*OPTIONS, "z", "", " a ")))  # fmt: skip
    values: dict[str, list[str]] = {}
    if question.no_answer and draw(st.integers(0, 3)) == 0:
        values["m-q"] = ["no_answer"]
    if question.kind in MATRICES:
        values |= {f"q-q-{item.code}": draw(st.lists(codes, max_size=2)) for item in question.items}
    elif question.kind is Kind.RANKING:
        place = st.sampled_from(["", "1", "2", "3", "4", "0", "x", "1.0", "\u0661"])
        values |= {f"r-q-{option.code}": [draw(place)] for option in question.options if not option.retired}
    elif question.options:
        values["q-q"] = draw(st.lists(codes, max_size=2)) + (
            ["-"] if question.no_answer and draw(st.booleans()) else []
        )
    else:
        typed = {Kind.NUMBER: NUMBERS_TYPED, Kind.DATE: DAYS_TYPED}.get(question.kind, TEXTS_SAID)
        values["q-q"] = [draw(typed)]
    return question, values
