"""Pages of access codes: staff make, print and take back; citizens type theirs."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.html import escape
from pypdf import PdfReader

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.codes import make_codes
from elbe_elster.participation.codes.letters import readable
from elbe_elster.participation.filling.state import from_token
from elbe_elster.participation.models import Access, AccessCode, CodeLot, Envelope, Survey
from elbe_elster.participation.views.codes import WRONG_AN_HOUR
from tests.factories import UserFactory
from tests.participation.answering import published, question, questionnaire
from tests.participation.filling import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(db: None) -> Survey:
    return published(questionnaire((question("car"),)), access=Access.CODES, slug="auto")


@pytest.fixture
def lot(survey: Survey) -> CodeLot:
    return make_codes(survey=survey, name="=Brief 1", count=10)


@pytest.fixture
def codes(lot: CodeLot) -> list[str]:
    return list(lot.codes.order_by("code").values_list("code", flat=True))


def said(response: Any) -> str:
    """What a person reads of an error, at the field and above."""
    (sentence,) = [str(text) for texts in response.context["form"].errors.values() for text in texts]
    assert response.content.decode().count(escape(sentence)) == 2
    return sentence


@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), (Role.CURATOR, 403), (Role.REPRESENTATIVE, 403), (Role.SURVEY_TEAM, 200), (Role.ADMIN, 200)]
)  # fmt: skip
def test_who_may_see_codes(who: Role | None, status: int, client: PortalClient, sign_in: SignIn, lot: CodeLot) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    base = "/redaktion/umfragen/auto/codes/"
    pages = [base, f"{base}{lot.pk}/codes.csv", f"{base}{lot.pk}/etiketten.pdf", f"{base}{lot.pk}/zurueckziehen/"]
    assert [browser.get(page).status_code for page in pages] == [status] * len(pages)
    assert browser.get("/redaktion/umfragen/gibt-es-nicht/codes/").status_code == (404 if status == 200 else status)


def test_staff_make_a_lot_and_see_counts_only(sign_in: SignIn, survey_team: User, survey: Survey) -> None:
    team = sign_in(survey_team)
    answer = team.post("/redaktion/umfragen/auto/codes/", {"name": "Brief", "count": "12"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/redaktion/umfragen/auto/codes/")
    used, *unused = AccessCode.objects.order_by("code")
    AccessCode.objects.filter(pk=used.pk).update(used=True)
    page = team.get("/redaktion/umfragen/auto/codes/").content.decode()
    assert re.findall(r'<td class="r num"[^>]*>\s*(\d+)\s*</td>', page) == ["12", "1", "11"]
    assert not any(code.code in page or readable(code.code) in page for code in (used, *unused))


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        ("9", "Ein Los hat mindestens 10 Codes."),
        ("2001", "Ein Los hat höchstens 2000 Codes. Legen Sie mehrere an."),
        ("viele", "Schreiben Sie eine ganze Zahl."),
        ("", "Schreiben Sie eine Zahl."),
    ],
)
def test_a_wrong_count_gets_a_sentence(
    sign_in: SignIn, survey_team: User, survey: Survey, count: str, sentence: str
) -> None:
    answer = sign_in(survey_team).post("/redaktion/umfragen/auto/codes/", {"name": "Brief", "count": count})
    assert (answer.status_code, said(answer), CodeLot.objects.count()) == (422, sentence, 0)


def test_the_list_for_letters_has_every_code_and_no_formula(
    sign_in: SignIn, survey_team: User, lot: CodeLot, codes: list[str]
) -> None:
    AccessCode.objects.filter(code=codes[0]).update(used=True)  # nobody sees from the list which one it is
    answer = sign_in(survey_team).get(f"/redaktion/umfragen/auto/codes/{lot.pk}/codes.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    address = "http://localhost:8000/beteiligung/umfragen/auto/code/"
    assert rows[0] == ["Zugangscode", "Adresse", "Los"]
    assert [row[0] for row in rows[1:]] == [readable(code) for code in codes]
    assert {tuple(row[1:]) for row in rows[1:]} == {(rows[1][1], "'=Brief 1")}
    assert rows[1][1].endswith("/beteiligung/umfragen/auto/code/"), address


def test_labels_are_tagged_and_hold_every_code(
    sign_in: SignIn, survey_team: User, lot: CodeLot, codes: list[str]
) -> None:
    answer = sign_in(survey_team).get(f"/redaktion/umfragen/auto/codes/{lot.pk}/etiketten.pdf")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    pdf = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", text) == [readable(code) for code in codes]
    root: Any = pdf.trailer["/Root"]
    assert (len(pdf.pages), root["/MarkInfo"]["/Marked"]) == (1, True)


def test_a_lot_of_another_survey_is_not_found(sign_in: SignIn, survey_team: User, lot: CodeLot) -> None:
    published(questionnaire((question("bus"),)), slug="bus")
    base = f"/redaktion/umfragen/bus/codes/{lot.pk}/"
    team = sign_in(survey_team)
    assert [team.get(f"{base}{name}").status_code for name in ("codes.csv", "etiketten.pdf", "zurueckziehen/")] == [
        404
    ] * 3
    assert team.post(f"{base}zurueckziehen/").status_code == 404
    assert CodeLot.objects.count() == 1


def test_withdrawing_asks_first(sign_in: SignIn, survey_team: User, lot: CodeLot) -> None:
    team = sign_in(survey_team)
    address = f"/redaktion/umfragen/auto/codes/{lot.pk}/zurueckziehen/"
    assert "10 Codes sind noch offen." in team.get(address).content.decode()
    assert CodeLot.objects.count() == 1
    assert team.post(address).headers["Location"] == "/redaktion/umfragen/auto/codes/"
    assert (CodeLot.objects.count(), AccessCode.objects.count()) == (0, 0)


def test_as_many_queries_for_three_lots_as_for_one(
    sign_in: SignIn, survey_team: User, survey: Survey, same_queries_for_one_and_three: Callable[..., None]
) -> None:
    team = sign_in(survey_team)
    address = "/redaktion/umfragen/auto/codes/"
    same_queries_for_one_and_three(lambda: make_codes(survey=survey, name="Brief", count=10), address, team)


# Citizens ---------------------------------------------------------------------


ENTRY = "/beteiligung/umfragen/auto/code/"


def test_with_a_code_one_answers_once(client: PortalClient, survey: Survey, codes: list[str]) -> None:
    assert "Mit Zugangscode beginnen" in client.get("/beteiligung/umfragen/auto/").content.decode()
    person = Person(client, survey)
    person.got(client.post(ENTRY, {"code": readable(codes[0]).lower()}))
    assert (person.response.status_code, person.form.shown) == (200, ["car"])
    assert from_token(person.form.values["token"][0], survey_pk=survey.pk).code == codes[0]
    person.press(q_car="a").press("submit")
    assert person.response.headers["Location"] == "/beteiligung/umfragen/auto/danke/"
    assert (Envelope.objects.count(), list(AccessCode.objects.filter(used=True).values_list("code", flat=True))) == (
        1,
        [codes[0]],
    )
    again = client.post(ENTRY, {"code": codes[0]})
    assert (again.status_code, said(again)) == (422, "Mit diesem Code wurde schon geantwortet. Jeder Code gilt einmal.")


def test_two_who_begin_with_one_code_count_once(client: PortalClient, survey: Survey, codes: list[str]) -> None:
    first, second = Person(client, survey), Person(client, survey)
    for person in (first, second):
        person.got(client.post(ENTRY, {"code": codes[0]}))
        person.press(q_car="a")
    first.press("submit")
    second.press("submit")
    assert (second.response.status_code, Envelope.objects.count()) == (409, 1)
    assert "Antwort a" in second.html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Schreiben Sie den Code aus Ihrem Brief."),
        ("AAAA-AAAA", "Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn Zeichen für Zeichen mit Ihrem Brief."),
        ("CCCC-CCCC", "Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn Zeichen für Zeichen mit Ihrem Brief."),
        ("x" * 41, "Ein Zugangscode hat acht Zeichen."),
        ("CCCC\x00CCCC", "Im Text steckt ein unlesbares Zeichen. Tippen Sie ihn bitte neu."),
    ],
)
def test_a_wrong_code_gets_a_sentence(client: PortalClient, lot: CodeLot, typed: str, sentence: str) -> None:
    answer = client.post(ENTRY, {"code": typed})
    assert (answer.status_code, said(answer), answer.cookies) == (422, sentence, {})


def test_guessing_is_slowed_down_also_for_a_right_guess(client: PortalClient, codes: list[str]) -> None:
    tries = [
        client.post(ENTRY, {"code": "CCCCCCCC"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(WRONG_AN_HOUR + 1)
    ]
    assert tries == [422] * WRONG_AN_HOUR + [429]
    right = client.post(ENTRY, {"code": codes[0]}, REMOTE_ADDR="192.0.2.99")
    assert right.status_code == 429
    assert "Ihr Code bleibt gültig." in right.content.decode()
    elsewhere = client.post(ENTRY, {"code": codes[0]}, REMOTE_ADDR="198.51.100.1")
    assert elsewhere.status_code == 200


def test_without_codes_there_is_nothing_to_type(client: PortalClient) -> None:
    published(questionnaire((question("bus"),)), slug="bus")
    answer = client.get("/beteiligung/umfragen/bus/code/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/beteiligung/umfragen/bus/")


def test_the_form_cannot_be_begun_without_a_code(client: PortalClient, survey: Survey) -> None:
    answer = client.get("/beteiligung/umfragen/auto/ausfuellen/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/beteiligung/umfragen/auto/")
