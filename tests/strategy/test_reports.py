"""Period reports: frozen for good, compared with the one before, for those who may."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from elbe_elster.strategy.actions.reporting import discard_report, freeze_report
from elbe_elster.strategy.models import CostRow, Measure, Milestone, PeriodReport, ReportRow
from elbe_elster.strategy.reports import Difference, report_data
from tests.factories import ActionFieldFactory, BodyFactory, MeasureFactory, MilestoneFactory, ProjectProfileFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
FIRST, SECOND = dt.date(2026, 1, 31), dt.date(2026, 7, 31)


def two_reports() -> PeriodReport:
    """Half a year in which nearly everything happens once."""
    field = ActionFieldFactory(number=1, name_de="Mobilität")
    common = {"primary_field": field, "phase": "in_progress"}
    moving = MeasureFactory(
        number="M-01", **common, ends_on=dt.date(2026, 6, 30), ends_precision="month", lead=BodyFactory(name="Amt")
    )
    step = MilestoneFactory(measure=moving, title_de="Karte", due_on=dt.date(2026, 3, 31))
    late = MilestoneFactory(measure=moving, title_de="Fahrplan", due_on=dt.date(2026, 8, 31))
    CostRow.objects.create(measure=moving, kind="service", year=2026, planned=1000)
    ending = MeasureFactory(number="M-02", **common)
    leaving = MeasureFactory(number="M-03", **common)
    MeasureFactory(number="M-04", **common)
    first = freeze_report(title="Erster", actor=None, today=FIRST)
    Measure.objects.filter(pk=moving.pk).update(ends_on=dt.date(2027, 6, 30))
    Milestone.objects.filter(pk=step.pk).update(state="done", done_on=dt.date(2026, 4, 2))
    Milestone.objects.filter(pk=late.pk).update(due_on=dt.date(2026, 7, 15), due_precision="day")
    CostRow.objects.update(planned=1500)
    Measure.objects.filter(pk=ending.pk).update(phase="done", done_on=dt.date(2026, 5, 1))
    Measure.objects.filter(pk=leaving.pk).update(publication="withdrawn")
    MeasureFactory(number="M-05", primary_field=field, phase="idea")
    return freeze_report(title="Zweiter", actor=None, previous=first, today=SECOND)


def test_a_report_tells_what_changed_since_the_one_before() -> None:
    data = report_data(two_reports())
    assert [line.number for line in data.lines] == ["M-01", "M-02", "M-04", "M-05"]
    assert [line.number for line in data.new] == ["M-05"]
    assert [line.number for line in data.ended] == ["M-02"]
    assert [line.number for line in data.gone] == ["M-03"]
    assert [(line.number, line.before.course if line.before else "", line.course) for line in data.course_changed] == [
        ("M-01", "on_track", "delayed")
    ]
    assert [(line.number, [step.title for step in line.reached]) for line in data.reached] == [("M-01", ["Karte"])]
    assert [(line.number, line.moved) for line in data.moved] == [
        (
            "M-01",
            [
                Difference("Ende", "Juni 2026", "Juni 2027"),
                Difference("Fahrplan", "August 2026", "15.07.2026"),
            ],
        )
    ]
    assert [(line.number, line.money) for line in data.money_changed] == [
        ("M-01", [Difference("Kosten geplant", "1.000 Euro", "1.500 Euro")])
    ]
    assert [(count.label, count.now, count.before) for count in data.phases if count.now or count.before] == [
        ("Idee", 1, 0),
        ("In Umsetzung", 2, 4),
        ("Abgeschlossen", 1, 0),
    ]
    assert data.sums == [
        ("Kosten geplant", Decimal(1500), Decimal(1000)),
        ("Ausgegeben", Decimal(0), Decimal(0)),
        ("Geld bewilligt", Decimal(0), Decimal(0)),
    ]


def test_a_report_stays_as_it_was() -> None:
    two_reports()
    first = PeriodReport.objects.get(title="Erster")
    before = list(ReportRow.objects.filter(report=first).values_list("number", "title", "values"))
    Measure.objects.update(title_de="Ganz anders")
    Measure.objects.all().delete()
    assert list(ReportRow.objects.filter(report=first).values_list("number", "title", "values")) == before
    line = report_data(first).lines[0]
    assert (line.title, line.course_label, line.end_text, line.steps_done, line.steps_total) == (
        "Maßnahme M-01",
        "Im Plan",
        "Juni 2026",
        0,
        2,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE strategy_reportrow SET number = 'X-1'",
        "UPDATE strategy_reportrow SET \"values\" = '{}'",
        "UPDATE strategy_periodreport SET as_of = '2020-01-01'",
    ],
)
def test_the_database_refuses_changes(statement: str) -> None:
    MeasureFactory()
    freeze_report(title="Stand", actor=None)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nothing_that_is_not_public_is_frozen() -> None:
    measure = MeasureFactory(internal_note="GEHEIM", contact_name="GEHEIM")
    ProjectProfileFactory(measure=measure, publication="draft", title_de="GEHEIM")
    MeasureFactory(number="M-99", publication="draft", title_de="GEHEIM")
    report = freeze_report(title="Stand", actor=None)
    assert "GEHEIM" not in str(list(ReportRow.objects.filter(report=report).values()))
    assert ReportRow.objects.count() == 1


def test_an_empty_catalogue_is_not_frozen() -> None:
    with pytest.raises(ValidationError, match="noch keine Maßnahme veröffentlicht"):
        freeze_report(title="Stand", actor=None)
    assert PeriodReport.objects.count() == 0


def test_a_mistake_can_be_thrown_away_for_a_day() -> None:
    MeasureFactory()
    first = freeze_report(title="Erster", actor=None)
    second = freeze_report(title="Zweiter", actor=None, previous=first)
    with pytest.raises(ValidationError, match="vergleicht sich"):
        discard_report(report=first)
    discard_report(report=second)
    first.created_at = timezone.now() - dt.timedelta(days=2)
    with pytest.raises(ValidationError, match="am ersten Tag"):
        discard_report(report=first)
    assert [report.title for report in PeriodReport.objects.all()] == ["Erster"]


def test_who_may_do_what(request: pytest.FixtureRequest, sign_in: SignIn, client: PortalClient) -> None:
    MeasureFactory()
    report = freeze_report(title="Stand", actor=None)
    page = f"/redaktion/berichte/{report.pk}/"
    found = {}
    for role in ("curator", "publisher", "admin", "survey_team", "circle_office", "representative"):
        browser = sign_in(request.getfixturevalue(role))
        found[role] = [
            browser.get("/redaktion/berichte/").status_code,
            browser.get(page).status_code,
            browser.get(f"/redaktion/berichte/{report.pk}.xlsx").status_code,
            browser.post("/redaktion/berichte/", {"title": role}).status_code,
            browser.post(f"/redaktion/berichte/{report.pk}/verwerfen/").status_code if role != "admin" else 0,
        ]
    assert found == {
        "curator": [200, 200, 200, 403, 403],
        "publisher": [200, 200, 200, 302, 403],
        "admin": [200, 200, 200, 302, 0],
        "survey_team": [403, 403, 403, 403, 403],
        "circle_office": [403, 403, 403, 403, 403],
        "representative": [403, 403, 403, 403, 403],
    }
    assert client.get(page).status_code == 302
    assert sorted(PeriodReport.objects.values_list("title", flat=True)) == ["Stand", "admin", "publisher"]


def test_an_admin_throws_a_report_away(admin: User, sign_in: SignIn) -> None:
    MeasureFactory()
    report = freeze_report(title="Stand", actor=None)
    answer = sign_in(admin).post(f"/redaktion/berichte/{report.pk}/verwerfen/", follow=True)
    assert "Der Bericht ist verworfen." in answer.content.decode()
    assert PeriodReport.objects.count() == 0


def test_a_form_without_title_is_refused_at_the_field(publisher: User, sign_in: SignIn) -> None:
    answer = sign_in(publisher).post("/redaktion/berichte/", {"title": ""})
    assert answer.status_code == 422
    assert PeriodReport.objects.count() == 0


def test_the_page_shows_then_and_now(curator: User, sign_in: SignIn) -> None:
    text = " ".join(sign_in(curator).get(f"/redaktion/berichte/{two_reports().pk}/").content.decode().split())
    for sentence in (
        "Neu dabei",
        "M-05 Maßnahme M-05 (Idee)",
        "M-01 Maßnahme M-01: bisher Im Plan, jetzt Verzögert",
        "M-01: Ende, bisher Juni 2026, jetzt Juni 2027",
        "M-01: Kosten geplant, bisher 1.000 Euro, jetzt 1.500 Euro",
    ):
        assert sentence in text


def test_the_workbook_holds_then_and_now(curator: User, sign_in: SignIn) -> None:
    answer = sign_in(curator).get(f"/redaktion/berichte/{two_reports().pk}.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert answer["Content-Disposition"] == 'attachment; filename="bericht-2026-07-31.xlsx"'
    assert book.sheetnames == ["Überblick", "Maßnahmen", "Änderungen", "Erreicht"]
    assert [list(row) for row in book["Änderungen"].iter_rows(min_row=2, values_only=True)] == [
        ["M-05", "Maßnahme M-05", "Neu", None, None],
        ["M-01", "Maßnahme M-01", "Verlauf", "Im Plan", "Verzögert"],
        ["M-01", "Maßnahme M-01", "Ende", "Juni 2026", "Juni 2027"],
        ["M-01", "Maßnahme M-01", "Fahrplan", "August 2026", "15.07.2026"],
        ["M-01", "Maßnahme M-01", "Kosten geplant", "1.000 Euro", "1.500 Euro"],
        ["M-02", "Maßnahme M-02", "Phase", "In Umsetzung", "Abgeschlossen"],
        ["M-02", "Maßnahme M-02", "Verlauf", "Noch nicht bewertet", None],
        ["M-03", "Maßnahme M-03", "Nicht mehr veröffentlicht", None, None],
    ]
    assert [list(row) for row in book["Erreicht"].iter_rows(min_row=2, values_only=True)] == [
        ["M-01", "Maßnahme M-01", "Karte", "02.04.2026"]
    ]


def test_queries_do_not_grow(count_queries: Callable[[], CaptureQueriesContext]) -> None:
    counts: list[Any] = []
    for _round in range(2):
        MilestoneFactory(measure=MeasureFactory(lead=BodyFactory()))
        with count_queries() as queries:
            report = freeze_report(title="Stand", actor=None)
        with count_queries() as reading:
            report_data(report)
        counts.append((len(queries), len(reading)))
    assert counts[0] == counts[1]
    assert counts[0][1] == 1
