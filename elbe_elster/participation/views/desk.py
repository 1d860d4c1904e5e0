"""The desk of the survey team: every survey, a new one, the trash, and what stands around the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.participation.actions import surveys
from elbe_elster.participation.building.pages import address
from elbe_elster.participation.building.stamps import stamp_of
from elbe_elster.participation.counts import with_answered
from elbe_elster.participation.forms.desk import BeginSurveyForm, SettingsForm, free_slug
from elbe_elster.participation.models import Survey
from elbe_elster.participation.views.staff import CONFLICT, UNPROCESSABLE, on_survey, person, survey_team_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
@never_cache
@survey_team_only
def survey_desk(request: HttpRequest) -> HttpResponse:
    """Every survey with state, dates and how many have answered; below them the trash."""
    context = {
        "surveys": with_answered(Survey.objects.visible_to(person(request)).for_list()),
        "trashed": Survey.objects.exclude(trashed_at=None).order_by("-trashed_at"),
        "import_url": address("survey-import"),
    }
    return render(request, "participation/building/survey_desk.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@survey_team_only
def survey_add(request: HttpRequest) -> HttpResponse:
    """Begin a survey: a title is enough."""
    form = BeginSurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        title, token = form.cleaned_data["title"], str(form.cleaned_data["token"])
        survey = surveys.begin_survey(title=title, slug=free_slug(title), token=token, actor=person(request))
        return redirect("participation:survey-structure", survey.slug)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/building/survey_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@on_survey
def survey_settings(request: HttpRequest, survey: Survey) -> HttpResponse:
    """What citizens read around the questions, and who may answer."""
    stamp = stamp_of(survey, SettingsForm.Meta.fields)
    form = SettingsForm(request.POST or None, instance=survey, initial={"stamp": stamp})
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid() and form.cleaned_data["stamp"] == stamp:
            values = {name: form.cleaned_data[name] for name in SettingsForm.Meta.fields}
            surveys.describe_survey(survey=survey, values=values, actor=person(request))
            messages.success(request, _("Die Angaben sind gespeichert."))
            return redirect("participation:survey-settings", survey.slug)
        if form.is_valid():
            typed = request.POST.copy()
            typed["stamp"] = stamp
            status, form = CONFLICT, SettingsForm(typed, instance=survey)
    context = {"form": form, "survey": survey, "conflict": status == CONFLICT}
    return render(request, "participation/building/survey_settings.html", context, status=status)


@require_POST
@on_survey
def survey_trash(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Into the trash, with a way back."""
    try:
        surveys.trash_survey(survey=survey, actor=person(request))
    except surveys.RunningError:
        messages.error(request, _("Diese Umfrage läuft. Beenden Sie sie, bevor Sie sie in den Papierkorb legen."))
    else:
        messages.success(request, _("„%(title)s“ liegt im Papierkorb, unten auf dieser Seite.") % {"title": survey})
    return redirect("participation:survey-desk")


@require_POST
@never_cache
@survey_team_only
def survey_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Out of the trash."""
    survey = get_object_or_404(Survey, slug=slug)
    surveys.restore_survey(survey=survey, actor=person(request))
    messages.success(request, _("„%(title)s“ ist wieder da.") % {"title": survey})
    return redirect("participation:survey-desk")
