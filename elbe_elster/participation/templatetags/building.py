"""Pieces of the staff pages of a survey: ``{% load building %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone

from elbe_elster.participation.building.pages import groups_of

if TYPE_CHECKING:
    from django.template.context import Context

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.models.surveys import SurveyState

register = template.Library()


@register.inclusion_tag("participation/building/tabs.html", takes_context=True)
def survey_tabs(context: Context, survey: Survey) -> dict[str, Any]:
    """The way between the staff pages of one survey."""
    groups = groups_of(survey, context["request"].path)
    return {"groups": groups, "current": next((group for group in groups if group["current"]), None)}


@register.filter
def state_now(survey: Survey) -> SurveyState:
    """Where a survey is in its life."""
    return survey.state_at(timezone.now())
