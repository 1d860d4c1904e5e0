"""HTML that is drawn once and filled in for each person: texts with blanks between them.

A template is drawn with marks: a private character around the name of a blank and what it needs. Whoever fills the blanks
escapes what people have typed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MARK = "\ue000"  # no text of people keeps it
BETWEEN_MARKS = re.compile(f"{MARK}([^{MARK}]*){MARK}")

Blank = tuple[str, ...]


def mark(*parts: str) -> SafeString:
    """A blank in a template. The parts are names and codes of ours."""
    return mark_safe(f"{MARK}{'|'.join(parts)}{MARK}")  # noqa: S308 - codes and names of ours


class Pieces:
    """HTML with blanks: text, blank, text and so on."""

    def __init__(self, html: str) -> None:
        self.parts: list[str | Blank] = [
            part if at % 2 == 0 else tuple(part.split("|")) for at, part in enumerate(BETWEEN_MARKS.split(html))
        ]

    def fill(self, value: Callable[[Blank], str]) -> str:
        """The HTML with what ``value`` gives for each blank, which is escaped already."""
        return "".join([part if isinstance(part, str) else value(part) for part in self.parts])


def joined(drawn: Iterable[str]) -> SafeString:
    """Pieces that templates have drawn, one after the other."""
    return mark_safe("".join(drawn))  # noqa: S308 - drawn by templates, filled with escaped values


def data_script(name: str, value: Any) -> SafeString:
    """``<script type="application/json" data-NAME>`` with a value for a script to read; it cannot end early."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return format_html('<script type="application/json" data-{}>{}</script>', name, mark_safe(safe))  # noqa: S308
