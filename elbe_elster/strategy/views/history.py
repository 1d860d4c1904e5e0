"""Every version of a measure or a project profile; an older one becomes a draft again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from elbe_elster.strategy.actions.drafts import restore_as_draft
from elbe_elster.strategy.drafting.history import text_at, versions
from elbe_elster.strategy.views.places import on_record
from elbe_elster.strategy.views.staff import person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.strategy.drafting.work import Work

PAGE = 20


@require_GET
@on_record
def record_history(request: HttpRequest, work: Work) -> HttpResponse:
    """When, who, why, and what changed, the newest first."""
    assert work.record is not None  # noqa: S101 -- on_record has looked
    page = Paginator(versions(work.record), PAGE).get_page(request.GET.get("seite"))
    return render(request, "strategy/editing/record_history.html", {"work": work, "page": page})


@require_POST
@on_record
def version_restore(request: HttpRequest, work: Work) -> HttpResponse:
    """Make an earlier version the draft; it is reviewed like any other."""
    assert work.record is not None  # noqa: S101 -- on_record has looked
    try:
        at = dt.datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError as error:
        raise Http404 from error
    if timezone.is_naive(at):
        raise Http404
    saved = restore_as_draft(work=work, values=text_at(work.record, at), actor=person(request))
    if saved.waiting:
        messages.info(request, _("Es gibt schon einen Entwurf. Wählen Sie aus beiden."))
        return redirect(work.url("merge"))
    day = date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    messages.success(request, _("Die Fassung vom %(day)s ist jetzt der Entwurf.") % {"day": day})
    return redirect(work.url("edit"))
