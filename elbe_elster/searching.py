"""The search: asks every room what this person may find."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from elbe_elster.search.finding import Found, find, similar, suggestions
from elbe_elster.search.sources import Source, sources_by_room
from elbe_elster.search.words import Words, cleaned, read_words
from elbe_elster.snapshots.decorators import finished_for_visitors

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROOMS = ("strategy", "participation", "coordination", "region", "legal")  # order of kinds on the page
PER_PAGE = 10
MOST_SUGGESTIONS = 8
SHORTEST_TYPED = 2  # letters
LAST_PAGE = 100  # as many as hits are ranked


class Chip(NamedTuple):
    """A kind of page with the number of hits in it."""

    label: str
    number: int
    chosen: bool
    query: str


def sources() -> list[Source]:
    """What every room offers, in the order of rooms."""
    offered = sources_by_room()
    return [source for room in ROOMS for source in offered.get(room, [])]


def _chips(counts: dict[str, int], text: str, chosen: str) -> list[Chip]:
    """One chip for each kind with hits, in the order of rooms; the chosen one leads back to all."""
    chips = []
    for source in sources():
        if source.kind in counts:
            kept = {"q": text} if source.kind == chosen else {"q": text, "art": source.kind}
            chips.append(Chip(str(source.label), counts[source.kind], source.kind == chosen, urlencode(kept)))
    return chips


def _words(request: HttpRequest) -> Words:
    return read_words(request.GET.get("q", ""), get_language() or "de")


def _page(request: HttpRequest, words: Words, chosen: str) -> tuple[Found, Page[int]]:
    """The hits of the page asked for (of the last one where there are fewer) and its place among the pages."""
    asked = request.GET.get("seite", "")
    number = min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < len("10000") else 1
    offered = sources()
    found = find(offered, words, request.user, kind=chosen, limit=PER_PAGE, offset=PER_PAGE * (number - 1))
    page = Paginator(range(found.counts.get(chosen, found.total)), PER_PAGE).get_page(number)
    if page.number != number:
        found = find(offered, words, request.user, kind=chosen, limit=PER_PAGE, offset=PER_PAGE * (page.number - 1))
    return found, page


@login_not_required
@require_GET
@finished_for_visitors
def search(request: HttpRequest) -> HttpResponse:
    """``/suche/?q=``: hits of every room with counts by kind; without hits, what may have been meant."""
    words = _words(request)
    chosen = cleaned(request.GET.get("art", ""))
    found, page = _page(request, words, chosen)
    context = {
        "text": words.text,
        "hits": [vars(hit) for hit in found.hits],  # templates look into mappings first
        "page_obj": page,
        "total": found.total,
        "chips": _chips(found.counts, words.text, chosen),
        "meant": [] if found.hits or not words.text else similar(sources(), words, request.user),
    }
    return render(request, "search.html", context)


@transaction.non_atomic_requests
@login_not_required
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """``/suche/vorschlaege/?q=``: options for the list below the search box."""
    text = cleaned(request.GET.get("q", ""))
    words = Words(text=text, language=get_language() or "de", parts=())
    long_enough = len(text) >= SHORTEST_TYPED
    found = suggestions(sources(), words, request.user, limit=MOST_SUGGESTIONS) if long_enough else []
    return render(request, "search_suggestions.html", {"suggestions": found})
