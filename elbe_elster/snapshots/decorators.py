"""Which pages may be kept finished."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def finished_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say that a public view shows everybody the same and has no form: its answer may be kept and served again.

    Such a view only reads. It needs no transaction of its own: each of its queries would see the newest commit anyway,
    and BEGIN and COMMIT would cost as much as a small query.
    """

    @transaction.non_atomic_requests
    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.finished_page = True  # type: ignore[attr-defined]  # read by the middleware
        return response

    marked.same_for_everybody = True  # type: ignore[attr-defined]  # read by the middleware
    return marked


def finished_for_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for a view that shows every visitor the same, but may show more to people who are signed in."""

    @transaction.non_atomic_requests
    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.finished_page = not request.user.is_authenticated  # type: ignore[attr-defined]
        return response

    return marked
