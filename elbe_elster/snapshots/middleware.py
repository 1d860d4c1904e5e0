"""Serves finished pages: to visitors as they are, to people who are signed in with their own top of the page."""

from __future__ import annotations

import gzip
from operator import itemgetter
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers

from elbe_elster.snapshots import store

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from elbe_elster.snapshots.store import Snapshot

OK = 200
# Cookies by which an answer could differ: who somebody is, and what is to be told once. Of others, such as those of
# the county's other sites, a finished page knows nothing.
PERSONAL = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
MOST_FIELDS = 100  # of a query string
TOKEN = b"csrfmiddlewaretoken"
TOP = "components/top.html"  # all of a page's frame that knows who is signed in
TOP_BEGINS, TOP_ENDS = b'<header class="masthead">', b"</header>"  # as a visitor gets it


class SnapshotMiddleware:
    """For visitors: no session, no template, no SQL. Stands outside of sessions and inside of the redirect to TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A finished page if there is one; otherwise the answer, kept if its view allows."""
        key = _key(request) if PERSONAL.isdisjoint(request.COOKIES) else ""
        if not key:
            return self.get_response(request)
        version, snapshot = store.read(key)
        if snapshot and not getattr(request, "makes_snapshot", False):
            return _answer(request, snapshot)
        response = self.get_response(request)
        if version is not None and _may_be_kept(response):
            _keep(key, version, cast("HttpResponse", response), asks=bool(request.META.get("QUERY_STRING")))
            if not getattr(request, "makes_snapshot", False) and not request.META.get("QUERY_STRING"):
                store.remember_page(host=request.get_host(), secure=request.is_secure(), path=request.path)
        return response


class OwnTopMiddleware:
    """For people who are signed in: the page kept for visitors, with their own top. Stands inside of everything.

    What is kept is always what a visitor got. A page that tells something once is made anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Answer instead of the view, where it shows everybody the same and a visitor's page is there."""
        if not getattr(view, "same_for_everybody", False) or not request.user.is_authenticated:
            return None
        key = "" if len(get_messages(request)) else _key(request)
        snapshot = store.read(key)[1] if key else None
        return _with_own_top(request, snapshot) if snapshot else None


def _with_own_top(request: HttpRequest, snapshot: Snapshot) -> HttpResponse | None:
    """The visitor's page with this person's top; None for what has no top, such as a feed."""
    before, found, rest = gzip.decompress(snapshot.body).partition(TOP_BEGINS)
    _top, ended, after = rest.partition(TOP_ENDS)
    if not found or not ended:
        return None
    top = render_to_string(TOP, request=request).strip().encode()
    return HttpResponse(before + top + after, headers=dict(snapshot.headers))


def _key(request: HttpRequest) -> str:
    """Key of the page a visitor gets; empty where the answer could be meant for one program, or is not just a page."""
    if not settings.SNAPSHOTS or request.method != "GET":
        return ""
    if any(request.headers.get(name) for name in ("Authorization", "HX-Request", "Range")):
        return ""
    try:
        host, query = request.get_host(), _normalised(request.META.get("QUERY_STRING", ""))
        return store.page_key(host=host, secure=request.is_secure(), path=request.path, query=query)
    except (DisallowedHost, ValueError):  # ValueError: more fields than any form has
        return ""


def _normalised(query: str) -> str:
    """What a query string asks for, in one order and without the empty fields of a form that was sent."""
    return urlencode(sorted(parse_qsl(query, max_num_fields=MOST_FIELDS), key=itemgetter(0))) if query else ""


def _may_be_kept(response: HttpResponseBase) -> bool:
    """The view said so, nothing personal was set on the way, and no token against forgery is in it."""
    if not getattr(response, "finished_page", False) or response.status_code != OK or response.streaming:
        return False
    if (
        response.cookies
        or "private" in response.get("Cache-Control", "")
        or "no-store" in response.get("Cache-Control", "")
    ):
        return False
    return TOKEN not in _plain(cast("HttpResponse", response))


def _plain(response: HttpResponse) -> bytes:
    content = bytes(response.content)
    return gzip.decompress(content) if response.get("Content-Encoding") == "gzip" else content


def _keep(key: str, version: int, response: HttpResponse, *, asks: bool) -> None:
    if not asks or store.has_room_for_query():
        store.write(key, version=version, body=_plain(response), headers=list(response.items()))


def _answer(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """The finished page, compressed where the visitor can read that, or „not modified“."""
    response = HttpResponse(headers=dict(snapshot.headers))
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = snapshot.body
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(snapshot.body)
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    response.headers["ETag"] = snapshot.etag
    response.headers["Content-Length"] = str(len(response.content))
    return get_conditional_response(request, etag=snapshot.etag, response=response) or response
