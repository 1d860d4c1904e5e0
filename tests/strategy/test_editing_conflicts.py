"""Whatever two people write at once, in however many windows: every text is there until its author has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from elbe_elster.strategy.actions.publishing import publish_draft, submit_draft
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Draft, DraftVersion, Measure
from tests.factories import MeasureFactory
from tests.strategy.test_editing import EDIT, entrusted, sent

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> Measure:
    return MeasureFactory(number="M-05", title_de="Alt", summary_de="Ein Satz.", need_de="Weil.")


@pytest.fixture
def first(curator: User, measure: Measure, sign_in: SignIn) -> PortalClient:
    return sign_in(entrusted(curator, measure))


@pytest.fixture
def second(publisher: User, sign_in: SignIn) -> PortalClient:
    return sign_in(publisher)


ADDRESS = EDIT.format("M-05")
MERGE = ADDRESS.replace("bearbeiten", "abgleich")


def waiting() -> list[tuple[str, str]]:
    return [(version.values["title_de"], version.values["summary_de"]) for version in DraftVersion.objects.all()]


def test_what_waits_survives_a_second_conflict_of_a_page_opened_later(
    first: PortalClient, second: PortalClient
) -> None:
    one, theirs = first.get(ADDRESS), second.get(ADDRESS)
    second.post(ADDRESS, sent(theirs, need_de="Ihr Grund."))
    first.post(ADDRESS, sent(one, summary_de="Unersetzlich."))
    assert "Zwei Fassungen warten auf Sie" in first.get(ADDRESS).content.decode()  # decides later
    later = first.get(ADDRESS)
    second.post(ADDRESS, sent(second.get(ADDRESS), title_de="Ihr Titel"))
    first.post(ADDRESS, sent(later, title_de="Mein Titel"))
    assert waiting() == [("Alt", "Unersetzlich."), ("Mein Titel", "Ein Satz.")]

    for choice in ({}, {"choice-title_de": "mine"}):  # what only one side has changed is chosen already
        page = first.get(MERGE)
        first.post(MERGE, {"stamp": page.context["comparison"].stamp, **choice})
    draft = Draft.objects.get()
    values = (draft.values["title_de"], draft.values["summary_de"], draft.values["need_de"])
    assert values == ("Mein Titel", "Unersetzlich.", "Ihr Grund.")
    assert waiting() == []


def test_two_windows_of_the_same_text_are_kept_apart(first: PortalClient, second: PortalClient) -> None:
    one, two, theirs = first.get(ADDRESS), first.get(ADDRESS), second.get(ADDRESS)
    second.post(ADDRESS, sent(theirs, need_de="Ihr Grund."))
    for text in ("Unersetz", "Unersetzlich."):  # the same page saves again over its own version
        first.post(ADDRESS, sent(one, summary_de=text))
    first.post(ADDRESS, sent(two, title_de="Mein Titel"))
    assert waiting() == [("Alt", "Unersetzlich."), ("Mein Titel", "Ein Satz.")]


def test_a_page_without_a_mark_replaces_nothing(first: PortalClient, second: PortalClient) -> None:
    one, theirs = first.get(ADDRESS), second.get(ADDRESS)
    second.post(ADDRESS, sent(theirs, need_de="Ihr Grund."))
    for text in ("Eins.", "Eins.", "Zwei."):
        first.post(ADDRESS, sent(one, summary_de=text, page=""))
    assert waiting() == [("Alt", "Eins."), ("Alt", "Zwei.")]


def test_a_choice_is_only_taken_for_the_versions_that_were_shown(first: PortalClient, second: PortalClient) -> None:
    one, theirs = first.get(ADDRESS), second.get(ADDRESS)
    second.post(ADDRESS, sent(theirs, summary_de="Ihr Satz."))
    first.post(ADDRESS, sent(one, summary_de="Meiner."))
    page = first.get(MERGE)
    first.post(ADDRESS, sent(one, summary_de="Meiner, und mehr."))
    choice = {"choice-summary_de": "theirs"}
    assert first.post(MERGE, {"stamp": page.context["comparison"].stamp, **choice}).status_code == 409
    assert waiting() == [("Alt", "Meiner, und mehr.")]


def test_what_waits_survives_the_publication_of_the_draft(
    measure: Measure, first: PortalClient, second: PortalClient, publisher: User
) -> None:
    one, theirs = first.get(ADDRESS), second.get(ADDRESS)
    second.post(ADDRESS, sent(theirs, title_de="Ihr Titel"))
    first.post(ADDRESS, sent(one, summary_de="Unersetzlich."))
    draft = submit_draft(work=Work.on_record(measure), actor=publisher)
    Draft.objects.update(submitted_by=None)  # whoever submitted it left
    draft.refresh_from_db()
    publish_draft(draft=draft, actor=publisher)
    measure.refresh_from_db()
    assert (measure.title, measure.summary) == ("Ihr Titel", "Ein Satz.")
    assert waiting() == [("Alt", "Unersetzlich.")]
    assert "Zwei Fassungen warten auf Sie" in first.get(ADDRESS).content.decode()
    page = first.get(MERGE)
    assert [(one.name, one.mine, one.theirs) for one in page.context["comparison"].found if one.chosen == "mine"] == [
        ("summary_de", "Unersetzlich.", "Ein Satz.")
    ]
    first.post(MERGE, {"stamp": page.context["comparison"].stamp})
    values = Draft.objects.get().values
    assert (values["title_de"], values["summary_de"]) == ("Ihr Titel", "Unersetzlich.")


def test_what_waits_survives_when_another_throws_the_draft_away(first: PortalClient, second: PortalClient) -> None:
    one, theirs = first.get(ADDRESS), second.get(ADDRESS)
    second.post(ADDRESS, sent(theirs, title_de="Ihr Titel"))
    first.post(ADDRESS, sent(one, summary_de="Unersetzlich."))
    second.post(ADDRESS.replace("bearbeiten", "verwerfen"))
    assert waiting() == [("Alt", "Unersetzlich.")]
    assert Draft.objects.get().values["title_de"] == "Alt"
    first.post(ADDRESS.replace("bearbeiten", "verwerfen"))  # their own text is theirs to throw away
    assert (Draft.objects.count(), waiting()) == (0, [])


def test_of_something_new_the_text_that_waits_becomes_the_draft(
    curator: User, first: PortalClient, second: PortalClient
) -> None:
    draft = Draft.objects.create(kind="measure", created_by=curator, values=Work("measure", None, None).stored)
    address = f"/redaktion/entwuerfe/{draft.pk}/bearbeiten/"
    one, theirs = first.get(address), second.get(address)
    second.post(address, sent(theirs, title_de="Ihr Titel"))
    first.post(address, sent(one, title_de="Unersetzlich"))
    second.post(address.replace("bearbeiten", "verwerfen"))
    assert [row.values["title_de"] for row in Draft.objects.all()] == ["Unersetzlich"]
    assert waiting() == []
