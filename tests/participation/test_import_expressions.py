"""Expressions of LimeSurvey and XLSForm: trees of ours or a sentence, never anything else."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elbe_elster.participation.exchange.meanings import Meaning
from elbe_elster.participation.exchange.parsing import ExpressionError, Name, Node, parse_lime, parse_xpath
from elbe_elster.participation.exchange.translation import translate
from elbe_elster.participation.questionnaire.conditions import (
    Answered,
    Both,
    Compare,
    Constant,
    CountOf,
    Either,
    Not,
    Selected,
    SumOf,
    ValueOf,
    expression_from_json,
    expression_to_json,
)
from elbe_elster.participation.questionnaire.document import Kind

ABC = {"A1": "a1", "A2": "a2", "3": "3", "4": "4"}
MULTI = {"a": "a", "b": "b", "c": "c"}
KNOWN = {
    "Q1": Meaning("q1", Kind.SINGLE, {"A1": "a1", "A2": "a2", "-oth-": "other"}),
    "grade": Meaning("grade", Kind.SINGLE, {"1": "1", "2": "2", "3": "3"}),
    "age": Meaning("age", Kind.NUMBER),
    "n2": Meaning("n2", Kind.NUMBER),
    "why": Meaning("why", Kind.LONG_TEXT),
    "day": Meaning("day", Kind.DATE),
    "m": Meaning("m", Kind.MULTIPLE, MULTI),
    "m_a": Meaning("m", Kind.MULTIPLE, MULTI, option="a"),
    "m_b": Meaning("m", Kind.MULTIPLE, MULTI, option="b"),
    "m_c": Meaning("m", Kind.MULTIPLE, MULTI, option="c"),
    "Q1_other": Meaning("q1", Kind.SINGLE, {}, option="other", beside=True),
    "grid_r1": Meaning("grid", Kind.MATRIX_SINGLE, {"1": "1", "2": "2"}, item="r1"),
    "gone": Meaning("gone", gone="„gone“ ist nicht übernommen."),
}


def lookup(name: Name) -> Meaning:
    if name.name not in KNOWN:
        raise ExpressionError(f"„{name.name}“ gibt es nicht.")
    return KNOWN[name.name]


def number(text: str | int) -> Constant:
    return Constant(Decimal(text))


AGE = ValueOf("age")
A, B, C = Selected("m", "a"), Selected("m", "b"), Selected("m", "c")

LIME = {
    'Q1.NAOK == "A1"': Selected("q1", "a1"),
    "Q1 eq 'A1'": Selected("q1", "a1"),
    'Q1.NAOK != "A1"': Not(Selected("q1", "a1")),
    'Q1 == "-oth-"': Selected("q1", "other"),
    'Q1 == ""': Not(Answered("q1")),
    "!is_empty(Q1.NAOK)": Answered("q1"),
    "is_empty(why)": Not(Answered("why")),
    "age.NAOK > 17": Compare(">", AGE, number(17)),
    '"18" <= age': Compare(">=", AGE, number(18)),
    "age != 5": Not(Compare("=", AGE, number(5))),
    "grade >= 2": Either((Selected("grade", "2"), Selected("grade", "3"))),
    'm_a.NAOK == "Y"': A,
    'm_a == ""': Not(A),
    'm_a != "Y"': Not(A),
    "grid_r1 == 2": Selected("grid", "2", "r1"),
    '((m_a == "Y") and (Q1.NAOK != "A2")) or (age lt 3)': Either(
        (Both((A, Not(Selected("q1", "a2")))), Compare("<", AGE, number(3)))
    ),
    'm_a == "Y" && m_b == "Y" && !(age > 3)': Both((A, B, Not(Compare(">", AGE, number(3))))),
    "count(m_a, m_b, m_c) >= 2": Compare(">=", CountOf("m"), number(2)),
    "count(m_a, m_b) > 0": Either((A, B)),
    "count(m_a, m_b) == 1": Either((Both((A, Not(B))), Both((Not(A), B)))),
    'countif("Y", m_a, m_b, m_c) < 2': Compare("<", CountOf("m"), number(2)),
    "sum(age, n2) > 10": Compare(">", SumOf(("age", "n2")), number(10)),
    "age + n2 - 0 >= 3": None,
    "age + n2 + 1 >= 3": Compare(">=", SumOf(("age", "n2")), number(2)),
    "intval(age) == 4": Compare("=", AGE, number(4)),
    "strlen(why) > 0": Answered("why"),
    'if(age > 3, m_a == "Y", 0)': Both((Compare(">", AGE, number(3)), A)),
    '!is_empty(Q1_other) and Q1 == "-oth-"': Selected("q1", "other"),
    "{age > 3}": Compare(">", AGE, number(3)),
    "1 == 1": True,
    "0": False,
    "age > n2": Compare(">", AGE, ValueOf("n2")),
    "regexMatch('/a/', why)": None,
    "Q1 = 'A1'": None,
    "Q1 == 'nope'": None,
    "unknown == 1": None,
    "gone == 1": None,
    "Q1_other == 'Hund'": None,
    "why > 3": None,
    "rand(1, 6)": None,
    "__import__('os')": None,
    "(age": None,
    "age > ": None,
    "age 3": None,
    "": None,
    "ä": None,
}
XPATH = {
    "${Q1} = 'A1'": Selected("q1", "a1"),
    "${ Q1 } = ‘A1’": Selected("q1", "a1"),
    "selected(${m}, 'a')": A,
    "selected(${m}, 'a') = true()": A,
    "not(selected(${m}, 'a'))": Not(A),
    "${m} = 'a'": Both((A, Compare("=", CountOf("m"), number(1)))),
    "count-selected(${m}) >= 2": Compare(">=", CountOf("m"), number(2)),
    "${age} >= 18 and ${age} < 30": Both((Compare(">=", AGE, number(18)), Compare("<", AGE, number(30)))),
    "${age} > -1": Compare(">", AGE, number(-1)),
    "${why} != ''": Answered("why"),
    "string-length(${why}) = 0": Not(Answered("why")),
    "${day} > date('2026-01-01')": Compare(">", ValueOf("day"), Constant(dt.date(2026, 1, 1))),
    "coalesce(${age}, 0) < 5": Either((Compare("<", AGE, number(5)), Not(Answered("age")))),
    "coalesce(${age}, 9) < 5": Compare("<", AGE, number(5)),
    "${grid_r1} = '1' or ${grid_r1} = '2'": Either((Selected("grid", "1", "r1"), Selected("grid", "2", "r1"))),
    "if(${age} > 3, true(), false())": Compare(">", AGE, number(3)),
    "${grade} = 2.0": Selected("grade", "2"),
    "true()": True,
    "${age} div 2 > 3": None,
    "${day} > today()": None,
    "regex(${why}, '[0-9]+')": None,
    "../age > 3": None,
    "age > 3": None,
    "pulldata('a', 'b', 'c', ${age}) = 1": None,
    "instance('x')/rows/item[name = 1]": None,
}


@pytest.mark.parametrize(("text", "tree"), LIME.items())
def test_limesurvey(text: str, tree: object) -> None:
    assert _read(text, parse_lime) == tree


@pytest.mark.parametrize(("text", "tree"), XPATH.items())
def test_xpath(text: str, tree: object) -> None:
    assert _read(text, parse_xpath) == tree


def _read(text: str, parse: object) -> object:
    """The tree; None when it is refused with a sentence."""
    try:
        return translate(parse(text), lookup)  # type: ignore[operator]
    except ExpressionError as error:
        return None if str(error).endswith(".") else f"no sentence: {error}"


def test_the_refusal_names_what_is_not_there() -> None:
    sentences = {
        "regexMatch('/a/', why)": "Die Funktion „regexMatch“ gibt es hier nicht.",
        "Q1 == 'nope'": "Die Antwort „nope“ gibt es bei „q1“ nicht.",
        "gone == 1": "„gone“ ist nicht übernommen.",
        "age > 3 §": "Das Zeichen „§“ an Stelle 9 ist hier unbekannt.",
    }
    for text, sentence in sentences.items():
        with pytest.raises(ExpressionError) as error:
            translate(parse_lime(text), lookup)
        assert str(error.value) == sentence


PIECES = [
    *KNOWN,
    *("and", "or", "not", "!", "==", "!=", "<", ">=", "+", "-", "*", "div", "mod", "=", "(", ")", ",", "1", "0", "2.5"),
    *("'A1'", "'a'", "''", '"Y"', "if(", "count(", "sum(", "selected(", "is_empty(", "coalesce(", "true()", "not("),
    *("${age}", "${Q1}", "${m}", ".", "date('2026-01-01')", "today()", "§", "‘", "{", "}", "TOKEN:x", "self", ".NAOK"),
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
)


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_whatever_stands_there_it_is_a_tree_or_refused(text: str) -> None:
    started = time.perf_counter()
    for parse in (parse_lime, parse_xpath):
        try:
            found = translate(parse(text), lookup)
        except ExpressionError:
            continue
        if not isinstance(found, bool):
            assert expression_from_json(expression_to_json(found)) == found
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        "(" * 700 + "1" + ")" * 700,
        "!" * 900 + "1",
        "-" * 900 + "1",
        " and ".join(["age > 1"] * 300),
        " or ".join(f"age > {n}" for n in range(300)),
        "+".join(["age"] * 700) + " > 1",
        "==".join(["1"] * 700),
        "if(" * 18 + "age > 1" + ", age > 2, age > 3)" * 18,
        "not(" * 300 + "1" + ")" * 300,
        "1" * 3000,
        "'" * 1999,
        "9" * 28 + " > age",
        "count(" + ",".join(["m_a", "m_b", "age", "why", "day", "Q1", "n2", "grade"] * 30) + ") == 3",
    ],
)
def test_large_and_deep_ones_end_soon(text: str) -> None:
    started = time.perf_counter()
    for parse in (parse_lime, parse_xpath):
        _read(text, parse)
    assert time.perf_counter() - started < 2


def test_a_parsed_tree_is_plain_data() -> None:
    node: Node = parse_lime("age > 3")
    assert repr(node) == ("Operation(sign='>', left=Name(name='age', suffix=''), right=Literal(value=Decimal('3')))")
