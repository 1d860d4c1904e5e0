# ruff: noqa: FBT001, ISC004 -- layouts are old or new; the sentences are long
"""LimeSurvey in: both layouts, every type, conditions of both kinds, quotas, hostile and broken files."""

from __future__ import annotations

import io
import time
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from elbe_elster.participation.actions.importing import read_survey
from elbe_elster.participation.exchange.files import UnreadableError
from elbe_elster.participation.exchange.lss import read_lss
from elbe_elster.participation.exchange.reports import Entry
from elbe_elster.participation.questionnaire.conditions import (
    Answered,
    Both,
    Compare,
    Constant,
    Either,
    Not,
    Selected,
    ValueOf,
)
from elbe_elster.participation.questionnaire.document import Duty, Kind, Question, from_json, to_json
from tests.participation.made_lss import Lss, named, raw

if TYPE_CHECKING:
    from elbe_elster.participation.exchange.reports import BroughtSurvey

OLD_AND_NEW = pytest.mark.parametrize(
    ("new", "version"), [(False, 145), (False, 178), (False, 366), (True, 498), (True, 703)]
)


def survey(*languages: str, new: bool = True, version: int = 498, **settings: str) -> Lss:
    made = Lss(*languages, new=new, version=version, **settings)
    made.group("Gruppe")
    return made


def read(made: Lss) -> BroughtSurvey:
    brought = read_lss(made.xml())
    assert from_json(to_json(brought.questionnaire)) == brought.questionnaire
    return brought


def one(made: Lss, code: str) -> Question:
    return read(made).questionnaire.question_by_code[code]


def said(brought: BroughtSurvey, code: str) -> list[tuple[str, str]]:
    """What was changed or dropped of a question."""
    return [(row.what, row.why) for row in (*brought.report.changed, *brought.report.dropped) if row.code == code]


def labels(question: Question) -> list[tuple[str, int, str]]:
    return [(option.code, option.number, option.label["de"]) for option in question.options]


# A whole survey -----------------------------------------------------------------


def whole(*, new: bool, version: int) -> Lss:
    made = Lss("de", "en", new=new, version=version, anonymized="Y")
    made.settings |= {
        "surveyls_title": {"de": "Digital vor Ort", "en": "Digital on site"},
        "surveyls_welcometext": {"de": "<p>Willkommen <b>hier</b>!</p>", "en": "Welcome!"},
        "surveyls_endtext": {"de": "Danke", "en": "Thanks"},
    }
    made.group({"de": "Zweite", "en": "Second"}, group_order="2", grelevance="ALTER >= 18")
    made.question("T", "WARUM", {"de": "Warum?", "en": "Why?"}, relevance='NETZ == "Y"')
    made.group({"de": "Erste", "en": "First"}, {"de": "<p>Über Sie</p>", "en": "About"}, group_order="1")
    made.question("Y", "NETZ", {"de": "Netz?", "en": "Net?"}, mandatory="S", question_order="2")
    made.question("N", "ALTER", {"de": "Alter?", "en": "Age?"}, mandatory="Y", question_order="1")
    made.question(
        "L",
        "ORT",
        {"de": "Wo?", "en": "Where?"},
        other="Y",
        answers=[("A2", {"de": "Land", "en": "Country"}), ("A1", {"de": "Stadt", "en": "Town"})],
        help={"de": "Eine Antwort.", "en": "One answer."},
        question_order="3",
    )
    return made


