"""Access codes: staff make and print lots, citizens type the code from their letter."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from elbe_elster.participation.actions.codes import make_codes, withdraw_lot
from elbe_elster.participation.codes.labels import code_address, codes_csv, labels_pdf
from elbe_elster.participation.filling.counting import counts
from elbe_elster.participation.forms.codes import CodeForm, CodeLotForm
from elbe_elster.participation.models import Access, CodeLot, Survey, SurveyState
from elbe_elster.participation.views.filling import begin, leaves_no_trace
from elbe_elster.participation.views.staff import on_survey
from elbe_elster.strategy.pdf.press import PressError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)
UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 422, 429, 503
WRONG_AN_HOUR = 20  # codes typed in vain, from one range of addresses


@require_http_methods(["GET", "POST"])
@on_survey
def survey_codes(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The lots with how many were used; a form for another."""
    form = CodeLotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        make_codes(survey=survey, **form.cleaned_data)
        messages.success(request, _("Die Codes sind angelegt."))
        return redirect("participation:survey-codes", survey.slug)
    context = {
        "survey": survey,
        "form": form,
        "lots": survey.code_lots.with_counts(),
        "wanted": survey.access == Access.CODES,
        "address": code_address(survey.slug),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/gates/survey_codes.html", context, status=status)


@require_GET
@on_survey
def code_lot_csv(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:  # noqa: ARG001 - Django calls with it
    """Every code of a lot, for a mail merge."""
    lot = get_object_or_404(survey.code_lots, pk=pk)
    return _file(codes_csv(lot, _codes(lot)), "text/csv; charset=utf-8", f"zugangscodes-{survey.slug}-{pk}.csv")


@require_GET
@on_survey
def code_lot_labels(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:
    """Every code of a lot on sheets of labels."""
    lot = get_object_or_404(survey.code_lots, pk=pk)
    try:
        pdf = labels_pdf(lot, _codes(lot))
    except PressError:
        logger.exception("Etiketten ließen sich nicht setzen.")
        return render(request, "strategy/paper_failed.html", status=UNAVAILABLE)
    return _file(pdf, "application/pdf", f"zugangscodes-{survey.slug}-{pk}.pdf")


@require_http_methods(["GET", "POST"])
@on_survey
def code_lot_withdraw(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:
    """Take a lot back, after saying what that means."""
    lot = get_object_or_404(survey.code_lots.with_counts(), pk=pk)
    if request.method == "POST":
        withdraw_lot(lot=lot)
        messages.success(request, _("Das Los „%(name)s“ gilt nicht mehr.") % {"name": lot.name})
        return redirect("participation:survey-codes", survey.slug)
    return render(request, "participation/gates/code_lot_withdraw.html", {"survey": survey, "lot": lot})


def _codes(lot: CodeLot) -> list[str]:
    return list(lot.codes.order_by("code").values_list("code", flat=True))


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def survey_code(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Type the code from the letter and begin. Guessing is slowed down; the code stands in no address."""
    survey = get_object_or_404(Survey.objects.public(), slug=slug)
    if survey.access != Access.CODES or survey.state_at(timezone.now()) != SurveyState.OPEN:
        return redirect(survey)
    if request.method != "POST":
        return _code_page(request, survey, CodeForm(survey=survey))
    address = str(request.META.get("REMOTE_ADDR", ""))
    form = CodeForm(request.POST, survey=survey)
    if counts.so_far("wrong code", address) >= WRONG_AN_HOUR:  # also for a right one, or guessing would go on
        return _code_page(request, survey, form, status=TOO_MANY)
    if form.is_valid():
        return begin(request, survey, code=form.cleaned_data["code"])
    counts.add("wrong code", address)
    return _code_page(request, survey, form, status=UNPROCESSABLE)


def _code_page(request: HttpRequest, survey: Survey, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"survey": survey, "form": form, "too_many": status == TOO_MANY}
    return render(request, "participation/gates/survey_code.html", context, status=status)
