"""Who works on the catalogue: lets them in, and says who it is."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from elbe_elster.strategy.permissions import is_editor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from elbe_elster.accounts.models import User


def person(request: HttpRequest) -> User:
    """Whoever is signed in."""
    return cast("User", request.user)


def editors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets in everybody who works on the catalogue; others who are signed in get a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_editor(request.user):
            raise PermissionDenied(_("An den Maßnahmen arbeiten Redaktion, Freigabe und Administration."))
        return view(request, *args, **kwargs)

    return guarded
