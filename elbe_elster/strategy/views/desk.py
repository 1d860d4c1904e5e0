"""The desk of those who look after measures: what needs doing, the quarterly check, several at once, who looks after what."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.strategy.actions.curation import entrust
from elbe_elster.strategy.actions.desk import (
    BulkError,
    change_measures,
    confirm_unchanged,
    preview_changes,
    undo_confirmation,
)
from elbe_elster.strategy.forms.curation import CurationForm
from elbe_elster.strategy.forms.desk import BulkForm, DeskFilterForm
from elbe_elster.strategy.models import Draft, DraftState, Measure, Publication
from elbe_elster.strategy.needs import POINTS, SOON, desk_row, with_needs
from elbe_elster.strategy.permissions import can_publish
from elbe_elster.strategy.views.staff import editors_only, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from elbe_elster.strategy.models.measures import MeasureQuerySet

    View = Callable[..., HttpResponse]

PAGE = 50  # measures
ONE_BY_ONE = gettext_lazy(
    "Veröffentlichte Maßnahmen ändert in einem Zug nur die Freigabe. Bearbeiten Sie sie einzeln oder als Tabelle."
)
UNDO = "strategy_unchanged"  # key of the session: what the last confirmation changed


@require_GET
@editors_only
def desk(request: HttpRequest) -> HttpResponse:
    """My measures and what they need next, the urgent first."""
    form = DeskFilterForm(request.GET)
    measures = form.narrow(Measure.objects.editable_by(request.user))
    rows = [desk_row(measure) for measure in with_needs(measures).select_related("draft")]
    rows.sort(key=lambda row: (not row.is_urgent, not row.needs))
    context = {
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("seite")),
        "points": POINTS,
        "urgent": sum(row.is_urgent for row in rows),
        "filtered": any(form.cleaned_data.values()),
        "waiting": _waiting_drafts(request),
        "new_drafts": Draft.objects.filter(measure=None, profile=None, created_by=person(request)),
        "may_publish": can_publish(request.user),
        "may_pick": can_publish(request.user) or any(not row.measure.is_visible for row in rows),
        "views": _views(request),
    }
    return render(request, "strategy/desk/desk.html", context)


def _waiting_drafts(request: HttpRequest) -> list[Draft]:
    """Drafts that wait for this person's approval."""
    if not can_publish(request.user):
        return []
    waiting = Draft.objects.filter(state=DraftState.SUBMITTED).exclude(submitted_by=person(request))
    return list(waiting.select_related("measure", "profile__measure", "submitted_by").order_by("updated_at"))


def _views(request: HttpRequest) -> list[dict[str, Any]]:
    """Chips for published, drafts, withdrawn, with counts (one query)."""
    chosen, word = request.GET.get("sicht", ""), request.GET.get("q", "")
    found = list(Measure.objects.editable_by(request.user).values_list("publication", flat=True))
    chips = []
    for choice in Publication:
        current = chosen == choice
        query = "&".join(part for part in (f"q={word}" if word else "", "" if current else f"sicht={choice}") if part)
        chips.append(
            {"label": choice.label, "n": found.count(choice), "current": current, "url": f"?{query}", "icon": ""}
        )
    return chips


def _chosen(request: HttpRequest) -> MeasureQuerySet:
    """The measures named in the form or the address, as far as this person edits them."""
    numbers = request.POST.getlist("nummer") or request.GET.getlist("nummer")
    numbers = [number for number in numbers if number.isprintable()]
    return Measure.objects.editable_by(request.user).filter(number__in=numbers)


def _may_change_together(request: HttpRequest, chosen: list[Measure]) -> bool:
    """Publishers everything; others only what is not public, because nobody else would read it before the public."""
    return can_publish(request.user) or not any(measure.is_visible for measure in chosen)


