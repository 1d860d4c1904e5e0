"""What every page of filling in needs: the survey and the questionnaire of its version, without asking for them each time."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from .models import Survey, SurveyVersion
from .questionnaire.document import from_json

if TYPE_CHECKING:
    from .questionnaire.document import Questionnaire

KEPT = 50  # versions
MOMENT = 1.0  # seconds that a survey is kept; closing it takes effect an hour later anyway (GRACE)
NOT_FOR_FILLING = ("summary", "purpose", "thanks", "contact_text")  # in every language: half of a survey's columns

_surveys: dict[str, tuple[float, Survey]] = {}


def public_survey(slug: str) -> Survey:
    """The survey for filling in, kept for a moment where finished pages are kept. Raises Survey.DoesNotExist."""
    read_at, survey = _surveys.get(slug, (0.0, None))
    now = time.monotonic()
    if survey is None or not settings.SNAPSHOTS or now - read_at > MOMENT:
        survey = Survey.objects.public().defer(*NOT_FOR_FILLING).get(slug=slug)
        _surveys[slug] = (now, survey)
    return survey


def questionnaire_of(version: SurveyVersion) -> Questionnaire:
    """What this version asks."""
    return questionnaire_by_pk(version.pk)


@lru_cache(maxsize=KEPT)
def questionnaire_by_pk(pk: int) -> Questionnaire:
    """What the version with this key asks. Raises SurveyVersion.DoesNotExist."""
    return from_json(SurveyVersion.objects.values_list("document", flat=True).get(pk=pk))
