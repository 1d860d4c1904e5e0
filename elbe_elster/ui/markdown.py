"""Markdown of staff and content files as safe HTML."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

from django.utils.safestring import SafeString, mark_safe

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_TAGS = {
    *("p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "hr", "h2", "h3", "h4"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def render_markdown(text: str | None) -> SafeString:
    """HTML of a Markdown text. Raw HTML shows as text; scripts, styles and foreign addresses cannot get in."""
    html = nh3.clean(
        _PARSER.render(text or ""), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener"
    )
    return mark_safe(html)  # noqa: S308 - cleaned one line above
