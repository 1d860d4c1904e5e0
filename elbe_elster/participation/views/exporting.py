"""Files for analysts: asked for, watched while they are written, fetched by whoever asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.participation import tasks
from elbe_elster.participation.actions.exporting import cancel_export, request_export
from elbe_elster.participation.export.files import FEWEST, form_of
from elbe_elster.participation.forms.exporting import ExportForm
from elbe_elster.participation.models import ExportFormat, ExportJob, JobState, ResponseCount, Survey
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

CAGE = "default-src 'none'; sandbox"  # should a browser ever show a file as a page


@require_http_methods(["GET", "POST"])
@on_survey
def survey_export(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Ask for a file; see how far one's own are."""
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        job = request_export(survey=survey, actor=person(request), **form.cleaned_data)
        tasks.write_export.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # of Celery's Django tasks
        return redirect("participation:survey-export", survey.slug)
    jobs = list(_own_jobs(request, survey))
    working = any(job.state in {JobState.WAITING, JobState.RUNNING} for job in jobs)
    if request.headers.get("HX-Request") and not working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"survey": survey, "form": form, "jobs": jobs, "working": working, **_standing(survey)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/exporting/survey_export.html", context, status=status)


def _own_jobs(request: HttpRequest, survey: Survey) -> Any:
    return ExportJob.objects.of(person(request)).filter(survey=survey)


def _standing(survey: Survey) -> dict[str, Any]:
    counted = ResponseCount.objects.filter(survey=survey).aggregate(number=Sum("count"))["number"] or 0
    return {"counted": counted, "too_few": counted < FEWEST, "fewest": FEWEST}


@require_POST
@on_survey
def export_cancel(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:
    """Stop a file that is being written."""
    job = get_object_or_404(_own_jobs(request, survey), pk=pk)
    if cancel_export(job=job):
        messages.success(request, _("Die Ausfuhr ist angehalten. Es wurde keine Datei aufgehoben."))
    return redirect("participation:survey-export", survey.slug)


@require_GET
@on_survey
def export_file(request: HttpRequest, survey: Survey, pk: int) -> HttpResponseBase:
    """The file, to whoever asked for it, for a day."""
    ready = _own_jobs(request, survey).filter(state=JobState.DONE, expires_at__gt=timezone.now())
    job = get_object_or_404(ready, pk=pk)
    form = form_of(job.file_format, with_texts=job.with_texts)
    try:
        opened = default_storage.open(job.file.name, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = "codebuch" if job.file_format == ExportFormat.CODEBOOK else "antworten"
    name = f"{survey.slug}-{kind}-{timezone.localdate(job.created_at).isoformat()}.{form.ending}"
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed inside already, and nothing to gain from guessing
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=form.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = CAGE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
