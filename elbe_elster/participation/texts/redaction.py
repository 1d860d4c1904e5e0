"""What in a text may tell who is meant: names, phone numbers, addresses. Suggestions; a person decides."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from .names import FIRST_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What was found; the value stands in its place in the quote."""

    NAME = "[Name]"
    PHONE = "[Telefonnummer]"
    MAIL = "[E-Mail-Adresse]"
    ADDRESS = "[Adresse]"
    ACCOUNT = "[Kontonummer]"
    PLATE = "[Kennzeichen]"


class Span(NamedTuple):
    """A part of the text, from ``start`` up to but not including ``end``."""

    start: int
    end: int
    kind: Kind


WORD = r"[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ]?[a-zäöüß]+)?"
PATTERNS = (
    (Kind.MAIL, re.compile(r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.IGNORECASE)),
    (Kind.ACCOUNT, re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")),
    (Kind.PHONE, re.compile(r"(?<![\w.,])(?:\+\d{1,3}|00\d{1,3}|\(?0)[\d \t/().–-]{5,20}\d(?![\w])")),
    (
        Kind.ADDRESS,
        re.compile(
            rf"\b(?:(?:Am|An der|An den|Im|In der|Zum|Zur|Alte|Neue|Lange|Kleine|Große) )?"
            rf"(?:{WORD}[ -]){{0,2}}(?:{WORD})?(?:[Ss]traße|[Ss]tr\.|[Ww]eg|[Gg]asse|[Pp]latz|[Aa]llee|[Rr]ing|[Uu]fer|[Dd]amm|[Ss]teig)"
            r" ?\d{1,4} ?[a-zA-Z]?\b"
        ),
    ),
    (Kind.PLATE, re.compile(r"\b[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}[EH]?\b")),
    (
        Kind.NAME,
        re.compile(
            rf"\b(?:Herrn?|Frau|Familie|Fam\.|Dr\.|Prof\.|Pfarrer|Pfarrerin|Bürgermeister|Bürgermeisterin|Doktor)"
            rf"(?: (?:Dr\.|Prof\.))*((?: (?:von|van|zu|de)(?: der| dem)?)?(?: {WORD}){{1,2}})"
        ),
    ),
)
PAIR = re.compile(rf"\b({WORD})((?: (?:von|van|zu|de))? {WORD})?")


def suggest(text: str) -> list[Span]:
    """What should perhaps not be published, in order, without overlaps."""
    found = sorted({*_by_patterns(text), *_by_first_names(text)}, key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in found:
        if kept and span.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            kept.append(span)
    return kept


def _by_patterns(text: str) -> Iterator[Span]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if kind is Kind.PHONE and sum(sign.isdigit() for sign in match[0]) < 6:  # noqa: PLR2004 - the shortest number
                continue
            start, end = match.span(1) if kind is Kind.NAME else match.span()
            yield Span(start + len(text[start:end]) - len(text[start:end].lstrip()), end, kind)


def _by_first_names(text: str) -> Iterator[Span]:
    for match in PAIR.finditer(text):
        if match[1] in FIRST_NAMES or match[1].split("-")[0] in FIRST_NAMES:
            yield Span(match.start(), match.end(), Kind.NAME)
        elif match[2] and match[2].strip() in FIRST_NAMES:
            yield Span(match.start(2) + 1, match.end(), Kind.NAME)


def redacted(text: str) -> str:
    """The text with every suggestion taken."""
    written, at = [], 0
    for span in suggest(text):
        written += [text[at : span.start], span.kind.value]
        at = span.end
    return "".join([*written, text[at:]])


class Piece(NamedTuple):
    """A part of a text to be shown; ``kind`` is empty where nothing was found."""

    text: str
    kind: str


def pieces(text: str) -> list[Piece]:
    """The text in parts, those that were found marked."""
    found, at = [], 0
    for span in suggest(text):
        found += [Piece(text[at : span.start], ""), Piece(text[span.start : span.end], span.kind.value.strip("[]"))]
        at = span.end
    return [piece for piece in [*found, Piece(text[at:], "")] if piece.text]
