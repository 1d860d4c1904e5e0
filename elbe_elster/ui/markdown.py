"""Markdown of staff and content files as safe HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_LINES = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable("table")
_TAGS = {
    *("p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "hr", "h2", "h3", "h4"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_GAP = re.compile(r"\[\[([^\[\]\n<>&]{1,80})\]\]")


def render_markdown(text: str | None, *, keep_lines: bool = False, gap: str = "") -> SafeString:
    """HTML of a Markdown text; the last thousand texts are kept. Raw HTML shows as text; scripts, styles and foreign addresses cannot get in.

    ``keep_lines`` shows every line break (addresses, Leichte Sprache). With ``gap`` (a word such as
    „noch einzutragen“), ``[[Telefonnummer]]`` becomes a marked place.
    """
    return _rendered(text, keep_lines, gap) if text else SafeString("")


def parse_markdown(text: str) -> list[Token]:
    """The same text as tokens, for whoever draws it other than as HTML (print). Addresses in it are unchecked."""
    return _PARSER.parse(text)


def is_safe_address(address: str) -> bool:
    """Whether a link may lead there: a web page, a mail address, a telephone, or a page of the portal."""
    scheme, colon, _rest = address.partition(":")
    return scheme.lower() in _SCHEMES if colon and "/" not in scheme else not address.startswith("//")


@lru_cache(maxsize=1024)
def _rendered(text: str, keep_lines: bool, gap: str) -> SafeString:  # noqa: FBT001 -- a key of the cache
    parser = _LINES if keep_lines else _PARSER
    html = nh3.clean(parser.render(text), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")
    if gap:
        html = _GAP.sub(rf'<mark class="gap">\1 <small>({escape(gap)})</small></mark>', html)
    return mark_safe(html)  # noqa: S308 - cleaned above; the mark has no words of people but the cleaned ones
