# ruff: noqa: FBT001, ISC004 -- layouts are old or new; the sentences are long
"""LimeSurvey in: conditions of both kinds, languages, quotas, broken references."""

from __future__ import annotations

from elbe_elster.participation.exchange.reports import Entry
from elbe_elster.participation.questionnaire.conditions import (
    Answered,
    Both,
    Either,
    Not,
    Selected,
)
from tests.participation.importing import OLD_AND_NEW, one, read, said, survey

# Conditions ---------------------------------------------------------------------


@OLD_AND_NEW
def test_the_table_of_conditions_overrules_the_equation(new: bool, version: int) -> None:
    made = survey(new=new, version=version)
    one_id = made.question("L", "q1", answers=[("A1", "a"), ("A2", "b"), ("A3", "c")])
    many = made.question("M", "q2", subs=[("S1", "a"), ("S2", "b")])
    grid = made.question("F", "q3", subs=[("R1", "a")], answers=[("1", "x")])
    target = made.question("S", "q4", relevance='q1 == "A3"')
    made.condition(target, one_id, made.field(one_id), "A1")
    made.condition(target, one_id, made.field(one_id), "A2")
    made.condition(target, many, f"+{made.field(many, 'S1')}", "Y")
    made.condition(target, many, f"+{made.field(many, 'S2')}", "Y")
    made.condition(target, grid, made.field(grid, "R1"), "1", scenario="2")
    made.condition(target, one_id, made.field(one_id), " ", "!=", scenario="2")
    assert one(made, "q4").condition == Either(
        (
            Both(
                (
                    Either((Selected("q1", "a1"), Selected("q1", "a2"))),
                    Selected("q2", "s1"),
                    Selected("q2", "s2"),
                )
            ),
            Both((Selected("q3", "1", "r1"), Answered("q1"))),
        )
    )


def test_conditions_on_participants_and_patterns_are_reported() -> None:
    made = survey()
    first = made.question("S", "q1")
    second, third = made.question("S", "q2"), made.question("S", "q3")
    made.condition(second, "0", "{TOKEN:ATTRIBUTE_1}", "x")
    made.condition(third, first, made.field(first), "^a", "RX")
    brought = read(made)
    assert said(brought, "q2") == [
        ("Bedingung", "Angaben über Teilnehmende („TOKEN“) gibt es im Portal nicht. Die Frage erscheint jetzt immer.")
    ]
    assert said(brought, "q3") == [
        ("Bedingung", "Reguläre Ausdrücke gibt es in Bedingungen des Portals nicht. Die Frage erscheint jetzt immer.")
    ]


def test_rows_and_options_have_conditions_too() -> None:
    made = survey()
    made.question("M", "use", subs=[("bus", "Bus"), ("rad", "Rad")])
    made.question(
        "F",
        "good",
        subs=[("bus", "Bus"), ("rad", "Rad"), ("zug", "Zug")],
        answers=[("1", "gut")],
        attributes={"array_filter": "use"},
    )
    made.question("L", "best", answers=[("bus", "Bus"), ("x", "X")], attributes={"array_filter_exclude": "use"})
    made.question("M", "more", subs=[("a", "A"), ("b", "B")], sub_relevance={"b": 'use_bus == "Y"', "a": "0"})
    by_code = read(made).questionnaire.question_by_code
    assert [item.condition for item in by_code["good"].items] == [Selected("use", "bus"), Selected("use", "rad"), None]
    assert [option.condition for option in by_code["best"].options] == [Not(Selected("use", "bus")), None]
    assert [(o.condition, o.retired) for o in by_code["more"].options] == [
        (None, True),
        (Selected("use", "bus"), False),
    ]


def test_forward_and_circular_conditions_are_reported() -> None:
    made = survey()
    made.question("S", "q1", relevance="!is_empty(q2)")
    made.question("S", "q2", relevance="!is_empty(q1) and !is_empty(q2)")
    brought = read(made)
    assert [q.condition for q in brought.questionnaire.questions()] == [None, None]
    assert [row.why for row in brought.report.dropped] == [
        "„!is_empty(q2)“: Sie hängt von „q2“ ab; diese Frage kommt erst später (Vorausverweis). "
        "Die Frage erscheint jetzt immer.",
        "„!is_empty(q1) and !is_empty(q2)“: Sie hängt von „q2“ ab; diese Frage kommt erst später (Vorausverweis). "
        "Die Frage erscheint jetzt immer.",
    ]


def test_a_condition_that_is_never_true_retires_the_question() -> None:
    made = survey()
    made.question("S", "q1")
    made.question("S", "q2", relevance="0")
    assert one(made, "q2").retired
    assert said(read(made), "q2") == [("Bedingung", "„0“: Sie ist nie erfüllt: zurückgezogen, wird nicht gefragt.")]


@OLD_AND_NEW
def test_numeric_names_of_answers(new: bool, version: int) -> None:
    made = survey(new=new, version=version)
    first = made.question("M", "q1", subs=[("S1", "a")])
    made.question("S", "q2", relevance=f'{made.field(first, "S1")}.NAOK == "Y"')
    assert one(made, "q2").condition == Selected("q1", "s1")


