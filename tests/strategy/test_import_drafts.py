# ruff: noqa: ISC004 -- the sentences are long
"""A table changes published measures only through drafts that somebody else approves."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions import importing, publishing
from elbe_elster.strategy.actions.applying import DraftError
from elbe_elster.strategy.actions.drafts import save_draft
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Curation, Deviation, Draft, Measure, TableImport
from tests.factories import UserFactory
from tests.strategy.test_import import HOME, catalogue, edited, messages, table, take, upload

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


def test_a_curator_s_table_becomes_drafts_with_reasons(curator: User, publisher: User) -> None:
    measure = catalogue()
    Curation.objects.create(user=curator, measure=measure)
    content = edited(
        publisher,
        ("Maßnahmen", 2, "Titel", "Termine am Abend"),
        ("Maßnahmen", 2, "Begründung", "Der Anbieter kommt später"),
        ("Meilensteine", 2, "Geplant bis", dt.date(2026, 12, 31)),
        ("Meilensteine", 3, "Maßnahme", "M-01"),
        ("Meilensteine", 3, "Schritt", "Schulen"),
    )
    take(content, curator)
    take(content, curator)
    measure.refresh_from_db()
    assert (measure.title, measure.milestones.get().due_on) == ("Termine online", dt.date(2026, 9, 30))
    draft = Draft.objects.get()
    assert (draft.state, draft.submitted_by, draft.revision, draft.remarks.count()) == ("submitted", curator, 1, 1)
    letters = Letter.objects.filter(subject__startswith="Bitte freigeben")
    assert [letter.recipient for letter in letters] == [publisher.email]
    publishing.publish_draft(draft=draft, actor=publisher)
    measure.refresh_from_db()
    assert (measure.title, [(row.title, row.due_on) for row in measure.milestones.order_by("pk")]) == (
        "Termine am Abend",
        [("Ausschreibung", dt.date(2026, 12, 31)), ("Schulen", None)],
    )
    assert {row.reason for row in Deviation.objects.all()} == {"Der Anbieter kommt später"}


def test_a_publisher_s_table_waits_for_another(publisher: User, sign_in: SignIn) -> None:
    catalogue()
    browser = sign_in(publisher)
    page = upload(browser, edited(publisher, ("Maßnahmen", 2, "Titel", "Termine am Abend"))).content.decode()
    assert "Wird Entwurf und wartet auf Freigabe." in page
    browser.post(f"{HOME}{TableImport.objects.get().pk}/uebernehmen/")
    draft = Draft.objects.get()
    assert (Measure.objects.get(number="M-01").title, draft.state) == ("Termine online", "submitted")
    assert not publishing.may_approve(publisher, draft)


def test_a_draft_that_is_there_takes_the_table_up_or_refuses_the_row(curator: User, publisher: User) -> None:
    measure = catalogue()
    Curation.objects.create(user=curator, measure=measure)
    work = Work.on_record(measure)
    opened = work.text
    save_draft(work=work, values={**opened, "title_de": "Von Hand"}, opened=opened, stamp="0", actor=UserFactory())
    take(edited(publisher, ("Maßnahmen", 2, "In einem Satz", "Ohne Warten.")), curator)
    draft = Draft.objects.get()
    assert (draft.state, draft.values["title_de"], draft.values["summary_de"]) == (
        "editing",
        "Von Hand",
        "Ohne Warten.",
    )
    with pytest.raises(importing.ImportRefusedError) as refused:
        take(edited(publisher, ("Maßnahmen", 2, "Titel", "Aus der Tabelle")), curator)
    assert refused.value.messages == [
        "M-01 (Blatt Maßnahmen, Zeile 2, Spalte A): Im Entwurf steht schon etwas anderes bei: Titel. "
        "Gleichen Sie es im Entwurf ab."
    ]


def test_a_new_measure_without_its_sentence_is_the_draft_of_one(curator: User) -> None:
    catalogue()
    content = table(["Nummer", "Titel", "Handlungsfeld", "Partner"], ["M-50", "Neu", "Mobilität", "Verein Neu"])
    take(content, curator)
    draft = Draft.objects.get()
    kept = ("number", "title_de", "summary_de", "slug")
    assert ([draft.values[name] for name in kept], draft.state, draft.created_by) == (
        ["M-50", "Neu", "", ""],
        "editing",
        curator,
    )
    assert len(draft.values["partnerships"]) == 1
    assert not Measure.objects.filter(number="M-50").exists()
    with pytest.raises(DraftError) as refused:
        publishing.submit_draft(work=Work.on_draft(draft), actor=curator)
    assert list(refused.value.errors) == ["summary_de"]
    assert messages(content, curator) == [
        "Blatt Maßnahmen, Zeile 2, Spalte A: M-50 gibt es schon als Entwurf. Schreiben Sie dort weiter."
    ]
