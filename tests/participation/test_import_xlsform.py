"""XLSForm in: spellings, groups, grids, conditions, constraints, and workbooks as people really make them."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from elbe_elster.participation.actions.importing import read_survey
from elbe_elster.participation.exchange.files import UnreadableError
from elbe_elster.participation.exchange.reports import Entry
from elbe_elster.participation.exchange.xlsform import read_xlsform
from elbe_elster.participation.exchange.xlsform_types import read_type
from elbe_elster.participation.questionnaire.conditions import Both, Compare, Constant, Selected, ValueOf
from elbe_elster.participation.questionnaire.document import Duty, Kind, from_json, to_json
from tests.participation.made_lss import named

if TYPE_CHECKING:
    from elbe_elster.participation.exchange.reports import BroughtSurvey
    from elbe_elster.participation.questionnaire.document import Question

Rows = list[list[Any]]
HEAD = ["type", "name", "label", "relevant", "constraint", "appearance", "required"]
YES_NO: Rows = [["list_name", "name", "label"], ["yn", "1", "Ja"], ["yn", "2", "Nein"]]
GOOD: Rows = [["list_name", "name", "label"], ["g", "a", "gut"], ["g", "b", "schlecht"], ["g", "none", "nichts"]]


def book(survey: Rows, choices: Rows | None = None, settings: Rows | None = None, /, **names: str) -> bytes:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = names.get("survey", "survey")
    for row in survey:
        page.append(row)
    for name, rows in (("choices", choices), ("settings", settings)):
        sheet = made.create_sheet(names.get(name, name))
        for row in rows or []:
            sheet.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def read(survey: Rows, choices: Rows | None = None, settings: Rows | None = None) -> BroughtSurvey:
    brought = read_xlsform(book(survey, choices, settings))
    assert from_json(to_json(brought.questionnaire)) == brought.questionnaire
    return brought


def of(brought: BroughtSurvey) -> dict[str, Question]:
    return brought.questionnaire.question_by_code


def dropped(brought: BroughtSurvey) -> list[tuple[str, str, str]]:
    return [(row.code, row.what, row.why) for row in brought.report.dropped]


def changed(brought: BroughtSurvey) -> list[tuple[str, str, str]]:
    return [(row.code, row.what, row.why) for row in brought.report.changed]


# A whole form ---------------------------------------------------------------------


def test_a_form_in_three_languages() -> None:
    languages = [
        "label::Deutsch (de)",
        "label::English (en)",
        "label::Leichte Sprache (de-simple)",
        "hint::English (en)",
    ]
    brought = read(
        [
            ["type", "name", *languages, "required"],
            ["begin_group", "eins", "Erstens", "First", "Teil 1"],
            ["integer", "age", "Wie alt?", "How old?", "Ihr Alter?", "In years", "yes"],
            ["select_one yn", "net", "Netz?", "Net?", "Internet?"],
            ["end_group"],
        ],
        [["list_name", "name", *languages[:3]], ["yn", 1, "Ja", "Yes", "Ja"], ["yn", 2.0, "Nein", "No", "Nein"]],
        [["form_title", "default_language"], ["Netz", "Deutsch (de)"]],
    )
    assert brought.summary() == {
        "title": "Netz",
        "languages": ["de", "en", "de-simple"],
        "pages": 1,
        "questions": 2,
        "subquestions": 0,
        "options": 2,
        "conditions": 0,
        "quotas": 0,
        "dropped": [],
        "kept": [
            {"code": "age", "what": "Frage", "why": "Zahl, Blatt survey, Zeile 3"},
            {"code": "net", "what": "Frage", "why": "Einfachauswahl, Blatt survey, Zeile 4"},
        ],
        "changed": [
            {"code": "age", "what": "Übersetzung", "why": "Deutsch: Es fehlen Texte."},
            {"code": "age", "what": "Übersetzung", "why": "Leichte Sprache: Es fehlen Texte."},
        ],
    }
    page = brought.questionnaire.pages[0]
    assert (page.code, page.title) == ("eins", {"de": "Erstens", "en": "First", "de-simple": "Teil 1"})
    age, net = page.questions
    assert (age.kind, age.duty, age.help) == (Kind.NUMBER, Duty.HARD, {"de": "In years", "en": "In years"})
    assert [(o.code, o.number, o.label["en"]) for o in net.options] == [("1", 1, "Yes"), ("2", 2, "No")]


def test_old_spellings_quotes_blanks_and_case() -> None:
    brought = read_xlsform(
        book(
            [
                [" Command ", "Tag", " caption:Deutsch", "label:English", "bind:relevant", "Read Only"],
                ["select one from yn", "kids", "Kinder?", "Kids?"],
                ["add select multiple prompt using g", "how", "Wie?", "How?", "${kids} = ‘1’"],
                ["string", "why", "Warum?", "Why?", "selected(${how}, “a”)"],
            ],
            [
                ["List Name", "Value", "label:Deutsch", "label:English"],
                *[[*row, "x"] for row in (YES_NO[1:] + GOOD[1:])],
            ],
            survey="Survey",
            choices=" CHOICES ",
        )
    )
    by_code = of(brought)
    assert [q.kind for q in by_code.values()] == [Kind.SINGLE, Kind.MULTIPLE, Kind.SHORT_TEXT]
    assert by_code["how"].condition == Selected("kids", "1")
    assert by_code["why"].condition == Selected("how", "a")
    assert changed(brought) == [
        (
            "how",
            "Bedingung",
            "Blatt Survey, Zeile 3, Spalte E: Typografische Anführungszeichen sind als gerade gelesen.",
        ),
        (
            "why",
            "Bedingung",
            "Blatt Survey, Zeile 4, Spalte E: Typografische Anführungszeichen sind als gerade gelesen.",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "what", "name"),
    [
        ("select_one yn", "one", "yn"),
        ("select one yn", "one", "yn"),
        ("select1 yn", "one", "yn"),
        ("select_one  yn or_other", "one", "yn"),
        ("select_multiple yn", "many", "yn"),
        ("select all that apply from yn", "many", "yn"),
        ("rank yn", "rank", "yn"),
        ("select_one_from_file a.csv", "gone", ""),
        ("begin group", "begin", ""),
        ("end_repeat", "end", ""),
        ("Int", "integer", ""),
        ("q string", "text", ""),
        ("trigger", "acknowledge", ""),
        ("audit", "gone", ""),
        ("geopoint", "gone", ""),
        ("whatever", "unknown", ""),
    ],
)
def test_types(text: str, what: str, name: str) -> None:
    found = read_type(text)
    assert (found.what, found.list_name) == (what, name)


def test_every_kind_of_question() -> None:
    brought = read(
        [
            ["type", "name", "label", "parameters", "appearance"],
            ["select_one g or_other", "one", "?"],
            ["select_one g", "likert", "?", None, "likert"],
            ["rank g", "rank", "?"],
            ["range", "r10", "?", "start=0 end=10 step=1"],
            ["range", "r100", "?", "start=0 end=100"],
            ["decimal", "dec", "?"],
            ["date", "day", "?"],
            ["datetime", "moment", "?"],
            ["time", "clock", "?"],
            ["text", "long", "?", None, "multiline"],
            ["note", "info", "Gut zu wissen."],
            ["acknowledge", "ok", "Gelesen?"],
            ["select_multiple g", "many", "?", "randomize=true"],
        ],
        GOOD,
    )
    by_code = of(brought)
    assert {code: question.kind for code, question in by_code.items()} == {
        "one": Kind.SINGLE,
        "likert": Kind.SCALE,
        "rank": Kind.RANKING,
        "r10": Kind.SCALE,
        "r100": Kind.NUMBER,
        "dec": Kind.NUMBER,
        "day": Kind.DATE,
        "moment": Kind.DATE,
        "clock": Kind.SHORT_TEXT,
        "long": Kind.LONG_TEXT,
        "info": Kind.INFORMATION,
        "ok": Kind.MULTIPLE,
        "many": Kind.MULTIPLE,
    }
    assert [(o.code, o.number, o.other) for o in by_code["one"].options][-1] == ("other", 4, True)
    assert [o.code for o in by_code["r10"].options] == [str(n) for n in range(11)]
    assert (by_code["r100"].least, by_code["r100"].most) == (Decimal(0), Decimal(100))
    assert (by_code["dec"].places, by_code["many"].shuffle) == (2, True)


# Groups and grids -------------------------------------------------------------------


def test_groups_become_pages_and_headings_and_repeats_are_refused() -> None:
    brought = read(
        [
            HEAD,
            ["text", "before", "Vorab"],
            ["begin_group", "all", "Alles", "${before} != ''"],
            ["begin_group", "a", "A"],
            ["integer", "n", "Zahl"],
            ["begin group", "inner", "Innen", "${n} > 3"],
            ["text", "t", "Text", "${n} < 9"],
            ["end group"],
            ["end_group"],
            ["begin_repeat", "people", "Personen"],
            ["text", "name", "Name"],
            ["end_repeat"],
            ["end_group"],
            ["text", "after", "Danach", "${name} != ''"],
            ["end_group"],
        ]
    )
    pages = brought.questionnaire.pages
    assert [(p.code, [q.code for q in p.questions]) for p in pages] == [
        ("teil1", ["before"]),
        ("a", ["n", "inner_hinweis", "t"]),
        ("teil3", ["after"]),
    ]
    above = Compare(">", ValueOf("n"), Constant(Decimal(3)))
    assert pages[1].condition is not None
    assert of(brought)["inner_hinweis"].condition == above
    assert of(brought)["t"].condition == Both((above, Compare("<", ValueOf("n"), Constant(Decimal(9)))))
    where = "Blatt survey, Zeile"
    assert dropped(brought) == [
        (
            "people",
            "Wiederholung",
            f"{where} 10, Spalte A: Wiederholungen gibt es im Portal nicht. Alles darin ist nicht übernommen.",
        ),
        ("name", "Frage", f"{where} 11: Sie steht in einer Wiederholung."),
        (
            "after",
            "Bedingung",
            f"{where} 14, Spalte D: „${{name}} != ''“: „name“ ist nicht übernommen. Die Frage erscheint jetzt immer.",
        ),
    ]
    assert ("", "Gruppe", f"{where} 15, Spalte A: „end_group“ beendet nichts.") in changed(brought)


@pytest.mark.parametrize("style", ["label", "table-list"])
def test_grids(style: str) -> None:
    group = "table-list" if style == "table-list" else None
    head: Rows = [["select_one g", "head", "Wie gut?", None, None, "label"]] if style == "label" else []
    below = "list-nolabel" if style == "label" else None
    brought = read(
        [
            HEAD,
            ["begin_group", "grid", "Wie gut?", None, None, group],
            *head,
            ["select_one g", "bus", "Bus", None, None, below, "yes"],
            ["select_one g", "rad", "Rad", "${bus} = 'a'", None, below],
            ["end_group"],
            ["text", "why", "Warum?", "${rad} = 'b'"],
        ],
        GOOD,
    )
    question = next(iter(brought.questionnaire.questions()))
    assert (question.kind, question.label["de"], question.duty) == (Kind.MATRIX_SINGLE, "Wie gut?", Duty.HARD)
    assert [(item.code, item.label["de"]) for item in question.items] == [("bus", "Bus"), ("rad", "Rad")]
    assert of(brought)["why"].condition == Selected(question.code, "b", "rad")
    assert (brought.counts.questions, brought.counts.subquestions, brought.counts.options) == (2, 2, 3)


# Rules -------------------------------------------------------------------------------


def test_plain_bounds_are_taken_and_the_rest_is_told() -> None:
    brought = read(
        [
            HEAD,
            ["integer", "a", "?", None, ". > 0 and . <= 120"],
            ["decimal", "b", "?", None, ". > 0.5"],
            ["text", "c", "?", None, "string-length(.) <= 80 and regex(., '[0-9]+')"],
            ["date", "d", "?", None, ". >= date('2020-01-01') and . <= today()"],
            [
                "select_multiple g",
                "e",
                "?",
                None,
                "count-selected(.) <= 2 and not(selected(., 'none') and count-selected(.) > 1)",
            ],
            ["integer", "f", "?", None, ". >= 9 and . <= 3"],
            ["integer", "g", "?", None, "((("],
        ],
        GOOD,
    )
    by_code = of(brought)
    bounds = {code: (q.least, q.most, q.earliest, q.latest) for code, q in by_code.items()}
    assert bounds == {
        "a": (Decimal(1), Decimal(120), "", ""),
        "b": (Decimal("0.5"), None, "", ""),
        "c": (None, Decimal(80), "", ""),
        "d": (None, None, "2020-01-01", ""),
        "e": (None, Decimal(2), "", ""),
        "f": (None, None, "", ""),
        "g": (None, None, "", ""),
    }
    assert [option.exclusive for option in by_code["e"].options] == [False, False, True]
    assert [(row.code, row.what) for row in brought.report.dropped] == [
        *[("c", "Prüfung"), ("d", "Prüfung"), ("f", "Grenzen"), ("g", "Prüfung")]
    ]
    assert ("b", "Grenze", "Blatt survey, Zeile 3, Spalte E: Die Grenze selbst ist jetzt auch erlaubt.") in changed(
        brought
    )


def test_what_has_no_counterpart_is_told_with_its_place() -> None:
    brought = read(
        [
            [
                "type",
                "name",
                "label",
                "default",
                "choice_filter",
                "calculation",
                "media::image",
                "required",
                "required_message",
            ],
            ["start", "start"],
            ["text", "a", "A ${b}", "x", None, None, "bild.png", "${a} = 1", "Bitte!"],
            ["select_one g", "c", "C", None, "x = ${a}"],
            ["calculate", "d", None, None, None, "1 + 1"],
            ["geopoint", "e", "Wo?"],
            ["select_one nope", "f", "F"],
            ["sinnlos", "g", "G"],
        ],
        GOOD,
        [["form_title", "public_key"], ["T", "abc"]],
    )
    assert [(row.code, row.what) for row in brought.report.dropped] == [
        *[
            ("start", "start"),
            ("a", "Vorgabe"),
            ("a", "Bild oder Ton"),
            ("a", "Meldung"),
            ("c", "Filter der Antworten"),
        ],
        *[("d", "calculate"), ("e", "geopoint"), ("g", "sinnlos"), ("", "Einstellung public_key")],
    ]
    assert dropped(brought)[-2] == (
        "g",
        "sinnlos",
        "Blatt survey, Zeile 8, Spalte A: Den Typ „sinnlos“ kennt das Portal nicht.",
    )
    assert changed(brought) == [
        ("", "Sprache", "Texte ohne Angabe der Sprache gelten als Deutsch."),
        ("a", "Text", "Der Text setzte frühere Antworten ein. An diesen Stellen steht jetzt „…“."),
        (
            "a",
            "Pflicht",
            "Blatt survey, Zeile 3, Spalte H: Die Pflicht hing von einer Bedingung ab und gilt jetzt immer.",
        ),
        (
            "f",
            "Antworten",
            "Blatt survey, Zeile 7, Spalte A: Die Liste „nope“ gibt es im Blatt „choices“ nicht. Bitte ergänzen Sie die Antworten.",
        ),
    ]


def test_forward_circular_and_unknown_references() -> None:
    brought = read(
        [
            HEAD,
            ["text", "a", "A", "${b} != ''"],
            ["text", "b", "B", "${a} != '' and ${b} != ''"],
            ["text", "c", "C", "${zzz} != ''"],
            ["text", "a", "Noch einmal A"],
        ]
    )
    assert [q.code for q in brought.questionnaire.questions()] == ["a", "b", "c", "a_2"]
    assert all(q.condition is None for q in brought.questionnaire.questions())
    assert [(row.code, row.why.split("“: ", 1)[1]) for row in brought.report.dropped] == [
        ("a", "Sie hängt von „b“ ab; diese Frage kommt erst später (Vorausverweis). Die Frage erscheint jetzt immer."),
        ("b", "Sie hängt von „b“ ab; diese Frage kommt erst später (Vorausverweis). Die Frage erscheint jetzt immer."),
        ("c", "Das Feld „zzz“ gibt es in der Datei nicht. Die Frage erscheint jetzt immer."),
    ]
    assert ("a", "Name", "Blatt survey, Zeile 5, Spalte B: Der Name „a“ kommt doppelt vor.") in changed(brought)


# Workbooks as they are ------------------------------------------------------------------


def test_formulas_merged_cells_serial_dates_and_empty_rows() -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "survey"
    page.append(["type", "name", "label", "notizen"])
    page.append(["text", "a", '=HYPERLINK("http://boese.example")', dt.datetime(2026, 1, 1)])  # noqa: DTZ001 - a cell
    page.append(["text", 7.0, "Sieben"])
    for _ in range(939):
        page.append([" ", None, ""])
    page.append(["text", "c", "<b>C</b> <script>alert(1)</script>[x](javascript:alert(1)) **fett**"])
    page.merge_cells("C3:D3")
    choices = made.create_sheet("choices")
    choices.append(["list_name", "name", "label"])
    brought = read_xlsform(saved(made))
    assert [(q.code, q.label["de"]) for q in brought.questionnaire.questions()] == [
        ("a", "a"),
        ("f7", "Sieben"),
        ("c", "C [x] fett"),
    ]
    assert (
        Entry("", "Verbundene Zellen", "Blatt survey: Die Zellen C3:D3 sind verbunden; nur die erste davon zählt.")
        in brought.report.changed
    )
    assert dropped(brought) == [
        (
            "a",
            "Zelle",
            "Blatt survey, Zeile 2, Spalte C: Eine Formel steht hier; gelesen wird nur, was fest geschrieben ist.",
        )
    ]


def test_a_form_of_400_questions() -> None:
    rows: Rows = [["select_one g", f"q{n}", f"Frage {n}", f"${{q{n - 1}}} = 'a'" if n else None] for n in range(400)]
    brought = read([HEAD, *rows], GOOD)
    assert (brought.counts.questions, brought.counts.conditions, brought.counts.options) == (400, 399, 3)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            book([["x"]], survey="Fragen"),
            "Ein XLSForm braucht ein Blatt „survey“. Es gibt: „Fragen“. Gemeint ist vielleicht „Fragen“.",
        ),
        (book([["name", "label"], ["a", "A"]]), "Im Blatt „survey“ fehlt in Zeile 1 die Spalte „type“."),
        (book([["type", "name"], ["calculate", "a"]]), "In der Datei steht keine Frage, die sich übernehmen lässt."),
        (book([["type", "name"]]), "Im Blatt „survey“ steht unter der Kopfzeile keine Frage."),
    ],
    ids=named,
)
def test_what_cannot_be_read_says_why(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read_survey(content)
    assert str(error.value) == sentence
