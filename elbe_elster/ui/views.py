"""The error pages and the style page."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from elbe_elster.ui import drawings, specimen

if TYPE_CHECKING:
    from django.http import HttpRequest

STYLE_PAGE_ROLES = {"curator", "publisher", "admin"}
logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence of the exception."""
    return render(request, "403.html", {"exception": str(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404, with the search."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """500: needs neither database nor request. Without the built look it is plain text."""
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:
        logger.exception("The error page cannot be drawn")
        return HttpResponse("Hier ist etwas schiefgegangen.", status=500, content_type="text/plain; charset=utf-8")


def style_page(request: HttpRequest) -> HttpResponse:
    """Every component, icon and colour. Only for people who write for the portal."""
    roles: set[str] = getattr(request.user, "role_names", set())
    if not (getattr(request.user, "is_staff", False) or roles & STYLE_PAGE_ROLES):
        raise Http404
    form = specimen.SpecimenForm(request.POST, request.FILES) if request.method == "POST" else specimen.SpecimenForm()
    page = Paginator(range(240), 20).get_page(request.GET.get("seite"))
    context = {**specimen.CONTENT, "form": form, "icons": drawings.icons(), "page": page}
    return render(request, "ui/style_page.html", context, status=400 if form.errors else 200)
