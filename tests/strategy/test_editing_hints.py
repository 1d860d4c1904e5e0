"""What is wrong in a draft is said at its box while somebody writes; it is kept all the same."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.html import escape

from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Draft
from tests.factories import MeasureFactory, MilestoneFactory
from tests.strategy.test_editing import EDIT, sent

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


def test_signs_that_are_no_text_are_said_at_the_box_and_nothing_breaks(publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(title_de="Alt")
    kept = MilestoneFactory(measure=measure)
    address, browser = EDIT.format(measure.number), sign_in(publisher)
    page = browser.get(address)
    wrong = {"title_de": "nul\x00", "need_de": "Zeile\x0bZeile", "ends": "\x002027", "goals": ["\x00"]}
    row = {f"milestones-{kept.pk}-title_de": "Schritt\x07"}
    assert browser.post(address, sent(page, **wrong, **row)).status_code == 302
    values = Draft.objects.get().values
    assert (values["title_de"], values["need_de"], values["ends"]) == ("nul\ufffd", "Zeile\nZeile", "\ufffd2027")
    assert (values["goals"], values["milestones"][0]["title_de"]) == (["\ufffd"], "Schritt\ufffd")
    shown = browser.get(address).content.decode()
    assert shown.count("Hier steht ein Zeichen, das kein Text ist (\ufffd). Löschen Sie es.") == 3
    review = browser.get(address.replace("bearbeiten", "freigabe"))
    assert "Hier steht ein Zeichen, das kein Text ist" in review.content.decode()


def hints(browser: PortalClient, address: str, **changes: Any) -> dict[str, list[str]]:
    """What the script hears when it saves."""
    page = browser.get(address)
    answer = browser.post(address, sent(page, **changes), headers={"Accept": "application/json"})
    assert answer.status_code == 200
    told: dict[str, list[str]] = answer.json()["hints"]
    shown = browser.get(address).content.decode()
    assert [one for messages in told.values() for one in messages if escape(one) not in shown] == []
    assert shown.count('class="kern-error"') == len(told)
    return told


def test_contradictions_are_said_at_their_box_while_saving(publisher: User, sign_in: SignIn) -> None:
    MeasureFactory(number="M-04")
    measure = MeasureFactory(number="M-05", title_de="Alt")
    step = MilestoneFactory(measure=measure, state="open", due_on=dt.date(2026, 9, 30))
    address, browser = EDIT.format("M-05"), sign_in(publisher)
    assert hints(browser, address) == {}
    found = hints(browser, address, starts="2028", ends="2026", phase="done", title_de="", number="M-04")
    assert found == {
        "id_title_de": ["Schreiben Sie einen Titel."],
        "id_ends": ["Das geplante Ende liegt vor dem Beginn."],
        "id_done_on": ["„Abgeschlossen“ und der Tag des Abschlusses gehören zusammen."],
    }
    measure.refresh_from_db()
    assert (measure.title_de, Draft.objects.get().values["ends"]) == ("Alt", "2026")
    name = f"milestones-{step.pk}"
    found = hints(browser, address, ends="irgendwann", phase="idea", title_de="Neu", **{f"{name}-state": "done"})
    assert sorted(found) == ["id_ends", f"id_{name}-done_on"]


def test_something_new_hears_that_its_number_is_taken(curator: User, sign_in: SignIn) -> None:
    MeasureFactory(number="M-04")
    values = Work("measure", None, None).stored | {"title_de": "Neu", "number": "M-05"}
    draft = Draft.objects.create(kind="measure", created_by=curator, values=values)
    address, browser = f"/redaktion/entwuerfe/{draft.pk}/bearbeiten/", sign_in(curator)
    assert hints(browser, address) == {}
    assert list(hints(browser, address, number="m-04")) == ["id_number"]
    assert list(hints(browser, address, number="")) == ["id_number"]
    assert list(hints(browser, address, number="Nummer 5")) == ["id_number"]
