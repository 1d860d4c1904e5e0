"""Approved now, published later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.utils import timezone

from elbe_elster.strategy.actions import publishing
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.forms.review import ScheduleForm
from elbe_elster.strategy.models import (
    Curation,
    Draft,
    DraftState,
    Remark,
)
from elbe_elster.strategy.tasks import publish_due
from tests.factories import MeasureFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn
from tests.strategy.reviewing import REVIEW, submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("2026-12-01", "08:00", dt.datetime(2026, 12, 1, 7, tzinfo=dt.UTC)),
        ("2027-07-01", "08:00", dt.datetime(2027, 7, 1, 6, tzinfo=dt.UTC)),
        ("2027-10-31", "02:30", dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)),  # twice: the first
        ("31.10.2027", "03:30", dt.datetime(2027, 10, 31, 2, 30, tzinfo=dt.UTC)),
    ],
)
@time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC), tick=False)
def test_a_moment_is_meant_by_the_countys_clock(day: str, time: str, utc: dt.datetime) -> None:
    form = ScheduleForm({"day": day, "time": time})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["publish_at"] == utc


@pytest.mark.parametrize(
    ("day", "time", "box"),
    [
        ("2027-03-28", "02:30", "time"),  # the clocks skip it
        ("2026-11-22", "08:00", "day"),
        ("2026-11-31", "08:00", "day"),
        ("2026-12-01", "25:00", "time"),
        ("", "", "day"),
    ],
)
@time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC), tick=False)
def test_a_moment_that_is_none_is_refused(day: str, time: str, box: str) -> None:
    assert box in ScheduleForm({"day": day, "time": time}).errors


def test_it_comes_out_at_its_moment_and_once(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01", title_de="Alt")
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC), tick=False):
        submitted(measure, curator, title_de="Neu")
        data = {"step": "schedule", "schedule-day": "2026-12-01", "schedule-time": "08:00"}
        assert sign_in(publisher).post(REVIEW.format("M-01"), data).status_code == 302
    draft = Draft.objects.get()
    assert (draft.state, draft.approved_by) == (DraftState.SCHEDULED, publisher)
    assert draft.publish_at == dt.datetime(2026, 12, 1, 7, tzinfo=dt.UTC)
    for moment, title in (((6, 59, 59), "Alt"), ((7, 0, 1), "Neu"), ((7, 0, 16), "Neu")):
        with time_machine.travel(dt.datetime(2026, 12, 1, *moment, tzinfo=dt.UTC), tick=False):
            publish_due()
        measure.refresh_from_db()
        assert measure.title_de == title
    assert Draft.objects.count() == 0


def test_a_scheduled_draft_that_fits_no_more_goes_back(curator: User, publisher: User) -> None:
    measure, other = MeasureFactory(need_de="Alt"), MeasureFactory(title_de="Anders")
    soon = timezone.now() + dt.timedelta(hours=1)
    draft = submitted(measure, curator, need_de="Meins")
    fine = submitted(other, curator, title_de="Gut")
    for one in (draft, fine):
        publishing.schedule_draft(draft=one, actor=publisher, publish_at=soon)
    change_record(record=measure, values={"need_de": "Importiert"}, actor=publisher)
    with time_machine.travel(soon + dt.timedelta(minutes=1)):
        assert publishing.publish_due_drafts() == 1
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == (DraftState.RETURNED, None)
    assert "Gleichen Sie beides ab" in Remark.objects.filter(draft=draft).latest("pk").text
    other.refresh_from_db()
    assert other.title_de == "Gut"  # one that fails stops no other


def test_a_set_moment_is_taken_back(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01")
    Curation.objects.create(user=curator, measure=measure)
    draft = submitted(measure, curator, title_de="Neu")
    publishing.schedule_draft(draft=draft, actor=publisher, publish_at=timezone.now() + dt.timedelta(hours=1))
    assert sign_in(curator).post(REVIEW.format("M-01"), {"step": "unschedule"}).status_code == 403
    sign_in(publisher).post(REVIEW.format("M-01"), {"step": "unschedule"})
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at, draft.approved_by) == (DraftState.SUBMITTED, None, None)
    assert not publishing.unschedule_draft(draft=draft, actor=publisher)