@OLD_AND_NEW
def test_both_layouts_say_the_same(new: bool, version: int) -> None:
    brought = read(whole(new=new, version=version))
    assert brought.title == {"de": "Digital vor Ort", "en": "Digital on site"}
    assert brought.purpose == {"de": "Willkommen **hier**!", "en": "Welcome!"}
    assert brought.thanks == {"de": "Danke", "en": "Thanks"}
    assert brought.languages == ("de", "en")
    document = brought.questionnaire
    assert [(page.title["en"], [q.code for q in page.questions]) for page in document.pages] == [
        ("First", ["alter", "netz", "ort"]),
        ("Second", ["warum"]),
    ]
    assert document.pages[0].intro == {"de": "Über Sie", "en": "About"}
    assert document.pages[1].condition == Compare(">=", ValueOf("alter"), Constant(Decimal(18)))
    assert document.question_by_code["warum"].condition == Selected("netz", "yes")
    assert [q.duty for q in document.pages[0].questions] == [Duty.HARD, Duty.SOFT, Duty.FREE]
    place = document.question_by_code["ort"]
    assert labels(place) == [("a2", 1, "Land"), ("a1", 2, "Stadt"), ("other", 3, "Sonstiges")]
    assert [option.label["en"] for option in place.options] == ["Country", "Town", "Other"]
    assert place.help == {"de": "Eine Antwort.", "en": "One answer."}
    assert brought.summary() == {
        "title": "Digital vor Ort",
        "languages": ["de", "en"],
        "pages": 2,
        "questions": 4,
        "subquestions": 0,
        "options": 2,
        "conditions": 2,
        "quotas": 0,
        "changed": [],
        "dropped": [],
        "kept": [
            {"code": "ALTER", "what": "Frage", "why": "Zahl"},
            {"code": "NETZ", "what": "Frage", "why": "Ja/Nein"},
            {"code": "ORT", "what": "Frage", "why": "Liste (Optionsfelder)"},
            {"code": "WARUM", "what": "Frage", "why": "Langer Text"},
        ],
    }


# Types --------------------------------------------------------------------------


def test_single_questions_by_type() -> None:
    made = survey()
    for kind, code in {"5": "points", "Y": "yesno", "G": "sex", "S": "short", "T": "long", "U": "huge"}.items():
        made.question(kind, code)
    for kind, code in {"N": "num", "D": "day", "X": "info", "Z": "strange"}.items():
        made.question(kind, code)
    brought = read(made)
    kinds = {code: question.kind for code, question in brought.questionnaire.question_by_code.items()}
    assert kinds == {
        "points": Kind.SCALE,
        "yesno": Kind.YES_NO,
        "sex": Kind.SINGLE,
        "short": Kind.SHORT_TEXT,
        "long": Kind.LONG_TEXT,
        "huge": Kind.LONG_TEXT,
        "num": Kind.NUMBER,
        "day": Kind.DATE,
        "info": Kind.INFORMATION,
        "strange": Kind.INFORMATION,
    }
    by_code = brought.questionnaire.question_by_code
    assert [option.code for option in by_code["points"].options] == ["1", "2", "3", "4", "5"]
    assert labels(by_code["yesno"]) == [("yes", 1, "Ja"), ("no", 2, "Nein")]
    assert [option.label["de"] for option in by_code["sex"].options] == [
        "weiblich",
        "männlich",
        "divers",
        "keine Angabe",
    ]
    assert said(brought, "sex") == [
        ("Geschlecht", "Vier Antworten statt zwei: weiblich, männlich, divers, keine Angabe.")
    ]
    assert said(brought, "strange") == [
        ("Fragetyp „Z“", "Diesen Typ gibt es im Portal nicht. Er ist jetzt ein Hinweis.")
    ]


def test_what_the_portal_does_not_ask_is_dropped_by_name() -> None:
    made = survey()
    made.question("S", "q1", "Name?")
    for kind, code in (("|", "up"), ("*", "calc"), ("I", "lang")):
        made.question(kind, code)
    made.question("T", "ghost", attributes={"hidden": "1"})
    made.question("S", "after", relevance='up.NAOK == "1"')
    brought = read(made)
    assert [q.code for q in brought.questionnaire.questions()] == ["q1", "after"]
    assert brought.report.dropped == [
        Entry("up", "Datei-Upload", "Dateien nimmt das Portal in Umfragen nicht an."),
        Entry("calc", "Gleichung", "Berechnungen gibt es im Portal nicht."),
        Entry("lang", "Sprachumschaltung", "Die Sprache wählt man im Portal oben auf jeder Seite."),
        Entry("ghost", "Langer Text", "Verborgene Fragen gibt es im Portal nicht."),
        Entry(
            "after",
            "Bedingung",
            '„up.NAOK == "1"“: „up“ ist nicht übernommen. Die Frage erscheint jetzt immer.',
        ),
    ]
    assert brought.counts.questions == 2


