"""The public table on its way back: unchanged it changes nothing, and what it does not show is not lost."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from elbe_elster.strategy.actions.examples import load_examples
from elbe_elster.strategy.exchange.tables import SHEET
from elbe_elster.strategy.models import ActionField, CostRow, Measure, Milestone, ProjectProfile
from tests.factories import MeasureFactory
from tests.strategy.test_import import plan_of, saved, take, upload

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(content: None) -> Measure:
    """The examples, and one of them with much that is not public."""
    load_examples()
    field = ActionField.objects.in_force()[0]
    draft = MeasureFactory(number="X-1", publication="draft", primary_field=field, strategy=field.strategy)
    row = Measure.objects.get(number="M-03")
    row.related.add(draft)
    row.depends_on.add(draft)
    Measure.objects.filter(pk=row.pk).update(
        contact_name="Kim Geheim", contact_public=False, contact_email="", internal_note="Geheim."
    )
    assert CostRow.objects.filter(profile__isnull=False).exists()
    return row


def public_file(client: PortalClient, *changes: tuple[str, str, str, Any]) -> bytes:
    """The public table, with cells changed: sheet, number of the measure, header, value."""
    book = load_workbook(io.BytesIO(client.get("/massnahmen.xlsx").content))
    for sheet, number, header, value in changes:
        page = book[sheet]
        place = next(cell.column for cell in page[1] if cell.value == header)
        row = next(cells[0].row for cells in page.iter_rows(min_row=2) if cells[0].value == number)
        page.cell(row, place).value = value
    return saved(book)


def test_an_unchanged_public_table_changes_nothing(
    measure: Measure, client: PortalClient, publisher: User, sign_in: SignIn
) -> None:
    plan = plan_of(public_file(client), publisher)
    assert [str(message) for message in plan.errors] == []
    assert [(one.number, one.changes) for one in plan.measures if one.has_work] == []
    assert {message.where for message in plan.dropped} <= {"Blatt Meilensteine", "Blatt Kosten", "Blatt Finanzierung"}
    assert "Blatt Kosten" in {message.where for message in plan.dropped}
    page = upload(sign_in(publisher), public_file(client)).content.decode()
    assert "Nicht übernommen werden Zeilen von Projektsteckbriefen" in page


def test_changed_cells_are_taken_and_what_the_file_hides_stays(measure: Measure, client: PortalClient) -> None:
    other = Measure.objects.published().exclude(pk=measure.pk).first()
    assert other is not None
    rows = (CostRow.objects.count(), Milestone.objects.count(), ProjectProfile.objects.count())
    content = public_file(
        client, (SHEET, "M-03", "Titel", "Neuer Titel"), (SHEET, "M-03", "Setzt voraus", other.number)
    )
    plan = take(content)  # as an operator: at once, without a second person
    assert [one.number for one in plan.measures if one.has_work] == ["M-03"]
    measure = Measure.objects.get(pk=measure.pk)
    needed = sorted(measure.depends_on.values_list("number", flat=True))
    assert (measure.title, needed) == ("Neuer Titel", [other.number, "X-1"])
    assert (measure.contact_name, measure.internal_note, measure.contact_email) == ("Kim Geheim", "Geheim.", "")
    assert list(measure.related.filter(number="X-1").values_list("number", flat=True)) == ["X-1"]
    assert (CostRow.objects.count(), Milestone.objects.count(), ProjectProfile.objects.count()) == rows
