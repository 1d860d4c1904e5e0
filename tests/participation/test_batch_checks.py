"""Piles of paper forms: some typed in twice and blind, differences settled, taken over once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from elbe_elster.participation.actions import paper, urn
from elbe_elster.participation.models import (
    Answer,
    Channel,
    Envelope,
    PaperBatch,
    PaperSheet,
    Response,
    StepKind,
    Survey,
    SurveyStep,
)
from elbe_elster.participation.paper.comparing import Difference, Rate, compare_entries, not_due, rate_of
from elbe_elster.participation.questionnaire.answers import Given, answers_from_json
from elbe_elster.participation.reading import questionnaire_of
from tests.participation.answering import count_now
from tests.participation.piles import PATH, SECRET, one, store, typed

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.participation.actions.urn import Outcome, Submission
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


# Second entry -----------------------------------------------------------------------


@pytest.mark.parametrize(("share", "sheets", "drawn"), [(0, 5, 0), (10, 5, 1), (40, 5, 2), (100, 5, 5)])
def test_the_sample_is_as_large_as_was_said(batch: PaperBatch, survey_team: User, share: int, sheets: int, drawn: int) -> None:  # fmt: skip
    PaperBatch.objects.update(checked_share=share)
    for number in range(1, sheets + 1):
        store(batch, survey_team, number)
    assert (paper.close_entry(batch=batch), PaperSheet.objects.filter(drawn=True).count()) == (drawn, drawn)
    assert paper.close_entry(batch=batch) == drawn
    paper.reopen_entry(batch=batch)
    store(batch, survey_team, sheets + 1)
    assert paper.close_entry(batch=batch) == -(-(sheets + 1) * share // 100)


def test_an_empty_pile_is_not_closed(batch: PaperBatch) -> None:
    with pytest.raises(paper.BatchRefusedError, match="In diesem Stapel ist noch kein Bogen"):
        paper.close_entry(batch=batch)


def test_the_second_entry_is_blind(sign_in: SignIn, batch: PaperBatch, survey_team: User, colleague: User) -> None:
    store(batch, survey_team, 1, oft=one("c", 3), text=Given(text=SECRET), alter=Given(number=Decimal(77)))
    store(batch, colleague, 2, text=Given(text=SECRET))
    paper.close_entry(batch=batch)
    browser = sign_in(colleague)
    pages = [browser.get(f"{PATH}1/").content.decode(), browser.get(f"{PATH}1/zweiteingabe/1/").content.decode()]
    wrong = browser.post(f"{PATH}1/zweiteingabe/1/", typed(1, q_oft="9")).content.decode()
    for page in (*pages, wrong):
        assert SECRET not in page
        assert 'value="77"' not in page
    assert not re.search(r'name="q-oft" value="3"', pages[1])
    assert "Die erste Eingabe ist von Ihnen." in pages[0]
    assert "haben Sie selbst zuerst eingegeben" not in pages[1]
    assert "haben Sie selbst zuerst eingegeben" in browser.get(f"{PATH}1/zweiteingabe/2/").content.decode()
    assert browser.get(f"{PATH}1/bogen/1/").status_code == 302
    assert browser.get(f"{PATH}1/unterschiede/1/").status_code == 404


def test_the_second_entry_counts_once(sign_in: SignIn, batch: PaperBatch, survey_team: User, colleague: User) -> None:
    sheets = [store(batch, survey_team, number, oft=one("a", 1)) for number in (1, 2)]
    paper.close_entry(batch=batch)
    browser = sign_in(colleague)
    response = browser.post(f"{PATH}1/zweiteingabe/1/", typed(1, q_oft="2"))
    assert response["Location"] == f"{PATH}1/zweiteingabe/2/"
    assert paper.type_again(sheet=sheets[0], answers={}, actor=survey_team) is False
    found = PaperSheet.objects.get(number=1)
    assert (answers_from_json(found.second or {}), found.second_by) == ({"oft": one("b", 2)}, colleague)
    response = browser.post(f"{PATH}1/zweiteingabe/1/", typed(1, q_oft="3"), follow=True)
    assert "Dieser Bogen wartet nicht auf eine Zweiteingabe." in response.content.decode()
    assert browser.post(f"{PATH}1/zweiteingabe/2/", typed(2, q_oft="1"))["Location"] == f"{PATH}1/"


# Differences --------------------------------------------------------------------------


def test_what_differs_is_listed_by_question(survey: Survey) -> None:
    assert survey.current
    document = questionnaire_of(survey.current)
    first = {"oft": one("a", 1), "warum": Given(options=("a",)), "text": Given(text="Mehr  Busse"), "alter": Given(number=Decimal("40.0"))}  # fmt: skip
    second = {"oft": one("b", 2), "warum": Given(options=("a",)), "text": Given(text="Mehr Busse "), "alter": Given(number=Decimal(40))}  # fmt: skip
    found = compare_entries(document, first, second)
    asked = document.question_by_code
    assert found.differences == (
        Difference(asked["oft"], 1, one("a", 1), one("b", 2)),
        Difference(asked["warum"], 2, Given(options=("a",), option_value=1), Given()),
    )
    assert (found.compared, compare_entries(document, second, second).compared) == (5, 4)
    assert rate_of([found, compare_entries(document, second, second)]) == Rate(2, 9)
    assert (Rate(2, 9).percent, Rate(0, 0).percent) == (22.2, None)
    assert [question.code for question in not_due(document, second)] == ["warum"]
    hidden = second | {"warum": Given(options=("c",))}
    assert compare_entries(document, second, hidden).differences == ()


def test_differences_are_settled_one_by_one(
    sign_in: SignIn, batch: PaperBatch, survey: Survey, survey_team: User, colleague: User
) -> None:
    first = {"oft": one("b", 2), "text": Given(text="eins"), "alter": Given(number=Decimal(40))}
    sheet = store(batch, survey_team, 1, **first)
    paper.close_entry(batch=batch)
    second = {"oft": one("c", 3), "text": Given(text="zwei"), "alter": Given(number=Decimal(41))}
    paper.type_again(sheet=sheet, answers=second, actor=colleague)
    browser = sign_in(survey_team)
    page = browser.get(f"{PATH}1/").content.decode()
    assert ("3 von 4 verglichenen Antworten sind verschieden (75,0" in " ".join(page.split()), "Stapel übernehmen" in page) == (True, False)  # fmt: skip
    page = browser.get(f"{PATH}1/unterschiede/1/").content.decode()
    assert [f"{which} Eingabe: {words}" in page for which, words in (("Erste", "2"), ("Zweite", "3"), ("Erste", "eins"), ("Zweite", "41"))] == [True] * 4  # fmt: skip
    wrong = browser.post(f"{PATH}1/unterschiede/1/", {"d-oft": "other", "q-oft": "8", "d-text": "second"})
    assert (wrong.status_code, "Die Nummer 8 gibt es hier nicht." in wrong.content.decode()) == (422, True)
    chosen = {"d-oft": "other", "q-oft": "1", "d-text": "second", "d-alter": "first"}
    assert browser.post(f"{PATH}1/unterschiede/1/", chosen).status_code == 302
    assert answers_from_json(PaperSheet.objects.get().agreed or {}) == {
        "oft": one("a", 1),
        "text": Given(text="zwei"),
        "alter": Given(number=Decimal(40)),
    }
    page = browser.get(f"{PATH}1/").content.decode()
    assert ("(geklärt)" in page, "Stapel übernehmen" in page) == (True, True)


# Taking over --------------------------------------------------------------------------


def test_a_pile_is_taken_over_once_and_its_sheets_are_gone(
    sign_in: SignIn, batch: PaperBatch, survey: Survey, survey_team: User
) -> None:
    PaperBatch.objects.update(checked_share=0)
    for number, code in enumerate("abb", start=1):
        store(batch, survey_team, number, oft=one(code), text=Given(text=f"{SECRET} {number}"))
    browser = sign_in(survey_team)
    response = browser.post(f"{PATH}1/uebernehmen/", follow=True)
    assert ("Schließen Sie zuerst die Eingabe ab." in response.content.decode(), Envelope.objects.count()) == (True, 0)
    browser.post(f"{PATH}1/abschliessen/")
    for _ in range(2):
        browser.post(f"{PATH}1/uebernehmen/")
    assert (Envelope.objects.count(), PaperSheet.objects.count()) == (3, 0)
    assert list(SurveyStep.objects.values_list("kind", "note", "actor")) == [(StepKind.COUNTED_IN, "Stapel 1, 3 Bögen", survey_team.pk)]  # fmt: skip
    assert count_now(survey) == 3
    assert list(Response.objects.values_list("channel", "batch", "version").distinct()) == [(Channel.PAPER, batch.pk, survey.current_id)]  # fmt: skip
    assert sorted(Answer.objects.filter(question__code="oft").values_list("option", flat=True)) == [1, 2, 2]
    page = browser.get(f"{PATH}1/").content.decode()
    assert ("Dieser Stapel ist übernommen." in page, SECRET in page) == (True, False)
    for path in ("eingabe/", "abschliessen/", "oeffnen/"):
        browser.post(f"{PATH}1/{path}", typed(9, q_oft="1"))
    assert (PaperSheet.objects.count(), PaperBatch.objects.get().finished) == (0, True)


def test_what_breaks_in_the_middle_changes_nothing(
    batch: PaperBatch, survey_team: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    PaperBatch.objects.update(checked_share=0)
    for number in (1, 2, 3):
        store(batch, survey_team, number)
    paper.close_entry(batch=batch)
    calls: list[Submission] = []

    def breaks(submission: Submission) -> Outcome:
        calls.append(submission)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return urn.cast(submission)

    with monkeypatch.context() as patch:
        patch.setattr(paper, "cast", breaks)
        with pytest.raises(KeyboardInterrupt):
            paper.take_over_batch(batch=batch, actor=survey_team)
    assert (Envelope.objects.count(), PaperSheet.objects.count(), SurveyStep.objects.count()) == (0, 3, 0)
    assert paper.take_over_batch(batch=batch, actor=survey_team) == 3
    assert (Envelope.objects.count(), PaperSheet.objects.count(), SurveyStep.objects.count()) == (3, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_count_once(batch: PaperBatch, survey_team: User) -> None:
    PaperBatch.objects.update(checked_share=0)
    for number in range(1, 6):
        store(batch, survey_team, number)
    paper.close_entry(batch=batch)

    def take(_: int) -> int:
        try:
            return paper.take_over_batch(batch=batch, actor=survey_team)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        assert sorted(threads.map(take, range(3))) == [0, 0, 5]
    assert Envelope.objects.count() == 5
