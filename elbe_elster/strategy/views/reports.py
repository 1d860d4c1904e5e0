"""Period reports for the Kreistag: freeze, read, compare, take away as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.accounts.models import Role, User
from elbe_elster.strategy.actions.reporting import can_be_discarded, discard_report, freeze_report
from elbe_elster.strategy.forms.reporting import ReportForm
from elbe_elster.strategy.models import PeriodReport
from elbe_elster.strategy.permissions import can_publish
from elbe_elster.strategy.report_workbook import report_xlsx
from elbe_elster.strategy.reports import report_data
from elbe_elster.strategy.views.exchange import XLSX
from elbe_elster.strategy.views.staff import editors_only

if TYPE_CHECKING:
    from django.http import HttpRequest

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@editors_only
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report, the newest first; whoever releases may freeze a new one."""
    may_freeze = can_publish(request.user)
    if request.method == "POST" and not may_freeze:
        raise PermissionDenied(_("Einen Bericht friert ein, wer Maßnahmen freigeben darf."))
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            assert isinstance(request.user, User)  # noqa: S101 -- editors_only has looked
            report = freeze_report(actor=request.user, **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Der Stand ist eingefroren."))
            return redirect("strategy:report-detail", pk=report.pk)
    context = {"reports": PeriodReport.objects.select_related("previous"), "form": form, "may_freeze": may_freeze}
    return render(request, "strategy/report_list.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_GET
@editors_only
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: the numbers, what changed, every measure then and now."""
    report = get_object_or_404(PeriodReport.objects.select_related("previous", "created_by"), pk=pk)
    may_discard = _may_discard(request) and can_be_discarded(report)
    context = {"report": report, "data": report_data(report), "may_discard": may_discard}
    return render(request, "strategy/report_detail.html", context)


@require_GET
@editors_only
def report_file(_request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a workbook."""
    report = get_object_or_404(PeriodReport.objects.select_related("previous"), pk=pk)
    response = HttpResponse(report_xlsx(report_data(report)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="bericht-{report.as_of.isoformat()}.xlsx"'
    return response


@require_POST
@editors_only
def report_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away what was frozen by mistake."""
    report = get_object_or_404(PeriodReport, pk=pk)
    if not _may_discard(request):
        raise PermissionDenied(_("Einen Bericht verwirft nur die Administration."))
    try:
        discard_report(report=report)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("strategy:report-detail", pk=pk)
    messages.success(request, _("Der Bericht ist verworfen."))
    return redirect("strategy:report-list")


def _may_discard(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.has_role(Role.ADMIN)
