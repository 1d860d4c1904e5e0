# ruff: noqa: ISC004 -- the sentences are long
"""The working table by role, in the browser, from other people's lists, and by the command."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from elbe_elster.accounts.models import Role
from elbe_elster.celery import app
from elbe_elster.region.models import Municipality
from elbe_elster.strategy.actions import importing
from elbe_elster.strategy.models import (
    Body,
    Curation,
    Draft,
    Goal,
    ImportState,
    Measure,
    TableImport,
)
from elbe_elster.strategy.tasks import forget_uploaded_tables
from tests.factories import (
    ActionFieldFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from pathlib import Path

    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

from tests.strategy.test_import import HOME, catalogue, edited, messages, new, plan_of, table, take, upload

pytestmark = pytest.mark.django_db

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
    assert messages(content, curator) == []
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
    assert (Measure.objects.get(number="M-01").title, Draft.objects.get().values["title_de"]) == (
        "Termine online",
        "Termine am Abend",
    )
    table.refresh_from_db()
    assert (table.state, bytes(table.content)) == (ImportState.APPLIED, b"")
    browser.post(f"{HOME}{table.pk}/uebernehmen/", follow=True)
    assert Draft.objects.get().revision == 1


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
    assert Draft.objects.get().values["title_de"] == "Termine am Abend"


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
    assert Draft.objects.get().values["title_de"] == "Termine am Abend"


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
    columns = {f"column_{place}": key for place, key in enumerate(keys)}
    bare = browser.post(path, columns)
    assert (bare.status_code, "In Ihrer Liste stehen bloße Zahlen." in bare.content.decode()) == (422, True)
    assert bare.context["form"].fields["number_start"].initial == "M-"
    page = browser.post(path, columns | {"number_start": "M-"}, follow=True).content.decode()
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


def test_bare_numbers_never_mean_a_measure_of_ours(publisher: User, sign_in: SignIn) -> None:
    catalogue()
    assert messages(table(["Nummer", "Titel"], ["1", "Unsere"], [" m-01 ", "Termine online"]), publisher) == [
        "Blatt Maßnahmen, Zeile 2, Spalte A: Eine Nummer sieht aus wie „M-03“: Buchstaben, Bindestrich, Ziffern."
    ]
    page = upload(sign_in(publisher), "Nr.;Vorhaben\n1;Unsere Maßnahme".encode(), "liste.csv")
    assert page.context["form"].fields["number_start"].initial == ""


def test_a_mistyped_header_is_named(publisher: User, sign_in: SignIn) -> None:
    catalogue()
    browser = sign_in(publisher)
    page = upload(browser, edited(publisher, ("Maßnahmen", 1, "Titel", "Tittel"))).content.decode()
    assert (
        "Blatt Maßnahmen, Spalte B: Die Überschrift „Tittel“ kennen wir nicht. Meinten Sie „Titel“?" in page,
        TableImport.objects.count(),
    ) == (True, 0)


def test_the_first_sheet_with_a_table_is_asked_about(publisher: User, sign_in: SignIn) -> None:
    book = load_workbook(io.BytesIO(table(["Nr.", "Vorhaben"], ["N-1", "Rufbus"], sheet="Liste")))
    for row in (["Woche", "Stunden"], ["1", "2"], ["2", "3"], ["3", "4"]):
        book["Zeiten" if "Zeiten" in book.sheetnames else book.create_sheet("Zeiten").title].append(row)
    stream = io.BytesIO()
    book.save(stream)
    form = upload(sign_in(publisher), stream.getvalue()).context["form"]
    assert list(form.headers.values()) == ["Nr.", "Vorhaben"]


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
    text = run(path, "--prefix", "M-", "--mapping", "Bezeichnung der Maßnahme=Titel")
    assert text.splitlines()[0] == "2 Maßnahmen: 2 neu, 0 geändert, 0 unverändert"
    assert "Übernommen: Federführung Spalte: gelesen als „Zuständig“" in text
    assert run(path, "--prefix", "M-", "--mapping", "Bezeichnung der Maßnahme=Titel").splitlines()[0] == (
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


def test_tables_nobody_took_over_are_gone_after_a_day(publisher: User) -> None:
    now = timezone.now()
    ages = {"fresh": 23, "late": 25, "failed": 25, "taken": 25}
    states = {"failed": ImportState.FAILED, "taken": ImportState.APPLIED}
    for name, hours in ages.items():
        TableImport.objects.create(
            owner=publisher,
            name=name,
            content=b"x",
            state=states.get(name, ImportState.CHECKED),
            created_at=now - dt.timedelta(hours=hours),
        )
    for _twice in range(2):
        forget_uploaded_tables.run()
        assert sorted(TableImport.objects.values_list("name", flat=True)) == ["fresh", "taken"]
    entry = app.conf.beat_schedule["tables"]
    assert (entry["task"], entry["schedule"] <= 3600) == (forget_uploaded_tables.name, True)
