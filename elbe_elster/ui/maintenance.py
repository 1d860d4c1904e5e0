"""The pause: with ``MAINTENANCE=1`` every page answers 503, only the health checks go on.

A database that is away for a moment looks the same: try again shortly, nothing is lost.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.translation import get_language_from_path, override

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

ALWAYS = ("/healthz", "/readyz")
RETRY_SECONDS = 600
RETRY_SOON_SECONDS = 30
logger = logging.getLogger(__name__)


class MaintenanceMiddleware:
    """Answers with the maintenance page while the setting is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say that there is a pause."""
        if not settings.MAINTENANCE or request.path in ALWAYS or request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        return _pause(request, "maintenance.html", RETRY_SECONDS)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The database does not answer."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logger.error("The database does not answer", exc_info=exception)
        return _pause(request, "unavailable.html", RETRY_SOON_SECONDS)


def _pause(request: HttpRequest, template: str, retry_seconds: int) -> HttpResponse:
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        response = render(None, template, status=503)
    response.headers["Retry-After"] = str(retry_seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
