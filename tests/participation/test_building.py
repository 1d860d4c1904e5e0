"""The editor of surveys: who may, what every button does, what is refused, what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from elbe_elster.accounts.models import Role, User
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.actions.running import publish_survey
from elbe_elster.participation.models import Breakdown, Option, Question, Survey
from elbe_elster.participation.questionnaire.conditions import Answered, Selected
from elbe_elster.participation.questionnaire.document import Kind
from tests.client import PortalClient
from tests.factories import UserFactory
from tests.participation.editing import (
    at,
    do,
    made_survey,
    order,
    question_data,
    stamp_of,
    text_of,
    undo,
)

if TYPE_CHECKING:
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None, sign_in: SignIn) -> PortalClient:
    return sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))


@pytest.fixture
def survey(db: None) -> Survey:
    return made_survey()


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
SENT_TO = [("survey-rearrange",), ("survey-undo",), *PAGES[1:]]


def address(page: tuple[str, ...]) -> str:
    *codes, query = [*page, ""] if "?" not in page[-1] else page
    return at(*codes) + query


@pytest.mark.parametrize(
    ("who", "shown", "answered"),
    [
        (None, {302}, {302}),
        (Role.CURATOR, {403}, {403}),
        (Role.PUBLISHER, {403}, {403}),
        (Role.CIRCLE_OFFICE, {403}, {403}),
        (Role.REPRESENTATIVE, {403}, {403}),
        (Role.SURVEY_TEAM, {200}, {200, 302, 409, 422}),
        (Role.ADMIN, {200}, {200, 302, 409, 422}),
    ],
)
def test_who_may(
    who: Role | None, shown: set[int], answered: set[int], survey: Survey, request: pytest.FixtureRequest
) -> None:
    browser = request.getfixturevalue("sign_in")(UserFactory(roles=[who])) if who else PortalClient()
    before = draft_document(survey)
    assert {browser.get(address(page)).status_code for page in PAGES} == shown
    got = {browser.post(address(page), {"label": "x"}).status_code for page in SENT_TO}
    assert got <= answered
    if 403 in shown or 302 in shown:
        assert draft_document(survey) == before


@pytest.mark.parametrize(
    "page",
    [
        ("page-edit", "nix"),
        ("question-edit", "nix"),
        ("question-add", "?teil=nix"),
        ("question-condition", "nix"),
        ("option-condition", "q1", "nix"),
        ("item-condition", "q1", "x"),
    ],
    ids="-".join,
)
def test_what_does_not_exist(page: tuple[str, ...], team: PortalClient, survey: Survey) -> None:
    assert team.get(address(page)).status_code == 404


# Moving ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "more", "wanted"),
    [
        ("down:question:q2", {}, [["q1", "q3", "q2"], ["q4", "q5"]]),
        ("down:question:q3", {}, [["q1", "q2"], ["q3", "q4", "q5"]]),
        ("up:question:q4", {}, [["q1", "q2", "q3", "q4"], ["q5"]]),
        ("up:question:q1", {}, [["q1", "q2", "q3"], ["q4", "q5"]]),
        ("place:question:q3", {"page": "p2", "before": "q5"}, [["q1", "q2"], ["q4", "q3", "q5"]]),
        ("place:question:q3", {"to-q3": "p2"}, [["q1", "q2"], ["q4", "q5", "q3"]]),
        ("up:page:p1", {}, [["q1", "q2", "q3"], ["q4", "q5"]]),
        ("copy:question:q5", {}, [["q1", "q2", "q3"], ["q4", "q5", "q5_2"]]),
        ("copy:page:p2", {}, [["q1", "q2", "q3"], ["q4", "q5"], ["q4_2", "q5_2"]]),
        ("remove:question:q3", {}, [["q1", "q2"], ["q4", "q5"]]),
        ("remove:page:p2", {}, [["q1", "q2", "q3"]]),
    ],
)
def test_every_button_and_back(
    what: str, more: dict[str, str], wanted: list[list[str]], team: PortalClient, survey: Survey
) -> None:
    before = draft_document(survey)
    assert do(team, survey, what, **more).status_code == 302
    assert order(survey) == wanted
    shown = team.get(at("survey-structure"))
    assert "Rückgängig" in text_of(shown)
    undo(team, survey)
    assert draft_document(survey) == before


def test_a_copied_page_hangs_on_its_own_questions(team: PortalClient, survey: Survey) -> None:
    do(team, survey, "copy:page:p2")
    page = draft_document(survey).pages[2]
    assert [question.condition for question in page.questions] == [Selected("q1", "a"), None]
    assert [option.condition for option in page.questions[1].options] == [None, None, Answered("q4_2")]


@pytest.mark.parametrize(
    ("what", "more", "wanted"),
    [
        ("place:question:q1", {"page": "p2"}, [["q2", "q3"], ["q4", "q5", "q1"]]),
        ("up:page:p2", {}, [["q4", "q5"], ["q1", "q2", "q3"]]),
        ("remove:question:q1", {}, [["q2", "q3"], ["q4", "q5"]]),
        ("remove:page:p1", {}, [["q4", "q5"]]),
    ],
)
def test_what_would_break_a_condition_is_refused_or_drops_it(
    what: str, more: dict[str, str], wanted: list[list[str]], team: PortalClient, survey: Survey
) -> None:
    before = draft_document(survey)
    refused = do(team, survey, what, **more)
    assert refused.status_code == 422
    assert "Frage „Frage q4?“: Nur wenn Sie bei Frage 1 „Antwort a“ gewählt haben." in text_of(refused)
    assert draft_document(survey) == before
    assert do(team, survey, what, **more, drop="1").status_code == 302
    assert order(survey) == wanted
    assert draft_document(survey).question_by_code["q4"].condition is None
    assert draft_document(survey).question_by_code["q5"].options[2].condition == Answered("q4")
    undo(team, survey)
    assert draft_document(survey) == before


def test_who_comes_late_changes_nothing_and_a_double_click_counts_once(team: PortalClient, survey: Survey) -> None:
    stamp = stamp_of(survey)
    for _click in range(2):
        team.post(at("survey-rearrange"), {"do": "copy:question:q3", "stamp": stamp})
    assert order(survey) == [["q1", "q2", "q3", "q3_2"], ["q4", "q5"]]
    assert "inzwischen" not in text_of(team.get(at("survey-structure")))
    team.post(at("survey-rearrange"), {"do": "remove:question:q3", "stamp": stamp})
    assert order(survey) == [["q1", "q2", "q3", "q3_2"], ["q4", "q5"]]
    assert "hat sich inzwischen geändert" in text_of(team.get(at("survey-structure")))


def test_only_the_last_step_can_be_taken_back(team: PortalClient, survey: Survey, sign_in: SignIn) -> None:
    do(team, survey, "remove:question:q3")
    other = sign_in(UserFactory(roles=[Role.ADMIN]))
    do(other, survey, "down:question:q1")
    undo(team, survey)
    assert order(survey) == [["q2", "q1"], ["q4", "q5"]]
    stranger = sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))
    undo(stranger, survey)
    assert order(survey) == [["q2", "q1"], ["q4", "q5"]]


@pytest.mark.parametrize(
    "what", ["", "x", "up:question:nix", "remove:page:", "place:question:q1", "fly:page:p1", "\x00:question:q1"]
)
def test_nonsense_changes_nothing(what: str, team: PortalClient, survey: Survey) -> None:
    before = draft_document(survey)
    assert do(team, survey, what).status_code == 302
    assert draft_document(survey) == before


# After publication ----------------------------------------------------------------


def test_what_was_published_is_retired_and_keeps_its_names(team: PortalClient, survey: Survey, admin: User) -> None:
    publish_survey(survey=survey, actor=admin)
    assert do(team, survey, "remove:question:q3").status_code == 302
    assert draft_document(survey).question_by_code["q3"].retired
    assert do(team, survey, "remove:page:p2").status_code == 302
    assert order(survey) == [["q1", "q2", "q3"], ["q4", "q5"]]
    do(team, survey, "revive:question:q3")
    assert not draft_document(survey).question_by_code["q3"].retired
    team.post(at("kind-edit", "q3"), {"kind": "date"})
    sent = question_data(team, "q1") | {"code": "anders"}
    first, second, _third = Option.objects.filter(question__code="q1").order_by("number")
    sent |= {f"o-{first.pk}-gone": "1", f"o-{second.pk}-code": "neu", f"o-{second.pk}-label": "Neu"}
    assert team.post(at("question-edit", "q1"), sent).status_code == 302
    stored = draft_document(survey)
    assert stored.question_by_code["q3"].kind is Kind.NUMBER
    assert [(option.code, option.label["de"], option.retired) for option in stored.question_by_code["q1"].options] == [
        ("a", "Antwort a", True),
        ("b", "Neu", False),
        ("c", "Antwort c", False),
    ]


def test_a_question_of_a_breakdown_stays(team: PortalClient, survey: Survey) -> None:
    Breakdown.objects.create(survey=survey, question=Question.objects.get(code="q3"), label="Zahl")
    assert do(team, survey, "remove:question:q3").status_code == 302
    assert order(survey) == [["q1", "q2", "q3"], ["q4", "q5"]]
    assert "Löschen Sie zuerst die Gliederung." in text_of(team.get(at("survey-structure")))
