"""Pages on which staff keep texts, statement and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.accounts.models import User
from elbe_elster.legal import actions
from elbe_elster.legal.forms import AnswerForm, FindingForm, LegalTextForm, StatementForm
from elbe_elster.legal.models import AccessibilityStatement, BarrierReport, Finding, LegalText
from elbe_elster.legal.permissions import editors_only
from elbe_elster.ui.comparison import compared

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CONFLICT = 409
UNPROCESSABLE = 422


@require_GET
@editors_only
def text_list(request: HttpRequest) -> HttpResponse:
    """Every text: what is missing, what is out of date."""
    context = {"texts": LegalText.objects.all(), "statement": AccessibilityStatement.objects.first()}
    return render(request, "legal/text_list.html", context)


@require_http_methods(["GET", "POST"])
@editors_only
def text_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit a text in three languages; look before saving; nobody's work is lost."""
    text = get_object_or_404(LegalText, slug=slug)
    form = LegalTextForm(request.POST or None, instance=text)
    context: dict[str, Any] = {"form": form, "text": text}
    if request.method != "POST":
        return render(request, "legal/text_edit.html", context)
    if not form.is_valid():
        return render(request, "legal/text_edit.html", context, status=UNPROCESSABLE)
    if "preview" in request.POST:
        return render(request, "legal/text_edit.html", context | {"preview": form.columns()})
    given = form.cleaned_data
    try:
        actions.update_text(
            text=text,
            revision=given["base_revision"],
            values=form.values(),
            actor=_editor(request),
            reason=given["reason"],
            still_fits=given["still_fits"],
        )
    except actions.OutdatedRevisionError:
        return _conflict(request, context)
    messages.success(request, _("Gespeichert."))
    return redirect("legal:text-list")


def _editor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- editors_only has looked
    return request.user


def _conflict(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show what is stored now beside what was typed, and let the person decide."""
    stored = LegalText.objects.get(pk=context["text"].pk)
    typed = context["form"].values()
    differences = [
        {"name": context["form"][name].label, "lines": compared(getattr(stored, name) or "", value)}
        for name, value in typed.items()
        if (getattr(stored, name) or "") != value
    ]
    data = request.POST.copy()
    data["base_revision"] = str(stored.revision)
    form = LegalTextForm(data, instance=stored)
    form.is_valid()
    context |= {"form": form, "text": stored, "differences": differences}
    return render(request, "legal/text_edit.html", context, status=CONFLICT)


@require_GET
@editors_only
def text_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version of a text, each compared with the one before."""
    text = get_object_or_404(LegalText, slug=slug)
    events = list(_events(text))
    people = {person.pk: str(person) for person in User.objects.filter(pk__in=_people(events))}
    versions = []
    for newer, older in zip(events, [*events[1:], None], strict=True):
        context = newer.pgh_context.metadata if newer.pgh_context else {}
        versions.append(
            {
                "event": newer,
                "who": people.get(context.get("user") or 0, ""),
                "reason": context.get("reason", ""),
                "lines": compared(older.body_de or "", newer.body_de or "") if older else [],
            }
        )
    return render(request, "legal/text_history.html", {"text": text, "versions": versions})


def _events(text: LegalText) -> Any:
    from elbe_elster.legal import models

    event_model: Any = models.LegalTextEvent  # type: ignore[attr-defined]  # made by translation.py
    return event_model.objects.filter(pgh_obj_id=text.pk).select_related("pgh_context").order_by("-pgh_id")


def _people(events: list[Any]) -> list[int]:
    return [event.pgh_context.metadata.get("user") for event in events if event.pgh_context]


@require_POST
@editors_only
def text_restore(request: HttpRequest, slug: str, event: int) -> HttpResponse:
    """Make an earlier version the newest."""
    text = get_object_or_404(LegalText, slug=slug)
    version = get_object_or_404(_events(text), pgh_id=event)
    reason = _("Fassung vom %(day)s wiederhergestellt") % {"day": timezone.localtime(version.pgh_created_at).date()}
    try:
        actions.restore_text(text=text, event=version, revision=text.revision, actor=_editor(request), reason=reason)
    except actions.OutdatedRevisionError:
        messages.error(request, _("Jemand hat den Text eben geändert. Sehen Sie sich die neue Fassung zuerst an."))
    else:
        messages.success(request, _("Die Fassung ist wiederhergestellt."))
    return redirect("legal:text-history", slug=slug)


@require_http_methods(["GET", "POST"])
@editors_only
def statement_edit(request: HttpRequest) -> HttpResponse:
    """Edit the accessibility statement."""
    statement = get_object_or_404(AccessibilityStatement)
    findings = list(statement.findings.all())
    form = StatementForm(request.POST or None, instance=statement)
    context = {"form": form, "statement": statement, "findings": findings, "today": timezone.localdate()}
    if request.method != "POST":
        return render(request, "legal/statement_edit.html", context)
    if not form.is_valid():
        return render(request, "legal/statement_edit.html", context, status=UNPROCESSABLE)
    try:
        actions.update_statement(
            statement=statement, revision=form.cleaned_data["base_revision"], actor=_editor(request)
        )
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, "legal/statement_edit.html", context, status=UNPROCESSABLE)
    except actions.OutdatedRevisionError:
        form.add_error(None, _("Jemand hat die Erklärung inzwischen geändert. Öffnen Sie die Seite neu."))
        return render(request, "legal/statement_edit.html", context, status=CONFLICT)
    messages.success(request, _("Gespeichert."))
    return redirect("legal:statement-edit")


@require_http_methods(["GET", "POST"])
@editors_only
def finding_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a finding."""
    statement = get_object_or_404(AccessibilityStatement)
    finding = get_object_or_404(Finding, pk=pk) if pk else Finding(statement=statement)
    form = FindingForm(request.POST or None, instance=finding)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_finding(finding=form.instance, actor=_editor(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("legal:statement-edit")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "legal/finding_edit.html", {"form": form, "finding": finding}, status=status)


@require_GET
@editors_only
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports of barriers: what waits comes first."""
    context = {
        "waiting": BarrierReport.objects.waiting(),
        "answered": BarrierReport.objects.exclude(pk__in=BarrierReport.objects.waiting()).order_by("-answered_at")[:50],
        "overdue": BarrierReport.objects.overdue().count(),
    }
    return render(request, "legal/report_list.html", context)


@require_http_methods(["GET", "POST"])
@editors_only
def report_detail(request: HttpRequest, receipt: str) -> HttpResponse:
    """Read a report and answer it."""
    report = get_object_or_404(BarrierReport, receipt=receipt)
    if request.method == "POST" and "take" in request.POST:
        actions.take_report(report=report)
        return redirect("legal:report-detail", receipt=receipt)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if actions.answer_report(report=report, answer=form.cleaned_data["answer"], actor=_editor(request)):
            messages.success(request, _("Die Antwort ist gespeichert."))
        else:
            messages.warning(request, _("Diese Meldung hat schon jemand beantwortet."))
        return redirect("legal:report-detail", receipt=receipt)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "legal/report_detail.html", {"report": report, "form": form}, status=status)
