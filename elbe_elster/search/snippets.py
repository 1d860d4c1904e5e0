"""A short excerpt of a text with the words found in it marked; always safe HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

from elbe_elster.search.words import SHORTEST_PART, folded

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from elbe_elster.search.words import Words

SNIPPET_LENGTH = 240  # characters
LEAD = 60  # characters shown before the first word found
BETWEEN = " · "  # stands between two fields of a row
ENDING = 3  # letters that a German or English ending may have
MARKUP = re.compile(r"[*_`#>|\[\]]+|\(https?:[^)]*\)|<[^>]*>")


def plain(text: str) -> str:
    """The text without Markdown marks, links and tags, in single spaces, each field once."""
    parts = (" ".join(MARKUP.sub("", part).split()) for part in text.split(BETWEEN))
    return BETWEEN.join(dict.fromkeys(part for part in parts if part))


def _is_hit(word: str, wanted: list[str]) -> bool:
    small = folded(word)
    for part in wanted:
        stem = part[: max(SHORTEST_PART, len(part) - ENDING)]
        if small.startswith(stem) or (len(part) >= SHORTEST_PART and part in small):
            return True
    return False


def highlighted(text: str, words: Words) -> SafeString:
    """The text, escaped, with every word found in ``<mark>``."""
    wanted = [folded(part) for part in words.parts]
    wanted += [part.replace("ae", "a").replace("oe", "o").replace("ue", "u") for part in wanted]
    pieces = re.split(r"(\w+)", text)
    marked = (
        format_html("<mark>{}</mark>", piece) if at % 2 and _is_hit(piece, wanted) else piece
        for at, piece in enumerate(pieces)
    )
    return format_html_join("", "{}", ((piece,) for piece in marked))


def snippet(text: str, words: Words) -> SafeString:
    """About 240 characters around the first word found, with every word found in ``<mark>``."""
    text = plain(text)
    wanted = [folded(part) for part in words.parts]
    start = next((hit.start() for hit in re.finditer(r"\w+", text) if _is_hit(hit.group(), wanted)), 0)
    start = max(0, start - LEAD)
    if start:
        start = text.find(" ", start) + 1
    end = start + SNIPPET_LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LEAD)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return highlighted(f"{before}{text[start:end]}{after}", words)
