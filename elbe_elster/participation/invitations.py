"""What the first pages say about surveys: where to take part now, and what came of the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from .counts import with_answered
from .models import Access, Survey

if TYPE_CHECKING:
    import datetime as dt


ENOUGH_TO_TELL = 10  # responses; a smaller number would tell too much about who took part when


@dataclass(frozen=True)
class Invitation:
    """A survey that runs. ``days_left`` counts from today, None without an end; ``answered`` is as of last night."""

    survey: Survey
    days_left: int | None
    answered: int | None


def invitations(now: dt.datetime | None = None) -> list[Invitation]:
    """Every survey that everybody can answer now, first those that end first (one query)."""
    now = now or timezone.now()
    surveys = with_answered(Survey.objects.running(now).filter(access=Access.EVERYBODY))
    return [_invitation(survey, now) for survey in surveys.order_by("closes_at", "pk")]


def _invitation(survey: Survey, now: dt.datetime) -> Invitation:
    answered: int = survey.answered  # type: ignore[attr-defined]  # by with_answered()
    left = (survey.last_day - timezone.localdate(now)).days if survey.last_day else None
    return Invitation(survey, left, answered if answered >= ENOUGH_TO_TELL else None)