def test_several_answers() -> None:
    made = survey()
    made.question(
        "M",
        "how",
        subs=[("SQ001", "Bus"), ("SQ002", "Rad"), ("SQ003", "nichts")],
        other="Y",
        attributes={"exclude_all_others": "SQ003", "min_answers": "1", "max_answers": "9", "random_order": "1"},
    )
    made.question("P", "with", subs=[("1", "Eins"), ("2", "Zwei")])
    question = one(made, "how")
    assert [(o.code, o.exclusive, o.other) for o in question.options] == [
        ("sq001", False, False),
        ("sq002", False, False),
        ("sq003", True, False),
        ("other", False, True),
    ]
    assert (question.least, question.most, question.shuffle) == (Decimal(1), Decimal(4), True)
    assert [option.other for option in one(made, "with").options] == [True, True]


def test_grids() -> None:
    made = survey()
    rows: list[tuple[str, str | dict[str, str]]] = [("SQ1", "Bus"), ("SQ2", "Rad")]
    made.question("F", "F", subs=rows, answers=[("1", "gut"), ("2", "schlecht")])
    made.question("H", "H", subs=rows, answers=[("1", "gut")])
    for kind in "ABCE":
        made.question(kind, kind, subs=rows)
    made.question(
        "1",
        "dual",
        "Wie?",
        subs=rows,
        answers=[("1", "oft")],
        second=[("1", "nie")],
        attributes={"dualscale_headerA": {"de": "heute"}, "dualscale_headerB": {"de": "morgen"}},
    )
    made.question(
        ":", "boxes", subs=rows, columns=[("c1", "Mo"), ("c2", "Di")], attributes={"multiflexible_checkbox": "1"}
    )
    made.question(":", "cells", "Wie viele?", subs=rows, columns=[("c1", "Mo")], attributes={"multiflexible_max": "7"})
    made.question(";", "words", "Was?", subs=rows, columns=[("c1", "Mo")])
    brought = read(made)
    found = {q.code: (q.kind, len(q.items), len(q.options)) for q in brought.questionnaire.questions()}
    single = Kind.MATRIX_SINGLE
    assert found == {
        "f": (single, 2, 2),
        "h": (single, 2, 1),
        "a": (single, 2, 5),
        "b": (single, 2, 10),
        "c": (single, 2, 3),
        "e": (single, 2, 3),
        "dual_0": (single, 2, 1),
        "dual_1": (single, 2, 1),
        "boxes": (Kind.MATRIX_MULTIPLE, 2, 2),
        "cells_sq1_c1": (Kind.NUMBER, 0, 0),
        "cells_sq2_c1": (Kind.NUMBER, 0, 0),
        "words_sq1_c1": (Kind.SHORT_TEXT, 0, 0),
        "words_sq2_c1": (Kind.SHORT_TEXT, 0, 0),
    }
    by_code = brought.questionnaire.question_by_code
    assert [by_code[code].label["de"] for code in ("dual_0", "dual_1", "cells_sq1_c1")] == [
        "Wie? – heute",
        "Wie? – morgen",
        "Wie viele? – Bus – Mo",
    ]
    assert by_code["cells_sq1_c1"].most == 7
    assert brought.counts.questions == 10


def test_a_grid_of_too_many_fields_is_dropped() -> None:
    made = survey()
    made.question("S", "q1")
    many: list[tuple[str, str | dict[str, str]]] = [(f"r{n}", f"{n}") for n in range(30)]
    made.question(";", "big", subs=many, columns=[("a", "A"), ("b", "B"), ("c", "C")])
    assert said(read(made), "big") == [("Matrix (Texte)", "90 Felder: Das lässt sich nicht in Fragen auflösen.")]


