"""Drafts in the trash go after 30 days; what was published stays. Both leave a step."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import time_machine

from elbe_elster.participation.actions import running, surveys
from elbe_elster.participation.actions.breakdowns import add_breakdown
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.actions.trash import empty_trash, gone_after
from elbe_elster.participation.breakdowns import NewGroup
from elbe_elster.participation.models import Survey
from elbe_elster.participation.run_page import placed_hints
from tests.participation.drafting import HOUR, NOON, drafted, steps

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

pytestmark = pytest.mark.django_db
MONTH = dt.timedelta(days=30)


def test_a_draft_goes_after_thirty_days_to_the_second(survey_team: User) -> None:
    survey = drafted()
    groups = [NewGroup({"de": "A"}, (1,))]
    add_breakdown(survey=survey, question=survey.questions.get(code="q1"), labels={"de": "X"}, groups=groups)
    with time_machine.travel(NOON, tick=False):
        surveys.trash_survey(survey=survey, actor=survey_team)
        surveys.restore_survey(survey=survey, actor=survey_team)
        surveys.restore_survey(survey=survey, actor=survey_team)
        surveys.trash_survey(survey=survey, actor=survey_team)
    survey.refresh_from_db()
    assert [kind for kind, _note in steps(survey)] == ["trashed", "restored", "trashed"]
    assert gone_after(survey) == NOON + MONTH
    assert [empty_trash(now=NOON + MONTH), empty_trash(now=NOON + MONTH + dt.timedelta(seconds=1))] == [0, 1]
    assert Survey.objects.count() == 0


def test_what_was_published_stays_in_the_trash(survey_team: User) -> None:
    survey = drafted()
    running.publish_survey(survey=survey, actor=None, now=NOON)
    running.close_survey(survey=survey, actor=None, now=NOON + HOUR)
    surveys.trash_survey(survey=survey, actor=survey_team)
    survey.refresh_from_db()
    assert (gone_after(survey), empty_trash(now=NOON + 40 * MONTH)) == (None, 0)


def test_doors_and_contacts_are_looked_at() -> None:
    survey = drafted(access="codes", contact_wish=True)
    assert placed_hints(survey, draft_document(survey)) == [
        (
            "Antworten darf nur, wer einen Zugangscode hat. Es gibt noch keine Codes.",
            "/redaktion/umfragen/umfrage/codes/",
        ),
        (
            "Nach dem Absenden wird nach einem Kontakt gefragt. Noch steht nicht da, wofür.",
            "/redaktion/umfragen/umfrage/angaben/#id_contact_text_de",
        ),
    ]
    survey.code_lots.create(name="Los 1", created_on=NOON.date())
    survey.contact_text = "Für die Verlosung"
    assert placed_hints(survey, draft_document(survey)) == []
