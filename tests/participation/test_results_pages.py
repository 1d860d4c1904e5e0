"""Results as pages and files: what the public sees, and what the survey team decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.publishing import (
    publish_results,
    withdraw_results,
)
from elbe_elster.participation.models import (
    Access,
    Channel,
    PublishedTable,
    Survey,
)
from tests.factories import UserFactory
from tests.participation.answering import published, question, questionnaire
from tests.participation.test_results import TOWN, answer_all, counts, one, over

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db

# Pages and files --------------------------------------------------------------

EVERYWHERE = ("ergebnisse/", "ergebnisse/car.csv", "ergebnisse/car-place.csv", "ergebnisse/car-weg.csv")


def public(survey: Survey, path: str) -> str:
    return f"/beteiligung/umfragen/{survey.slug}/{path}"


def test_page_and_files_show_the_same_and_no_more(client: PortalClient) -> None:
    survey = over(question("place"), question("car"), people=TOWN)
    publish_results(survey=survey, codes=["car"], actor=None)
    whole = client.get(public(survey, "ergebnisse/")).content.decode()
    assert "Nach Wohnort" not in whole
    assert 'href="?nach=place"' in whole
    page = client.get(public(survey, "ergebnisse/"), {"nach": "place"}).content.decode()
    table = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("Nach Wohnort") :]))
    assert "Nord 36 . 42 ." in table
    assert "Süd 69 43 36 20" in table
    assert "repräsentativ" in page
    lines = client.get(public(survey, "ergebnisse/car-place.csv")).content.decode()
    assert lines.startswith("\ufeffZeile;Gruppe;Befragte;Antwort;Anzahl;Anteil in Prozent;Mittelwert\r\n")
    assert lines.splitlines()[1:4] == [
        ";Nord;36;Antwort a;.;.;",
        ";Nord;36;Antwort b;15;42;",
        ";Nord;36;Antwort c;.;.;",
    ]
    names = ("place.csv", "car-.csv", "-.csv", "-place.csv")
    assert [client.get(public(survey, f"ergebnisse/{name}")).status_code for name in names] == [404] * 4


@pytest.mark.parametrize("access", Access)
def test_the_form_stays_where_results_name_it(client: PortalClient, access: Access) -> None:
    survey = over(question("car"), people=TOWN)
    Survey.objects.filter(pk=survey.pk).update(access=access)
    form = public(survey, "fragebogen.pdf")
    assert client.get(form).status_code == 404
    publish_results(survey=survey, codes=["car"], actor=None)
    assert form in client.get(public(survey, "ergebnisse/")).content.decode()
    assert client.get(form).status_code == 200
    withdraw_results(survey=survey, code="car", reason="Irrtum", actor=None)
    assert client.get(form).status_code == 404


def test_without_results_the_page_says_when(client: PortalClient) -> None:
    running = published(questionnaire((question("car"),)))
    assert "Die Umfrage läuft noch" in client.get(public(running, "ergebnisse/")).content.decode()
    ended = over(question("car"), people=[])
    assert "Noch keine Ergebnisse" in client.get(public(ended, "ergebnisse/")).content.decode()


def test_what_is_taken_back_is_nowhere(client: PortalClient) -> None:
    survey = over(question("place"), question("car"), people=TOWN)
    answer_all(survey, [])
    publish_results(survey=survey, codes=["car"], actor=None)
    assert client.get(public(survey, EVERYWHERE[1])).status_code == 200
    withdraw_results(survey=survey, code="car", reason="Irrtum", actor=None)
    assert [client.get(public(survey, path)).status_code for path in EVERYWHERE] == [200, 404, 404, 404]
    page = client.get(public(survey, "ergebnisse/")).content.decode()
    assert "Frage car?" not in page
    assert "Irrtum" not in page
    Survey.objects.filter(pk=survey.pk).update(trashed_at=timezone.now())
    assert [client.get(public(survey, path)).status_code for path in EVERYWHERE] == [404] * 4


def test_channels_are_split_under_the_same_rule(client: PortalClient) -> None:
    survey = over(question("car"), people=[(30, {"car": one("a")}), (20, {"car": one("b")})])
    Survey.objects.filter(pk=survey.pk).update(closes_at=None)
    survey.refresh_from_db()
    answer_all(survey, [(12, {"car": one("a")}), (11, {"car": one("b")})], Channel.PAPER)
    answer_all(survey, [(2, {"car": one("c")})], Channel.KIOSK)
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    survey.refresh_from_db()
    publish_results(survey=survey, codes=["car"], actor=None)
    values = PublishedTable.objects.get().values
    assert counts(survey, "car") == [[42], [None], [None]]
    assert [column["number"] for block in values.get("channels", []) for column in block["columns"]] == []


def test_pages_ask_no_more_for_three_tables_than_for_one(client: PortalClient) -> None:
    asked: list[int] = []
    for codes in (["a1"], ["a1", "a2", "a3"]):
        survey = over(*(question(code) for code in codes), people=[(12, {code: one("a") for code in codes})])
        publish_results(survey=survey, codes=codes, actor=None)
        client.get(public(survey, "ergebnisse/"))
        with CaptureQueriesContext(connection) as queries:
            client.get(public(survey, "ergebnisse/"))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 5


def test_formulas_in_labels_are_text(client: PortalClient) -> None:
    asked = question("car", options=question("x").options)
    survey = over(asked, people=[(12, {"car": one("a")})])
    publish_results(survey=survey, codes=["car"], actor=None)
    table = PublishedTable.objects.get()
    table.values["blocks"][0]["rows"][0]["label"]["de"] = "=cmd|' /C calc'!A0"
    table.save()
    assert ";'=cmd|' /C calc'!A0;" in client.get(public(survey, "ergebnisse/car.csv")).content.decode()


# Staff ------------------------------------------------------------------------


def staff(survey: Survey, path: str = "ergebnisse/") -> str:
    return f"/redaktion/umfragen/{survey.slug}/{path}"


@pytest.fixture
def team() -> User:
    return UserFactory(roles=[Role.SURVEY_TEAM])


def test_the_team_sees_counts_and_publishes(sign_in: SignIn, team: User, client: PortalClient) -> None:
    survey = over(question("place"), question("car"), people=TOWN)
    browser = sign_in(team)
    page = browser.get(staff(survey)).content.decode()
    assert "144" in page
    assert browser.post(staff(survey), {"questions": ["car"]}).status_code == 302
    assert browser.post(staff(survey), {}).status_code == 422
    preview = browser.get(staff(survey, "ergebnisse/car/")).content.decode()
    assert "Weniger als drei Menschen" in preview
    assert browser.post(staff(survey, "ergebnisse/car/"), {"reason": ""}).status_code == 422
    assert browser.post(staff(survey, "ergebnisse/car/"), {"reason": "Irrtum"}).status_code == 302
    assert client.get(public(survey, "ergebnisse/car.csv")).status_code == 404


def test_nine_answers_are_not_shown_to_the_team_either(sign_in: SignIn, team: User) -> None:
    survey = over(question("car"), people=[(9, {"car": one("a")})])
    assert "Zahlen bisher" not in sign_in(team).get(staff(survey)).content.decode()


@pytest.mark.parametrize("path", ["ergebnisse/", "ergebnisse/car/", "texte/", "texte/car/", "texte/1/"])
def test_only_the_team_works_on_results(
    client: PortalClient, sign_in: SignIn, path: str, curator: User, representative: User
) -> None:
    survey = over(question("car"), people=[])
    assert client.get(staff(survey, path)).status_code == 302
    assert [sign_in(user).get(staff(survey, path)).status_code for user in (curator, representative)] == [403, 403]
