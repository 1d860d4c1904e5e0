"""A survey as a whole: begin, describe, into the trash and out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.models import Page, StepKind, Survey, SurveyState, SurveyStep
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.accounts.models import User


class RunningError(Exception):
    """The survey runs and cannot be put away."""


@transaction.atomic
def begin_survey(*, title: str, slug: str, token: str, actor: User) -> Survey:
    """A survey with one empty page. The same token again gives the same survey: a double click makes one."""
    key = f"new:{token}"
    there = Survey.objects.filter(**{"loaded__#": key}).first()
    if there is not None:
        return there
    with pghistory.context(user=actor.pk, step="begun"):
        survey = Survey(slug=slug, title_de=title)  # type: ignore[misc]  # a column of translation.py
        survey.file_key = key
        survey.save()
        Page.objects.create(survey=survey, code="teil_1", title_de=_("Teil 1"))  # type: ignore[misc]
    return survey


@transaction.atomic
def describe_survey(*, survey: Survey, values: Mapping[str, Any], actor: User) -> None:
    """Write what stands around the questions; public at once where the survey is."""
    with pghistory.context(user=actor.pk, step="described"):
        for name, value in values.items():
            setattr(survey, name, value)
        survey.changed_at = timezone.now()
        survey.save(update_fields=[*values, "changed_at"])
    _tell(survey)


@transaction.atomic
def trash_survey(*, survey: Survey, actor: User) -> None:
    """Out of sight. Raises RunningError while it runs. Repeatable."""
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if survey.trashed_at is not None:
        return
    if survey.state_at(timezone.now()) == SurveyState.OPEN:
        raise RunningError
    with pghistory.context(user=actor.pk, step="trashed"):
        Survey.objects.filter(pk=survey.pk).update(trashed_at=timezone.now())
        SurveyStep.objects.create(survey=survey, kind=StepKind.TRASHED, actor=actor)
    _tell(survey)


@transaction.atomic
def restore_survey(*, survey: Survey, actor: User) -> None:
    """Out of the trash: shown again as before. Repeatable."""
    with pghistory.context(user=actor.pk, step="restored"):
        if Survey.objects.filter(pk=survey.pk, trashed_at__isnull=False).update(trashed_at=None):
            SurveyStep.objects.create(survey=survey, kind=StepKind.RESTORED, actor=actor)
    _tell(survey)


def _tell(survey: Survey) -> None:
    refresh_entries(Survey, [survey.pk])
    mark_stale()
