"""Finds what an editor's page is about, and lets in whoever may edit it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elbe_elster.strategy.drafting.history import event_model
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Draft, Measure, ProjectProfile
from elbe_elster.strategy.permissions import is_editor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


UNPROCESSABLE = 422
CONFLICT = 409


def on_work(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Calls the view with the work at the address.

    What the person cannot see is not there; what they may not edit is refused with a sentence.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *, number: str = "", slug: str = "", pk: int = 0) -> HttpResponse:
        work = _work(request, number, slug, pk)
        if request.resolver_match and _has_moved(work, slug, pk):
            return redirect(_page_there(work, request.resolver_match.url_name or ""))
        if not work.can_edit(request.user):
            raise PermissionDenied(_("Das bearbeiten andere. Fragen Sie die Redaktion, wenn Sie es betreuen sollen."))
        return view(request, work)

    return guarded


def on_record(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like ``on_work``, for what is about a stored record."""

    def stored(request: HttpRequest, work: Work) -> HttpResponse:
        if work.record is None:
            raise Http404
        return view(request, work)

    return on_work(wraps(view)(stored))


def _has_moved(work: Work, slug: str, pk: int) -> bool:
    """Whether the address is of a draft that is published by now, or one the project had before."""
    if isinstance(work.record, ProjectProfile) and slug:
        return work.record.slug != slug
    return bool(pk and (work.draft is None or work.draft.pk != pk))


def _page_there(work: Work, here: str) -> str:
    page = here.rpartition("-")[2]
    return work.url(page if page in ("edit", "preview", "files", "history") else "review")


def _work(request: HttpRequest, number: str, slug: str, pk: int) -> Work:
    if number:
        return Work.on_record(get_object_or_404(Measure.objects.visible_to(request.user), number=number))
    if slug:
        return Work.on_record(_profile(request, slug))
    if not is_editor(request.user):
        raise Http404
    draft = Draft.objects.select_related("measure", "profile__measure").filter(pk=pk).first()
    work = Work.on_draft(draft) if draft else Work.on_record(_published_from(request, pk))
    if work.record is not None and work.record.trashed_at is not None:
        raise Http404
    return work


def _profile(request: HttpRequest, slug: str) -> ProjectProfile:
    """The project of that address, or the one that had it before."""
    seen = ProjectProfile.objects.visible_to(request.user)
    found = seen.filter(slug=slug).first() or seen.formerly_at(slug).first()
    if found is None:
        raise Http404
    return found


def _published_from(request: HttpRequest, pk: int) -> Measure | ProjectProfile:
    """What a draft that is gone has become; the history remembers. Letters keep its address."""
    for model in (Measure, ProjectProfile):
        events = event_model(model).objects.filter(pgh_context__metadata__draft=pk)
        rows = model._default_manager.visible_to(request.user)
        found: Measure | ProjectProfile | None = rows.filter(pk__in=events.values("pgh_obj_id")).first()
        if found is not None:
            return found
    raise Http404
