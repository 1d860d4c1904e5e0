"""Who may do what with surveys. Default deny; lists ask the QuerySets, these ask for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from elbe_elster.accounts.models import User

from .models import Survey, SurveyState
from .models.surveys import SURVEY_TEAM

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser


def is_survey_team(user: Viewer) -> bool:
    """Whether the person builds surveys, sees counts and works with the answers."""
    return isinstance(user, User) and user.is_active and user.has_role(*SURVEY_TEAM)


def can_see_survey(user: Viewer, survey: Survey) -> bool:
    """The public sees what has begun, the survey team everything. Equals ``visible_to``."""
    if survey.trashed_at is not None:
        return False
    begun = survey.state_at(timezone.now()) in {SurveyState.OPEN, SurveyState.CLOSED}
    return begun or is_survey_team(user)


def can_edit_survey(user: Viewer, survey: Survey) -> bool:
    """The survey team, as long as the survey is not in the trash."""
    return survey.trashed_at is None and is_survey_team(user)
