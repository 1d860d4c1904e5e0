"""What is kept how long: a page for whoever looks after data protection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from elbe_elster.legal.models import RetentionRun
from elbe_elster.legal.permissions import can_see_retention
from elbe_elster.legal.retention import apply_retention, doers, due_rows, models_with_rows, rules

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN_RUNS = 20


@require_http_methods(["GET", "POST"])
@never_cache
def retention_overview(request: HttpRequest) -> HttpResponse:
    """Every rule with its reason, what is due now, and the last passes; a dry run on request."""
    if not can_see_retention(request.user):
        raise PermissionDenied(_("Die Löschregeln sehen Beteiligungsteam und Administration."))
    if request.method == "POST":
        apply_retention(dry_run=True)
        messages.success(request, _("Der Probelauf steht im Protokoll. Gelöscht wurde nichts."))
        return redirect("legal:retention-overview")
    lines = _lines()
    context = {
        "personal": [line for line in lines if line["personal"]],
        "others": [line for line in lines if not line["personal"]],
        "runs": [_told(run) for run in RetentionRun.objects.all()[:SHOWN_RUNS]],
    }
    return render(request, "legal/retention_overview.html", context)


def _lines() -> list[dict[str, Any]]:
    """One line for each kind of rows; tables with the same name and rule are one."""
    every, counted, own = rules(), due_rows(), doers()
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for model in models_with_rows():
        label = model._meta.label
        rule = every[label]
        name = str(rule.name or model._meta.verbose_name_plural)
        line = found.setdefault(
            (name, id(rule)),
            {"name": name, "rule": rule, "personal": rule.personal, "due": None, "by": _deleted_by(label, own, every)},
        )
        if label in counted:
            line["due"] = (line["due"] or 0) + counted[label]
    return sorted(found.values(), key=lambda line: line["name"].casefold())


def _deleted_by(label: str, own: dict[str, Any], every: dict[str, Any]) -> str:
    rule = every[label]
    if label in own or rule.days is not None:
        return _("viermal am Tag")
    return _("laufend") if rule.done_by else _("nicht von selbst")


def _told(run: RetentionRun) -> dict[str, Any]:
    """A pass in words: how many rows of what."""
    names = {model._meta.label: str(model._meta.verbose_name_plural) for model in models_with_rows()}
    counted = sorted((names.get(label, label), number) for label, number in run.counts.items())
    return {"run": run, "counts": counted}
