"""Conditions in words and skip hints: German that people say, and the same meaning as the tree."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.clauses import Chosen, Clause, Group, clause_of
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
    ValueOf,
    holds,
)
from elbe_elster.participation.questionnaire.document import Item, Kind, Option, Page, Question, Questionnaire
from elbe_elster.participation.questionnaire.hints import SkipHints, skip_hints
from elbe_elster.participation.questionnaire.path import follow
from elbe_elster.participation.questionnaire.words import condition_in_short, condition_in_words, question_numbers


def option(code: str, number: int, label: str = "", **fields: object) -> Option:
    return Option(code=code, number=number, label={"de": label or code}, **fields)  # type: ignore[arg-type]


def question(code: str, kind: Kind, *options: Option, **fields: object) -> Question:
    return Question(pk=0, code=code, kind=kind, label={"de": code}, options=options, **fields)  # type: ignore[arg-type]


ANSWERS = (option("nie", 1, "Nie"), option("selten", 2, "Selten"), option("oft", 3, "Oft"))
ROWS = (Item("bus", 1, {"de": "Bus", "en": "bus"}), Item("bahn", 2, {"de": "Bahn"}))
YES_NO = (option("ja", 1, "Ja"), option("nein", 2, "Nein"))
ASKED = (
    question("hinweis", Kind.INFORMATION),
    question("wie_oft", Kind.SINGLE, *ANSWERS),
    question("womit", Kind.MULTIPLE, option("a", 1, "Auto"), option("b", 2, "Bus"), option("c", 3, "Rad")),
    question("alt", Kind.SINGLE, *ANSWERS, retired=True),
    question("wege", Kind.MATRIX_SINGLE, *ANSWERS, items=ROWS),
    question("weit", Kind.NUMBER, unit={"de": "km"}),
    question("tag", Kind.DATE),
    question("wort", Kind.SHORT_TEXT),
    question("netz", Kind.YES_NO, *YES_NO),
    question("note", Kind.SCALE, *[option(f"n{number}", number) for number in range(11)]),
    question("rang", Kind.RANKING, option("x", 1, "Lesen"), option("y", 2, "Rechnen")),
    question("kosten", Kind.NUMBER),
)
SURVEY = Questionnaire(("de",), (Page("eins", {"de": "Eins"}, questions=ASKED),))
NIE, SELTEN = Selected("wie_oft", "nie"), Selected("wie_oft", "selten")


def number(value: str | int) -> Constant:
    return Constant(Decimal(value))


SENTENCES = [
    (NIE, "Sie bei Frage 1 „Nie“ gewählt haben"),
    (Not(NIE), "Sie bei Frage 1 nicht „Nie“ gewählt haben"),
    (Either((NIE, SELTEN)), "Sie bei Frage 1 „Nie“ oder „Selten“ gewählt haben"),
    (Not(Either((NIE, SELTEN))), "Sie bei Frage 1 weder „Nie“ noch „Selten“ gewählt haben"),
    (Not(Not(NIE)), "Sie bei Frage 1 „Nie“ gewählt haben"),
    (
        Both((Selected("womit", "a"), Selected("womit", "b"), NIE)),
        "Sie bei Frage 2 „Auto“ und „Bus“ gewählt haben und Sie bei Frage 1 „Nie“ gewählt haben",
    ),
    (Selected("wege", "oft", "bus"), "Sie bei Frage 3 für „Bus“ „Oft“ gewählt haben"),
    (Answered("wege", "bahn"), "Sie bei Frage 3 für „Bahn“ etwas angegeben haben"),
    (Not(Answered("wege", "bahn")), "Sie bei Frage 3 für „Bahn“ nichts angegeben haben"),
    (Answered("weit"), "Sie Frage 4 beantwortet haben"),
    (Not(Answered("weit")), "Sie Frage 4 nicht beantwortet haben"),
    (Compare(">", ValueOf("weit"), number("12.50")), "Sie bei Frage 4 mehr als 12,5 km angegeben haben"),
    (Compare("<", number(10), ValueOf("weit")), "Sie bei Frage 4 mehr als 10 km angegeben haben"),
    (
        Not(Compare(">", ValueOf("weit"), number(5))),
        "es nicht so ist, dass Sie bei Frage 4 mehr als 5 km angegeben haben",
    ),
    (
        Compare("<", ValueOf("tag"), Constant(dt.date(2026, 5, 1))),
        "Sie bei Frage 5 einen Tag vor dem 01.05.2026 angegeben haben",
    ),
    (Compare("=", ValueOf("wort"), Constant("gut")), "Sie bei Frage 6 „gut“ geschrieben haben"),
    (Compare("!=", ValueOf("wort"), Constant("gut")), "Sie bei Frage 6 etwas anderes als „gut“ geschrieben haben"),
    (Selected("netz", "ja"), "Sie Frage 7 mit „Ja“ beantwortet haben"),
    (Not(Selected("netz", "ja")), "Sie Frage 7 nicht mit „Ja“ beantwortet haben"),
    (Compare(">=", ValueOf("note"), number(8)), "Sie bei Frage 8 „n8“, „n9“ oder „n10“ gewählt haben"),
    (Not(Compare(">=", ValueOf("note"), number(9))), "Sie bei Frage 8 weder „n9“ noch „n10“ gewählt haben"),
    (Compare("!=", ValueOf("note"), number(3)), "Sie bei Frage 8 etwas anderes als „n3“ gewählt haben"),
    (
        Compare(">=", ValueOf("note"), number(2)),
        "Sie bei Frage 8 eine Antwort mit der Nummer mindestens 2 gewählt haben",
    ),
    (Selected("rang", "x"), "Sie bei Frage 9 „Lesen“ in die Rangfolge genommen haben"),
    (Compare(">=", CountOf("womit"), number(2)), "Sie bei Frage 2 mindestens 2 Antworten gewählt haben"),
    (Not(Compare(">=", CountOf("womit"), number(2))), "Sie bei Frage 2 weniger als 2 Antworten gewählt haben"),
    (Compare("=", CountOf("womit"), number(1)), "Sie bei Frage 2 genau 1 Antwort gewählt haben"),
    (Compare(">", CountOf("womit"), number(0)), "Sie bei Frage 2 mindestens 1 Antwort gewählt haben"),
    (Compare("<", CountOf("womit"), number(1)), "Sie bei Frage 2 nichts gewählt haben"),
    (
        Compare("<=", SumOf(("weit", "kosten")), number(100)),
        "Ihre Zahlen bei den Fragen 4 und 10 zusammen höchstens 100 ergeben",
    ),
    (
        Compare(">", ValueOf("weit"), ValueOf("kosten")),
        "Ihre Angabe bei Frage 4 größer oder später ist als Ihre Angabe bei Frage 10",
    ),
    (Selected("alt", "nie"), "Sie bei Frage alt „Nie“ gewählt haben"),
    (Selected("weg", "x"), "Sie bei Frage weg „x“ gewählt haben"),
]


@pytest.mark.parametrize(("expression", "clause"), SENTENCES)
def test_each_kind_of_condition_is_a_sentence(expression: Expression, clause: str) -> None:
    assert condition_in_words(expression, SURVEY, "de") == f"Nur wenn {clause}"


def test_groups_in_groups_are_lists_with_letters() -> None:
    bus = Answered("wort")
    tree = Both((Either((NIE, bus)), Answered("weit")))

    assert condition_in_words(tree, SURVEY, "de") == (
        "Nur wenn alles davon zutrifft: a) Sie bei Frage 1 „Nie“ gewählt haben oder Sie Frage 6 beantwortet haben; "
        "b) Sie Frage 4 beantwortet haben"
    )
    assert condition_in_words(Not(tree), SURVEY, "de") == (
        "Nur wenn eines davon zutrifft: a) Sie bei Frage 1 nicht „Nie“ gewählt haben und Sie Frage 6 nicht beantwortet "
        "haben; b) Sie Frage 4 nicht beantwortet haben"
    )


def test_long_labels_are_cut() -> None:
    long = question("lang", Kind.SINGLE, option("a", 1, f"{'Donaudampfschifffahrt' * 5}"))
    survey = Questionnaire(("de",), (Page("p", {"de": "p"}, questions=(long,)),))

    assert condition_in_words(Selected("lang", "a"), survey, "de") == (
        f"Nur wenn Sie bei Frage 1 „{('Donaudampfschifffahrt' * 5)[:59]}…“ gewählt haben"
    )


def test_numbers_count_what_is_asked() -> None:
    codes = ["wie_oft", "womit", "wege", "weit", "tag", "wort", "netz", "note", "rang", "kosten"]

    assert question_numbers(SURVEY) == {code: place for place, code in enumerate(codes, start=1)}


def test_the_codebook_writes_codes() -> None:
    tree = Both((Either((NIE, Not(Selected("wege", "oft", "bus")))), Compare(">=", CountOf("womit"), number("2.0"))))

    assert condition_in_short(tree) == "(wie_oft = nie or not (wege[bus] = oft)) and count(womit) >= 2.0"
    assert condition_in_short(Compare("<", SumOf(("weit", "kosten")), ValueOf("weit"))) == (
        "sum(weit, kosten) < value(weit)"
    )
    assert condition_in_short(Compare("=", ValueOf("tag"), Constant(dt.date(2026, 5, 1)))) == "value(tag) = 2026-05-01"


# Regrouping keeps the meaning ------------------------------------------------------

leaves = st.one_of(
    st.builds(Selected, st.just("wie_oft"), st.sampled_from(["nie", "selten", "oft"])),
    st.builds(Selected, st.just("womit"), st.sampled_from(["a", "b", "c"])),
    st.builds(Selected, st.just("wege"), st.sampled_from(["nie", "oft"]), st.sampled_from(["bus", "bahn"])),
    st.builds(Answered, st.sampled_from(["womit", "weit"])),
    st.builds(Compare, st.sampled_from(SIGNS), st.just(ValueOf("note")), st.integers(0, 10).map(number)),
    st.builds(Compare, st.sampled_from(SIGNS), st.integers(0, 4).map(number), st.just(CountOf("womit"))),
    st.builds(Compare, st.sampled_from(SIGNS), st.just(ValueOf("weit")), st.integers(0, 4).map(number)),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Both, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
drafts = st.fixed_dictionaries(
    {},
    optional={
        "wie_oft": st.sampled_from(ANSWERS).map(lambda found: Given(options=(found.code,), option_value=found.number)),
        "womit": st.sets(st.sampled_from("abc"), min_size=1).map(lambda found: Given(options=tuple(sorted(found)))),
        "wege": st.dictionaries(st.sampled_from(["bus", "bahn"]), st.sampled_from([("nie",), ("oft",)])).map(
            lambda found: Given(items=found)
        ),
        "weit": st.integers(0, 4).map(lambda found: Given(number=Decimal(found))),
        "note": st.integers(0, 10).map(lambda found: Given(options=(f"n{found}",), option_value=found)),
    },
)


def meaning(clause: Clause, answers: dict[str, Given]) -> bool:
    """What a regrouped clause says."""
    if isinstance(clause, Group):
        return (all if clause.all_of else any)(meaning(part, answers) for part in clause.parts)
    if not isinstance(clause, Chosen):
        return holds(clause, answers)
    chosen = [holds(Selected(clause.question, code, clause.item), answers) for code in clause.options]
    if clause.link == "else":
        return clause.question in answers and not any(chosen)
    return {"or": any(chosen), "and": all(chosen), "nor": not any(chosen)}[clause.link]


@settings(max_examples=300, deadline=None)
@given(trees, drafts)
def test_regrouping_keeps_the_meaning(tree: Expression, answers: dict[str, Given]) -> None:
    assert meaning(clause_of(tree, SURVEY), answers) is holds(tree, answers)


@settings(max_examples=50, deadline=None)
@given(trees)
def test_everything_can_be_said(tree: Expression) -> None:
    assert condition_in_words(tree, SURVEY, "de").startswith("Nur wenn ")


# Skip hints ------------------------------------------------------------------------


def one_page(*questions: Question) -> Questionnaire:
    return Questionnaire(("de",), (Page("p", {"de": "p"}, questions=questions),))


def test_a_question_for_some_answers_is_skipped_at_the_others() -> None:
    survey = one_page(
        question("q1", Kind.SINGLE, *ANSWERS, no_answer=True),
        question("q2", Kind.SHORT_TEXT, condition=Selected("q1", "oft")),
        question("q3", Kind.SHORT_TEXT, condition=Selected("q1", "oft")),
        question("q4", Kind.SHORT_TEXT),
    )
    onward = "Bitte weiter mit Frage 4"

    assert skip_hints(survey, "de") == SkipHints(
        onward={("q1", "nie"): onward, ("q1", "selten"): onward}, onward_no_answer={"q1": onward}
    )


def test_what_no_way_leads_past_says_so_itself() -> None:
    survey = one_page(
        question("q1", Kind.YES_NO, *YES_NO),
        question("q2", Kind.SHORT_TEXT, condition=Selected("q1", "ja")),
        question("q3", Kind.SHORT_TEXT, condition=Selected("q1", "nein")),
    )

    assert skip_hints(survey, "de") == SkipHints(
        onward={("q1", "nein"): "Bitte weiter mit Frage 3"},
        questions={"q3": "Nur wenn Sie Frage 1 mit „Nein“ beantwortet haben"},
    )


def test_a_chain_is_skipped_as_a_whole() -> None:
    survey = one_page(
        question("q1", Kind.YES_NO, *YES_NO),
        question("q2", Kind.YES_NO, *YES_NO, condition=Selected("q1", "ja")),
        question("q3", Kind.SHORT_TEXT, condition=Selected("q2", "ja")),
    )
    done = "Dann sind Sie fertig"

    assert skip_hints(survey, "de") == SkipHints(onward={("q1", "nein"): done, ("q2", "nein"): done})


def test_pages_rows_options_and_notes() -> None:
    many = Compare(">=", CountOf("q1"), number(2))
    only = "Nur wenn Sie bei Frage 1 mindestens 2 Antworten gewählt haben"
    exclusive = option("keins", 3, "Nichts davon", exclusive=True)
    first = question("q1", Kind.MULTIPLE, option("a", 1), option("b", 2), exclusive)
    rows = (Item("r1", 1, {"de": "Zeile"}), Item("r2", 2, {"de": "Zeile 2"}, condition=many))
    survey = Questionnaire(
        ("de",),
        (
            Page("p1", {"de": "p"}, questions=(first,)),
            Page("p2", {"de": "p"}, condition=many, questions=(question("q2", Kind.SHORT_TEXT),)),
            Page(
                "p3",
                {"de": "p"},
                questions=(
                    question("note", Kind.INFORMATION),
                    question("q3", Kind.MATRIX_SINGLE, option("a", 1), option("b", 2, condition=many), items=rows),
                ),
            ),
        ),
    )

    assert skip_hints(survey, "de") == SkipHints(
        onward={("q1", "keins"): "Bitte weiter mit dem Hinweis vor Frage 3"},
        pages={"p2": only},
        options={("q3", "b"): only},
        items={("q3", "r2"): only},
    )


def test_a_jump_that_ends_before_a_question_does_not_cover_it() -> None:
    survey = one_page(
        question("q1", Kind.YES_NO, *YES_NO),
        question("q2", Kind.YES_NO, *YES_NO, condition=Selected("q1", "ja")),
        question("q3", Kind.SHORT_TEXT),
        question("q4", Kind.SHORT_TEXT, condition=Selected("q2", "ja")),
    )

    assert skip_hints(survey, "de") == SkipHints(
        onward={("q1", "nein"): "Bitte weiter mit Frage 3"},
        questions={"q4": "Nur wenn Sie Frage 2 mit „Ja“ beantwortet haben"},
    )


@st.composite
def surveys_and_answers(draw: st.DrawFn) -> tuple[Questionnaire, dict[str, Given]]:
    """Up to eight questions on up to three pages, conditions on earlier ones, and an answer to each."""
    pages: list[Page] = []
    draft: dict[str, Given] = {}
    conditions: list[st.SearchStrategy[Expression]] = []
    before: list[st.SearchStrategy[Expression]] = []
    for place in range(draw(st.integers(2, 8))):
        if not pages or (len(pages) < 3 and draw(st.integers(0, 2)) == 0):
            before = list(conditions)
            pages.append(Page(f"p{place}", {"de": "p"}, condition=_drawn(draw, before)))
        kind = draw(st.sampled_from([Kind.SINGLE, Kind.YES_NO, Kind.MULTIPLE]))
        code = f"q{place}"
        exclusive = option("c", 3, exclusive=kind is Kind.MULTIPLE)
        asked = question(
            code, kind, option("a", 1), option("b", 2), exclusive,
            no_answer=draw(st.booleans()), condition=_drawn(draw, conditions),
        )  # fmt: skip
        pages[-1] = replace(pages[-1], questions=(*pages[-1].questions, asked))
        chosen = draw(st.sampled_from(["a", "b", "c", "ab" if kind is Kind.MULTIPLE else "a", ""]))
        if chosen or asked.no_answer:
            draft[code] = Given(options=tuple(chosen), missing=None if chosen else Missing.NO_ANSWER)
        else:
            draft[code] = Given(options=("a",))
        conditions.append(st.builds(Selected, st.just(code), st.sampled_from("abc")))
    return Questionnaire(("de",), tuple(pages)), draft


def _drawn(draw: st.DrawFn, conditions: list[st.SearchStrategy[Expression]]) -> Expression | None:
    if not conditions or draw(st.booleans()):
        return None
    one = st.one_of(conditions)
    return draw(
        st.one_of(one, one.map(Not), st.lists(one, min_size=2, max_size=2).map(tuple).map(Either), st.lists(one, min_size=2, max_size=2).map(tuple).map(Both))
    )  # fmt: skip


def answered_on_paper(survey: Questionnaire, draft: dict[str, Given]) -> list[str]:
    """Which questions somebody answers who does exactly what the form says."""
    hints = skip_hints(survey, "de")
    line = [(page, asked) for page in survey.pages for asked in page.questions]
    places = {number: place for place, number in enumerate(question_numbers(survey).values())}
    found: dict[str, Given] = {}
    place = 0
    while place < len(line):
        page, asked = line[place]
        place += 1
        for condition, says in ((page.condition, page.code in hints.pages), (asked.condition, asked.code in hints.questions)):  # fmt: skip
            if says and condition is not None and not holds(condition, found):
                break
        else:
            given = draft[asked.code]
            found[asked.code] = given
            hint = hints.onward.get((asked.code, given.options[0])) if len(given.options) == 1 else None
            hint = hints.onward_no_answer.get(asked.code) if given.missing else hint
            if hint:
                number = re.search(r"\d+", hint)
                place = places[int(number[0])] if number else len(line)
    return list(found)


@settings(max_examples=400, deadline=None)
@given(surveys_and_answers())
def test_whoever_follows_the_hints_answers_what_the_browser_shows(case: tuple[Questionnaire, dict[str, Given]]) -> None:
    survey, draft = case
    assert answered_on_paper(survey, draft) == [shown.question.code for shown in follow(survey, draft).questions()]
