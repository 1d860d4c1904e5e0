"""LimeSurvey in: files that are hostile, broken or very long."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from elbe_elster.participation.actions.importing import read_survey
from elbe_elster.participation.exchange.files import UnreadableError
from elbe_elster.participation.exchange.lss import read_lss
from elbe_elster.participation.exchange.reports import Entry
from tests.participation.importing import labels, read, said, survey
from tests.participation.made_lss import Lss, named, raw

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
