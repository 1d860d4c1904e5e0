"""The Chronik as Atom feeds (RFC 4287): of everything, of one action field, of one measure.

An entry's identity never changes, whatever its words and addresses do (RFC 4151); each language is a feed of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from elbe_elster.strategy.periods import period_text
from elbe_elster.ui.xml import NOT_IN_XML

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from elbe_elster.strategy.models import ChronicleEntry, ChronicleEntryQuerySet

MOST_ENTRIES = 50
MAX_AGE = 300  # seconds
BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # when nothing has been written yet
TYPE = "application/atom+xml; charset=utf-8"
PREFIXES = {"de": "", "en": "/en", "de-simple": "/de-simple"}


@dataclass(frozen=True)
class Subject:
    """What a feed tells about: its name, the path of its page, and what its identity ends with."""

    title: str
    page: str
    tag: str
    query: str = ""  # what the feed's own address says besides its path: "?feld=…" or nothing


class ChronicleFeed(Atom1Feed):
    """Django's Atom feed with the dates of the rows and the feeds of the other languages."""

    def latest_post_date(self) -> dt.datetime:
        """When the newest sentence was written."""
        return max((item["updateddate"] for item in self.items), default=BEGINNING)

    def add_root_elements(self, handler: Any) -> None:
        """Django's, and where the same stands in other languages."""
        super().add_root_elements(handler)
        for language, url in self.feed["languages"].items():
            link = {"rel": "alternate", "type": "application/atom+xml", "hreflang": language, "href": url}
            handler.addQuickElement("link", "", link)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Django's, and the address that belongs to the sentence."""
        super().add_item_elements(handler, item)
        if item["related"]:
            handler.addQuickElement("link", "", {"rel": "related", "href": item["related"]})


def feed_response(request: HttpRequest, subject: Subject, entries: ChronicleEntryQuerySet) -> HttpResponseBase:
    """The feed of public entries, or „not modified“ for a reader who has it (one query)."""
    newest = entries.public().for_list().order_by(TruncDate("written_at").desc(), "-date", "-pk")[:MOST_ENTRIES]
    feed = _feed(request.path + subject.query, subject, list(newest))
    body = feed.writeString("utf-8").encode()
    changed = int(feed.latest_post_date().timestamp())
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=TYPE, headers={"ETag": etag, "Last-Modified": http_date(changed)})
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response


def _feed(path: str, subject: Subject, entries: list[ChronicleEntry]) -> ChronicleFeed:
    language = get_language() or settings.LANGUAGE_CODE
    prefix = PREFIXES[language]
    german = path.removeprefix(prefix)
    feed = ChronicleFeed(
        title=f"{subject.title} – {settings.SITE_NAME}",
        link=settings.BASE_URL + subject.page,
        description=_("Was bei den Maßnahmen der Digitalstrategie geschieht."),
        language=language,
        author_name=_("Landkreis Elbe-Elster, Redaktion Digitalstrategie"),
        feed_url=settings.BASE_URL + path,
        feed_guid=_tag(f"{language}/{subject.tag}"),
        languages={code: f"{settings.BASE_URL}{start}{german}" for code, start in PREFIXES.items() if code != language},
    )
    for entry in entries:
        _add(feed, entry, language)
    return feed


def _tag(name: str) -> str:
    """A tag URI: the portal's host in 2026 and a name that stays."""
    return f"tag:{settings.SITE_HOST},2026:{name}"


def _add(feed: ChronicleFeed, entry: ChronicleEntry, language: str) -> None:
    measure = entry.measure
    day = period_text(entry.date, entry.precision)
    text = NOT_IN_XML.sub("", entry.text)
    title = f"{entry.get_kind_display()}: {text}"
    feed.add_item(
        title=f"[{_('Beispiel')}] {title}" if measure.example else title,
        link=settings.BASE_URL + measure.get_absolute_url(),
        description=format_html("<p>{}</p><p>{} · {}</p>", text, day, measure),
        unique_id=_tag(f"{language}/chronik/{entry.pk}"),
        pubdate=entry.written_at,
        updateddate=entry.written_at,
        categories=[str(measure.primary_field), str(entry.get_kind_display())],
        related=settings.BASE_URL + entry.link_url if entry.link_url.startswith("/") else entry.link_url,
    )
