# ruff: noqa: FBT001 -- layouts are old or new
"""LimeSurvey in: both layouts, and every type."""

from __future__ import annotations

from decimal import Decimal

from elbe_elster.participation.exchange.reports import Entry
from elbe_elster.participation.questionnaire.conditions import (
    Both,
    Compare,
    Constant,
    Selected,
    ValueOf,
)
from elbe_elster.participation.questionnaire.document import Duty, Kind
from tests.participation.importing import OLD_AND_NEW, labels, one, read, said, survey
from tests.participation.made_lss import Lss

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


def grids() -> Lss:
    """Every type of grid, over two rows."""
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
    return made


def test_grids() -> None:
    brought = read(grids())
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
