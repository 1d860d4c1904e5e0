"""Long lists of a measure's page as HTML. Drawn here and not by templates, which take eight times as long for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

ENTRY = '<li{}><time datetime="{}">{}</time><div><p><span class="kind">{}.</span> {}{}</p></div></li>\n'
PLACE = (
    '<tr><th scope="row"><a class="plain" href="{}">{}</a>{}{}</th>'
    '<td><span class="phase">{}{}</span></td><td class="num">{}</td></tr>\n'
)


def entry_items(entries: Iterable[Any]) -> SafeString:
    """Entries of the Chronik (measure_page.Entry) as list items."""
    ahead = format_html(' class="{}"', "ahead")
    return format_html_join(
        "",
        ENTRY,
        (
            (
                ahead if entry.ahead else "",
                entry.date.isoformat(),
                entry.when,
                entry.kind,
                entry.text,
                format_html(' <a href="{}">{}</a>', entry.url, entry.label) if entry.url else "",
            )
            for entry in entries
        ),
    )


def place_rows(places: Iterable[Any]) -> SafeString:
    """How far each administration is (measure_page.Place) as rows of a table."""
    mail = '<span class="sub"><a href="mailto:{}">{}</a></span>'
    return format_html_join(
        "",
        PLACE,
        (
            (
                place.url,
                place.name,
                format_html('<span class="sub">{}</span>', place.note) if place.note else "",
                format_html(mail, place.email, place.email) if place.email else "",
                place.meter,
                place.stage,
                place.since,
            )
            for place in places
        ),
    )