# Languages ------------------------------------------------------------------------


def test_informal_german_and_easy_language_find_their_place() -> None:
    made = survey("de-informal", "en", "de-easy", "fr")
    made.question("S", "q1", {"de-informal": "Wie heißt du?", "en": "Name?", "de-easy": "Ihr Name?", "fr": "Nom?"})
    brought = read(made)
    assert brought.questionnaire.languages == ("de", "en", "de-simple")
    assert brought.languages == ("de", "en", "de-simple")
    label = {"de": "Wie heißt du?", "en": "Name?", "de-simple": "Ihr Name?"}
    assert brought.questionnaire.question_by_code["q1"].label == label
    assert [(row.what, row.why) for row in brought.report.changed][:2] == [
        ("Sprache", "„de-informal“ steht jetzt unter Deutsch."),
        ("Sprache", "„de-easy“ steht jetzt unter Leichte Sprache."),
    ]
    assert (
        Entry("", "Sprache", "„fr“ gibt es im Portal nicht. Diese Texte sind nicht übernommen.")
        in brought.report.dropped
    )


def test_without_german_the_base_language_stands_in_its_place() -> None:
    made = survey("en")
    made.question("S", "q1", "Your name?")
    brought = read(made)
    assert brought.languages == ("en",)
    assert brought.questionnaire.languages == ("de", "en")
    assert brought.questionnaire.question_by_code["q1"].label == {"de": "Your name?", "en": "Your name?"}


def test_missing_translations_are_told_by_question() -> None:
    made = survey("de", "en")
    made.question("L", "q1", {"de": "Wo?", "en": "Where?"}, answers=[("1", "hier")])
    made.question("S", "q2", {"de": "Wie?", "en": "How?"})
    brought = read(made)
    assert said(brought, "q1") == [("Übersetzung", "Englisch: Es fehlen Texte.")]
    assert said(brought, "q2") == []


# What a careful reader finds --------------------------------------------------------


def test_broken_references_still_import_with_a_list() -> None:
    made = survey()
    made.question("L", "q1")
    made.question("F", "q2", subs=[("a b", "x"), ("a b", "y")])
    made.question("S", "Q1", "")
    made.question("S", "2-x")
    made.question("S", "lost", gid="999")
    made.answers.append({"aid": "5", "qid": "777", "code": "1", "sortorder": "1", "scale_id": "0", "answer": "?"})
    brought = read(made)
    assert [q.code for q in brought.questionnaire.questions()] == ["q1", "q2", "q1_2", "f2_x", "lost"]
    assert [item.code for item in brought.questionnaire.question_by_code["q2"].items] == ["a_b", "a_b_2"]
    changed = [(row.code, row.what, row.why) for row in brought.report.changed]
    ask = "In der Datei stehen keine Antworten dazu. Bitte ergänzen Sie sie."
    assert ("q1", "Antworten", ask) in changed
    assert ("q2", "Skala", ask) in changed
    assert ("q2", "Zeile", "Im Kürzel „a b“ stehen Leerzeichen.") in changed
    assert ("Q1", "Text", "Der Text der Frage fehlt.") in changed
    assert ("Q1", "Kürzel", "Das Kürzel „Q1“ kommt doppelt vor. Es heißt jetzt „q1_2“.") in changed
    assert ("2-x", "Kürzel", "Das Kürzel „2-x“ heißt jetzt „f2_x“.") in changed
    lost = "Wozu sie gehören, fehlt in der Datei."
    assert ("", "Verwaiste Zeilen", f"Frage lost: {lost}") in changed
    assert ("", "Verwaiste Zeilen", f"Antworten zur Frage mit der Nummer 777: {lost}") in changed


def test_what_stands_around_the_questions_is_told() -> None:
    made = survey(format="I", anonymized="I", expires="2026-01-01", usetokens="Y", ipaddr="Y")
    made.question("S", "q1")
    made.settings |= {"surveyls_policy_notice": "Wir speichern", "surveyls_url": "https://example.org"}
    made.table("quota", id="1", name="Frauen", qlimit="50", action="1", active="1")
    made.table("quota", id="2", name="Kinder", qlimit="0", action="1", active="1")
    made.table("assessments", id="1")
    made.table("defaultvalues", qid=made.questions[0]["qid"], defaultvalue="x")
    brought = read(made)
    assert brought.counts.quotas == 2
    assert [(row.code, row.what) for row in brought.report.dropped] == [
        *[("", "Zeiten"), ("", "Zugangsschlüssel"), ("Frauen", "Quote"), ("Kinder", "Quote"), ("", "Bewertungen")],
        *[("q1", "Vorgabe"), ("", "Datenschutz"), ("", "Adresse am Ende")],
    ]
    assert [(row.code, row.what) for row in brought.report.changed] == [("", "Einstellungen"), ("", "Datenschutz")]
