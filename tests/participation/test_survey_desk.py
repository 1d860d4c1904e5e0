from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.models import Survey
from tests.factories import UserFactory
from tests.participation.answering import published, question, questionnaire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
DESK = "/redaktion/umfragen/"


@pytest.fixture
def team(sign_in: SignIn) -> PortalClient:
    return sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), (Role.CURATOR, 403), (Role.REPRESENTATIVE, 403), (Role.SURVEY_TEAM, 200), (Role.ADMIN, 200)],
)
def test_who_comes_to_the_desk(who: Role | None, status: int, client: PortalClient, sign_in: SignIn) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    Survey.objects.create(slug="digital", title="Digital")
    pages = [DESK, f"{DESK}neu/", f"{DESK}digital/angaben/", f"{DESK}digital/bearbeiten/"]
    assert [browser.get(page).status_code for page in pages] == [status] * len(pages)
    assert browser.get(f"{DESK}digital/").status_code == (302 if status == 200 else status)


def test_a_double_click_begins_one_survey(team: PortalClient) -> None:
    token = str(uuid4())
    answers = [team.post(f"{DESK}neu/", {"title": "Bäder & Busse", "token": token}) for _click in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"{DESK}baeder-busse/bearbeiten/"] * 2
    survey = Survey.objects.get()
    assert (survey.title, list(survey.pages.values_list("code", "title"))) == ("Bäder & Busse", [("teil_1", "Teil 1")])
    again = team.post(f"{DESK}neu/", {"title": "Bäder & Busse", "token": str(uuid4())})
    assert again.headers["Location"] == f"{DESK}baeder-busse-2/bearbeiten/"
    refused = team.post(f"{DESK}neu/", {"title": "", "token": "kaputt"})
    assert refused.status_code == 422
    assert Survey.objects.count() == 2


def test_into_the_trash_and_back(team: PortalClient) -> None:
    running = published(questionnaire((question("q1"),)))
    draft = Survey.objects.create(slug="entwurf", title="Entwurf")
    for survey in (running, draft):
        team.post(f"{DESK}{survey.slug}/papierkorb/")
    assert list(Survey.objects.exclude(trashed_at=None)) == [draft]
    assert team.get(f"{DESK}entwurf/bearbeiten/").status_code == 404
    team.post(f"{DESK}entwurf/wiederherstellen/")
    assert list(Survey.objects.exclude(trashed_at=None)) == []


def test_two_who_describe_do_not_overwrite_each_other(team: PortalClient) -> None:
    survey = Survey.objects.create(slug="digital", title="Digital")
    address = f"{DESK}digital/angaben/"
    first = team.get(address).context["form"]["stamp"].value()
    typed = {"title_de": "Digital leben", "slug": "digital", "access": "everybody", "languages": ["en"], "stamp": first}
    assert team.post(address, typed).status_code == 302
    late = team.post(address, {**typed, "title_de": "Anders"})
    assert late.status_code == 409
    assert "Anders" in late.content.decode()
    survey.refresh_from_db()
    assert (survey.title, survey.languages) == ("Digital leben", ["en"])
    second = late.context["form"]["stamp"].value()
    assert team.post(address, {**typed, "title_de": "Anders", "stamp": second}).status_code == 302
    survey.refresh_from_db()
    assert survey.title == "Anders"


def test_who_may_answer_does_not_change_while_people_answer(team: PortalClient) -> None:
    survey = published(questionnaire((question("q1"),)))
    address = f"{DESK}{survey.slug}/angaben/"

    def change(access: str) -> str:
        page = team.get(address)
        stamp = page.context["form"]["stamp"].value()
        sent = {"title_de": "Digital", "slug": survey.slug, "access": access, "stamp": stamp}
        assert team.post(address, sent).status_code == 302
        survey.refresh_from_db()
        return survey.access

    assert (change("codes"), survey.title) == ("everybody", "Digital")
    assert "Wer antworten darf, bleibt bis zum Ende gleich." in team.get(address).content.decode()
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - dt.timedelta(hours=2))
    assert change("codes") == "codes"


def test_bad_words_for_a_survey(team: PortalClient) -> None:
    survey = Survey.objects.create(slug="digital", title="Digital")
    Survey.objects.create(slug="anders", title="Anders")
    address = f"{DESK}digital/angaben/"
    typed = {"title_de": " ", "slug": "anders", "access": "niemand", "languages": ["fr"], "minutes": "-1"}
    answer = team.post(address, typed)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["access", "languages", "minutes", "slug", "title_de"]
    assert team.post(address, {"title_de": "x", "slug": "neu", "access": "everybody"}).status_code == 422
    survey.refresh_from_db()
    assert survey.slug == "digital"


def test_the_desk_asks_as_often_for_three_surveys_as_for_one(
    team: PortalClient, same_queries_for_one_and_three: Callable[..., int]
) -> None:
    same_queries_for_one_and_three(lambda: published(questionnaire((question("q1"),))), DESK, team)
