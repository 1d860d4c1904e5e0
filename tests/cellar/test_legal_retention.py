from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.legal.models import BarrierReport, RetentionRun
from elbe_elster.legal.retention import apply_retention, models_with_rows, rules
from tests.factories import UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/redaktion/datenschutz/"


@pytest.fixture
def team() -> User:
    return UserFactory(email="beteiligung@example.org", name="Berta Team", roles=[Role.SURVEY_TEAM])


def test_who_sees_the_rules(sign_in: SignIn, visitor: PortalClient, team: User, admin: User, curator: User) -> None:
    assert [sign_in(user).get(PAGE).status_code for user in (team, admin, curator)] == [200, 200, 403]
    assert visitor.get(PAGE)["Location"].startswith("/konto/anmelden/")


def test_every_rule_stands_on_the_page(sign_in: SignIn, team: User) -> None:
    page = sign_in(team).get(PAGE).text
    every = rules()
    names = {str(every[model._meta.label].name or model._meta.verbose_name_plural) for model in models_with_rows()}
    assert [name for name in sorted(names) if name not in page] == []
    assert [str(rule.reason) for rule in every.values() if str(rule.reason) not in page] == []


def test_what_is_due_and_what_was_done(sign_in: SignIn, team: User) -> None:
    BarrierReport.objects.create(
        message="Hilfe", email="mensch@example.org", state="answered", answer="Gut",
        answered_at=timezone.now() - dt.timedelta(days=91),
    )  # fmt: skip
    browser = sign_in(team)
    assert browser.post(PAGE)["Location"] == PAGE
    assert BarrierReport.objects.get().email == "mensch@example.org"
    assert RetentionRun.objects.values_list("dry_run", "counts").get() == (True, {"legal.BarrierReport": 1})
    page = browser.get(PAGE).text
    assert "Probelauf" in page
    assert "Nichts war fällig." not in page
    apply_retention()
    apply_retention()
    assert "Nichts war fällig." in browser.get(PAGE).text
    assert list(RetentionRun.objects.values_list("dry_run", "counts")) == [
        (False, {}),
        (False, {"legal.BarrierReport": 1}),
        (True, {"legal.BarrierReport": 1}),
    ]


def test_runs_are_kept_for_three_years() -> None:
    for days in (3 * 365 - 1, 3 * 365 + 1):
        RetentionRun.objects.create(at=timezone.now() - dt.timedelta(days=days), counts={"x": days})
    apply_retention()
    assert sorted(RetentionRun.objects.values_list("counts", flat=True), key=str) == [
        {"legal.RetentionRun": 1},
        {"x": 3 * 365 - 1},
    ]


def test_more_runs_ask_no_more(sign_in: SignIn, team: User, same_queries_for_one_and_three: Callable[..., int]) -> None:
    same_queries_for_one_and_three(lambda: RetentionRun.objects.create(counts={}), PAGE, sign_in(team))
