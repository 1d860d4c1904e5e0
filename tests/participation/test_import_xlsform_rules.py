"""XLSForm in: groups, grids, conditions, constraints, and what has no counterpart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from elbe_elster.participation.questionnaire.conditions import Both, Compare, Constant, Selected, ValueOf
from elbe_elster.participation.questionnaire.document import Duty, Kind
from tests.participation.made_xlsform import GOOD, HEAD, Rows, changed, dropped, of, read

# Groups and grids -------------------------------------------------------------------


GROUPS: Rows = [
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


def test_groups_become_pages_and_headings_and_repeats_are_refused() -> None:
    brought = read(GROUPS)
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


WITHOUT_COUNTERPART: Rows = [
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
]


def test_what_has_no_counterpart_is_told_with_its_place() -> None:
    brought = read(WITHOUT_COUNTERPART, GOOD, [["form_title", "public_key"], ["T", "abc"]])
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
