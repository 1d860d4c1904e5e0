"""XLSForm out and in again: nothing changes but what XLSForm cannot hold."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from elbe_elster.participation.actions.example_file import read_example, read_questionnaire
from elbe_elster.participation.exchange.files import UnreadableError
from elbe_elster.participation.exchange.xlsform import read_xlsform
from elbe_elster.participation.exchange.xlsform_writing import write_xlsform
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
from elbe_elster.participation.questionnaire.document import Duty, Item, Kind, Option, Page, Question, Questionnaire
from elbe_elster.participation.questionnaire.path import follow
from tests.participation.made_questionnaires import steps_of_answering

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire.answers import Given

TITLE = {"de": "Probe"}


def again(questionnaire: Questionnaire) -> Questionnaire:
    return read_xlsform(write_xlsform(questionnaire, TITLE)).questionnaire


def without_keys(questionnaire: Questionnaire) -> Questionnaire:
    pages = [replace(page, questions=tuple(replace(q, pk=0) for q in page.questions)) for page in questionnaire.pages]
    return replace(questionnaire, pages=tuple(pages))


def full() -> Questionnaire:
    """Every kind, every mark, three languages."""

    def said(text: str) -> dict[str, str]:
        return {"de": text, "en": f"{text} (en)", "de-simple": f"{text} (leicht)"}

    def option(code: str, number: int, **marks: object) -> Option:
        return Option(code, number, said(f"Antwort {code}"), **marks)  # type: ignore[arg-type]

    choices = (option("a", 5), option("b", 2, other=True), option("c", 9, exclusive=True, help=said("Erläuterung")))
    points = tuple(option(str(n), n) for n in range(1, 6))
    items = (Item("x", 1, said("Zeile x")), Item("y", 2, said("Zeile y"), condition=Selected("one", "a")))
    adult = Compare(">=", ValueOf("age"), Constant(Decimal(18)))
    questions = (
        Question(
            0, "one", Kind.SINGLE, said("Eins"), said("Hilfe\n\n- Punkt"), Duty.HARD, no_answer=True, options=choices
        ),
        Question(0, "age", Kind.NUMBER, said("Alter"), least=Decimal(0), most=Decimal(120), unit=said("Jahre")),
        Question(0, "km", Kind.NUMBER, said("Weg"), places=1, duty=Duty.SOFT, condition=adult),
        Question(0, "many", Kind.MULTIPLE, said("Viele"), shuffle=True, most=Decimal(2), options=choices),
        Question(0, "yes", Kind.YES_NO, said("Ja?"), options=(option("yes", 1), option("no", 2))),
        Question(0, "scale", Kind.SCALE, said("Skala"), options=points),
        Question(0, "place", Kind.MUNICIPALITY, said("Ort"), options=(option("12062124", 1),)),
    )
    more = (
        Question(0, "grid", Kind.MATRIX_SINGLE, said("Tabelle"), duty=Duty.HARD, options=points, items=items),
        Question(0, "boxes", Kind.MATRIX_MULTIPLE, said("Kästchen"), options=points, items=items),
        Question(0, "rank", Kind.RANKING, said("Reihe"), options=choices[:1], most=Decimal(1)),
        Question(0, "day", Kind.DATE, said("Tag"), earliest="2020-01-01", latest="2026-12-31"),
        Question(0, "short", Kind.SHORT_TEXT, said("Kurz"), most=Decimal(80), condition=Answered("many")),
        Question(0, "long", Kind.LONG_TEXT, said("Lang"), condition=Not(Selected("many", "c"))),
        Question(0, "info", Kind.INFORMATION, said("Hinweis"), condition=Selected("grid", "1", "x")),
        Question(0, "old", Kind.SHORT_TEXT, said("Früher"), retired=True),
    )
    shown = Both((Either((Selected("one", "a"), adult)), Compare(">", CountOf("many"), Constant(Decimal(1)))))
    pages = (
        Page("p1", said("Teil eins"), said("Einleitung"), None, questions),
        Page("p2", said("Zwei"), {}, shown, more),
    )
    return Questionnaire(("de", "en", "de-simple"), pages)


def test_a_full_questionnaire_comes_back_as_it_was() -> None:
    assert without_keys(again(full())) == without_keys(full())


@pytest.mark.django_db
def test_the_example_survey_comes_back_as_it_was() -> None:
    questionnaire = read_questionnaire(read_example())
    brought = read_xlsform(write_xlsform(questionnaire, TITLE))
    assert without_keys(brought.questionnaire) == without_keys(questionnaire)
    assert (brought.report.changed, brought.report.dropped) == ([], [])


def test_the_workbook_is_an_xlsform() -> None:
    book = load_workbook(io.BytesIO(write_xlsform(full(), TITLE, form_id="probe")))
    assert book.sheetnames == ["survey", "choices", "settings"]
    survey = [list(row) for row in book["survey"].iter_rows(values_only=True)]
    head = [str(cell) for cell in survey[0]]
    assert head[:5] == [
        *("type", "name", "label::Deutsch (de)", "label::English (en)"),
        "label::Leichte Sprache (de-simple)",
    ]
    kinds = [(row[0], row[1]) for row in survey[1:]]
    assert kinds[:5] == [
        *(("begin_group", "p1"), ("select_one one", "one"), ("text", "one__b__text"), ("integer", "age")),
        ("decimal", "km"),
    ]
    assert ("begin_group", "grid__grid") in kinds
    assert ("select_one grid", "grid__x") in kinds
    by_name = {row[1]: dict(zip(head, row, strict=True)) for row in survey[1:]}
    assert by_name["km"]["relevant"] == "${age} >= 18"
    assert by_name["p2"]["relevant"] == "(${one} = 'a' or ${age} >= 18) and count-selected(${many}) > 1"
    assert by_name["age"]["constraint"] == ". >= 0 and . <= 120"
    assert by_name["many"]["constraint"] == (
        "count-selected(.) <= 2 and not(selected(., 'c') and count-selected(.) > 1)"
    )
    settings_rows = list(book["settings"].iter_rows(values_only=True))
    assert settings_rows == [
        ("form_title", "form_id", "default_language", "style"),
        ("Probe", "probe", "Deutsch (de)", "pages"),
    ]


def test_no_cell_is_a_formula() -> None:
    label = {"de": "=HYPERLINK(1)"}
    question = Question(
        0, "q", Kind.SINGLE, label, options=(Option("a", 1, {"de": "+1"}), Option("b", 2, {"de": "@x"}))
    )
    book = load_workbook(
        io.BytesIO(write_xlsform(Questionnaire(("de",), (Page("p", label, {}, None, (question,)),)), label))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_sums_and_numbers_of_options_keep_their_meaning() -> None:
    codes = (Option("low", 1, {"de": "wenig"}), Option("high", 2, {"de": "viel"}))
    questions = (
        Question(0, "a", Kind.NUMBER, {"de": "a"}),
        Question(0, "b", Kind.NUMBER, {"de": "b"}),
        Question(0, "s", Kind.SCALE, {"de": "s"}, options=codes),
        Question(0, "t", Kind.SHORT_TEXT, {"de": "t"}, condition=Compare(">", SumOf(("a", "b")), Constant(Decimal(5)))),
        Question(0, "u", Kind.SHORT_TEXT, {"de": "u"}, condition=Compare(">=", ValueOf("s"), Constant(Decimal(2)))),
        Question(0, "v", Kind.SHORT_TEXT, {"de": "v"}, condition=Compare("!=", ValueOf("a"), Constant(Decimal(2)))),
    )
    found = again(Questionnaire(("de",), (Page("p", {"de": "P"}, {}, None, questions),))).question_by_code
    total = Compare(">", SumOf(("a", "b")), Constant(Decimal(5)))
    assert found["t"].condition == Both((Either((Answered("a"), Answered("b"))), total))
    assert found["u"].condition == Selected("s", "high")
    same = Compare("=", ValueOf("a"), Constant(Decimal(2)))
    assert found["v"].condition == Both((Answered("a"), Not(same)))


@given(steps_of_answering())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_came_through_means_the_same(made: tuple[Questionnaire, list[tuple[str, Given]]]) -> None:
    """Conditions are refused with a note, or show the same questions for every way of answering."""
    questionnaire, steps = made
    try:
        brought = read_xlsform(write_xlsform(questionnaire, TITLE))
    except UnreadableError:
        assert not any(question.asks for question in questionnaire.questions())
        return
    if brought.report.dropped:
        return
    draft: dict[str, Given] = {}
    for code, answer in steps:
        draft[code] = answer
        before, after = follow(questionnaire, draft), follow(brought.questionnaire, draft)
        assert [shown.question.code for shown in after.questions()] == [s.question.code for s in before.questions()]
