"""Whatever changes what can be found, changes the search with the same commit: one test for each way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from elbe_elster.search.models import SearchEntry
from elbe_elster.strategy.actions import importing
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.actions.drafts import save_draft
from elbe_elster.strategy.actions.examples import load_examples, remove_examples
from elbe_elster.strategy.actions.publishing import (
    publish_draft,
    publish_due_drafts,
    schedule_draft,
    submit_draft,
    withdraw_record,
)
from elbe_elster.strategy.actions.trash import empty_trash, restore_record, trash_record
from elbe_elster.strategy.drafting.work import UNBEGUN, Work
from elbe_elster.strategy.exchange.grids import read_grids
from elbe_elster.strategy.models import Draft, Measure, ProjectProfile, Publication
from tests.factories import MeasureFactory, ProjectProfileFactory
from tests.strategy.test_import import new

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

pytestmark = pytest.mark.django_db


def found(text: str) -> bool:
    """Whether the index holds the title."""
    return SearchEntry.objects.filter(language="de", title=text).exists()


def written(title: str, author: User) -> tuple[Measure, Draft]:
    """A measure nobody sees, with a submitted draft that says this title."""
    measure = MeasureFactory(publication=Publication.DRAFT)
    work = Work.on_record(measure)
    save_draft(work=work, values=work.stored | {"title_de": title}, opened=work.stored, stamp=UNBEGUN, actor=author)
    assert not found(title)
    return measure, submit_draft(work=Work.on_record(measure), actor=author)


def test_publishing(curator: User, publisher: User) -> None:
    _measure, draft = written("Quellwasser", curator)
    assert not found("Quellwasser")
    publish_draft(draft=draft, actor=publisher)
    assert found("Quellwasser")


def test_scheduled_publishing(curator: User, publisher: User) -> None:
    _measure, draft = written("Quellwasser", curator)
    schedule_draft(draft=draft, actor=publisher, publish_at=timezone.now() - dt.timedelta(seconds=1))
    assert not found("Quellwasser")
    assert publish_due_drafts() == 1
    assert found("Quellwasser")


def public(title: str) -> tuple[Measure, ProjectProfile]:
    measure = MeasureFactory(title_de="Davor")
    profile = ProjectProfileFactory(measure=measure, title_de=f"Projekt {title}")
    change_record(record=measure, values={"title_de": title}, actor=None)
    change_record(record=profile, values={"summary_de": "Ein Satz."}, actor=None)
    assert (found(title), found(f"Projekt {title}"), found("Davor")) == (True, True, False)
    return measure, profile


def test_changing_and_withdrawing_with_its_projects(publisher: User) -> None:
    measure, _profile = public("Quellwasser")
    withdraw_record(record=measure, actor=publisher, reason="Irrtum.")
    assert (found("Quellwasser"), found("Projekt Quellwasser")) == (False, False)


def test_withdrawing_a_project(publisher: User) -> None:
    _measure, profile = public("Quellwasser")
    withdraw_record(record=profile, actor=publisher, reason="Irrtum.")
    assert not found("Projekt Quellwasser")
    assert found("Quellwasser")


def test_trash_and_back_and_gone(publisher: User) -> None:
    measure, _profile = public("Quellwasser")
    trash_record(record=measure, actor=publisher)
    assert (found("Quellwasser"), found("Projekt Quellwasser")) == (False, False)
    measure.refresh_from_db()
    restore_record(record=measure, actor=publisher)
    assert (found("Quellwasser"), found("Projekt Quellwasser")) == (True, True)
    measure.refresh_from_db()
    trash_record(record=measure, actor=publisher)
    assert empty_trash(timezone.now() + dt.timedelta(days=31)) == 1
    assert (found("Quellwasser"), Measure.objects.count(), SearchEntry.objects.count()) == (False, 0, 0)


def test_importing_a_table(publisher: User) -> None:
    measure, _profile = public("Quellwasser")
    content = new(measure.number, Titel="Brunnenwasser", Handlungsfeld=measure.primary_field.name)
    importing.import_tables(grids=read_grids(content), mapping={}, actor=None)
    assert (found("Quellwasser"), found("Brunnenwasser")) == (False, True)


def test_examples_come_and_go(content: None) -> None:
    load_examples()
    titles = [
        row.title for model in (Measure, ProjectProfile) for row in model.objects.published().filter(example=True)
    ]
    assert [title for title in titles if not found(title)] == []
    remove_examples()
    assert [title for title in titles if found(title)] == []
