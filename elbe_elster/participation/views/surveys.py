"""What the public sees of surveys before and after filling in: the list and the first page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from elbe_elster.participation.filling.pages import estimated_minutes
from elbe_elster.participation.models import Survey
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@finished_page
def survey_list(request: HttpRequest) -> HttpResponse:
    """Surveys that run, and those that are over."""
    now = timezone.now()
    language = get_language() or "de"
    running = list(Survey.objects.running(now))
    for survey in running:
        survey.estimated = estimated_minutes(survey, language)  # type: ignore[attr-defined]
    context = {"running": running, "over": Survey.objects.over(now)}
    return render(request, "participation/filling/survey_list.html", context)


@login_not_required
@finished_page
def survey_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The first page of a survey: what for, how long, what is stored, until when."""
    survey = get_object_or_404(Survey.objects.public(), slug=slug)
    now = timezone.now()
    context = {
        "survey": survey,
        "state": survey.state_at(now),
        "minutes": estimated_minutes(survey, get_language() or "de"),
        "languages": [name for code, name in LANGUAGE_NAMES.items() if code == "de" or code in survey.languages],
        "results_shown": survey.results_from is not None and survey.results_from <= now,
    }
    return render(request, "participation/filling/survey_detail.html", context)
