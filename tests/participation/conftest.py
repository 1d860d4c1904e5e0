"""For every test of participation: nobody was counted before, tests may fill in faster than people; a pile of paper."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions import paper
from elbe_elster.participation.filling import counting, guards
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Kind
from tests.factories import UserFactory
from tests.participation.answering import options, published, question, questionnaire

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import PaperBatch, Survey


@pytest.fixture(autouse=True)
def _quick_people(monkeypatch: pytest.MonkeyPatch) -> None:
    counting.counts.forget()
    monkeypatch.setattr(guards, "QUICKEST", 0)
    monkeypatch.setattr(guards, "SECONDS_AN_ANSWER", 0)


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
