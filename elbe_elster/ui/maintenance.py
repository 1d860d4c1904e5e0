"""The pause: with ``MAINTENANCE=1`` every page answers 503, only the health checks go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language_from_path, override

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

ALWAYS = ("/healthz", "/readyz")
RETRY_SECONDS = 600


class MaintenanceMiddleware:
    """Answers with the maintenance page while the setting is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say that there is a pause."""
        if not settings.MAINTENANCE or request.path in ALWAYS or request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
            response = render(None, "maintenance.html", status=503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        return response
