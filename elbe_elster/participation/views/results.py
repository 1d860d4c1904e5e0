"""Results: what the public sees, and where the survey team decides what that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from elbe_elster.participation.actions.publishing import against_results, publish_results, withdraw_results
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.forms.results import PublishForm, WithdrawForm
from elbe_elster.participation.models import PublishedTable, Survey, SurveyState
from elbe_elster.participation.results.page import BY_CHANNEL, channel_counts, results_of, split_by, splits_of
from elbe_elster.participation.results.preview import live_counts, preview_of
from elbe_elster.participation.results.showing import as_csv
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey, person
from elbe_elster.snapshots.decorators import finished_page

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from elbe_elster.participation.results.page import Result


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@login_not_required
@finished_page
def survey_results(request: HttpRequest, slug: str) -> HttpResponse:
    """What came out: every published question as a table, split by one background question (five queries)."""
    survey = get_object_or_404(Survey.objects.public().select_related("current"), slug=slug)
    results = results_of(survey, get_language() or "de")
    wanted, now = request.GET.get("nach", ""), timezone.now()
    ended = survey.state_at(now) == SurveyState.CLOSED
    total, channels = channel_counts(survey) if results and ended else (0, [])
    context = {
        "survey": survey,
        "results": split_by(results, wanted),
        "ways": _ways(results, wanted),
        "ended": ended,
        "coming": survey.results_from if survey.results_from and survey.results_from > now else None,
        "total": total,
        "channels": channels,
    }
    return render(request, "participation/results/survey_results.html", context)


def _ways(results: list[Result], wanted: str) -> list[dict[str, object]]:
    """Links to the same page, split in each way."""
    ways = [("", _("Alle zusammen")), *splits_of(results)]
    return [
        {"url": f"?nach={code}" if code else "?", "label": label, "n": "", "current": code == wanted}
        for code, label in ways
        if len(ways) > 1
    ]


@login_not_required
@finished_page
def results_file(_request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One published table as CSV: ``<question>.csv``, or ``<question>-<background question>.csv`` (two queries)."""
    survey = get_object_or_404(Survey.objects.public(), slug=slug)
    code, dash, split = name.partition("-")
    if dash and not split:
        raise Http404
    tables = PublishedTable.objects.public().filter(survey=survey, question__code=code).exclude(values={})
    part = "channels" if split == BY_CHANNEL else "blocks"
    tables = (
        tables.filter(breakdown__question__code=split) if split and part == "blocks" else tables.filter(breakdown=None)
    )
    table = tables.first()
    if table is None or not table.values.get(part):
        raise Http404
    return HttpResponse(
        as_csv(table.values, part, get_language() or "de"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{survey.slug}-{name}.csv"'},
    )


@require_http_methods(["GET", "POST"])
@on_survey
def survey_tables(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Counts so far, and which questions the public may see."""
    rows = live_counts(survey, get_language() or "de")
    form = PublishForm(_typed(request), choices=[row.code for row in rows if row.publishable])
    if request.method == "POST" and form.is_valid():
        try:
            done = publish_results(survey=survey, codes=form.cleaned_data["questions"], actor=person(request))
        except SurveyRefusedError as error:
            form.add_error("questions", error.messages)
        else:
            messages.success(request, _("Veröffentlicht: %(number)s Fragen.") % {"number": len(done)})
            return redirect("participation:survey-tables", survey.slug)
    total, channels = channel_counts(survey)
    context = {
        "survey": survey,
        "rows": rows,
        "form": form,
        "obstacle": against_results(survey, timezone.now()),
        "total": total,
        "channels": channels,
    }
    return render(
        request, "participation/results/survey_tables.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@on_survey
def survey_table(request: HttpRequest, survey: Survey, code: str) -> HttpResponse:
    """One question as the public would see it, and why cells are hidden. Takes it back from the public."""
    question = get_object_or_404(survey.questions, code=code)
    if survey.current_id is None:
        raise Http404
    public = PublishedTable.objects.filter(survey=survey, question=question, breakdown=None, withdrawn_at=None).first()
    form = WithdrawForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        withdraw_results(survey=survey, code=code, reason=form.cleaned_data["reason"], actor=person(request))
        messages.success(request, _("Das Ergebnis ist nicht mehr öffentlich."))
        return redirect("participation:survey-table", survey.slug, code)
    context = {
        "survey": survey,
        "question": question,
        "preview": preview_of(survey, code, get_language() or "de"),
        "public": public,
        "form": form,
    }
    return render(
        request, "participation/results/survey_table.html", context, status=UNPROCESSABLE if form.errors else 200
    )
