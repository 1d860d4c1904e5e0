"""The questionnaire of a published version. Versions never change, so each is read once in a process."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from .models import SurveyVersion
from .questionnaire.document import from_json

if TYPE_CHECKING:
    from .questionnaire.document import Questionnaire

KEPT = 50  # versions


def questionnaire_of(version: SurveyVersion) -> Questionnaire:
    """What this version asks."""
    return questionnaire_by_pk(version.pk)


@lru_cache(maxsize=KEPT)
def questionnaire_by_pk(pk: int) -> Questionnaire:
    """What the version with this key asks. Raises SurveyVersion.DoesNotExist."""
    return from_json(SurveyVersion.objects.values_list("document", flat=True).get(pk=pk))
