"""The search: asks every room what this person may find."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from elbe_elster.search.sources import SearchResult, Source, Suggestion, results, similar, suggestions
from elbe_elster.search.words import Words, cleaned, read_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROOMS = ("strategy", "participation", "coordination", "region", "legal")  # order of kinds on the page
PER_PAGE = 20
MOST_SUGGESTIONS = 8
SHORTEST_TYPED = 2  # letters


class Chip(NamedTuple):
    """A kind of page with the number of hits in it."""

    label: str
    number: int
    chosen: bool
    query: str


def sources() -> list[Source]:
    """What every room offers, in the order of rooms. A room without ``search.py`` offers nothing yet."""
    found: list[Source] = []
    for room in ROOMS:
        if find_spec(f"elbe_elster.{room}.search"):
            found += import_module(f"elbe_elster.{room}.search").SOURCES
    return found


def _all_results(words: Words, request: HttpRequest) -> list[SearchResult]:
    if not words:
        return []
    found = [hit for source in sources() for hit in results(source, words, request.user)]
    return sorted(found, key=lambda hit: -hit.rank)


def _meant(words: Words, request: HttpRequest) -> list[Suggestion]:
    """Titles that look like what was typed, most alike first."""
    found = [hit for source in sources() for hit in similar(source, words, request.user)]
    return sorted(found, key=lambda hit: -hit.likeness)[:3]


def _chips(found: list[SearchResult], text: str, chosen: str) -> list[Chip]:
    """One chip for each kind with hits, in the order of rooms; the chosen one leads back to all."""
    counts = Counter(hit.kind for hit in found)
    chips = []
    for source in sources():
        if counts[source.kind]:
            kept = {"q": text} if source.kind == chosen else {"q": text, "art": source.kind}
            chips.append(Chip(str(source.label), counts[source.kind], source.kind == chosen, urlencode(kept)))
    return chips


def _words(request: HttpRequest) -> Words:
    return read_words(request.GET.get("q", ""), get_language() or "de")


@login_not_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """``/suche/?q=``: hits of every room with counts by kind; without hits, what may have been meant."""
    words = _words(request)
    found = _all_results(words, request)
    chosen = cleaned(request.GET.get("art", ""))
    shown = [hit for hit in found if hit.kind == chosen] if any(hit.kind == chosen for hit in found) else found
    context = {
        "text": words.text,
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "total": len(found),
        "chips": _chips(found, words.text, chosen),
        "meant": [] if found or not words.text else _meant(words, request),
    }
    return render(request, "search.html", context)


@login_not_required
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """``/suche/vorschlaege/?q=``: options for the list below the search box."""
    text = cleaned(request.GET.get("q", ""))
    words = Words(text=text, language=get_language() or "de", parts=())
    long_enough = len(text) >= SHORTEST_TYPED
    found = [hit for source in sources() for hit in suggestions(source, words, request.user)] if long_enough else []
    found.sort(key=lambda hit: (len(hit.title), hit.title))
    return render(request, "search_suggestions.html", {"suggestions": found[:MOST_SUGGESTIONS]})
