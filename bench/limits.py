"""What any page is compared with: a constant Django view and a bare WSGI answer, both of a size the path names.

``/30000`` answers with 30,000 bytes of HTML. The Django view stands behind Django's default middleware.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest

FILLER = b"<p>Die Kommunen des Landkreises arbeiten zusammen.</p>\n"
DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@cache
def body(size: int) -> bytes:
    """So many bytes of HTML."""
    return (FILLER * (size // len(FILLER) + 1))[:size]


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The least a WSGI application can do."""
    content = body(int(environ["PATH_INFO"].strip("/")))
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content)))])
    return [content]


def constant(_request: HttpRequest, size: int) -> HttpResponse:
    """A view that does nothing."""
    return HttpResponse(body(size))


urlpatterns = [path("<int:size>", constant)]


def django_application() -> WSGIHandler:
    """Django as ``startproject`` sets it up, around the view that does nothing."""
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=DEFAULT_MIDDLEWARE,
        ROOT_URLCONF="bench.limits",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        SECRET_KEY="only-for-measuring",  # noqa: S106
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    )
    django.setup(set_prefix=False)
    return WSGIHandler()


if os.environ.get("BENCH_LIMIT") == "django":
    application: Any = django_application()
else:
    application = bare
