"""Marks words in a text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    import re

BEGIN, END = "\ue001", "\ue002"  # private characters, stand for the tags until the text is escaped


def marked(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    """The text, escaped, with everything the pattern finds in ``<mark>``."""
    text = text.replace(BEGIN, "").replace(END, "")
    if pattern is not None:
        text = pattern.sub(rf"{BEGIN}\g<0>{END}", text)
    html = escape(text).replace(BEGIN, "<mark>").replace(END, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped; the tags are ours
