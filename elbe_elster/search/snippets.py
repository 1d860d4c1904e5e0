"""A short excerpt of a text with the words found in it marked; always safe HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from elbe_elster.search.words import SHORTEST_PART, folded
from elbe_elster.ui.marking import marked

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from elbe_elster.search.words import Words

SNIPPET_LENGTH = 240  # characters
LEAD = 60  # characters shown before the first word found
BETWEEN = " · "  # stands between two fields of a row, and between parts of a text that end without a full stop
ENDING = 3  # letters that a German or English ending may have

LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
PLACEHOLDER = re.compile(r"\[\[([^\[\]\n]*)\]\]")
MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|<[^>]*>")
PART = re.compile(r"^\s*(?P<sign>#{1,6}|[-+*]|\d+[.)]|>)\s+")
RULE = re.compile(r"^[\s|:*_=-]*$")
ENDS = (".", "!", "?", ":", ";", "…", "·", ",")


def plain(text: str) -> str:
    """A Markdown text as one line of plain words: headings end with a colon, other parts are kept apart by a dot."""
    parts: list[str] = []
    joins = False  # whether the next line continues the paragraph
    for line in text.splitlines():
        if RULE.match(line):
            joins = False
            continue
        sign = PART.match(line)
        words = _words_of(line[sign.end() :] if sign else line)
        if not words:
            continue
        if joins and not sign:
            parts[-1] += f" {words}"
        else:
            parts.append(words)
        joins = not (sign and sign["sign"].startswith("#"))
        if not joins and not words.endswith(ENDS):
            parts[-1] += ":"
    return "".join(
        part if at == len(parts) - 1 else part + (" " if part.endswith(ENDS) else BETWEEN)
        for at, part in enumerate(parts)
    )


def _words_of(line: str) -> str:
    """The words of one line. A placeholder keeps one pair of brackets: it says what is still missing."""
    line = PLACEHOLDER.sub("\x00\\1\x01", line)
    line = MARKS.sub("", LINK.sub(r"\1", line))
    line = ", ".join(cell for part in line.split("|") if (cell := part.strip()))
    return " ".join(line.replace("[", "").replace("]", "").replace("\x00", "[").replace("\x01", "]").split())


def _letters_alike() -> dict[str, str]:
    """For each letter a pattern of all that fold to it: ``a`` becomes ``[aàáâãäåāăą]``."""
    alike: dict[str, str] = {}
    for code in range(0xC0, 0x180):
        small = chr(code).lower()
        base = folded(small)
        if len(base) == 1 and base != small and small not in alike.get(base, ""):
            alike[base] = alike.get(base, base) + small
    alike["s"] += "ß"  # folds to two letters; a stem may end between them
    return {base: f"[{letters}]" for base, letters in alike.items()}


ALIKE = _letters_alike()


def _pattern(word: str) -> str:
    """Matches the folded word in a text as people write it; „ss“ also as „ß“, „ae“ also as „ä“."""
    escaped = "".join(ALIKE.get(letter, re.escape(letter)) for letter in word)
    double, e = ALIKE["s"] * 2, ALIKE["e"]
    escaped = escaped.replace(double, f"(?:{double}|ß)")
    for letter in "aou":
        escaped = escaped.replace(ALIKE[letter] + e, f"{ALIKE[letter]}{e}?")
    return escaped


@lru_cache(maxsize=256)
def _hits(parts: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where a word found begins, and the whole word: by its stem, or (from four letters) inside of a compound."""
    wanted = [folded(part) for part in parts]
    stems = "|".join(_pattern(part[: max(SHORTEST_PART, len(part) - ENDING)]) for part in wanted)
    inside = "|".join(_pattern(part) for part in wanted if len(part) >= SHORTEST_PART)
    begin, whole = rf"\b(?:{stems})", rf"\b(?:{stems})\w*"
    if inside:
        begin, whole = f"{begin}|{inside}", rf"{whole}|\b\w*?(?:{inside})\w*"
    return re.compile(begin, re.IGNORECASE), re.compile(whole, re.IGNORECASE)


def highlighted(text: str, words: Words) -> SafeString:
    """The text, escaped, with every word found in ``<mark>``."""
    return marked(text, _hits(words.parts)[1] if words.parts else None)


def _first(text: str, words: Words) -> int:
    """Where the first word found begins, or the start. Plain letters are looked for first: that is much quicker."""
    small = text.lower()
    places = [place for part in words.parts if (place := small.find(part.lower())) >= 0]
    if places:
        return min(places)
    found = _hits(words.parts)[0].search(text) if words.parts else None
    return found.start() if found else 0


def snippet(text: str, words: Words) -> SafeString:
    """About 240 characters of a plain text around the first word found, with every word found in ``<mark>``."""
    start = max(0, _first(text, words) - LEAD)
    if start:
        start = text.find(" ", start) + 1
    end = start + SNIPPET_LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LEAD)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return highlighted(f"{before}{text[start:end]}{after}", words)
