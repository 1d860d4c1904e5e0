"""Nobody with rights works here with a password alone."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import cache
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from .permissions import has_second_factor, needs_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
    from django.http.response import HttpResponseBase
    from django.template.response import TemplateResponse

# What one needs on the way to the second factor, and out again.
ALWAYS = {"account_logout", "account_reauthenticate", "account_email", "account_confirm_email", "account_inactive"}
ALLOWED_PREFIXES = ("mfa_", "openid_connect_")
SET_UP = "mfa_index"
TOO_MANY = "too_many_login_attempts"  # allauth's code
VISIT_SECONDS = 300  # how exactly the page of sessions knows the last visit


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


TYPED = "typed"  # in the session: what somebody sent who was not signed in any more
MOST_TYPED = 500_000  # characters
TYPED_SECONDS = 3600


def keeps_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say that what is sent to this view outlives the end of the session; the view asks ``typed_before``."""
    view.keeps_typed = True  # type: ignore[attr-defined]  # read by the middleware
    return view


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What the person sent to this address before they had to sign in again; once."""
    kept = request.session.get(TYPED)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[TYPED]
    return QueryDict(kept["data"]) if time.time() - kept["at"] < TYPED_SECONDS else None


class KeepingLoginMiddleware(LoginRequiredMiddleware):
    """Asks for a sign-in before every page that is not public, and keeps what was typed for after it."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Django's, after putting a form's text into the session, where the view allows it."""
        if request.method == "POST" and getattr(view_func, "keeps_typed", False):
            data = request.POST.urlencode()
            if len(data) <= MOST_TYPED:
                request.session[TYPED] = {"path": request.path, "data": data, "at": time.time()}
        return super().handle_no_permission(request, view_func)


class LastVisitMiddleware(UserSessionsMiddleware):  # type: ignore[misc]
    """allauth's, which writes the last visit of a session at every request; here every five minutes."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write the visit when the last one is old enough, and pass on."""
        key = request.session.session_key
        if key and _is_due(key):
            response: HttpResponse = super().__call__(request)
            return response
        answer: HttpResponse = self.get_response(request)
        return answer


def _is_due(session_key: str) -> bool:
    try:
        return cache.add(f"visit-{session_key}", 1, VISIT_SECONDS)
    except RedisError:  # the page matters more than its trace
        return False


class RefusedFormMiddleware:
    """allauth answers 200 where a form did not go through; here that is 422, and 429 after too many tries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Say in the status what the page says in words."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == HTTPStatus.OK and form and form.errors:
            codes = {error.code for errors in form.errors.as_data().values() for error in errors}
            refused = HTTPStatus.UNPROCESSABLE_ENTITY
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS if TOO_MANY in codes else refused
        return response
