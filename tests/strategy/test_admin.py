"""What technicians may do with the catalogue in Django's admin, and what only its own pages do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib import admin as django_admin
from django.urls import reverse

from elbe_elster.search.models import SearchEntry
from elbe_elster.strategy import models
from elbe_elster.strategy.models import Body, ChronicleEntry, Measure, Subscription
from tests.factories import BodyFactory, MeasureFactory, MilestoneFactory, ProjectProfileFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db

NEVER_WRITTEN = (
    *(models.Milestone, models.CostRow, models.FundingRow, models.Resolution, models.Deviation, models.Indicator),
    *(models.Reading, models.ChronicleEntry, models.Adoption, models.MeasurePartner, models.Document, models.Image),
    *(models.Draft, models.DraftVersion, models.Remark, models.FormerAddress, models.PeriodReport, models.ReportRow),
    *(models.TableImport,),
)


def address(row: Any, page: str = "change") -> str:
    """A page of a row in the admin."""
    return reverse(f"admin:strategy_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.mark.parametrize("model", NEVER_WRITTEN, ids=lambda model: model.__name__)
def test_what_was_told_or_promised_is_only_looked_at(model: Any, sign_in: SignIn, admin: User) -> None:
    model_admin = django_admin.site.get_model_admin(model)
    request = sign_in(admin).get(reverse(f"admin:strategy_{model._meta.model_name}_changelist")).wsgi_request
    assert [
        model_admin.has_view_permission(request),
        model_admin.has_add_permission(request),
        model_admin.has_change_permission(request),
        model_admin.has_delete_permission(request),
    ] == [True, False, False, False]


@pytest.mark.parametrize("factory", [MeasureFactory, ProjectProfileFactory])
def test_a_published_record_is_changed_by_editors_only(factory: Any, sign_in: SignIn, admin: User) -> None:
    published = factory(title_de="Wie es war")
    MilestoneFactory(**{"measure": None, "profile": None} | {owner_name(published): published})
    browser = sign_in(admin)
    assert browser.get(address(published)).status_code == 200
    assert browser.post(address(published), {"title_de": "Heimlich"}).status_code == 403
    assert browser.post(address(published, "delete"), {"post": "yes"}).status_code == 403
    listed = reverse(f"admin:strategy_{published._meta.model_name}_changelist")
    browser.post(listed, {"action": "delete_selected", "_selected_action": [published.pk], "post": "yes"})
    published.refresh_from_db()
    assert published.title_de == "Wie es war"
    assert published.milestones.count() == 1


def owner_name(record: Any) -> str:
    """By which key a milestone names it."""
    return "measure" if isinstance(record, Measure) else "profile"


def test_a_draft_is_changed_and_deleted_but_not_published(sign_in: SignIn, admin: User) -> None:
    draft = MeasureFactory(publication="draft")
    browser = sign_in(admin)
    page = browser.get(address(draft)).content.decode()
    assert 'name="title_de"' in page
    assert 'name="milestones-TOTAL_FORMS"' in page
    assert 'name="publication"' not in page
    assert browser.post(address(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not Measure.objects.exists()


def test_the_name_of_a_body_is_found_at_once(sign_in: SignIn, admin: User) -> None:
    body = BodyFactory(name="Altes Amt")
    MeasureFactory(lead=body)
    values = {"name": "Amt für Leuchttürme", "email": "", "phone": "", "url": "", "administration": ""}
    assert sign_in(admin).post(address(body), values).status_code == 302
    assert Body.objects.get().name == "Amt für Leuchttürme"
    assert {entry.text.count("Leuchttürme") for entry in SearchEntry.objects.all()} == {1}


def test_the_key_of_a_subscription_stays_hidden(sign_in: SignIn, admin: User) -> None:
    row = Subscription.objects.create(email="leserin@example.org", measure=MeasureFactory())
    page = sign_in(admin).get(address(row)).content.decode()
    assert "leserin@example.org" in page
    assert row.token not in page


@pytest.mark.parametrize("name", ["measure", "milestone", "projectprofile", "chronicleentry"])
def test_lists_ask_the_database_equally_often(
    name: str, sign_in: SignIn, admin: User, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    browser = sign_in(admin)
    counts = []
    for _count in range(3):  # the first visit also asks for the session
        measure = MeasureFactory(lead=BodyFactory())
        MilestoneFactory(measure=measure)
        ProjectProfileFactory(measure=measure, lead=measure.lead)
        ChronicleEntry.objects.create(measure=measure, text="Was geschah.")
        with count_queries() as queries:
            assert browser.get(reverse(f"admin:strategy_{name}_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_nobody_else_comes_in(visitor: PortalClient, sign_in: SignIn, curator: User, publisher: User) -> None:
    measure = MeasureFactory()
    assert visitor.get(address(measure)).status_code == 302
    assert [sign_in(person).get(address(measure)).status_code for person in (curator, publisher)] == [302, 302]
