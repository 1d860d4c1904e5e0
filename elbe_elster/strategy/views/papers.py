"""PDF files: a measure, a profile, the catalogue."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from elbe_elster.strategy.models import Measure, PeriodReport, ProjectProfile
from elbe_elster.strategy.pdf.booklet import booklet_paper
from elbe_elster.strategy.pdf.press import Paper, PressError, finished_paper
from elbe_elster.strategy.pdf.records import measure_paper, measures_for_paper, profile_paper, profiles_for_paper
from elbe_elster.strategy.pdf.report import report_paper
from elbe_elster.strategy.reports import report_data
from elbe_elster.strategy.views.staff import editors_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from elbe_elster.strategy.pdf.blocks import Data

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
@transaction.non_atomic_requests
def measure_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """One published measure on paper."""
    shown = Measure.objects.published()
    measure = shown.only("number").filter(slug=slug).first()
    if measure is None:
        moved = get_object_or_404(shown.formerly_at(slug))
        return redirect("strategy:measure-pdf", moved.slug, permanent=True)
    return paper_response(request, f"{measure.number}.pdf", "record.typ", lambda: _measure(slug))


@login_not_required
@require_safe
@transaction.non_atomic_requests
def profile_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """One published profile on one page."""
    shown = ProjectProfile.objects.published()
    if not shown.filter(slug=slug).exists():
        moved = get_object_or_404(shown.formerly_at(slug))
        return redirect("strategy:profile-pdf", moved.slug, permanent=True)
    return paper_response(request, f"projekt-{slug}.pdf", "record.typ", lambda: _profile(slug))


@login_not_required
@require_safe
@transaction.non_atomic_requests
def booklet(request: HttpRequest) -> HttpResponse:
    """Everything published, as a booklet."""
    return paper_response(request, "massnahmenkatalog.pdf", "booklet.typ", booklet_paper)


@require_safe
@editors_only
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A period report, for those who work on the catalogue."""
    report = get_object_or_404(PeriodReport.objects.select_related("previous"), pk=pk)
    name = f"bericht-{report.as_of.isoformat()}-{report.pk}.pdf"
    response = paper_response(request, name, "record.typ", lambda: report_paper(report_data(report)))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _measure(slug: str) -> Data:
    return measure_paper(get_object_or_404(measures_for_paper(), slug=slug))


def _profile(slug: str) -> Data:
    return profile_paper(get_object_or_404(profiles_for_paper(), slug=slug))


def paper_response(
    request: HttpRequest, filename: str, template: str, gather: Callable[[], Data], *, name: str = ""
) -> HttpResponse:
    """The finished file under its fingerprint; browsers ask again each time, because it may have been withdrawn.

    ``name`` says which paper it is where language and file name do not.
    """
    try:
        paper = finished_paper(name=name or f"{get_language()}:{filename}", template=template, gather=gather)
    except PressError:
        logger.exception("Eine Druckfassung ließ sich nicht setzen.")
        response = render(request, "strategy/paper_failed.html", status=503)
        response.headers["Retry-After"] = "60"
        return response
    return pdf_response(request, paper, filename)


def pdf_response(request: HttpRequest, paper: Paper, filename: str) -> HttpResponse:
    """The file as an answer, or „not modified“."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed inside; a second time would cost and save nothing
    response = HttpResponse(
        paper.body,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "Cache-Control": "no-cache",
            "ETag": f'"{paper.digest}"',
        },
    )
    return get_conditional_response(request, etag=f'"{paper.digest}"', response=response) or response