@require_http_methods(["GET", "POST"])
@editors_only
def bulk_edit(request: HttpRequest) -> HttpResponse:
    """Change course, phase or dates of several measures at once: form, preview, all or nothing."""
    chosen = list(_chosen(request))
    if not chosen:
        messages.warning(request, _("Wählen Sie in der Liste, welche Maßnahmen Sie ändern möchten."))
        return redirect("strategy:desk")
    if not _may_change_together(request, chosen):
        messages.warning(request, ONE_BY_ONE)
        return redirect("strategy:desk")
    form = BulkForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "measures": chosen, "changes": [], "errors": {}}
    if request.method == "POST" and form.is_valid():
        act = change_measures if "bestaetigt" in request.POST else preview_changes
        try:
            context["changes"] = act(measures=chosen, wanted=form.cleaned_data, actor=person(request))
        except BulkError as refused:
            context["errors"] = refused.errors
        else:
            if act is change_measures:
                return _after_bulk(request, context["changes"])
    status = 422 if form.errors or context["errors"] else 200
    return render(request, "strategy/desk/bulk_edit.html", context, status=status)


def _after_bulk(request: HttpRequest, changes: Any) -> HttpResponse:
    number = sum(bool(change) for change in changes)
    text = ngettext("%(n)d Maßnahme ist geändert.", "%(n)d Maßnahmen sind geändert.", number)
    messages.success(request, text % {"n": number})
    return redirect("strategy:desk")


@require_GET
@editors_only
def check_round(request: HttpRequest) -> HttpResponse:
    """The quarterly check: every measure that is due, with what stands there, and one button for "nothing changed"."""
    today = timezone.localdate()
    running = with_needs(Measure.objects.editable_by(request.user).published().running())
    due, fine = [], 0
    for measure in running:
        if measure.next_review_on is None or measure.next_review_on <= today + SOON:
            due.append(desk_row(measure, today))
        else:
            fine += 1
    due.sort(key=lambda row: row.measure.next_review_on or dt.date.min)
    context = {"rows": due, "fine": fine, "today": today, "undo": request.session.get(UNDO)}
    return render(request, "strategy/desk/check_round.html", context)


@require_POST
@editors_only
def check_confirm(request: HttpRequest) -> HttpResponse:
    """Nothing has changed for the chosen measures; can be taken back."""
    before = confirm_unchanged(measures=_chosen(request).published(), actor=person(request))
    if before:
        request.session[UNDO] = {
            str(pk): [day.isoformat() if day else None for day in days] for pk, days in before.items()
        }
        text = ngettext("%(n)d Maßnahme ist geprüft.", "%(n)d Maßnahmen sind geprüft.", len(before))
        messages.success(request, text % {"n": len(before)})
    else:
        messages.warning(request, _("Wählen Sie, bei welchen Maßnahmen sich nichts geändert hat."))
    return redirect("strategy:check-round")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@require_POST
@editors_only
def check_undo(request: HttpRequest) -> HttpResponse:
    """Take the last confirmation back."""
    kept: dict[str, list[str | None]] = request.session.pop(UNDO, {})
    days = {int(pk): (_day(reviewed), _day(due)) for pk, (reviewed, due) in kept.items()}
    undo_confirmation(before=days, actor=person(request))
    if days:
        messages.success(request, _("Zurückgenommen. Die Prüfung steht wieder an."))
    return redirect("strategy:check-round")


@require_http_methods(["GET", "POST"])
@editors_only
def curation(request: HttpRequest) -> HttpResponse:
    """Who looks after which field and which single measures; publishers and admins decide."""
    if not can_publish(request.user):
        raise PermissionDenied(_("Wer was betreut, legen Freigabe und Administration fest."))
    form = CurationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entrust(wishes=form.wishes(), actor=person(request))
        messages.success(request, _("Gespeichert."))
        return redirect("strategy:curation")
    return render(request, "strategy/desk/curation.html", {"form": form}, status=422 if form.errors else 200)
