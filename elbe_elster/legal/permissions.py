"""Who may edit what the law asks for."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from elbe_elster.accounts.models import Role, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest, HttpResponse

EDITORS = (Role.CURATOR, Role.PUBLISHER, Role.ADMIN)


def can_edit_texts(user: User | AnonymousUser) -> bool:
    """Legal texts and the accessibility statement: editorial staff and admins."""
    return isinstance(user, User) and user.has_role(*EDITORS)


def can_answer_reports(user: User | AnonymousUser) -> bool:
    """Reports of barriers: the same people."""
    return can_edit_texts(user)


def can_see_retention(user: User | AnonymousUser) -> bool:
    """What is kept how long: whoever answers for surveys, and admins."""
    return isinstance(user, User) and user.has_role(Role.SURVEY_TEAM, Role.ADMIN)


def editors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets editorial staff in; everybody else who is signed in gets a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_edit_texts(request.user):
            raise PermissionDenied(_("Rechtstexte und Barriere-Meldungen bearbeitet die Redaktion."))
        return view(request, *args, **kwargs)

    return guarded
