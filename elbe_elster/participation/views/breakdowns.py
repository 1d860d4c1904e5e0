"""Cross tables are chosen before the start: by which questions, into which groups, and what will be left of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from elbe_elster.participation.actions import breakdowns as actions
from elbe_elster.participation.actions.running import SurveyRefusedError, readable_draft
from elbe_elster.participation.breakdowns import LANGUAGES, may_split, proposals, prospects, region_now
from elbe_elster.participation.forms.breakdowns import AddBreakdownForm, GroupsForm
from elbe_elster.participation.models import Breakdown, Question
from elbe_elster.participation.questionnaire.changes import named
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.document import Questionnaire

PROPOSALS = {
    "towns": gettext_lazy("Städte einzeln, Gemeinden nach Amt"),
    "administrations": gettext_lazy("Nach Verwaltung"),
    "each": gettext_lazy("Jede Antwort für sich"),
    "bands": gettext_lazy("Vorgeschlagene Spannen"),
}


@require_http_methods(["GET", "POST"])
@on_survey
def survey_breakdowns(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Every breakdown with what can be expected of it, and a further one."""
    try:
        draft = readable_draft(survey)
    except SurveyRefusedError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("participation:survey-structure", survey.slug)
    found = prospects(survey, draft)
    choices = _choices(draft, {breakdown.question_id for breakdown, _prospect in found})
    form = AddBreakdownForm(request.POST or None, questions=choices)
    context = {"survey": survey, "found": found, "form": form, "choices": choices, "refused": list[str]()}
    if request.method == "POST" and form.is_valid():
        try:
            added = _add(survey, draft, form.cleaned_data["question"])
        except SurveyRefusedError as error:
            context["refused"] = error.messages
        else:
            return redirect("participation:survey-breakdown", survey.slug, added.pk)
    context["is_locked"] = survey.current_id is not None
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/running/breakdowns.html", context, status=status)


def _choices(draft: Questionnaire, taken: set[int]) -> list[tuple[str, str]]:
    """The questions by which a further breakdown can be made."""
    free = [question for question in draft.questions() if may_split(question) and question.pk not in taken]
    return [(question.code, named(question)) for question in free]


def _add(survey: Survey, draft: Questionnaire, code: str) -> Breakdown:
    """A breakdown by the question, with the best groups there are."""
    asked = draft.question_by_code[code]
    groups = next(iter(proposals(asked, region_now(), survey.expected_responses or 0).values()))
    labels = {language: text[:80] for language, text in asked.label.items()}
    row = Question.objects.get(survey=survey, code=code)
    return actions.add_breakdown(survey=survey, question=row, labels=labels, groups=groups)


@require_http_methods(["GET", "POST"])
@on_survey
def survey_breakdown(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:
    """The groups of one breakdown, as long as they may be changed."""
    breakdown = get_object_or_404(Breakdown.objects.filter(survey=survey), pk=pk)
    try:
        return _groups(request, survey, breakdown)
    except SurveyRefusedError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("participation:survey-breakdowns", survey.slug)


def _groups(request: HttpRequest, survey: Survey, breakdown: Breakdown) -> HttpResponse:
    draft = readable_draft(survey)
    asked = next((one for one in draft.questions() if one.pk == breakdown.question_id), None)
    if survey.current_id is not None or asked is None:
        return redirect("participation:survey-breakdowns", survey.slug)
    offered = proposals(asked, region_now(), survey.expected_responses or 0)
    step = request.POST.get("step", "")
    if request.method == "POST" and (step in offered or step == "remove"):
        return _whole(survey, breakdown, step, offered)
    form = GroupsForm(request.POST or None, breakdown=breakdown, question=asked, languages=draft.languages)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.change_breakdown(breakdown=breakdown, labels=given["labels"], groups=given["groups"])
        messages.success(request, _("Die Gruppen sind gespeichert."))
        return redirect("participation:survey-breakdown", survey.slug, breakdown.pk)
    context = {
        "survey": survey,
        "breakdown": breakdown,
        "form": form,
        "prospect": next((found for row, found in prospects(survey, draft) if row.pk == breakdown.pk), None),
        "proposals": [(name, PROPOSALS[name]) for name in offered],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/running/breakdown.html", context, status=status)


def _whole(survey: Survey, breakdown: Breakdown, step: str, offered: Mapping[str, Any]) -> HttpResponse:
    """Take a proposal over, or the breakdown away."""
    if step == "remove":
        actions.remove_breakdown(breakdown=breakdown)
        return redirect("participation:survey-breakdowns", survey.slug)
    labels = {column: getattr(breakdown, f"label_{column.replace('-', '_')}") or "" for column in LANGUAGES}
    actions.change_breakdown(breakdown=breakdown, labels=labels, groups=offered[step])
    return redirect("participation:survey-breakdown", survey.slug, breakdown.pk)
