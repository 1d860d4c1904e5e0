"""XLSForm in: spellings, types, and workbooks as people really make them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from openpyxl import Workbook

from elbe_elster.participation.actions.importing import read_survey
from elbe_elster.participation.exchange.files import UnreadableError
from elbe_elster.participation.exchange.reports import Entry
from elbe_elster.participation.exchange.xlsform import read_xlsform
from elbe_elster.participation.exchange.xlsform_types import read_type
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Duty, Kind
from tests.participation.made_lss import named
from tests.participation.made_xlsform import GOOD, HEAD, YES_NO, Rows, book, changed, dropped, of, read, saved

# A whole form ---------------------------------------------------------------------


LANGUAGES = [
    "label::Deutsch (de)",
    "label::English (en)",
    "label::Leichte Sprache (de-simple)",
    "hint::English (en)",
]
IN_THREE_LANGUAGES: tuple[Rows, Rows, Rows] = (
    [
        ["type", "name", *LANGUAGES, "required"],
        ["begin_group", "eins", "Erstens", "First", "Teil 1"],
        ["integer", "age", "Wie alt?", "How old?", "Ihr Alter?", "In years", "yes"],
        ["select_one yn", "net", "Netz?", "Net?", "Internet?"],
        ["end_group"],
    ],
    [["list_name", "name", *LANGUAGES[:3]], ["yn", 1, "Ja", "Yes", "Ja"], ["yn", 2.0, "Nein", "No", "Nein"]],
    [["form_title", "default_language"], ["Netz", "Deutsch (de)"]],
)
THEIR_SUMMARY = {
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


def test_a_form_in_three_languages() -> None:
    brought = read(*IN_THREE_LANGUAGES)
    assert brought.summary() == THEIR_SUMMARY
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
