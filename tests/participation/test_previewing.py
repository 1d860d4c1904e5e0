"""The preview of a draft, and rehearsals: everything is checked, nothing is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps

from elbe_elster.participation.actions.freezing import write_pages
from elbe_elster.participation.models import Question, Survey
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Duty, Kind
from tests.participation.answering import published, question, questionnaire

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
BASE = "/redaktion/umfragen/umfrage/"
EVERY_KIND = questionnaire(
    tuple(question(f"q{number}", kind) for number, kind in enumerate(Kind) if kind is not Kind.MUNICIPALITY)
)
SHORT = questionnaire(
    (replace(question("q1"), duty=Duty.HARD),),
    (replace(question("q2", Kind.SHORT_TEXT), condition=Selected("q1", "a")), question("q3", Kind.YES_NO)),
)


@pytest.fixture
def team(survey_team: User, sign_in: SignIn) -> PortalClient:
    """A browser of the survey team."""
    return sign_in(survey_team)


def drafted(document: Any = SHORT, **fields: Any) -> Survey:
    """A draft that asks this."""
    survey = Survey.objects.create(**{"slug": "umfrage", "title": "Umfrage", **fields})
    write_pages(survey=survey, questionnaire=document)
    return survey


def stored() -> dict[str, int]:
    """How many rows of everything that answers could be kept in."""
    models = apps.get_app_config("participation").get_models()
    return {model.__name__: model._default_manager.count() for model in models}


def test_the_preview_shows_everything_in_a_frame_of_the_portal(team: PortalClient) -> None:
    drafted(EVERY_KIND, languages=["en", "de-simple"])
    page = team.get(f"{BASE}vorschau/?sprache=en&breite=320")
    html = page.content.decode()
    assert 'src="/en/redaktion/umfragen/umfrage/vorschau/blatt/"' in html
    assert 'width="320"' in html
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    sheet = team.get("/en/redaktion/umfragen/umfrage/vorschau/blatt/")
    assert sheet["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in sheet["Content-Security-Policy"]
    text = sheet.content.decode()
    assert all(f"Frage q{number}?" in text for number, kind in enumerate(Kind) if kind is not Kind.MUNICIPALITY)
    assert ("<form" in text, '<html lang="en">' in text) == (False, True)


def test_nonsense_in_the_address_shows_german_on_a_phone(team: PortalClient) -> None:
    drafted()
    context = team.get(f"{BASE}vorschau/?sprache=fr&breite=9999").context
    assert (context["language"], context["width"]) == ("de", "390")


def test_conditions_stand_in_words(team: PortalClient) -> None:
    drafted()
    text = team.get(f"{BASE}vorschau/blatt/").content.decode()
    assert text.count("Nur wenn Sie bei Frage 1 „Antwort a“ gewählt haben.") == 1


def token_of(response: Any) -> str:
    """The token of the form."""
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_a_rehearsal_goes_to_the_end_and_stores_nothing(team: PortalClient) -> None:
    drafted()
    before = stored()
    path = f"{BASE}probe/"
    page = team.get(path)
    assert f'action="{path}"' in page.content.decode()
    empty = team.post(path, {"token": token_of(page), "presented": "q1", "step": "next"})
    assert empty.status_code == 422
    second = team.post(path, {"token": token_of(empty), "presented": "q1", "step": "next", "q-q1": "b"})
    assert ("Frage q3?" in second.content.decode(), second.status_code) == (True, 200)
    check = team.post(path, {"token": token_of(second), "presented": "q3", "step": "next", "q-q3": "yes"})
    assert "Stimmt alles?" in check.content.decode()
    done = team.post(path, {"token": token_of(check), "step": "submit"})
    assert done.context["unseen"] == [(2, "Frage q2?", "Nur wenn Sie bei Frage 1 „Antwort a“ gewählt haben.")]
    answers = [(row["code"], row["answer"]) for page in done.context["pages"] for row in page["rows"]]
    assert answers == [("q1", [("", "Antwort b")]), ("q3", [("", "Antwort yes")])]
    assert stored() == before


@pytest.mark.parametrize("step", ["save", "file", "code"])
def test_a_rehearsal_keeps_no_draft(team: PortalClient, step: str) -> None:
    drafted()
    before = stored()
    page = team.get(f"{BASE}probe/")
    response = team.post(f"{BASE}probe/", {"token": token_of(page), "step": step, "presented": "q1", "q-q1": "a"})
    assert "In der Probe wird nichts gespeichert" in response.content.decode()
    assert stored() == before


def test_tokens_of_rehearsals_and_of_surveys_are_not_exchanged(team: PortalClient, client: PortalClient) -> None:
    survey = published(SHORT, slug="umfrage")
    rehearsal = token_of(team.get(f"{BASE}probe/"))
    fill = f"/beteiligung/umfragen/{survey.slug}/ausfuellen/"
    assert client.post(fill, {"token": rehearsal, "step": "submit"}).status_code == 400
    real = token_of(client.get(fill))
    assert "Die Probe begann von vorn." in team.post(f"{BASE}probe/", {"token": real}).content.decode()


def test_a_changed_draft_begins_again(team: PortalClient) -> None:
    drafted()
    token = token_of(team.get(f"{BASE}probe/"))
    Question.objects.filter(code="q1").delete()
    response = team.post(f"{BASE}probe/", {"token": token, "step": "next", "presented": "q1", "q-q1": "a"})
    assert "Der Fragebogen wurde inzwischen geändert." in response.content.decode()


def test_an_empty_or_broken_draft_is_no_accident(team: PortalClient) -> None:
    survey = Survey.objects.create(slug="umfrage", title="Umfrage")
    assert [team.get(f"{BASE}{page}/").status_code for page in ("vorschau/blatt", "probe")] == [200, 200]
    write_pages(survey=survey, questionnaire=SHORT)
    Question.objects.filter(code="q2").update(condition={"op": "perhaps"})
    assert [team.get(f"{BASE}{page}/").status_code for page in ("vorschau/blatt", "probe", "lauf", "gliederung")] == [
        200,
        302,
        200,
        302,
    ]
