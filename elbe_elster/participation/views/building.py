"""The editor of a questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from elbe_elster.participation.views.desk import on_survey

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.participation.models import Survey


@require_GET
@on_survey
def survey_home(request: HttpRequest, survey: Survey) -> HttpResponse:  # noqa: ARG001
    """The survey's own address among the staff pages leads to its questions."""
    return redirect("participation:survey-structure", survey.slug)


@require_GET
@on_survey
def survey_structure(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Every page with its questions."""
    return render(request, "participation/building/structure.html", {"survey": survey})