def test_several_fields_become_questions_and_can_be_summed() -> None:
    made = survey()
    made.question("K", "km", "Wie viele Kilometer?", subs=[("bus", "mit dem Bus"), ("car", "mit dem Auto")])
    made.question("Q", "name", "Wie heißt", subs=[("dog", "der Hund")])
    made.question("S", "why", relevance="sum(km_bus.NAOK, km_car.NAOK) > 50 and !is_empty(name_dog)")
    brought = read(made)
    assert [(q.code, q.label["de"]) for q in brought.questionnaire.questions()][:3] == [
        ("km_bus", "Wie viele Kilometer? – mit dem Bus"),
        ("km_car", "Wie viele Kilometer? – mit dem Auto"),
        ("name_dog", "Wie heißt – der Hund"),
    ]
    assert isinstance(brought.questionnaire.question_by_code["why"].condition, Both)


@OLD_AND_NEW
def test_ranking(new: bool, version: int) -> None:
    made = survey(new=new, version=version)
    made.question("R", "best", answers=[("1", "Bus"), ("2", "Rad"), ("3", "Zug")], attributes={"max_answers": "2"})
    question = one(made, "best")
    assert (question.kind, question.most, len(question.options)) == (Kind.RANKING, Decimal(2), 3)


def test_limits() -> None:
    made = survey()
    made.question("N", "n", attributes={"min_num_value_n": "1.5", "max_num_value_n": "{x}", "suffix": {"de": "Jahre"}})
    made.question("N", "whole", attributes={"num_value_int_only": "1", "min_num_value_n": "9", "max_num_value_n": "3"})
    made.question("S", "t", attributes={"maximum_chars": "80"}, preg="/^[0-9]+$/")
    made.question("D", "d", attributes={"date_min": "2020", "date_max": "2020-06-30"})
    made.question("S", "s", attributes={"numbers_only": "1"})
    brought = read(made)
    by_code = brought.questionnaire.question_by_code
    assert (by_code["n"].least, by_code["n"].most, by_code["n"].unit, by_code["n"].places) == (
        Decimal("1.5"),
        None,
        {"de": "Jahre"},
        2,
    )
    assert (by_code["whole"].least, by_code["whole"].places) == (None, 0)
    assert (by_code["t"].most, by_code["d"].earliest, by_code["d"].latest) == (Decimal(80), "2020-01-01", "2020-06-30")
    assert by_code["s"].kind is Kind.NUMBER
    assert [(row.code, row.what) for row in brought.report.dropped] == [
        ("n", "Grenze"),
        ("whole", "Grenzen"),
        ("t", "Prüfung"),
    ]


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


# Hostile files ------------------------------------------------------------------------


def test_html_is_neutral() -> None:
    made = survey()
    made.question(
        "S",
        "q1",
        '<p onclick="x()">Wie <strong>geht</strong> es?<script>alert(1)</script>'
        '<img src="https://boese.example/p.png" alt="Bild"></p>',
        help='<a href="javascript:alert(1)">hier</a> <a href="https://example.org/a">dort</a><iframe src=x></iframe>',
    )
    made.question("L", "q2", answers=[("1", "<b>Ja</b> &amp; <i>gern</i> *")])
    brought = read(made)
    question = brought.questionnaire.question_by_code["q1"]
    assert question.label == {"de": "Wie geht es?"}
    assert question.help == {"de": "hier [dort](https://example.org/a)"}
    assert labels(brought.questionnaire.question_by_code["q2"]) == [("1", 1, "Ja & gern *")]
    assert said(brought, "q1") == [
        ("Text", "Skripte, Formulare und eingebettete Seiten sind entfernt."),
        ("Text", "Bilder und Filme sind entfernt."),
    ]


def test_long_texts_become_question_and_help() -> None:
    made = survey()
    made.question("S", "q1", "<p>Wie geht es Ihnen?</p><ul><li>gut</li><li>schlecht</li></ul><p>Mehr.</p>")
    made.question("S", "q2", "wort " * 300)
    made.question("S", "q3", "x" * 30_000)
    by_code = read(made).questionnaire.question_by_code
    assert by_code["q1"].label == {"de": "Wie geht es Ihnen?"}
    assert by_code["q1"].help == {"de": "- gut\n- schlecht\n\nMehr."}
    assert len(by_code["q2"].label["de"]) <= 600
    assert by_code["q2"].help["de"].startswith("wort wort")
    assert len(by_code["q3"].help["de"]) == 20_000


