"""Finds what an editor's page is about, and lets in whoever may edit it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import Draft, Measure, ProjectProfile
from elbe_elster.strategy.permissions import is_editor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from elbe_elster.accounts.models import User

UNPROCESSABLE = 422
CONFLICT = 409


def person(request: HttpRequest) -> User:
    """Whoever is signed in."""
    return cast("User", request.user)


def editors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in everybody who works on the catalogue; others who are signed in get a sentence."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_editor(request.user):
            raise PermissionDenied(_("Maßnahmen bearbeitet die Redaktion."))
        return view(request, *args, **kwargs)

    return guarded


def on_work(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Calls the view with the work at the address.

    What the person cannot see is not there; what they may not edit is refused with a sentence.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *, number: str = "", slug: str = "", pk: int = 0) -> HttpResponse:
        work = _work(request, number, slug, pk)
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


def _work(request: HttpRequest, number: str, slug: str, pk: int) -> Work:
    if number:
        return Work.on_record(get_object_or_404(Measure.objects.visible_to(request.user), number=number))
    if slug:
        return Work.on_record(get_object_or_404(ProjectProfile.objects.visible_to(request.user), slug=slug))
    if not is_editor(request.user):
        raise Http404
    work = Work.on_draft(get_object_or_404(Draft.objects.select_related("measure", "profile__measure"), pk=pk))
    if work.record is not None and work.record.trashed_at is not None:
        raise Http404
    return work
