"""What is new: the page and the feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.feeds import Subject, feed_response
from elbe_elster.strategy.models import ActionField, ChronicleEntry, EntryKind, Measure
from elbe_elster.strategy.news import choose_news, chosen_entries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from elbe_elster.strategy.news import News


@login_not_required
@finished_page
@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """The Chronik of all measures, newest first, by month."""
    news = choose_news(request.GET)
    context = {
        "news": news,
        "field_chips": _field_chips(request.GET, news),
        "kind_chips": _kind_chips(request.GET, news),
        "feed": _feed_of(news),
    }
    return render(request, "strategy/news_list.html", context)


def _feed_of(news: News) -> str:
    """The feed that tells the same as the page."""
    if news.field and not news.kind:
        return reverse("strategy:field-feed", args=[news.field.slug])
    return reverse("strategy:news-feed") + _query(news.field, news.kind)


def _query(field: ActionField | None, kind: str) -> str:
    chosen = {"feld": field.slug if field else "", "art": kind}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else ""


def _field_chips(query: QueryDict, news: News) -> list[dict[str, Any]]:
    return [
        {
            "label": field.short_name,
            "icon": field.icon,
            "n": news.by_field.get(field.pk, 0),
            "current": field == news.field,
            "url": _changed(query, "feld", "" if field == news.field else field.slug),
        }
        for field in news.fields
        if news.by_field.get(field.pk) or field == news.field
    ]


def _kind_chips(query: QueryDict, news: News) -> list[dict[str, Any]]:
    return [
        {
            "label": kind.label,
            "icon": "",
            "n": news.by_kind.get(kind, 0),
            "current": kind == news.kind,
            "url": _changed(query, "art", "" if kind == news.kind else kind),
        }
        for kind in EntryKind
        if news.by_kind.get(kind) or kind == news.kind
    ]


def _changed(query: QueryDict, name: str, value: str) -> str:
    """The address of page one with one choice changed; without any choice the plain page."""
    chosen = query.copy()
    chosen.pop("seite", None)
    chosen.pop(name, None)
    if value:
        chosen[name] = value
    return f"?{chosen.urlencode()}" if chosen else reverse("strategy:news")


@login_not_required
@transaction.non_atomic_requests
@require_safe
def news_feed(request: HttpRequest) -> HttpResponseBase:
    """Everything as Atom, or what ``?feld=…&art=…`` chooses as on the page."""
    field, kind, entries = chosen_entries(request.GET)
    names = [field.name] if field else []
    names += [str(EntryKind(kind).label)] if kind else []
    tag = "/".join(["neues", *([f"handlungsfeld/{field.pk}"] if field else []), *([kind] if kind else [])])
    title = f"{_('Neues')}: {', '.join(names)}" if names else _("Neues")
    query = _query(field, kind)
    return feed_response(request, Subject(title, reverse("strategy:news") + query, tag, query), entries)


@login_not_required
@transaction.non_atomic_requests
@require_safe
def field_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The measures of one action field as Atom."""
    field = get_object_or_404(ActionField.objects.in_force(), slug=slug)
    subject = Subject(field.name, field.get_absolute_url(), f"handlungsfeld/{field.pk}")
    return feed_response(request, subject, ChronicleEntry.objects.all().in_field(field))


@login_not_required
@transaction.non_atomic_requests
@require_safe
def measure_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One measure as Atom. A former address leads to the present one, so that readers stay."""
    measure = Measure.objects.published().filter(slug=slug).first()
    if measure is None:
        moved = get_object_or_404(Measure.objects.published().formerly_at(slug))
        return redirect("strategy:measure-feed", slug=moved.slug, permanent=True)
    subject = Subject(str(measure), measure.get_absolute_url(), f"massnahme/{measure.pk}")
    return feed_response(request, subject, ChronicleEntry.objects.filter(measure=measure))