BOMB = b"""<?xml version="1.0"?><!DOCTYPE document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType><x>&b;</x></document>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE document [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType><x>&a;</x></document>"""


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (BOMB, "Die Datei enthält verbotene Anweisungen (Dokumenttyp oder Entitäten)."),
        (OUTSIDE, "Die Datei enthält verbotene Anweisungen (Dokumenttyp oder Entitäten)."),
        (b"<document>" + b"<a>" * 500, "Die Datei ist zu tief verschachtelt oder zu lang für einen Fragebogen."),
        (b"<document><a></b>", "Die Datei ist kein lesbares XML. Exportieren Sie sie noch einmal."),
        (b"<html/>", "Das ist keine Struktur aus LimeSurvey. Exportieren Sie die Umfrage als „.lss“."),
        (
            b"<document><LimeSurveyDocType>Responses</LimeSurveyDocType></document>",
            "Das ist keine Struktur aus LimeSurvey. Exportieren Sie die Umfrage als „.lss“.",
        ),
        (b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>", "In der Datei steht keine Frage."),
        (b"id,related\n1,2", "Das ist weder eine LimeSurvey-Struktur („.lss“) noch ein XLSForm („.xlsx“)."),
        (b"x" * (10 * 1024 * 1024 + 1), "Die Datei ist zu groß. Erlaubt sind 10 MB."),
        (
            zipped(a__txt=b"x"),
            "Im Archiv steckt keine LimeSurvey-Struktur („.lss“) und keine Excel-Tabelle.",
        ),
        (zipped(a__lss=b"0" * (45 * 1024 * 1024)), "Ausgepackt ist die Datei zu groß."),
        (zipped(a__lss=b"x")[:40], "Die Datei ist beschädigt."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
            "Das ist eine Datei im alten Excel-Format. Speichern Sie sie als „.xlsx“.",
        ),
    ],
    ids=named,
)
def test_what_cannot_be_read_says_why(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read_survey(content)
    assert str(error.value) == sentence


def test_only_the_structure_of_an_archive_is_read() -> None:
    made = survey()
    made.question("S", "q1")
    brought = read_survey(made.archive())
    assert [q.code for q in brought.questionnaire.questions()] == ["q1"]
    assert brought.report.dropped == [
        Entry(
            "",
            "Archiv",
            "Antworten, Teilnehmende und Zeiten bleiben in der Datei: Das Portal liest sie nicht. "
            "Nicht gelesen: 2 Dateien.",
        )
    ]


@pytest.mark.parametrize(
    "text",
    ["<b>" * 6000, "<div>" * 4000, "{" * 20_000, "a" * 3_000_000, "[" * 20_000, "<p>x" * 5000, "&" * 20_000],
    ids=named,
)
def test_a_nasty_text_ends_soon(text: str) -> None:
    started = time.perf_counter()
    read_lss(raw(text))
    assert time.perf_counter() - started < 5


def test_a_form_of_400_questions() -> None:
    made = Lss("de", "en")
    for page in range(20):
        made.group(f"Teil {page}")
        for number in range(20):
            code = f"q{page}x{number}"
            relevance = f"q{page - 1}x{number} == 'A1'" if page else "1"
            answers: list[tuple[str, str | dict[str, str]]] = [(f"A{n}", f"Antwort {n}") for n in range(1, 6)]
            made.question("L", code, f"Frage {code}?", answers=answers, relevance=relevance)
    started = time.perf_counter()
    brought = read(made)
    assert time.perf_counter() - started < 10
    assert (brought.counts.pages, brought.counts.questions, brought.counts.options, brought.counts.conditions) == (
        20,
        400,
        2000,
        380,
    )
