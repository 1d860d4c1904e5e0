from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.models import Survey
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Kind
from tests.factories import UserFactory
from tests.participation.answering import question, questionnaire

if TYPE_CHECKING:
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(sign_in: SignIn) -> PortalClient:
    return sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))


@pytest.fixture
def survey(db: None) -> Survey:
    made = Survey.objects.create(slug="digital", title="Digital", languages=["en", "de-simple"])
    asked = questionnaire(
        (question("q1"), question("q2", Kind.MATRIX_SINGLE), question("q3", Kind.NUMBER)),
        (question("q4", condition=Selected("q1", "a")), question("q5", Kind.SHORT_TEXT)),
    )
    write_pages(survey=made, questionnaire=asked)
    return made


def at(name: str, *codes: str) -> str:
    return reverse(f"participation:{name}", args=["digital", *codes])


PAGES = [
    ("survey-structure",),
    ("survey-settings",),
    ("survey-translations",),
    ("page-add",),
    ("page-edit", "p1"),
    ("question-add", "?teil=p1"),
    ("question-edit", "q1"),
    ("question-edit", "q2"),
    ("question-edit", "q3"),
    ("kind-edit", "q1"),
    ("page-condition", "p2"),
    ("question-condition", "q4"),
    ("option-condition", "q4", "a"),
    ("item-condition", "q2", "x"),
]


@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_every_page_shows(page: tuple[str, ...], team: PortalClient, survey: Survey) -> None:
    *codes, query = [*page, ""] if "?" not in page[-1] else page
    assert team.get(at(*codes) + query).status_code == 200


def order(survey: Survey) -> list[list[str]]:
    return [[question.code for question in page.questions] for page in draft_document(survey).pages]


def do(team: PortalClient, survey: Survey, what: str, **more: Any) -> Any:
    survey.refresh_from_db()
    return team.post(at("survey-rearrange"), {"do": what, "stamp": survey.changed_at.isoformat(), **more})


def test_moving_and_taking_it_back(team: PortalClient, survey: Survey) -> None:
    answer = do(team, survey, "down:question:q2")
    assert answer.headers["Location"].endswith("#frage-q2")
    assert order(survey) == [["q1", "q3", "q2"], ["q4", "q5"]]
    survey.refresh_from_db()
    team.post(at("survey-undo"), {"stamp": survey.changed_at.isoformat()})
    assert order(survey) == [["q1", "q2", "q3"], ["q4", "q5"]]
