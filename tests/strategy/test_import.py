# ruff: noqa: ISC004 -- the sentences are long
"""The working table: what goes out comes back unchanged; what is changed, changes; what is wrong, says where."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from elbe_elster.accounts.models import Role
from elbe_elster.region.models import Municipality
from elbe_elster.strategy.actions import importing
from elbe_elster.strategy.exchange.dry_run import make_plan
from elbe_elster.strategy.exchange.grids import read_grids
from elbe_elster.strategy.exchange.tables import MEASURE_COLUMNS
from elbe_elster.strategy.exchange.working_file import working_file
from elbe_elster.strategy.models import (
    Body,
    CostRow,
    Curation,
    Deviation,
    FundingRow,
    Goal,
    ImportState,
    Measure,
    MeasurePartner,
    Milestone,
    TableImport,
)
from tests.factories import (
    ActionFieldFactory,
    BodyFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    MunicipalityFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.plans import Plan
    from tests.conftest import SignIn

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
    plan = take(edited(publisher, ("Maßnahmen", 2, "In einem Satz", "Termine ohne Warten.")), publisher)
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
    first = take(content, publisher)
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


def test_what_the_file_does_not_have_stays(publisher: User) -> None:
    catalogue()
    plan = take(table(["Nummer", "Titel"], ["M-01", "Anders"]), publisher)
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
        publisher,
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
            "Blatt Maßnahmen, Zeile 9, Spalte C: Für eine neue Maßnahme fehlt hier: In einem Satz.",
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


# Who may ----------------------------------------------------------------------


def test_a_curator_changes_own_drafts_only(curator: User, publisher: User) -> None:
    measure = catalogue()
    assert measure.primary_field.number == 2
    content = edited(publisher, ("Maßnahmen", 2, "Titel", "A"), ("Maßnahmen", 3, "Titel", "B"))
    assert messages(content, curator) == [
        "Blatt Maßnahmen, Zeile 2, Spalte A: M-01 betreuen Sie nicht. Lassen Sie die Zeile, wie sie war.",
        "Blatt Maßnahmen, Zeile 3, Spalte A: M-02 betreuen Sie nicht. Lassen Sie die Zeile, wie sie war.",
    ]
    for number in ("M-01", "M-02"):
        Curation.objects.create(user=curator, measure=Measure.objects.get(number=number))
    assert messages(content, curator) == [
        "Blatt Maßnahmen, Zeile 2, Spalte A: M-01 ist veröffentlicht. Änderungen daran übernimmt, wer freigeben darf. "
        "Bearbeiten Sie die Maßnahme im Portal, oder lassen Sie die Zeile, wie sie war."
    ]
    take(edited(publisher, ("Maßnahmen", 3, "Titel", "B")), curator)
    assert Measure.objects.get(number="M-02").title == "B"


def test_a_curator_brings_new_drafts_and_looks_after_them(curator: User) -> None:
    catalogue()
    take(new(), curator)
    assert Measure.objects.get(number="M-50").publication == "draft"
    assert [row.measure.number for row in Curation.objects.filter(user=curator) if row.measure] == ["M-50"]
    assert messages(new("M-51", Ziele="Ganz neu"), curator) == [
        "Blatt Maßnahmen, Zeile 2, Spalte E: Das Ziel „Ganz neu“ gibt es nicht. Neue Ziele legt an, wer Maßnahmen "
        "freigeben darf."
    ]


def test_the_trash_is_not_touched(publisher: User) -> None:
    catalogue()
    Measure.objects.filter(number="M-02").update(trashed_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    assert messages(table(["Nummer", "Titel"], ["M-02", "Zurück"]), publisher) == [
        "Blatt Maßnahmen, Zeile 2, Spalte A: Die Maßnahme M-02 liegt im Papierkorb. Holen Sie sie zuerst zurück."
    ]


def test_pages_by_role(request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    catalogue()
    found = {}
    for role in ("curator", "publisher", "admin", "survey_team", "circle_office", "representative"):
        browser = sign_in(request.getfixturevalue(role))
        table = TableImport.objects.create(owner=UserFactory(roles=[Role.ADMIN]), name="fremd.xlsx", content=b"x")
        found[role] = [
            browser.get(HOME).status_code,
            browser.get(f"{HOME}massnahmen.xlsx").status_code,
            browser.get(f"{HOME}{table.pk}/").status_code,
            browser.post(f"{HOME}{table.pk}/uebernehmen/").status_code,
        ]
    staff, others = [200, 200, 404, 404], [403, 403, 403, 403]
    assert found == {
        "curator": staff,
        "publisher": staff,
        "admin": staff,
        "survey_team": others,
        "circle_office": others,
        "representative": others,
    }


# In the browser ---------------------------------------------------------------


def upload(browser: Any, content: bytes, name: str = "Katalog.xlsx") -> Any:
    file = io.BytesIO(content)
    file.name = name
    return browser.post(HOME, {"file": file}, follow=True)


def test_upload_look_take_over(publisher: User, sign_in: SignIn) -> None:
    catalogue()
    browser = sign_in(publisher)
    content = edited(publisher, ("Maßnahmen", 2, "Titel", "Termine am Abend"))
    page = upload(browser, content).content.decode()
    assert "Das würde sich ändern. Noch ist nichts übernommen." in page
    assert "Termine am Abend" in page
    assert Measure.objects.get(number="M-01").title == "Termine online"
    table = TableImport.objects.get()
    answer = browser.post(f"{HOME}{table.pk}/uebernehmen/", follow=True)
    assert "Die Tabelle ist übernommen." in answer.content.decode()
    assert Measure.objects.get(number="M-01").title == "Termine am Abend"
    table.refresh_from_db()
    assert (table.state, bytes(table.content)) == (ImportState.APPLIED, b"")
    browser.post(f"{HOME}{table.pk}/uebernehmen/", follow=True)
    assert "Es gibt nichts zu übernehmen" in upload(browser, content).content.decode()


def test_a_catalogue_that_changed_meanwhile_is_shown_again(publisher: User, sign_in: SignIn) -> None:
    catalogue()
    browser = sign_in(publisher)
    upload(browser, edited(publisher, ("Maßnahmen", 2, "Titel", "Termine am Abend")))
    Measure.objects.filter(number="M-01").update(title_de="Von anderer Hand")
    table = TableImport.objects.get()
    page = browser.post(f"{HOME}{table.pk}/uebernehmen/", follow=True).content.decode()
    assert "Nichts wurde übernommen." in page
    assert "Von anderer Hand" in page
    assert Measure.objects.get(number="M-01").title == "Von anderer Hand"
    browser.post(f"{HOME}{table.pk}/uebernehmen/")
    assert Measure.objects.get(number="M-01").title == "Termine am Abend"


def test_wrong_cells_stand_on_the_page_and_nothing_can_be_taken_over(publisher: User, sign_in: SignIn) -> None:
    catalogue()
    browser = sign_in(publisher)
    page = upload(browser, new(Phase="Erledigt")).content.decode()
    assert "Blatt Maßnahmen, Zeile 2, Spalte E: „Erledigt“ gibt es hier nicht." in page
    assert "So übernehmen" not in page
    browser.post(f"{HOME}{TableImport.objects.get().pk}/uebernehmen/")
    assert Measure.objects.count() == 2


def test_a_large_file_goes_to_the_worker(publisher: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from elbe_elster.strategy.tasks import apply_table, check_table
    from elbe_elster.strategy.views import importing as views

    catalogue()
    monkeypatch.setattr(importing, "LARGE", 10)
    monkeypatch.setattr(views, "MANY", 0)
    browser = sign_in(publisher)
    page = upload(browser, edited(publisher, ("Maßnahmen", 2, "Titel", "Termine am Abend"))).content.decode()
    assert "Die Tabelle wird geprüft." in page
    table = TableImport.objects.get()
    check_table(table.pk)
    answer = browser.get(f"{HOME}{table.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    browser.post(f"{HOME}{table.pk}/uebernehmen/")
    assert "Die Tabelle wird übernommen." in browser.get(f"{HOME}{table.pk}/").content.decode()
    apply_table(table.pk)
    apply_table(table.pk)
    assert Measure.objects.get(number="M-01").title == "Termine am Abend"


def test_killed_in_the_middle_is_as_if_never_begun(publisher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue()
    before = list(Measure.objects.values())
    content = edited(
        publisher,
        ("Maßnahmen", 2, "Zuständig", "Neue Stelle"),
        ("Maßnahmen", 3, "Titel", "Anders"),
        ("Maßnahmen", 3, "Ziele", "Neues Ziel"),
    )
    plan = plan_of(content, publisher)
    written = importing.Writer.write
    monkeypatch.setattr(
        importing.Writer, "write", lambda self, row: written(self, row) if row.number == "M-01" else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        importing.apply_plan(plan=plan, actor=publisher)
    assert list(Measure.objects.values()) == before
    assert not Body.objects.filter(name="Neue Stelle").exists()
    assert "Neues Ziel" not in map(str, Goal.objects.all())


# Lists of others --------------------------------------------------------------

FOREIGN = [
    ["Nr.", "Bezeichnung der Maßnahme", "Handlungsfeld", "Kurzbeschreibung", "Zielsetzung", "Federführung", "Partner", "Zeitraum", "Prio"],
    ["1", "Rufbus", "Mobilität", "Ein Bus auf Anruf.", "Alle kommen an", "Amt 20", "VBB; Stadt Herzberg", "2025–2027", "hoch"],
    ["2", "WLAN", "1", "Netz im Bus.", "Alle kommen an", "Amt 20", "", "laufend", "mittel"],
]  # fmt: skip


def foreign_csv(encoding: str, delimiter: str) -> bytes:
    return "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in FOREIGN).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ";"), ("cp1252", ","), ("utf-8-sig", "\t"), ("utf-16", ";")]
)
def test_a_county_s_own_list_is_mapped_and_taken_over(
    publisher: User, sign_in: SignIn, encoding: str, delimiter: str
) -> None:
    ActionFieldFactory(number=1, name_de="Mobilität")
    browser = sign_in(publisher)
    page = upload(browser, foreign_csv(encoding, delimiter), "liste.csv").content.decode()
    assert "Was steht in welcher Spalte?" in page
    assert "Bezeichnung der Maßnahme" in page
    assert "Ein Bus auf Anruf." in page
    table = TableImport.objects.get()
    keys = ["number", "title", "primary_field", "summary", "goals", "lead", "partners", "period", "priority"]
    path = f"{HOME}{table.pk}/spalten/"
    wrong = browser.post(path, {"column_0": "number"})
    assert (wrong.status_code, "Ordnen Sie eine Spalte zu: Titel." in wrong.content.decode()) == (422, True)
    page = browser.post(path, {f"column_{place}": key for place, key in enumerate(keys)}, follow=True).content.decode()
    assert "„1“ gelesen als „M-01“." in page
    assert "Alle kommen an (Mobilität)" in page
    browser.post(f"{HOME}{table.pk}/uebernehmen/")
    bus, net = Measure.objects.with_course().order_by("number")
    assert [
        (row.number, row.title, row.summary, str(row.lead), row.phase, row.course, row.priority, row.publication)
        for row in (bus, net)
    ] == [
        ("M-01", "Rufbus", "Ein Bus auf Anruf.", "Amt 20", "idea", "delayed", "high", "draft"),
        ("M-02", "WLAN", "Netz im Bus.", "Amt 20", "idea", "not_assessed", "medium", "draft"),
    ] or bus.course in {"at_risk", "on_track"}
    assert (bus.starts_on, bus.ends_on, bus.ends_precision) == (dt.date(2025, 1, 1), dt.date(2027, 12, 31), "year")
    assert net.permanent
    assert [str(row) for row in bus.partners.all()] == ["Stadt Herzberg", "VBB"]
    assert [str(goal) for goal in bus.goals.all()] == ["Alle kommen an"]
    assert Goal.objects.count() == 1
    again = upload(browser, foreign_csv(encoding, delimiter), "liste.csv")
    fields = again.context["form"].fields
    assert [fields[f"column_{place}"].initial for place in range(len(keys))] == keys


# The command ------------------------------------------------------------------


def run(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_measures", str(path), *options, stdout=out)
    return out.getvalue()


def test_the_command_reports_as_json(tmp_path: Path, publisher: User) -> None:
    catalogue()
    path = tmp_path / "katalog.xlsx"
    path.write_bytes(table(["Nummer", "Titel", "Notizen von Kim"], ["M-01", "Anders", "x"]))
    report = json.loads(run(path, "--json", "--dry-run"))
    assert Measure.objects.get(number="M-01").title == "Termine online"
    assert report == json.loads(run(path, "--json"))
    assert report == {
        "measures": 1,
        "created": 0,
        "updated": 1,
        "unchanged": 0,
        "kept": [{"code": "M-02", "what": "Maßnahme", "why": "steht nicht in der Datei"}],
        "changed": [
            {
                "code": "M-01",
                "what": "Titel",
                "why": "Termine online → Anders",
                "where": "Blatt Maßnahmen, Zeile 2, Spalte B",
            }
        ],
        "dropped": [
            {
                "code": "Notizen von Kim",
                "what": "Spalte",
                "why": "Diese Spalte wird nicht übernommen.",
                "where": "Blatt Maßnahmen, Zeile 1, Spalte C",
            }
        ],
    }
    assert Measure.objects.get(number="M-01").title == "Anders"


def test_the_command_maps_a_foreign_list(tmp_path: Path) -> None:
    ActionFieldFactory(number=1, name_de="Mobilität")
    path = tmp_path / "liste.csv"
    path.write_bytes(foreign_csv("cp1252", ";"))
    text = run(path, "--mapping", "Bezeichnung der Maßnahme=Titel")
    assert text.splitlines()[0] == "2 Maßnahmen: 2 neu, 0 geändert, 0 unverändert"
    assert "Übernommen: Federführung Spalte: gelesen als „Zuständig“" in text
    assert run(path, "--mapping", "Bezeichnung der Maßnahme=Titel").splitlines()[0] == (
        "2 Maßnahmen: 0 neu, 0 geändert, 2 unverändert"
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "Die Datei lässt sich nicht öffnen: No such file or directory."),
        (b"", "Die Datei ist leer."),
        (
            table(["Nummer", "Titel"], ["M-01", "=1+1"]),
            "Nichts wurde übernommen.\nBlatt Maßnahmen, Zeile 2, Spalte B: Hier",
        ),
        (b"Wer;Was\nich;das", "Es fehlt eine Spalte für: Nummer, Titel."),
    ],
)
def test_the_command_refuses_with_a_sentence(tmp_path: Path, content: bytes | None, text: str) -> None:
    path = tmp_path / "datei.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        run(path)
    assert str(refused.value).startswith(text)
    assert Measure.objects.count() == 0


def test_names_of_municipalities_are_those_of_the_region() -> None:
    assert Municipality._meta.get_field("name").max_length == 120
