from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from elbe_elster.participation.questionnaire.checking import Flaw, Place, Problem, problem_in_words, problems
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
)
from elbe_elster.participation.questionnaire.document import Item, Kind, Option, Page, Questionnaire
from elbe_elster.participation.questionnaire.rewriting import with_parts_renamed, with_questions_renamed
from tests.participation.answering import question

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire.conditions import Expression

FIRST = (
    question("wahl"),
    question("viele", Kind.MULTIPLE),
    question("tabelle", Kind.MATRIX_SINGLE),
    question("zahl", Kind.NUMBER),
    question("tag", Kind.DATE),
    question("text", Kind.SHORT_TEXT),
    question("hinweis", Kind.INFORMATION),
)


def asked(condition: Expression, **fields: object) -> Questionnaire:
    last = question("letzte", **{"condition": condition, **fields})  # type: ignore[arg-type]
    return Questionnaire(
        ("de",), (Page("p1", {"de": "Eins"}, questions=FIRST), Page("p2", {"de": "Zwei"}, questions=(last,)))
    )


@pytest.mark.parametrize(
    "condition",
    [
        Selected("wahl", "a"),
        Selected("viele", "b"),
        Selected("tabelle", "a", "x"),
        Answered("tabelle", "y"),
        Answered("tabelle"),
        Not(Answered("text")),
        Compare("<", ValueOf("zahl"), Constant(Decimal(3))),
        Compare("=", ValueOf("wahl"), ValueOf("zahl")),
        Compare(">=", CountOf("viele"), Constant(Decimal(2))),
        Compare(">", CountOf("tabelle"), CountOf("viele")),
        Compare("=", ValueOf("text"), Constant("ja")),
        Compare("=", SumOf(("zahl", "wahl")), Constant(Decimal(7))),
        Both((Answered("wahl"), Either((Answered("zahl"), Not(Answered("tag")))))),
    ],
    ids=str,
)
def test_what_makes_sense(condition: Expression) -> None:
    assert problems(asked(condition)) == []


@pytest.mark.parametrize(
    ("condition", "flaw", "names", "part"),
    [
        (Selected("gibtesnicht", "a"), Flaw.UNKNOWN_QUESTION, "gibtesnicht", ""),
        (Answered("letzte"), Flaw.NOT_EARLIER, "letzte", ""),
        (Selected("wahl", "z"), Flaw.UNKNOWN_OPTION, "wahl", "z"),
        (Selected("wahl", "a", "x"), Flaw.UNKNOWN_ITEM, "wahl", "x"),
        (Selected("tabelle", "a"), Flaw.WRONG_KIND, "tabelle", ""),
        (Selected("tabelle", "a", "z"), Flaw.UNKNOWN_ITEM, "tabelle", "z"),
        (Selected("zahl", "a"), Flaw.WRONG_KIND, "zahl", ""),
        (Answered("hinweis"), Flaw.WRONG_KIND, "hinweis", ""),
        (Compare("<", ValueOf("text"), Constant("b")), Flaw.WRONG_KIND, "text", ""),
        (Compare("=", ValueOf("tag"), Constant(Decimal(1))), Flaw.WRONG_KIND, "tag", ""),
        (Compare("=", ValueOf("viele"), Constant(Decimal(1))), Flaw.WRONG_KIND, "viele", ""),
        (Compare("=", CountOf("zahl"), Constant(Decimal(1))), Flaw.WRONG_KIND, "zahl", ""),
        (Compare("=", SumOf(("zahl", "text")), Constant(Decimal(1))), Flaw.WRONG_KIND, "text", ""),
        (Compare("=", Constant(Decimal(1)), Constant("x")), Flaw.WRONG_KIND, "", ""),
    ],
    ids=str,
)
def test_what_cannot_work(condition: Expression, flaw: Flaw, names: str, part: str) -> None:
    assert problems(asked(condition)) == [Problem(flaw, Place(question="letzte"), names, part)]
    document = asked(Both((condition, Not(condition))))
    assert problems(document) == [Problem(flaw, Place(question="letzte"), names, part)]  # each once
    assert problem_in_words(problems(document)[0], document, "de").startswith("Die Bedingung an Frage „Frage letzte?“ ")


def test_pages_options_and_rows_are_looked_at_too() -> None:
    own = Answered("letzte")
    last = question(
        "letzte",
        Kind.MATRIX_SINGLE,
        options=(Option("a", 1, {"de": "A"}, condition=own),),
        items=(Item("x", 1, {"de": "X"}, condition=own),),
    )
    document = Questionnaire(
        ("de",),
        (
            Page("p1", {"de": "Eins"}, condition=Answered("wahl"), questions=FIRST),
            Page("p2", {"de": "Zwei"}, condition=own, questions=(last,)),
        ),
    )
    assert [problem_in_words(problem, document, "de") for problem in problems(document)] == [
        "Die Bedingung an Teil „Eins“ hängt an Frage „Frage wahl?“. Diese Frage muss vorher gestellt werden.",
        "Die Bedingung an Teil „Zwei“ hängt an Frage „Frage letzte?“. Diese Frage muss vorher gestellt werden.",
        (
            "Die Bedingung an Antwort „A“ der Frage „Frage letzte?“ hängt an Frage „Frage letzte?“. "
            "Diese Frage muss vorher gestellt werden."
        ),
        (
            "Die Bedingung an Zeile „X“ der Frage „Frage letzte?“ hängt an Frage „Frage letzte?“. "
            "Diese Frage muss vorher gestellt werden."
        ),
    ]


def test_renaming_reaches_every_name() -> None:
    condition = Both(
        (
            Either((Selected("q", "a", "x"), Not(Answered("q", "y")))),
            Compare("=", ValueOf("q"), CountOf("q")),
            Compare("<", SumOf(("q", "r")), Constant(Decimal(1))),
        )
    )
    assert with_questions_renamed(condition, {"q": "neu"}) == Both(
        (
            Either((Selected("neu", "a", "x"), Not(Answered("neu", "y")))),
            Compare("=", ValueOf("neu"), CountOf("neu")),
            Compare("<", SumOf(("neu", "r")), Constant(Decimal(1))),
        )
    )
    renamed = with_parts_renamed(condition, "q", {"a": "b"}, {"y": "z"})
    assert renamed == Both(
        (
            Either((Selected("q", "b", "x"), Not(Answered("q", "z")))),
            Compare("=", ValueOf("q"), CountOf("q")),
            Compare("<", SumOf(("q", "r")), Constant(Decimal(1))),
        )
    )
    assert with_parts_renamed(condition, "r", {"a": "b"}, {"y": "z"}) == condition
