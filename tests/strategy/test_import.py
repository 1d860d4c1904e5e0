# ruff: noqa: ISC004 -- the sentences are long
"""The working table: what goes out comes back unchanged; what is changed, changes; what is wrong, says where."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from elbe_elster.strategy.actions import importing
from elbe_elster.strategy.exchange.dry_run import make_plan
from elbe_elster.strategy.exchange.grids import read_grids
from elbe_elster.strategy.exchange.tables import MEASURE_COLUMNS
from elbe_elster.strategy.exchange.working_file import working_file
from elbe_elster.strategy.models import (
    CostRow,
    Deviation,
    FundingRow,
    Measure,
    MeasurePartner,
    Milestone,
)
from tests.factories import (
    ActionFieldFactory,
    BodyFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    MunicipalityFactory,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.plans import Plan

pytestmark = pytest.mark.django_db
HOME = "/redaktion/massnahmen/tabelle/"
HEADERS = [column.header for column in MEASURE_COLUMNS]


def catalogue() -> Measure:
    """Two measures with everything in it."""
    mobility = ActionFieldFactory(number=1, slug="mobilitaet", name_de="Mobilität")
    office = ActionFieldFactory(number=2, slug="verwaltung", name_de="Verwaltung")
    measure: Measure = MeasureFactory(
        number="M-01",
        title_de="Termine online",
        decided_title="Online-Terminvergabe",
        summary_de="Termine ohne Anruf.",
        primary_field=office,
        lead=BodyFactory(name="Amt für Bau, Verkehr; Ordnung"),
        contact_email="termine@example.org",
        contact_name="Kim Beispiel",
        contact_public=True,
        starts_on=dt.date(2026, 2, 1),
        ends_on=dt.date(2027, 6, 15),  # not the last of its quarter: history is not tidy
        ends_precision="quarter",
        priority="high",
        origin="workshop",
        description_de="Erst **klein**,\r\ndann groß.\n\n- eins\n- zwei",
        internal_note="=1+1 ist keine Formel",
        reviewed_on=dt.date(2026, 5, 5),
        course_override="resting",
        course_reason="Personal fehlt",
    )
    measure.further_fields.add(mobility)
    measure.goals.add(GoalFactory(action_field=office, number=1, title_de="Wege sparen"))
    measure.municipalities.add(MunicipalityFactory(name="Herzberg (Elster)"))
    MeasurePartner.objects.create(measure=measure, body=BodyFactory(name="Stadt Herzberg"), role="erprobt")
    MeasurePartner.objects.create(measure=measure, body=BodyFactory(name="Verein A | B"))
    MilestoneFactory(measure=measure, title_de="Ausschreibung", due_on=dt.date(2026, 9, 30))
    CostRow.objects.create(measure=measure, kind="service", year=2026, planned="1200.50")
    FundingRow.objects.create(measure=measure, kind="own", amount="1200.50", own_share=100)
    other = MeasureFactory(
        number="M-02", publication="draft", primary_field=mobility, phase="merged", merged_into=measure
    )
    measure.related.add(other)
    other.depends_on.add(measure)
    return measure


def plan_of(content: bytes, user: User | None = None) -> Plan:
    return make_plan(read_grids(content), user=user)


def take(content: bytes, user: User | None = None) -> Plan:
    return importing.import_tables(grids=read_grids(content), mapping={}, actor=user)


def edited(user: User, *changes: tuple[str, int, str, Any]) -> bytes:
    """The working table with cells changed: sheet, row, header, value."""
    book = load_workbook(io.BytesIO(working_file(user)))
    for sheet, row, header, value in changes:
        page = book[sheet]
        place = next(cell.column for cell in page[1] if cell.value == header)
        cell = page.cell(row, place)
        cell.value = value
        if isinstance(value, str) and value.startswith("=") and not value.startswith("=="):
            cell.data_type = "f"
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def table(*rows: Sequence[Any], sheet: str = "Maßnahmen") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    return saved(book)


def new(number: str = "M-50", **cells: Any) -> bytes:
    """A table with one new measure, and cells by header."""
    values = {"Nummer": number, "Titel": "Neu", "In einem Satz": "Etwas Neues.", "Handlungsfeld": "Mobilität", **cells}
    return table(list(values), list(values.values()))


# Round trip -------------------------------------------------------------------


def test_a_file_that_nobody_changed_changes_nothing(publisher: User) -> None:
    catalogue()
    plan = plan_of(working_file(publisher), publisher)
    assert (plan.errors, plan.read_as, plan.dropped, plan.new_goals, plan.new_bodies) == ([], [], [], {}, [])
    assert [(measure.number, measure.changes) for measure in plan.measures if measure.has_work] == []
    assert [measure.number for measure in plan.unchanged] == ["M-01", "M-02"]


def test_a_cell_that_was_changed_changes_this_field_and_nothing_else(publisher: User) -> None:
    measure = catalogue()
    before = {row["id"]: row for row in Measure.objects.values()}
    plan = take(edited(publisher, ("Maßnahmen", 2, "In einem Satz", "Termine ohne Warten.")))
    assert [
        [(change.label, change.before, change.after, change.where) for change in row.changes] for row in plan.changed
    ] == [[("In einem Satz", "Termine ohne Anruf.", "Termine ohne Warten.", "Blatt Maßnahmen, Zeile 2, Spalte D")]]
    before[measure.pk] |= {"summary": "Termine ohne Warten."}  # values() names the German column so
    after = {row["id"]: row for row in Measure.objects.values()}
    assert after == before


def test_the_same_file_again_changes_nothing(publisher: User) -> None:
    catalogue()
    content = edited(
        publisher,
        ("Maßnahmen", 2, "Verwandte Maßnahmen", None),
        ("Maßnahmen", 3, "Ziele", "Neues Ziel"),
        ("Maßnahmen", 3, "Zuständig", "Neue Stelle"),
        ("Maßnahmen", 4, "Nummer", "M-03"),
        ("Maßnahmen", 4, "Titel", "Neu"),
        ("Maßnahmen", 4, "In einem Satz", "Ganz neu."),
        ("Maßnahmen", 4, "Handlungsfeld", "Mobilität"),
        ("Maßnahmen", 4, "Verwandte Maßnahmen", "M-01"),
        ("Maßnahmen", 4, "Beginn geplant", "2. Quartal 2027"),
        ("Meilensteine", 3, "Maßnahme", "M-03"),
        ("Meilensteine", 3, "Schritt", "Anfangen"),
        ("Kosten", 3, "Maßnahme", "M-03"),
        ("Kosten", 3, "Wofür", "Personal"),
        ("Kosten", 3, "Jahr", 2027),
        ("Kosten", 3, "Geplant (Euro)", "1.000,50 €"),
    )
    first = take(content)
    assert ([row.number for row in first.created], [row.number for row in first.changed]) == (
        ["M-03"],
        ["M-01", "M-02"],
    )
    again = plan_of(content, publisher)
    assert (again.errors, [row.number for row in again.measures if row.has_work]) == ([], [])
    made = Measure.objects.get(number="M-03")
    assert (made.publication, made.starts_on, made.starts_precision) == ("draft", dt.date(2027, 4, 1), "quarter")
    assert [str(row) for row in made.related.all()] == ["M-01 Termine online"]
    assert [row.title for row in made.milestones.all()] == ["Anfangen"]
    assert [(row.kind, row.year, row.planned) for row in made.costrows.all()] == [("staff", 2027, Decimal("1000.50"))]


def test_what_the_file_does_not_have_stays() -> None:
    catalogue()
    plan = take(table(["Nummer", "Titel"], ["M-01", "Anders"]))
    assert plan.missing == ["M-02"]
    measure = Measure.objects.get(number="M-01")
    assert (measure.title, measure.summary, measure.milestones.count()) == ("Anders", "Termine ohne Anruf.", 1)


def test_the_head_is_found_below_a_title(publisher: User) -> None:
    catalogue()
    plan = plan_of(table(["Unser Katalog, Stand Mai"], [], ["Nummer", "Titel"], ["M-01", "Anders"]), publisher)
    assert (plan.errors, [row.changes[0].where for row in plan.changed]) == ([], ["Blatt Maßnahmen, Zeile 4, Spalte B"])


def test_rows_are_changed_added_and_deleted(publisher: User) -> None:
    measure = catalogue()
    step = MilestoneFactory(measure=measure, title_de="Unnötig")
    plan = take(
        edited(
            publisher,
            ("Maßnahmen", 2, "Begründung", "Der Anbieter kommt später"),
            ("Meilensteine", 2, "Geplant bis", dt.date(2026, 12, 31)),
            ("Meilensteine", 3, "Löschen", "ja"),
            ("Kosten", 2, "Geplant (Euro)", 1500),
            ("Finanzierung", 3, "Maßnahme", "M-01"),
            ("Finanzierung", 3, "Woher", "Fördermittel"),
            ("Finanzierung", 3, "Betrag (Euro)", 500),
        ),
    )
    assert plan.errors == []
    assert [(row.title, row.due_on) for row in measure.milestones.all()] == [("Ausschreibung", dt.date(2026, 12, 31))]
    assert not Milestone.objects.filter(pk=step.pk).exists()
    assert [row.planned for row in measure.costrows.all()] == [Decimal(1500)]
    assert [(row.kind, row.amount) for row in measure.fundingrows.all()] == [
        ("grant", Decimal(500)),
        ("own", Decimal("1200.50")),
    ]
    assert sorted((row.kind, row.reason) for row in Deviation.objects.all()) == [
        ("cost", "Der Anbieter kommt später"),
        ("date", "Der Anbieter kommt später"),
        ("scope", "Der Anbieter kommt später"),
    ]


def test_a_merge_into_a_measure_of_the_same_file(publisher: User) -> None:
    catalogue()
    rows: list[list[Any]] = [
        ["Nummer", "Titel", "In einem Satz", "Handlungsfeld", "Phase", "Aufgegangen in"],
        ["M-10", "Eins", "Eins.", 1, "Aufgegangen", "M-11"],
        ["M-11", "Zwei", "Zwei.", 1, "Idee", None],
    ]
    assert take(table(*rows), publisher).errors == []
    assert Measure.objects.get(number="M-10").merged_into == Measure.objects.get(number="M-11")


# Errors -----------------------------------------------------------------------


def messages(content: bytes, user: User | None = None) -> list[str]:
    return [str(message) for message in plan_of(content, user).errors]


def test_every_error_is_said_at_once_with_its_place(publisher: User) -> None:
    catalogue()
    rows: list[list[Any]] = [
        [
            "Nummer",
            "Titel",
            "In einem Satz",
            "Handlungsfeld",
            "Phase",
            "Beginn geplant",
            "Ende geplant",
            "Abgeschlossen am",
        ],
        ["M-01", "Termine", "Satz.", "Verwaltung", "Erledigt", dt.date(2026, 2, 1), dt.date(2027, 6, 15), None],
        ["M-20", "Neu", "Satz.", "Weltraum", "Idee", "31.02.2026", None, None],
        ["M-21", "Neu", "Satz.", "Mobilität", "Idee", "2027", "2026", None],
        ["M-22", "Neu", "Satz.", "Mobilität", "Abgeschlossen", None, None, None],
        ["M-22", "Doppelt", "Satz.", "Mobilität", "Idee", None, None, None],
        ["Maßnahme 7", "Neu", "Satz.", "Mobilität", "Idee", None, None, None],
        [None, "Ohne", "Satz.", "Mobilität", "Idee", None, None, None],
        ["M-23", "x" * 121, None, "Mobilität", "Idee", None, None, None],
    ]
    assert sorted(messages(table(*rows), publisher)) == sorted(
        [
            "Blatt Maßnahmen, Zeile 2, Spalte E: „Erledigt“ gibt es hier nicht. Möglich sind: „Idee“, „Geprüft“, "
            "„Beschlossen“, „In Umsetzung“, „Abgeschlossen“, „Eingestellt“, „Aufgegangen“.",
            "Blatt Maßnahmen, Zeile 3, Spalte D: Das Handlungsfeld „Weltraum“ gibt es nicht. Möglich sind: "
            "„Mobilität“, „Verwaltung“.",
            "Blatt Maßnahmen, Zeile 3, Spalte F: „31.02.2026“ ist kein Datum. Möglich sind zum Beispiel 12.06.2025, "
            "06/2025, „Juni 2025“, „2. Quartal 2025“ oder 2025.",
            "Blatt Maßnahmen, Zeile 4, Spalte G: Das geplante Ende liegt vor dem Beginn.",
            "Blatt Maßnahmen, Zeile 5, Spalte H: „Abgeschlossen“ und der Tag des Abschlusses gehören zusammen.",
            "Blatt Maßnahmen, Zeile 6, Spalte A: Die Nummer M-22 steht schon in: Blatt Maßnahmen, Zeile 5, Spalte A.",
            "Blatt Maßnahmen, Zeile 7, Spalte A: Eine Nummer sieht aus wie „M-03“: Buchstaben, Bindestrich, Ziffern.",
            "Blatt Maßnahmen, Zeile 8, Spalte A: Hier fehlt die Nummer der Maßnahme.",
            "Blatt Maßnahmen, Zeile 9, Spalte B: Höchstens 120 Zeichen. Jetzt sind es 121.",
        ]
    )


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"Titel": "=1+1"}, "Spalte B: Hier steht eine Formel."),
        ({"Phase": "Eingestellt"}, "Zeile 2: Schreiben Sie, warum die Arbeit eingestellt wurde."),
        ({"Daueraufgabe": "vielleicht"}, "Spalte E: „vielleicht“ ist weder „ja“ noch „nein“."),
        ({"E-Mail-Adresse": "keine"}, "Spalte E: Schreiben Sie die E-Mail-Adresse so: name@beispiel.de."),
        ({"Orte": "Entenhausen"}, "Spalte E: Die Gemeinde „Entenhausen“ gibt es im Landkreis nicht."),
        ({"Setzt voraus": "M-99"}, "Spalte E: Eine Maßnahme mit der Nummer „M-99“ gibt es nicht."),
        ({"Phase": "Aufgegangen"}, "„Aufgegangen“ und die aufnehmende Maßnahme gehören zusammen."),
        ({"Ziele": "2.1 Anderes"}, "Spalte E: Das Ziel 2.1 heißt „Wege sparen“."),
        ({"Zuständig": "x" * 161}, "Spalte E: Der Name einer Stelle ist höchstens 160 Zeichen lang"),
        ({"Bürgerbeteiligung": "Keine Beteiligung geplant"}, "Schreiben Sie, warum keine Beteiligung geplant ist."),
        ({"Verlauf von Hand": "Im Plan"}, "Wer den Verlauf von Hand setzt, begründet ihn."),
        ({"Beginn geplant": True}, "ist kein Datum"),
        ({"Begonnen am": "Juni 2025"}, "Spalte E: „Juni 2025“ ist kein Tag."),
    ],
)
def test_one_wrong_cell(publisher: User, cells: dict[str, Any], text: str) -> None:
    catalogue()
    found = messages(new(**cells), publisher)
    assert len(found) == 1
    assert text in found[0]


def test_a_merge_circle_is_refused(publisher: User) -> None:
    catalogue()
    content = edited(publisher, ("Maßnahmen", 2, "Phase", "Aufgegangen"), ("Maßnahmen", 2, "Aufgegangen in", "M-02"))
    assert messages(content, publisher) == [
        "Blatt Maßnahmen, Zeile 2, Spalte U: Das ergäbe einen Kreis: M-02 geht selbst in M-01 auf."
    ]


def test_public_dates_need_a_reason(publisher: User) -> None:
    catalogue()
    content = edited(publisher, ("Maßnahmen", 2, "Ende geplant", dt.date(2028, 6, 30)))
    assert messages(content, publisher) == [
        "Blatt Maßnahmen, Zeile 2, Spalte AU: Schreiben Sie in die Spalte „Begründung“, warum. Der Grund ist "
        "öffentlich. Ende: bisher 2. Quartal 2027, jetzt 2. Quartal 2028."
    ]


def test_rows_say_where_they_are_wrong(publisher: User) -> None:
    catalogue()
    content = edited(
        publisher,
        ("Meilensteine", 2, "Stand", "Erreicht"),
        ("Kosten", 2, "Jahr", 26),
        ("Kosten", 3, "Maßnahme", "M-99"),
        ("Finanzierung", 2, "Kennung", 987654),
        ("Finanzierung", 3, "Maßnahme", "M-01"),
        ("Finanzierung", 3, "Woher", "Dritte"),
        ("Finanzierung", 3, "Betrag (Euro)", -5),
        ("Maßnahmen", 2, "Begründung", "Darum"),
    )
    assert sorted(messages(content, publisher)) == [
        "Blatt Finanzierung, Zeile 2, Spalte B: Eine Zeile mit der Kennung 987654 gibt es bei dieser Maßnahme nicht.",
        "Blatt Finanzierung, Zeile 3, Spalte E: Ein Betrag ist nicht negativ.",
        "Blatt Kosten, Zeile 2, Spalte D: Das Jahr hat vier Ziffern.",
        "Blatt Kosten, Zeile 3, Spalte A: Eine Maßnahme mit der Nummer „M-99“ gibt es nicht.",
        "Blatt Meilensteine, Zeile 2, Spalte H: „Erreicht“ und der Tag, an dem es so weit war, gehören zusammen.",
    ]


def upload(browser: Any, content: bytes, name: str = "Katalog.xlsx") -> Any:
    file = io.BytesIO(content)
    file.name = name
    return browser.post(HOME, {"file": file}, follow=True)
