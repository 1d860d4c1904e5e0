"""Piles of paper forms: typed in once, some twice, settled, taken over; nothing is lost and nothing counts double."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions import paper, urn
from elbe_elster.participation.models import (
    Answer,
    AnswerState,
    Channel,
    Envelope,
    PaperBatch,
    PaperSheet,
    Response,
    StepKind,
    Survey,
    SurveyStep,
    SurveyVersion,
)
from elbe_elster.participation.paper.comparing import Difference, Rate, compare_entries, not_due, rate_of
from elbe_elster.participation.questionnaire.answers import Given, Missing, answers_from_json
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Kind
from elbe_elster.participation.reading import questionnaire_of
from tests.client import PortalClient
from tests.factories import UserFactory
from tests.participation.answering import count_now, options, published, question, questionnaire

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.participation.actions.urn import Outcome, Submission
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PATH = "/redaktion/umfragen/bus/stapel/"
SECRET = "streng-geheim"


def one(code: str, value: int | None = None) -> Given:
    return Given(options=(code,), option_value=value)


@pytest.fixture
def survey() -> Survey:
    """Asks how often; whoever says a is asked why, then everybody about rows and a text."""
    return published(
        questionnaire(
            (
                question("oft", Kind.SINGLE, no_answer=True),
                question(
                    "warum", Kind.MULTIPLE, options=options("a", "b", "c", other="b"), condition=Selected("oft", "a")
                ),
                question("zeilen", Kind.MATRIX_SINGLE),
            ),
            (question("text", Kind.LONG_TEXT), question("alter", Kind.NUMBER, most=Decimal(120))),
        ),
        slug="bus",
    )


@pytest.fixture
def batch(survey: Survey) -> PaperBatch:
    """A pile of which everything is typed in twice."""
    assert survey.current
    return paper.begin_batch(survey=survey, version=survey.current, note="Urne im Rathaus", checked_share=100)


@pytest.fixture
def colleague() -> User:
    """A second person of the team."""
    user: User = UserFactory(email="zweite@example.org", roles=[Role.SURVEY_TEAM])
    return user


def typed(number: int = 1, **fields: str) -> dict[str, str]:
    """What the form of a sheet sends."""
    sent = {"key": str(uuid.uuid4()), "number": str(number), "step": "save", "agreed": ""}
    return sent | {name.replace("_", "-", 1).replace("__", "-"): value for name, value in fields.items()}


def store(batch: PaperBatch, user: User, number: int = 1, **answers: Given) -> PaperSheet:
    return paper.type_sheet(batch=batch, key=uuid.uuid4(), number=number, answers=answers, actor=user).sheet


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
