"""Template tags of the look. Built in: no template needs to load them. /stilbuch/ shows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from elbe_elster.ui import drawings, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.paginator import Page
    from django.template.base import Parser, Token
    from django.template.context import Context

register = template.Library()

STATUS_ICONS = {"good": "check", "late": "clock", "risk": "alert", "rest": "pause", "open": "open"}
MESSAGE_LOOKS = {"success": "good", "warning": "late", "error": "risk"}
MESSAGE_ICONS = {"": "info", "good": "check", "late": "clock", "risk": "alert"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """``{% icon "f1" %}``, ``{% icon "search" "s" %}``: an icon beside its word. An unknown name is an error."""
    return drawings.icon(name, size)


@register.simple_tag(takes_context=True)
def frame_part(context: Context, template: str) -> SafeString:
    """``{% frame_part "components/footer.html" %}``: a part of the frame, drawn once; see ui/parts.py."""
    return parts.frame_part(template, context)


@register.simple_tag(takes_context=True)
def crumb(context: Context, label: str, url: str) -> SafeString:
    """One step of the breadcrumb between the home page and this page; for block ``crumbs``."""
    seen: int = context.render_context.get("crumbs") or 1  # the home page is the first
    position = seen + 1
    context.render_context["crumbs"] = position
    return format_html(
        '<li itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem"><a itemprop="item" href="{}">'
        '<span itemprop="name">{}</span></a><meta itemprop="position" content="{}"></li>',
        url,
        label,
        position,
    )


@register.simple_tag
def field_mark(number: int, name: str) -> SafeString:
    """The sign of an action field: ``{% field_mark 1 "Mobilität" %}``, always icon and name."""
    return format_html(
        '<span class="fmark f{}">{}<span>{}</span></span>',
        number,
        drawings.icon(f"f{number}"),
        conditional_escape(name),
    )


@register.simple_tag
def units(done: int, running: int = 0, decided: int = 0, unclear: int = 0, css: str = "") -> SafeString:
    """One square for each thing: ``{% units 1 3 1 2 %}``. The numbers stand beside it in the table."""
    return drawings.units((done, running, decided, unclear), css)


@register.simple_tag
def meter(value: int, total: int) -> SafeString:
    """A stage out of a few: ``{% meter 3 4 %}``, before its word."""
    return drawings.meter(value, total)


@register.simple_tag
def quad(value: int) -> SafeString:
    """A stage out of four in a narrow cell: ``{% quad 3 %}``, with its word for those who do not see it."""
    return drawings.quad(value)


@register.simple_tag
def course_units(counts: Sequence[tuple[str, int]] | str) -> SafeString:
    """Squares by how far measures are: ``{% course_units tally.squares %}``; one for a key: ``{% course_units "done" %}``."""
    return drawings.course_units([(counts, 1)] if isinstance(counts, str) else counts)


@register.simple_tag
def bar(value: float, largest: float, css: str = "bar") -> SafeString:
    """One bar in a cell of a table, beside its number; ``css`` "bar2" draws the second of two."""
    return drawings.bar(value, largest, css)


@register.inclusion_tag("components/chart.html")
def chart(title: str, head: str, unit: str, rows: Sequence[Sequence[Any]], note: str = "") -> dict[str, Any]:
    """A table that is its own bar chart: ``{% chart title head unit rows note=note %}``.

    Rows are ``(label, number)`` or ``(label, number, address of the list behind the number)``.
    """
    lines = [(label, number, url[0] if url else "") for label, number, *url in rows]
    largest = max((number for _label, number, _url in lines), default=0)
    return {"title": title, "head": head, "unit": unit, "rows": lines, "note": note, "largest": largest}


@register.simple_tag
def status(kind: str, text: str) -> SafeString:
    """Icon and word: ``{% status "late" "Später dran" %}``; kinds: good, late, risk, rest, open."""
    return format_html(
        '<span class="status status--{}">{}<b>{}</b></span>', kind, drawings.icon(STATUS_ICONS[kind]), text
    )


@register.filter
def message_look(level: str) -> str:
    """The look of components/message.html for a level of django.contrib.messages."""
    return MESSAGE_LOOKS.get(level, "")


@register.filter
def message_icon(look: str) -> str:
    """The icon of components/message.html for a look."""
    return MESSAGE_ICONS[look]


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], name: str = "seite") -> dict[str, Any]:
    """Pagination that keeps the rest of the query string: ``{% pages page_obj %}``. One page shows nothing."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[name] = str(number)
        if number == 1:
            del query[name]
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "steps": [(number, address(number) if isinstance(number, int) else "") for number in numbers],
        "before": address(page.number - 1) if page.has_previous() else "",
        "after": address(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: Context, key: str, label: str, css: str = "", name: str = "sortierung") -> dict[str, str]:
    """Head of a sortable column: ``{% sort_head "titel" "Titel" %}``; keeps the query, starts again at page one."""
    query = context["request"].GET.copy()
    now = query.get(name, "")
    query.pop("seite", None)
    query[name] = f"-{key}" if now == key else key
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"label": label, "url": f"?{query.urlencode()}", "direction": direction, "css": css}


class KeepNode(template.Node):
    """Renders its content into a variable."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Nothing is shown here; the variable holds the text in one line."""
        context[self.name] = mark_safe(" ".join(self.nodelist.render(context).split()))  # noqa: S308 - was rendered
        return SafeString("")


MOST_DRAWN = 200  # pieces that one tag keeps in a process


class DrawnNode(template.Node):
    """Keeps its HTML for each value of its key."""

    def __init__(self, nodelist: template.NodeList, key: list[template.base.FilterExpression]) -> None:
        self.nodelist = nodelist
        self.key = key
        self.drawn: dict[Any, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Draw it if it was not drawn for this language and key. A part of the key that is None: always."""
        key = (get_language(), *(part.resolve(context) for part in self.key))
        if None in key:
            return self.nodelist.render(context)
        html = self.drawn.get(key)
        if html is None:
            html = self.nodelist.render(context)
            if len(self.drawn) >= MOST_DRAWN:
                self.drawn.clear()
            self.drawn[key] = html
        return html


@register.tag
def drawn(parser: Parser, token: Token) -> DrawnNode:
    """``{% drawn text day %}…{% enddrawn %}``: drawn once in a process as long as text and day are the same.

    The key is everything that the piece shows, except the language: the very data, not their names. So nothing in it is
    ever out of date, and nobody sees what was drawn for another, unless it was the same.
    """
    _, *key = token.split_contents()
    nodelist = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return DrawnNode(nodelist, [parser.compile_filter(part) for part in key])


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """``{% keep page_title %}…{% endkeep %}``: so that a block can be shown in several places."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name)
