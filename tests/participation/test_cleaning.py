"""Every kind of question, from what a browser sends to an answer or a sentence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elbe_elster.participation.filling.cleaning import SentValues, clean_question, missing_answer, sent_values
from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.document import Item, Kind, Option, Question
from elbe_elster.participation.questionnaire.path import ShownQuestion, only_shown
from tests.participation.answering import options, question

TWO_ERRORS = "Sie haben geantwortet und „Keine Angabe“ gewählt. Bitte lassen Sie nur eines davon stehen."
UNKNOWN = "Diese Antwort gibt es hier nicht. Bitte wählen Sie noch einmal."


def shown(asked: Question, hidden: str = "") -> ShownQuestion:
    """The question as shown, without the options and rows named in ``hidden``."""
    return ShownQuestion(
        asked,
        tuple(option for option in asked.options if option.code not in hidden),
        tuple(item for item in asked.items if item.code not in hidden),
    )


def cleaned(asked: Question, hidden: str = "", **sent: str | list[str]) -> tuple[Given, list[str]]:
    """The answer and its errors; ``q_a`` is the field ``q-a``."""
    values = {name.replace("_", "-"): [value] if isinstance(value, str) else value for name, value in sent.items()}
    return clean_question(shown(asked, hidden), SentValues(values), "de")


def beside(**marks: Any) -> Question:
    return question("q", marks.pop("kind", Kind.SINGLE), options=options("a", "b", "c", other="c"), **marks)


def plain(kind: Kind, **fields: Any) -> Question:
    return question("q", kind, **fields)


@pytest.mark.parametrize(
    ("asked", "sent", "answer"),
    [
        (plain(Kind.SINGLE), {}, Given()),
        (plain(Kind.SINGLE), {"q_q": "b"}, Given(options=("b",), option_value=2)),
        (plain(Kind.SINGLE, no_answer=True), {"q_q": "-"}, Given(missing=Missing.NO_ANSWER)),
        (plain(Kind.SINGLE), {"q_q": "-"}, Given()),
        (plain(Kind.SINGLE), {"m_q": "not_legible"}, Given()),
        (
            beside(),
            {"q_q": "c", "w_q_c": " mein Text "},
            Given(options=("c",), others={"c": "mein Text"}, option_value=3),
        ),
        (beside(), {"w_q_c": "nur Text"}, Given(options=("c",), others={"c": "nur Text"}, option_value=3)),
        (plain(Kind.YES_NO), {"q_q": "no"}, Given(options=("no",), option_value=2)),
        (plain(Kind.SCALE), {"q_q": "4"}, Given(options=("4",), option_value=4)),
        (plain(Kind.MULTIPLE), {"q_q": ["c", "a", "a"]}, Given(options=("c", "a"))),
        (plain(Kind.MULTIPLE, no_answer=True), {"m_q": "no_answer"}, Given(missing=Missing.NO_ANSWER)),
        (plain(Kind.MATRIX_SINGLE), {"q_q_x": "a", "q_q_y": "b"}, Given(items={"x": ("a",), "y": ("b",)})),
        (plain(Kind.MATRIX_MULTIPLE), {"q_q_x": ["a", "c"]}, Given(items={"x": ("a", "c")})),
        (plain(Kind.RANKING), {"r_q_a": "3", "r_q_c": "1"}, Given(options=("c", "a"))),
        (plain(Kind.NUMBER), {"q_q": " 1.500 "}, Given(number=Decimal(1500))),
        (plain(Kind.NUMBER), {"q_q": "1 500"}, Given(number=Decimal(1500))),
        (plain(Kind.NUMBER, places=2), {"q_q": "1.234,56"}, Given(number=Decimal("1234.56"))),
        (plain(Kind.NUMBER, places=1), {"q_q": "-0.5"}, Given(number=Decimal("-0.5"))),
        (plain(Kind.DATE), {"q_q": "2026-11-23"}, Given(date=dt.date(2026, 11, 23))),
        (plain(Kind.DATE), {"q_q": "3. 2.2026"}, Given(date=dt.date(2026, 2, 3))),
        (plain(Kind.SHORT_TEXT), {"q_q": "  Bus\x00fahrt "}, Given(text="Busfahrt")),
        (plain(Kind.LONG_TEXT), {"q_q": "oben\r\nunten"}, Given(text="oben\nunten")),
        (plain(Kind.INFORMATION), {"q_q": "x"}, Given()),
    ],
)
def test_what_fits(asked: Question, sent: dict[str, Any], answer: Given) -> None:
    assert cleaned(asked, **sent) == (answer, [])


@pytest.mark.parametrize(
    ("asked", "sent", "error"),
    [
        (plain(Kind.SINGLE), {"q_q": "z"}, UNKNOWN),
        (plain(Kind.SINGLE, options=(Option("a", 1, {"de": "A"}, retired=True),)), {"q_q": "a"}, UNKNOWN),
        (plain(Kind.SINGLE), {"q_q": ["a", "b"]}, "Bitte wählen Sie nur eine Antwort aus."),
        (plain(Kind.SINGLE, no_answer=True), {"q_q": "a", "m_q": "no_answer"}, TWO_ERRORS),
        (
            plain(Kind.MULTIPLE, options=options("a", "b", exclusive="b")),
            {"q_q": ["a", "b"]},
            "„Antwort b“ passt nicht zu anderen Antworten. Bitte wählen Sie noch einmal.",
        ),
        (plain(Kind.MULTIPLE, most=Decimal(1)), {"q_q": ["a", "b"]}, "Bitte wählen Sie höchstens eine Antwort aus."),
        (plain(Kind.MULTIPLE, least=Decimal(2)), {"q_q": "a"}, "Bitte wählen Sie mindestens 2 Antworten aus."),
        (plain(Kind.MATRIX_SINGLE), {"q_q_x": ["a", "b"]}, "Bitte wählen Sie in jeder Zeile nur eine Antwort aus."),
        (plain(Kind.MATRIX_MULTIPLE), {"q_q_x": "z"}, UNKNOWN),
        (
            plain(Kind.RANKING),
            {"r_q_a": "2", "r_q_b": "2"},
            "Platz 2 ist mehrmals vergeben. Bitte jeden Platz nur einmal.",
        ),
        (plain(Kind.RANKING), {"r_q_a": "4"}, "Ein Platz ist eine Zahl von 1 bis 3."),
        (plain(Kind.RANKING), {"r_q_a": "000001" + "9" * 6_000}, "Ein Platz ist eine Zahl von 1 bis 3."),
        (plain(Kind.RANKING), {"r_q_a": "0" * 6_000 + "1"}, "Ein Platz ist eine Zahl von 1 bis 3."),
        (plain(Kind.RANKING), {"r_q_a": "²"}, "Ein Platz ist eine Zahl von 1 bis 3."),
        (plain(Kind.NUMBER), {"q_q": "zwölf"}, "Bitte tragen Sie nur eine Zahl ein, zum Beispiel 12."),
        (plain(Kind.NUMBER), {"q_q": "1e9"}, "Bitte tragen Sie nur eine Zahl ein, zum Beispiel 12."),
        (plain(Kind.NUMBER), {"q_q": "9" * 12}, "Diese Zahl ist zu groß."),
        (plain(Kind.NUMBER), {"q_q": "1,5"}, "Bitte tragen Sie eine ganze Zahl ein."),
        (plain(Kind.NUMBER, places=2), {"q_q": "1,555"}, "Bitte höchstens 2 Stellen nach dem Komma."),
        (
            plain(Kind.NUMBER, least=Decimal(14), most=Decimal(110), unit={"de": "Jahre"}),
            {"q_q": "9"},
            "Die Zahl muss zwischen 14 und 110 liegen.",
        ),
        (plain(Kind.NUMBER, least=Decimal(1)), {"q_q": "0"}, "Die Zahl muss mindestens 1 sein."),
        (plain(Kind.NUMBER, most=Decimal(1000)), {"q_q": "1001"}, "Die Zahl darf höchstens 1.000 sein."),
        (plain(Kind.DATE), {"q_q": "31.2.2026"}, "Dieses Datum gibt es nicht. Bitte schreiben Sie es so: 31.12.2026."),
        (plain(Kind.DATE, earliest="2026-01-01"), {"q_q": "2025-12-31"}, "Das Datum darf nicht vor dem 1. Januar 2026 liegen."),
        (plain(Kind.DATE, latest="2026-01-01"), {"q_q": "2026-01-02"}, "Das Datum darf nicht nach dem 1. Januar 2026 liegen."),
        (plain(Kind.SHORT_TEXT, most=Decimal(3)), {"q_q": "Busse"}, "Der Text ist zu lang: 5 Zeichen. Möglich sind 3."),
        (plain(Kind.LONG_TEXT, least=Decimal(9)), {"q_q": "kurz"}, "Bitte schreiben Sie mindestens 9 Zeichen."),
        (beside(), {"q_q": "c", "w_q_c": "x" * 301}, "Der Text zu „Antwort c“ ist zu lang. Möglich sind 300 Zeichen."),
    ],
)  # fmt: skip
def test_what_does_not_fit(asked: Question, sent: dict[str, Any], error: str) -> None:
    assert cleaned(asked, **sent)[1] == [error]


def test_what_is_hidden_is_kept_but_not_judged() -> None:
    asked = plain(Kind.MULTIPLE, most=Decimal(1))
    answer, errors = cleaned(asked, "b", q_q=["a", "b"])
    assert (answer, errors) == (Given(options=("a", "b")), [])
    assert only_shown(shown(asked, "b"), answer) == Given(options=("a",), option_value=1)


def test_retired_rows_are_no_rows() -> None:
    asked = plain(Kind.MATRIX_SINGLE, items=(Item("x", 1, {"de": "X"}), Item("y", 2, {"de": "Y"}, retired=True)))
    assert cleaned(asked, q_q_x="a", q_q_y="b") == (Given(items={"x": ("a",)}), [])


def test_a_matrix_is_answered_when_every_shown_row_is() -> None:
    asked = plain(Kind.MATRIX_SINGLE)
    half = Given(items={"x": ("a",)})
    assert missing_answer(shown(asked), half) == "Bitte wählen Sie in jeder Zeile eine Antwort aus."
    assert missing_answer(shown(asked, "y"), half) == ""
    assert missing_answer(shown(asked), Given(missing=Missing.NO_ANSWER)) == ""


EVERY_KIND = [
    plain(kind, no_answer=True, places=2 if kind is Kind.NUMBER else 0)
    for kind in Kind
    if kind is not Kind.MUNICIPALITY
]
NAMES = ["q-q", "m-q", "q-q-x", "q-q-y", "w-q-a", "w-q-c", "r-q-a", "r-q-b", "r-q-c"]
VALUES = st.sampled_from(["a", "b", "c", "-", "1", "2", "3", "yes", "no_answer", "1,5", "2026-01-31"]) | st.text(
    max_size=12
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(EVERY_KIND), st.dictionaries(st.sampled_from(NAMES), st.lists(VALUES, max_size=3)))
def test_whatever_is_sent_there_is_an_answer_or_a_sentence_and_the_form_gives_it_back(
    asked: Question, sent: dict[str, list[str]]
) -> None:
    answer, errors = clean_question(shown(asked), SentValues(sent), "de")
    if not errors:
        again = clean_question(shown(asked), SentValues(sent_values(asked, answer)), "de")
        assert only_shown(shown(asked), again[0]) == only_shown(shown(asked), answer)
        assert again[1] == []
