"""What changed between two versions of a text, line by line or word by word."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

KINDS = {"+ ": "new", "- ": "old", "  ": "same"}


class Line(NamedTuple):
    """A line and whether it is new, old (taken out) or the same."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Line]:
    """Changed lines with one line around each."""
    every = [
        Line(KINDS[line[:2]], line[2:])
        for line in difflib.ndiff(before.splitlines(), after.splitlines())
        if line[:2] in KINDS
    ]
    near = {at + step for at, line in enumerate(every) if line.kind != "same" for step in (-1, 0, 1)}
    return [line for at, line in enumerate(every) if at in near]


class Piece(NamedTuple):
    """Some words and whether they are new, old (taken out) or the same."""

    kind: str
    text: str


WORD = re.compile(r"\s+|\w+|[^\w\s]")
COMMON = 0.5  # of the words of the shorter text
KEPT_WORDS = 12  # around a change; the rest of a long stretch is left out


def compared_words(before: str, after: str) -> list[Piece]:
    """Changed words, with the words around them. Long stretches that are the same are shortened.

    Where little is left of the text, word by word would be a riddle: the whole old text, then the whole new one.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if before and after and _words_in_common(matcher, old) < COMMON * min(_words(old), _words(new)):
        return [Piece("old", before), Piece("new", after)]
    pieces: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [Piece("old", "".join(old[a:b]))] if b > a else []
        pieces += [Piece("new", "".join(new[c:d]))] if d > c else []
    last = len(pieces) - 1
    return [_shortened(piece, first=at == 0, last=at == last) for at, piece in enumerate(pieces)]


def _words(tokens: list[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _words_in_common(matcher: difflib.SequenceMatcher[str], old: list[str]) -> int:
    return sum(_words(old[block.a : block.a + block.size]) for block in matcher.get_matching_blocks())


def _shortened(piece: Piece, *, first: bool, last: bool) -> Piece:
    words = WORD.findall(piece.text)
    if piece.kind != "same" or len(words) <= 4 * KEPT_WORDS:
        return piece
    head = "" if first else "".join(words[: 2 * KEPT_WORDS])
    tail = "" if last else "".join(words[-2 * KEPT_WORDS :])
    return Piece("same", f"{head} … {tail}")
