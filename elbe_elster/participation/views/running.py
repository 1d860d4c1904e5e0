"""The life of a survey: what stands in the way, what it does, what was done; its versions, and the next year's copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from elbe_elster.participation.actions import running
from elbe_elster.participation.actions.copying import copy_survey, proposed_title
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.building.pages import address
from elbe_elster.participation.counts import counts_of
from elbe_elster.participation.forms.desk import free_slug
from elbe_elster.participation.forms.running import (
    CloseForm,
    CopyForm,
    CorrectForm,
    ReopenForm,
    TimesForm,
    WithdrawForm,
)
from elbe_elster.participation.models import SurveyState
from elbe_elster.participation.questionnaire.changes import changes
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.participation.run_page import judged
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from elbe_elster.participation.models import Survey


class Step(NamedTuple):
    """A step of the page: what it asks, in which states it is offered, what it does, what it says when done."""

    form: Callable[..., Form] | None
    states: frozenset[SurveyState]
    act: Callable[..., object]
    said: str | _StrPromise


EVERY = frozenset(SurveyState)
STEPS = {
    "publish": Step(
        None,
        frozenset({SurveyState.DRAFT}),
        lambda survey, actor, _given, seen: running.publish_survey(survey=survey, actor=actor, seen=seen),
        gettext_lazy("Die Umfrage ist veröffentlicht."),
    ),
    "correct": Step(
        CorrectForm,
        frozenset({SurveyState.SCHEDULED, SurveyState.OPEN}),
        lambda survey, actor, given, seen: running.correct_survey(
            survey=survey, actor=actor, reason=given["reason"], seen=seen
        ),
        gettext_lazy("Die Berichtigung gilt ab jetzt. Wer schon angefangen hat, beendet die alte Fassung."),
    ),
    "times": Step(
        TimesForm,
        EVERY,
        lambda survey, actor, given, _seen: running.schedule_survey(
            survey=survey,
            actor=actor,
            reason=given.get("reason", ""),
            **{name: given[name] for name in ("opens_at", "closes_at", "results_from")},
        ),
        gettext_lazy("Die Zeiten sind gespeichert."),
    ),
    "close": Step(
        CloseForm,
        frozenset({SurveyState.OPEN}),
        lambda survey, actor, given, _seen: running.close_survey(survey=survey, actor=actor, reason=given["reason"]),
        gettext_lazy("Die Umfrage ist beendet. Wer schon angefangen hat, kann noch eine Stunde lang absenden."),
    ),
    "reopen": Step(
        ReopenForm,
        frozenset({SurveyState.CLOSED}),
        lambda survey, actor, given, _seen: running.reopen_survey(
            survey=survey, actor=actor, closes_at=given["closes_at"], reason=given["reason"]
        ),
        gettext_lazy("Die Umfrage läuft wieder."),
    ),
    "withdraw": Step(
        WithdrawForm,
        frozenset({SurveyState.SCHEDULED}),
        lambda survey, actor, given, _seen: running.withdraw_survey(survey=survey, actor=actor, reason=given["reason"]),
        gettext_lazy("Die Umfrage ist wieder ein Entwurf."),
    ),
}


@require_http_methods(["GET", "POST"])
@on_survey
def survey_run(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Where the survey is, what has come in, what can be done next, and what was done."""
    name = request.POST.get("step", "")
    if request.method != "POST" or name not in STEPS:
        return _page(request, survey, {}, [])
    step = STEPS[name]
    form = step.form and _form(step, name, survey, request.POST)
    if form and not form.is_valid():
        return _page(request, survey, {name: form}, [])
    given, seen = form.cleaned_data if form else {}, request.POST.get("seen", "")
    try:
        done = step.act(survey, person(request), given, seen)
    except SurveyRefusedError as error:
        return _page(request, survey, {name: form} if form else {}, error.messages)
    if done:
        messages.success(request, step.said)
    else:
        messages.warning(request, _("Das war schon so. Hier sehen Sie den Stand."))
    return redirect("participation:survey-run", survey.slug)


def _form(step: Step, name: str, survey: Survey, data: Any = None) -> Form:
    assert step.form is not None  # noqa: S101 - asked for steps with a form
    more: dict[str, Any] = {"survey": survey} if name in {"times", "reopen"} else {}
    return step.form(data, prefix=name, **more)


def _page(request: HttpRequest, survey: Survey, forms: dict[str, Form], refused: list[str]) -> HttpResponse:
    survey.refresh_from_db()
    state = survey.state_at(timezone.now())
    offered = {name for name, step in STEPS.items() if state in step.states}
    asked = {
        name: forms.get(name) or _form(step, name, survey)
        for name, step in STEPS.items()
        if name in offered and step.form
    }
    context = {
        "survey": survey,
        "state": state,
        "public_url": address("survey-detail", survey.slug) if state in {SurveyState.OPEN, SurveyState.CLOSED} else "",
        "refused": refused,
        "forms": asked,
        "offered": offered,
        "opened": set(forms),
        "judgement": judged(survey),
        "counts": counts_of(survey) if survey.current_id else None,
        "steps": survey.steps.select_related("actor"),
    }
    status = UNPROCESSABLE if refused or forms else 200
    return render(request, "participation/running/run.html", context, status=status)


@require_GET
@on_survey
def survey_versions(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Every published version, and what it says otherwise than the one before."""
    versions = list(survey.versions.select_related("published_by").order_by("number"))
    rows = []
    for before, version in zip([None, *versions], versions, strict=False):
        found = changes(questionnaire_of(before), questionnaire_of(version)) if before else []
        rows.append({"version": version, "changes": found, "is_first": before is None})
    context = {"survey": survey, "rows": rows[::-1], "judgement": judged(survey)}
    return render(request, "participation/running/versions.html", context)


@require_http_methods(["GET", "POST"])
@on_survey
def survey_copy(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The same questions once more, for the next year."""
    title = proposed_title(survey)
    form = CopyForm(request.POST or None, initial={"title": title, "slug": free_slug(title)})
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            copy = copy_survey(survey=survey, actor=person(request), **form.cleaned_data)
        except SurveyRefusedError as error:
            refused = error.messages
        else:
            messages.success(
                request, _("„%(title)s“ ist angelegt. Prüfen Sie die Fragen und die Zeiten.") % {"title": copy}
            )
            return redirect("participation:survey-structure", copy.slug)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"survey": survey, "form": form, "refused": refused}
    return render(request, "participation/running/copy.html", context, status=status)
