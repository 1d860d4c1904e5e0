"""Surveys on their way from the draft to the end, and what was done with them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from elbe_elster.participation.actions import running
from elbe_elster.participation.actions.freezing import write_pages
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.models import Survey
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import question, questionnaire

if TYPE_CHECKING:
    from collections.abc import Callable


NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
ASKED = questionnaire((question("q1"), question("q2", Kind.NUMBER)))


def drafted(**fields: Any) -> Survey:
    """A survey that asks two questions and is not published."""
    survey = Survey.objects.create(**{"slug": "umfrage", "title": "Umfrage", **fields})
    write_pages(survey=survey, questionnaire=ASKED)
    return survey


def steps(survey: Survey) -> list[tuple[str, str]]:
    """What was done, oldest first."""
    return [(step.kind, step.note) for step in reversed(survey.steps.all())]


def refusal(act: Callable[..., object], **arguments: Any) -> list[str]:
    """The sentences with which the step is refused."""
    with pytest.raises(SurveyRefusedError) as error:
        act(**arguments)
    return error.value.messages


def open_survey(**fields: Any) -> Survey:
    """A survey that runs since noon."""
    survey = drafted(**fields)
    running.publish_survey(survey=survey, actor=None, now=NOON)
    survey.refresh_from_db()
    return survey


def both(act: Callable[[], object]) -> list[bool]:
    """What two get that do the same at the same moment."""

    def run() -> bool:
        try:
            return bool(act())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return sorted(future.result() for future in [pool.submit(run), pool.submit(run)])
