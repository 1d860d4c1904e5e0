"""What machines look for: robots.txt, sitemap.xml, security.txt, opensearch.xml."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

if TYPE_CHECKING:
    from django.http import HttpRequest

ROOMS = ("strategy", "participation", "region", "legal")
DAY = 86400  # seconds
SECURITY_DAYS = 180  # RFC 9116: less than a year
HIDDEN = (
    "/admin/",
    "/konto/",
    "/redaktion/",
    "/koordination/",
    "/suche/",
    "/barriere-melden/danke/",
    "/barriere-melden/?",
)
PREFIXES = {"de": "", "en": "/en", "de-simple": "/de-simple"}


class HomeSitemap(Sitemap[str]):
    """The pages of the roof."""

    def items(self) -> list[str]:
        """The home page; the search itself is nothing to be found."""
        return ["home"]

    def location(self, item: str) -> str:
        """Its address."""
        return reverse(item)


def room_sitemaps() -> dict[str, type[Sitemap[Any]]]:
    """What every room states in its ``sitemaps.py`` as ``SITEMAPS``."""
    found: dict[str, type[Sitemap[Any]]] = {"start": HomeSitemap}
    for room in ROOMS:
        if find_spec(f"elbe_elster.{room}.sitemaps"):
            found |= import_module(f"elbe_elster.{room}.sitemaps").SITEMAPS
    return found


def _changed(room: Sitemap[Any], item: Any) -> dt.date | None:
    """Day of the page's last change, where the room knows it."""
    lastmod = getattr(room, "lastmod", None)
    return lastmod(item) if callable(lastmod) else None


def _pages() -> list[dict[str, Any]]:
    """Every public page with its day of change and its addresses in the three languages."""
    pages: list[dict[str, Any]] = []
    with override("de"):
        for make in room_sitemaps().values():
            room = make()
            for item in room.items():
                path = room.location(item)
                changed = _changed(room, item)
                pages.append({"path": path, "changed": changed})
    for page in pages:
        page["alternates"] = [(code, f"{settings.BASE_URL}{prefix}{page['path']}") for code, prefix in PREFIXES.items()]
    return pages


@cache_control(public=True, max_age=3600)
@login_not_required
@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in every language, each naming its siblings."""
    return render(request, "sitemap.xml", {"pages": _pages()}, content_type="application/xml")


@cache_control(public=True, max_age=3600)
@login_not_required
@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    """Everything public may be read; a staging portal asks to be left alone (``ROBOTS_DISALLOW``)."""
    lines = ["User-agent: *"]
    if settings.ROBOTS_DISALLOW:
        lines.append("Disallow: /")
    else:
        lines += [f"Disallow: {prefix}{path}" for path in HIDDEN for prefix in PREFIXES.values()]
        lines += ["", f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=DAY)
@login_not_required
@require_GET
def security_txt(_request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell about a hole. ``SECURITY_CONTACT`` is an address or a page."""
    contact = settings.SECURITY_CONTACT
    if "://" not in contact and not contact.startswith(("mailto:", "tel:")):
        contact = f"mailto:{contact}"
    today = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {today + dt.timedelta(days=SECURITY_DAYS):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=DAY)
@login_not_required
@require_GET
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser offer the portal's search."""
    context = {"name": settings.SITE_NAME, "description": _("Suche im Portal"), "base": settings.BASE_URL}
    kind = "application/opensearchdescription+xml"
    return render(request, "opensearch.xml", context, content_type=kind)
