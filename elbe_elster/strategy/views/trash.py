"""The trash: what lies in it, into it and out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.strategy.actions.trash import KEPT_FOR, gone_after, restore_record, trash_record
from elbe_elster.strategy.models import Measure, ProjectProfile
from elbe_elster.strategy.permissions import can_trash, may_hide
from elbe_elster.strategy.views.places import on_record
from elbe_elster.strategy.views.staff import editors_only, person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.strategy.drafting.work import Work


@require_http_methods(["GET", "POST"])
@on_record
def record_trash(request: HttpRequest, work: Work) -> HttpResponse:
    """Into the trash, after saying what that means."""
    assert work.record is not None  # noqa: S101 -- on_record has looked
    if not can_trash(request.user, work.record):
        raise PermissionDenied(_("Was öffentlich ist, legt nur in den Papierkorb, wer freigibt."))
    if request.method == "POST":
        trash_record(record=work.record, actor=person(request), reason=request.POST.get("reason", "")[:500])
        messages.success(request, _("„%(title)s“ liegt im Papierkorb.") % {"title": work.title})
        return redirect("strategy:trash")
    context = {"work": work, "days": KEPT_FOR.days}
    return render(request, "strategy/editing/record_trash.html", context)


@require_GET
@never_cache
@editors_only
def trash_list(request: HttpRequest) -> HttpResponse:
    """What the person may take out again, and until when."""
    measures = Measure.objects.trashed().entrusted_to(request.user)
    profiles = ProjectProfile.objects.trashed().entrusted_to(request.user).select_related("measure")
    rows = [
        {"record": row, "kind": kind, "until": gone_after(row), "may": may_hide(request.user, row)}
        for kind, found in (("measure", measures), ("profile", profiles))
        for row in found
    ]
    return render(request, "strategy/editing/trash_list.html", {"rows": rows, "days": KEPT_FOR.days})


@require_POST
@never_cache
@editors_only
def trash_restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Out of the trash: shown again as before."""
    rows = Measure.objects.trashed() if kind == "measure" else ProjectProfile.objects.trashed()
    record: Any = get_object_or_404(rows, pk=pk)
    if not can_trash(request.user, record):
        raise PermissionDenied(_("Das stellt wieder her, wer es betreut. War es öffentlich: wer freigibt."))
    restore_record(record=record, actor=person(request))
    messages.success(request, _("„%(title)s“ ist wieder da.") % {"title": record})
    return redirect("strategy:trash")
