"""Public pages that the law asks for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from elbe_elster.legal import actions, limits
from elbe_elster.legal.cookies import cookies
from elbe_elster.legal.forms import BarrierReportForm, page_path
from elbe_elster.legal.models import AccessibilityStatement, BarrierReport, LegalText, LegalTextSlug
from elbe_elster.legal.retention import printable_rules
from elbe_elster.snapshots.decorators import finished_page

if TYPE_CHECKING:
    from django.http import HttpRequest

TOO_MANY = 429


@finished_page
@login_not_required
@require_GET
def text_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Impressum, Datenschutz or Leichte Sprache."""
    text = get_object_or_404(LegalText, slug=slug)
    context: dict[str, Any] = {"text": text}
    if slug == LegalTextSlug.PRIVACY:
        context |= {"cookies": cookies(), "rules": printable_rules()}
    return render(request, "legal/text_detail.html", context)


@finished_page
@login_not_required
@require_GET
def statement_detail(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    statement = get_object_or_404(AccessibilityStatement)
    context = {"statement": statement, "findings": statement.findings.to_publish()}
    return render(request, "legal/statement_detail.html", context)


@login_not_required
@require_GET
def statement_json(_request: HttpRequest) -> HttpResponse:
    """The accessibility statement for machines, in the language of the address."""
    statement = get_object_or_404(AccessibilityStatement)
    names = ("body", "scope", "law", "standard", "conformity", "assessment_kind", "assessment", "contact")
    found = {name: getattr(statement, name) for name in (*names, "enforcement", "created_on", "reviewed_on")}
    columns = ("what", "where", "criterion", "reason", "alternative", "due_on")
    found["findings"] = [{name: getattr(row, name) for name in columns} for row in statement.findings.to_publish()]
    found |= {"language": get_language(), "url": settings.BASE_URL + statement.get_absolute_url()}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 2})


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def report_create(request: HttpRequest) -> HttpResponse:
    """Report a barrier: without account, without riddles."""
    if request.method != "POST":
        page = page_path(request.GET.get("seite", ""))
        form = BarrierReportForm(initial={"page": page, "token": uuid.uuid4()})
        return render(request, "legal/report_form.html", {"form": form})
    form = BarrierReportForm(request.POST)
    if not form.is_valid():
        return render(request, "legal/report_form.html", {"form": form}, status=422)
    values = {name: form.cleaned_data[name] for name in ("token", "page", "message", "email")}
    known = BarrierReport.objects.filter(token=values["token"]).first()
    if form.from_a_program:
        return redirect("home")
    if known is None and limits.too_many_reports(request.META.get("REMOTE_ADDR", "")):
        return render(request, "legal/report_form.html", {"form": form, "too_many": True}, status=TOO_MANY)
    report = known or actions.report_barrier(**values, language=get_language() or settings.LANGUAGE_CODE)
    return redirect("legal:report-done", receipt=report.receipt)


@never_cache
@login_not_required
@require_GET
def report_done(request: HttpRequest, receipt: str) -> HttpResponse:
    """Number and date of a report; nothing of what was written."""
    report = get_object_or_404(BarrierReport.objects.only("receipt", "due_on"), receipt=receipt)
    return render(request, "legal/report_done.html", {"report": report})
