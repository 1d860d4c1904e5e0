"""Nobody with rights works here with a password alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from .permissions import has_second_factor, needs_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# What one needs on the way to the second factor, and out again.
ALWAYS = {"account_logout", "account_reauthenticate", "account_email", "account_confirm_email", "account_inactive"}
ALLOWED_PREFIXES = ("mfa_", "openid_connect_")
SET_UP = "mfa_index"


class SecondFactorMiddleware:
    """Sends people with rights to the page where they set up their second factor, until they have one.

    Public pages stay readable. In the demo nobody is sent anywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Ask before every page that needs a sign-in."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name or "" if request.resolver_match else ""
        if name in ALWAYS or name.startswith(ALLOWED_PREFIXES):
            return None
        if not needs_second_factor(request.user) or has_second_factor(request.user):
            return None
        messages.warning(
            request,
            _("Richten Sie zuerst einen zweiten Schritt für die Anmeldung ein. Danach geht es hier weiter."),
        )
        return redirect(SET_UP)
