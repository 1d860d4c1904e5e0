"""What is told while a survey is built."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elbe_elster.participation.questionnaire.changes import changes
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Duty, Item, Kind, Option, Questionnaire
from elbe_elster.participation.readiness import Obstacle, obstacles
from elbe_elster.participation.survival import Group, hidden_share, outlook, responses_needed
from elbe_elster.participation.warnings import Hint, Topic, asks_for_person, hints
from tests.participation.answering import options, question, questionnaire


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Name", Kind.SHORT_TEXT),
        ("Vor- und Nachname", Kind.SHORT_TEXT),
        ("Wie heißen Sie?", Kind.SHORT_TEXT),
        ("Ihre E-Mail-Adresse für Rückfragen", Kind.SHORT_TEXT),
        ("Ihre E‑Mail", Kind.SHORT_TEXT),
        ("Unter welcher Telefonnummer erreichen wir Sie?", Kind.SHORT_TEXT),
        ("Wie lautet Ihre Handynummer?", Kind.NUMBER),
        ("Straße und Hausnummer", Kind.SHORT_TEXT),
        ("Wie ist Ihre Adresse?", Kind.LONG_TEXT),
        ("Wann sind Sie geboren?", Kind.DATE),
        ("Geburtsdatum", Kind.DATE),
        ("What is your name?", Kind.SHORT_TEXT),
        ("Your e-mail address", Kind.SHORT_TEXT),
        ("Date of birth", Kind.DATE),
        ("Ihr Geburts·datum", Kind.DATE),
        ("Ihre Telefon-Nummer", Kind.SHORT_TEXT),
        ("Was ist Ihr Name?", Kind.SHORT_TEXT),
    ],
)
def test_it_notices_questions_about_the_person(label: str, kind: Kind) -> None:
    assert asks_for_person(replace(question("q", kind), label={"de": "Frage?", "de-simple": label}))


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Was stört Sie an der Antwort auf Ihre E-Mails an das Amt am meisten?", Kind.LONG_TEXT),
        ("Welchen Namen soll der Bürgerbus tragen?", Kind.SHORT_TEXT),
        ("Welche Internetadresse des Landkreises kennen Sie?", Kind.SHORT_TEXT),
        ("Wie alt sind Sie?", Kind.NUMBER),
        ("Wie viele Telefone gibt es bei Ihnen zu Hause?", Kind.NUMBER),
        ("Seit wann wohnen Sie hier?", Kind.DATE),
        ("Wann wurde das letzte Kind in Ihrem Haushalt eingeschult?", Kind.DATE),
        ("Telefon", Kind.SINGLE),
        ("Wie heißen die Orte, an denen Ihnen Netz fehlt?", Kind.LONG_TEXT),
        ("Was fehlt in Ihrer Straße?", Kind.LONG_TEXT),
    ],
)
def test_it_leaves_other_questions_alone(label: str, kind: Kind) -> None:
    assert not asks_for_person(replace(question("q", kind), label={"de": label}))


def bad_questionnaire() -> Questionnaire:
    """Everything that is warned of, at least once."""
    heads = tuple(Option(f"o{n}", n, {"de": f"Trifft überhaupt nicht zu{'!' * n}"}) for n in range(1, 5))
    rows = tuple(Item(f"r{n}", n, {"de": f"Zeile {n}"}) for n in range(1, 14))
    return Questionnaire(
        ("de", "en"),
        questionnaire(
            tuple(question(f"q{number}") for number in range(1, 12)),
            (
                replace(question("m1", Kind.MATRIX_SINGLE), options=options(*"abcdefgh")),
                replace(question("m2", Kind.MATRIX_SINGLE), options=heads),
                replace(question("m3", Kind.MATRIX_MULTIPLE), options=options(*"abcde"), items=rows),
                replace(question("t", Kind.SHORT_TEXT), label={"de": "Ihr Name", "en": "Your name"}),
                replace(question("h"), duty=Duty.HARD, label={"de": "Wort " * 41}),
                replace(question("old"), duty=Duty.HARD, retired=True),
            ),
        ).pages,
    )


WARNINGS = [
    Hint(Topic.TRANSLATION, "English: 88 von 90 Texten fehlen. Dort stehen dann die deutschen.", language="en"),
    Hint(Topic.LENGTH, "Der Teil „Teil 1“ hat 11 Fragen. Auf einem Telefon ist das lang; teilen Sie ihn.", page="p1"),
    Hint(Topic.MATRIX, "Die Tabelle „Frage m1?“ hat 8 Spalten. Das passt auf kein Telefon.", question="m1"),
    Hint(
        Topic.MATRIX,
        "Die Tabelle „Frage m2?“ hat lange Spaltenköpfe: zusammen 110 Zeichen. Kürzen Sie sie.",
        question="m2",
    ),
    Hint(
        Topic.MATRIX,
        "Die Tabelle „Frage m3?“ hat 13 Zeilen mit je 5 Antworten. Auf dem Telefon ist das sehr lang.",
        question="m3",
    ),
    Hint(
        Topic.PERSONAL,
        "Die Frage „Ihr Name“ sieht nach Angaben zur Person aus. Die Umfrage verspricht, anonym zu sein. "
        "Für Kontaktwünsche gibt es ein eigenes Formular nach dem Absenden.",
        question="t",
    ),
    Hint(
        Topic.LENGTH,
        "Die Frage „Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort…“ hat 41 Wörter. "
        "Schreiben Sie, was erklärt, in die Hilfe.",
        question="h",
    ),
    Hint(
        Topic.DUTY,
        "Die Frage „Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort…“ ist Pflicht und bietet kein "
        "„keine Angabe“. Wer nicht antworten will, bricht ab oder antwortet irgendetwas.",
        question="h",
    ),
    Hint(Topic.LENGTH, "Versprochen sind 1 Minuten, geschätzt braucht man 5."),
]


def test_every_warning_of_a_bad_questionnaire() -> None:
    found = hints(bad_questionnaire(), minutes=1, around=[{"de": "Titel", "en": "Title"}, {"de": "Zweck"}, {"de": ""}])
    assert found == WARNINGS


def test_empty_parts_and_answers_that_are_called_the_same() -> None:
    twice = (Option("a", 1, {"de": "Oft"}), Option("b", 2, {"de": " oft "}), Option("c", 3, {"de": "Nie"}))
    rows = (Item("x", 1, {"de": "Rad"}), Item("y", 2, {"de": "Rad"}))
    gone = (*options("a", "b"), replace(options("a")[0], code="z", number=9, retired=True))
    document = questionnaire(
        (replace(question("q"), options=twice), replace(question("m", Kind.MATRIX_SINGLE), items=rows)),
        (replace(question("old"), retired=True),),
        (replace(question("ok"), options=gone),),
    )
    said = "heißen zwei gleich. Niemand kann sie auseinanderhalten."
    empty = "Der Teil „Teil 2“ ist leer. Er wird niemandem gezeigt; löschen Sie ihn, oder fragen Sie etwas."
    assert hints(document) == [
        Hint(Topic.STRUCTURE, f"In der Frage „Frage q?“ {said}", question="q"),
        Hint(Topic.STRUCTURE, f"In der Frage „Frage m?“ {said}", question="m"),
        Hint(Topic.STRUCTURE, empty, page="p2"),
    ]


def test_a_good_questionnaire_is_left_alone() -> None:
    document = questionnaire((question("q1"), question("q2", Kind.LONG_TEXT)), (question("m", Kind.MATRIX_SINGLE),))
    assert hints(document, minutes=5, around=[{"de": "Titel"}]) == []


def test_broken_conditions_stand_in_the_way() -> None:
    later = replace(question("q1"), condition=Selected("q2", "a"))
    found = obstacles(questionnaire((later, question("q2"))))
    assert found == [Obstacle(found[0].text, question="q1")]
    assert "q2" in found[0].text
    assert obstacles(questionnaire((question("q2"), later))) == []


# Changes ------------------------------------------------------------------------------


def changed(old: Questionnaire) -> Questionnaire:
    """The same with every kind of change."""
    first, second = old.pages[0].questions
    (third,) = old.pages[1].questions
    return Questionnaire(
        ("de", "en"),
        (
            replace(
                old.pages[0],
                title={"de": "Anfang"},
                questions=(
                    replace(
                        first,
                        label={"de": "Wie oft?", "en": "How often?"},
                        duty=Duty.HARD,
                        options=(
                            *(replace(option, retired=option.code == "b") for option in first.options),
                            Option("d", 4, {"de": "Antwort d"}),
                        ),
                    ),
                ),
            ),
            replace(
                old.pages[1],
                questions=(
                    replace(second, most=Decimal("120.0000"), condition=Selected("q1", "a")),
                    replace(third, items=third.items[::-1], no_answer=True),
                    question("q4"),
                ),
            ),
        ),
    )


CHANGES = [
    ("Sprachen", "Deutsch", "Deutsch, English"),
    ("Teil „Anfang“, Überschrift", "Teil 1", "Anfang"),
    ("Frage „Wie oft?“, Frage", "Frage q1?", "Wie oft?"),
    ("Frage „Wie oft?“, Frage (English)", "", "How often?"),
    ("Frage „Wie oft?“, Pflicht", "freiwillig", "Pflicht"),
    ("Frage „Wie oft?“, „Antwort b“", "wird gefragt", "wird nicht mehr gefragt"),
    ("Frage „Wie oft?“, neue Antwort", "", "„Antwort d“"),
    ("Frage „Frage q2?“, höchstens", "", "120"),
    ("Frage „Frage q2?“, erscheint", "immer", "Nur wenn Sie bei Frage 1 „Antwort a“ gewählt haben"),
    ("Frage „Frage q2?“, steht im Teil", "„Teil 1“", "„Teil 2“"),
    ("Frage „Frage q3?“, „Keine Angabe“", "nein", "ja"),
    ("Frage „Frage q3?“, Reihenfolge", "„Zeile x“, „Zeile y“", "„Zeile y“, „Zeile x“"),
    ("neue Frage", "", "„Frage q4?“"),
]


def test_changes_are_readable() -> None:
    old = questionnaire((question("q1"), question("q2", Kind.NUMBER)), (question("q3", Kind.MATRIX_SINGLE),))
    new = changed(old)
    assert [tuple(change) for change in changes(old, new)] == CHANGES
    assert [tuple(change) for change in changes(new, old)][-2:] == [
        ("Frage „Frage q3?“, Reihenfolge", "„Zeile y“, „Zeile x“", "„Zeile x“, „Zeile y“"),
        ("Frage gelöscht", "„Frage q4?“", ""),
    ]
    assert changes(new, new) == []


# Small groups --------------------------------------------------------------------------


def test_what_is_left_of_groups() -> None:
    groups = [Group(1, "Stadt", 0.5), Group(2, "Amt", 0.025), Group(3, "Dorf", 0.02), Group(4, "außerhalb", None)]
    found = outlook(groups, 400, [2, 5])
    assert [(one.base, one.survives, one.in_brackets) for one in found] == [
        (200, True, False),
        (10, True, True),
        (8, False, False),
        (None, None, False),
    ]
    shares = [None if one.hidden_cells is None else round(one.hidden_cells, 3) for one in found]
    assert shares == [0.0, 0.519, 1.0, None]
    assert round(hidden_share(found), 2) == 0.51
    assert responses_needed(groups) == 500


@given(st.floats(0.001, 1), st.integers(0, 5000), st.lists(st.integers(1, 40), max_size=5))
def test_more_responses_never_hide_more(share: float, responses: int, cells: list[int]) -> None:
    fewer, more = (outlook([Group(1, "", share)], number, cells)[0] for number in (responses, responses + 100))
    assert fewer.hidden_cells is not None
    assert more.hidden_cells is not None
    assert 0 <= more.hidden_cells <= fewer.hidden_cells + 1e-9 <= 1 + 1e-9
