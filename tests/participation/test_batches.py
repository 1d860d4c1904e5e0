"""Piles of paper forms are typed in: by codes, with mistakes said, nothing twice; only by the team."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elbe_elster.participation.actions import paper
from elbe_elster.participation.models import (
    Answer,
    AnswerState,
    PaperBatch,
    PaperSheet,
    Survey,
    SurveyVersion,
)
from elbe_elster.participation.questionnaire.answers import Given, Missing, answers_from_json
from tests.client import PortalClient
from tests.factories import UserFactory
from tests.participation.answering import count_now, published, question, questionnaire
from tests.participation.piles import PATH, one, store, typed

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


# Beginning a pile and typing in ----------------------------------------------------


def test_a_pile_gets_the_next_number(sign_in: SignIn, survey: Survey, survey_team: User) -> None:
    browser = sign_in(survey_team)
    assert survey.current
    for note in ("Rathaus", "Bücherei"):
        sent = {"note": note, "version": str(survey.current.pk), "checked_share": "20"}
        browser.post(PATH, sent)
    found = PaperBatch.objects.values_list("number", "note", "checked_share", "version__number", "entry_closed", "finished")  # fmt: skip
    assert list(found.order_by("number")) == [(1, "Rathaus", 20, 1, False, False), (2, "Bücherei", 20, 1, False, False)]
    response = browser.post(PATH, {"note": "x", "version": "0", "checked_share": "101"})
    assert (response.status_code, PaperBatch.objects.count()) == (422, 2)


def test_a_sheet_is_typed_in_by_its_codes(sign_in: SignIn, batch: PaperBatch, survey_team: User) -> None:
    browser = sign_in(survey_team)
    page = browser.get(f"{PATH}1/eingabe/").content.decode()
    assert 'name="number" value="1"' in page
    sent = typed(1, q_oft="1", q_warum="1 2", w_warum__b="zu laut", q_zeilen="2 ?", q_text="Mehr Busse", q_alter="?")
    response = browser.post(f"{PATH}1/eingabe/", sent, follow=True)
    sheet = PaperSheet.objects.get()
    assert (sheet.number, sheet.first_by, sheet.second, sheet.agreed, sheet.drawn) == (
        1,
        survey_team,
        None,
        None,
        False,
    )
    assert answers_from_json(sheet.first) == {
        "oft": one("a", 1),
        "warum": Given(options=("a", "b"), others={"b": "zu laut"}),
        "zeilen": Given(items={"x": ("b",)}, missing=Missing.NOT_LEGIBLE),
        "text": Given(text="Mehr Busse"),
        "alter": Given(missing=Missing.NOT_LEGIBLE),
    }
    page = response.content.decode()
    assert ("Bogen 1 ist gespeichert." in page, 'name="number" value="2"' in page, "Mehr Busse" in page) == (True, True, False)  # fmt: skip


def test_mistakes_are_said_at_the_field_and_nothing_typed_is_lost(
    sign_in: SignIn, batch: PaperBatch, survey_team: User
) -> None:
    sent = typed(1, q_oft="7", q_zeilen="1 1 1", q_text="Bleibt stehen", q_alter="200")
    response = sign_in(survey_team).post(f"{PATH}1/eingabe/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    for wanted in (
        "3 Angaben passen noch nicht",
        "Die Nummer 7 gibt es hier nicht. Möglich: 1 bis 3.",
        "Hier stehen 3 Angaben, die Frage hat aber nur 2 Zeilen.",
        "Die Zahl liegt außerhalb der Grenzen.",
        "Bleibt stehen",
        sent["key"],
    ):
        assert wanted in page, wanted
    assert PaperSheet.objects.count() == 0
    assert batch.sheets.count() == 0


def test_the_enter_key_alone_stores_nothing(sign_in: SignIn, batch: PaperBatch, survey_team: User) -> None:
    sent = typed(1, q_oft="1", q_warum="1") | {"step": "check"}
    response = sign_in(survey_team).post(f"{PATH}1/eingabe/", sent)
    page = response.content.decode()
    assert (response.status_code, PaperSheet.objects.count()) == (200, 0)
    assert page.index('type="submit" name="step" value="check"') < page.index('value="save"')
    focused = re.findall(r"<(?:input|textarea)[^>]*autofocus[^>]*>", page)
    assert [re.search(r'name="([^"]*)"', field)[1] for field in focused] == ["w-warum-b"]  # type: ignore[index]
    assert batch.sheets.count() == 0


def test_a_cross_out_of_turn_is_reported_once_and_does_not_count(
    sign_in: SignIn, survey: Survey, batch: PaperBatch, survey_team: User
) -> None:
    browser = sign_in(survey_team)
    sent = typed(1, q_oft="2", q_warum="1")
    response = browser.post(f"{PATH}1/eingabe/", sent)
    page = response.content.decode()
    assert (response.status_code, PaperSheet.objects.count()) == (422, 0)
    assert "Frage 2 ist nach den Antworten nicht an der Reihe. Trotzdem angekreuzt?" in page
    agreed = re.search(r'name="agreed" value="([^"]*)"', page)
    assert agreed
    assert agreed[1] == "warum"
    assert browser.post(f"{PATH}1/eingabe/", sent | {"agreed": agreed[1]}).status_code == 302
    PaperBatch.objects.update(checked_share=0)
    paper.close_entry(batch=batch)
    assert paper.take_over_batch(batch=batch, actor=survey_team) == 1
    count_now(survey)
    stored = Answer.objects.values_list("question__code", "option", "state").order_by("question_id", "item")
    assert list(stored) == [
        ("oft", 2, AnswerState.VALUE),
        ("zeilen", 0, AnswerState.SKIPPED),
        ("zeilen", 0, AnswerState.SKIPPED),
        ("text", 0, AnswerState.SKIPPED),
        ("alter", 0, AnswerState.SKIPPED),
    ]


def test_a_double_click_stores_one_sheet_and_two_clerks_get_two(
    sign_in: SignIn, batch: PaperBatch, survey_team: User, colleague: User
) -> None:
    browser, other = sign_in(survey_team), sign_in(colleague)
    sent = typed(1, q_oft="1")
    for _ in range(2):
        assert browser.post(f"{PATH}1/eingabe/", sent).status_code == 302
    response = other.post(f"{PATH}1/eingabe/", typed(1, q_oft="2"), follow=True)
    assert "Ihrer hat jetzt die Nummer 2." in response.content.decode()
    found = PaperSheet.objects.order_by("number").values_list("number", "first__oft__o__0", "first_by")
    assert list(found) == [(1, "a", survey_team.pk), (2, "b", colleague.pk)]
    assert batch.sheets.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing(batch: PaperBatch, survey_team: User) -> None:
    def type_one(_: int) -> int:
        try:
            return paper.type_sheet(batch=batch, key=uuid.uuid4(), number=1, answers={}, actor=survey_team).sheet.number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(type_one, range(8))) == list(range(1, 9))


def test_a_sheet_is_corrected_or_removed_until_the_entry_is_closed(
    sign_in: SignIn, batch: PaperBatch, survey_team: User
) -> None:
    store(batch, survey_team, 1, oft=one("a", 1))
    store(batch, survey_team, 2)
    browser = sign_in(survey_team)
    page = browser.get(f"{PATH}1/bogen/1/").content.decode()
    assert re.search(r'name="q-oft" value="1"', page)
    assert browser.post(f"{PATH}1/bogen/1/", typed(1, q_oft="3")).status_code == 302
    assert answers_from_json(PaperSheet.objects.get(number=1).first) == {"oft": one("c", 3)}
    browser.post(f"{PATH}1/bogen/2/loeschen/")
    browser.post(f"{PATH}1/bogen/2/loeschen/")
    assert list(PaperSheet.objects.values_list("number", flat=True)) == [1]
    browser.post(f"{PATH}1/abschliessen/")
    for method, path in (("get", "1/bogen/1/"), ("post", "1/bogen/1/"), ("post", "1/bogen/1/loeschen/")):
        response = getattr(browser, method)(
            f"{PATH}{path}", typed(1, q_oft="2") if method == "post" else None, follow=True
        )
        assert "Die Eingabe dieses Stapels ist abgeschlossen." in response.content.decode()
    assert answers_from_json(PaperSheet.objects.get().first) == {"oft": one("c", 3)}


# Who, and how much ------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), [("curator", 403), ("publisher", 403), ("representative", 403), ("survey_team", 200), ("admin", 200)])  # fmt: skip
def test_only_the_team_works_with_piles(
    request: pytest.FixtureRequest, sign_in: SignIn, batch: PaperBatch, name: str, status: int
) -> None:
    store(batch, UserFactory(), 1)
    browser = sign_in(request.getfixturevalue(name))
    for path in ("", "1/", "1/eingabe/", "1/bogen/1/"):
        assert (path, browser.get(f"{PATH}{path}").status_code) == (path, status)
        assert (path, PortalClient().get(f"{PATH}{path}").status_code) == (path, 302)
    for path in ("1/abschliessen/", "1/oeffnen/", "1/uebernehmen/", "1/bogen/1/loeschen/"):
        assert (path, browser.get(f"{PATH}{path}").status_code) == (path, 405)
    if status == 403:
        for path in ("1/abschliessen/", "1/uebernehmen/", "1/bogen/1/loeschen/"):
            assert browser.post(f"{PATH}{path}").status_code == 403
    for path in ("9/", "1/bogen/9/", "1/zweiteingabe/1/"):
        assert browser.get(f"{PATH}{path}").status_code == (404 if status == 200 else 403)
    assert (PaperSheet.objects.count(), PaperBatch.objects.get().entry_closed) == (1, False)


def test_a_survey_that_is_not_published_has_no_piles_yet(sign_in: SignIn, survey_team: User) -> None:
    published(questionnaire((question("oft"),)), slug="bus", current=None)
    Survey.objects.update(current=None)
    SurveyVersion.objects.all().delete()
    assert "Diese Umfrage ist noch nicht veröffentlicht." in sign_in(survey_team).get(PATH).content.decode()


def test_queries_do_not_grow(sign_in: SignIn, batch: PaperBatch, survey_team: User, colleague: User) -> None:
    browser = sign_in(survey_team)
    browser.get(f"{PATH}1/")
    counts = []
    for number in (1, 2, 3):
        store(batch, colleague, number, oft=one("a", 1))
        paper.close_entry(batch=batch)
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"{PATH}1/")
        counts.append(len(queries))
        paper.reopen_entry(batch=batch)
    assert counts[0] == counts[2]
