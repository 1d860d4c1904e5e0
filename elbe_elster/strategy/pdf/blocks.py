"""Words as data: what a paper is made of. Blocks stand below each other, inlines in a line.

A block or inline is a dictionary with ``t`` (what it is); ``templates/blocks.typ`` draws each. Letters that the fonts do
not have are replaced, because PDF/UA allows no letter that cannot be shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache as kept
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.utils.translation import gettext

from elbe_elster.strategy.pdf.press import PressError, fonts
from elbe_elster.ui.drawings import icons
from elbe_elster.ui.markdown import is_safe_address, parse_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

    from elbe_elster.strategy.models import ActionField

Data: TypeAlias = dict[str, Any]
LIKENESSES = {"\u2011": "-", "\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0", "\u2028": "\n", "\u2029": "\n"}
UNKNOWN = "\u00bf"  # stands for a letter that cannot be printed
CONTROLS = {"Cc", "Cf", "Cs", "Co", "Cn"}
LINE = 60  # letters; a new paragraph takes the room of most of a line
DEEPEST = 6  # lists in lists; whoever nests deeper gets paragraphs
FIELD_HUES = ("#1d5fae", "#6a4aa6", "#b0470f", "#2f7434", "#806000", "#ad2f69", "#6b5341")


def printable(text: object) -> str:
    """The text in letters the fonts have: likenesses where there are some, no controls, a mark for the rest."""
    words = unicodedata.normalize("NFC", str(text or ""))
    known = letters()
    if known.issuperset(words):
        return words
    return "".join(letter if letter in known or letter in "\n\u00ad" else _likeness(letter, known) for letter in words)


def _likeness(letter: str, known: frozenset[str]) -> str:
    if letter in LIKENESSES:
        return LIKENESSES[letter]
    if letter == "\t":
        return " "
    if unicodedata.category(letter) in CONTROLS:
        return ""
    simpler = "".join(part for part in unicodedata.normalize("NFKD", letter) if part in known)
    return simpler or UNKNOWN


@kept
def letters() -> frozenset[str]:
    """Every letter the fonts have. Raises PressError where the look is not built."""
    try:
        known = (fonts() / "letters.txt").read_text(encoding="utf-8")
    except OSError as error:
        raise PressError("Die Schriften für den Druck fehlen; „make run“ baut sie.") from error
    return frozenset(letter for letter in known if unicodedata.category(letter) not in CONTROLS)


# Inlines -----------------------------------------------------------------------


def text(words: object) -> Data:
    """Plain words."""
    return {"t": "text", "v": printable(words)}


def strong(words: object) -> Data:
    """Words in the heavier cut."""
    return {"t": "strong", "c": [text(words)]}


def small(words: object) -> Data:
    """A second line below, smaller and paler."""
    return {"t": "small", "c": [text(words)]}


def link(address: str, words: object) -> Data:
    """Words that lead on. An address that may lead anywhere else than to a page or a mailbox is dropped."""
    if not address or not is_safe_address(address):
        return text(words)
    whole = f"{settings.BASE_URL}{address}" if address.startswith("/") else address
    return {"t": "link", "to": printable(whole), "c": [text(words)]}


def mail(address: str) -> Data:
    """A mail address that opens a letter."""
    return link(f"mailto:{address}", address)


def meter(step: int, most: int) -> Data:
    """Squares, filled up to the step. The word stands beside them."""
    return {"t": "meter", "on": step, "of": most}


def look(kind: str, words: object) -> Data:
    """A word with its sign: ``good``, ``late``, ``risk``, ``rest`` or ``open``."""
    return {"t": "look", "look": kind, "v": printable(words)}


def field_mark(field: ActionField) -> Data:
    """Sign and name of an action field."""
    return {"t": "field", "svg": field_sign(field), "v": printable(field.name)}


def field_sign(field: ActionField) -> str:
    """The sign of the field as a drawing in its hue."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="2" stroke-linecap="round" '
        f'stroke-linejoin="round" stroke="{FIELD_HUES[field.colour - 1]}">{icons()[field.icon]}</svg>'
    )


def example() -> Data:
    """The mark of example content."""
    return {"t": "example", "v": gettext("Beispiel")}


# Blocks ------------------------------------------------------------------------


def paragraph(*inlines: Data) -> Data:
    """One paragraph."""
    return {"t": "p", "c": list(inlines)}


def bullets(items: Iterable[Sequence[Data]]) -> Data:
    """A list of lines."""
    return {"t": "ul", "items": [[paragraph(*item)] for item in items]}


def table(head: Sequence[str], rows: Iterable[Sequence[Sequence[Data]]], widths: Sequence[str], *, name: str) -> Data:
    """A table with a head row. ``widths`` are ``auto`` or shares (``2fr``); ``name`` is read aloud before it."""
    cells = [[list(cell) for cell in row] for row in rows]
    return {"t": "table", "head": [printable(word) for word in head], "rows": cells, "widths": list(widths), "name": printable(name)}  # fmt: skip


def section(title: str, blocks: Sequence[Data], *, note: str = "") -> Data | None:
    """A titled part with what the margin says about it; nothing where there is nothing to say."""
    return {"title": printable(title), "note": printable(note), "blocks": list(blocks)} if blocks else None


def shown(sections: Iterable[Data | None]) -> list[Data]:
    """Those that have something to say."""
    return [part for part in sections if part]


# Markdown ----------------------------------------------------------------------


def markdown(source: str | None, *, limit: int | None = None) -> list[Data]:
    """Blocks of a Markdown text. With a ``limit`` (letters) it ends at the last whole sentence before and „…“."""
    if not source:
        return []
    blocks, plain = _read(source)
    if limit is None or len(plain) + LINE * (len(blocks) - 1) <= limit:
        return blocks
    return [paragraph(text(_cut(plain, limit)))]


@lru_cache(maxsize=256)
def _read(source: str) -> tuple[list[Data], str]:
    """The blocks of a text and its words without them. Kept, because a paper asks for several lengths in a row."""
    blocks = _Reader(parse_markdown(source)).blocks(0)
    return blocks, _plain(blocks)


def _cut(words: str, limit: int) -> str:
    short = words[:limit]
    end = max(short.rfind(mark) for mark in (". ", "! ", "? "))
    return f"{short[: end + 1]} …" if end > limit // 2 else f"{short.rsplit(' ', 1)[0]} …"


def _plain(nodes: Iterable[Data]) -> str:
    said = (_words(node) for node in nodes)
    return re.sub(r"\s+", " ", " ".join(part for part in said if part)).strip()


def _words(node: Data) -> str:
    if "v" in node:
        return str(node["v"])
    if node["t"] == "br":
        return " "
    if "c" in node:
        return (" " if node["t"] == "quote" else "").join(map(_words, node["c"]))
    items = node.get("items", [])
    rows = node.get("rows", [])
    return " ".join([*(_plain(item) for item in items), *(_plain(cell) for row in rows for cell in row)])


class _Reader:
    """Walks along the tokens of markdown-it and gives them back as a tree."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = iter(tokens)

    def blocks(self, depth: int) -> list[Data]:
        """Everything up to the end of what was opened last."""
        found: list[Data] = []
        for token in self.tokens:
            if token.nesting < 0:
                break
            found.extend(self._block(token, depth))
        return found

    def _block(self, token: Token, depth: int) -> list[Data]:
        kind = token.type
        if kind == "table_open":
            return self._table()
        if kind in ("bullet_list_open", "ordered_list_open"):
            return self._items(token, depth)
        if token.nesting == 0:
            return [_leaf(token)]
        inner = self.blocks(depth + 1)
        if kind == "heading_open":
            return [{"t": "h", "c": part["c"]} for part in inner if _plain(part["c"])]
        return [{"t": "quote", "c": inner}] if kind == "blockquote_open" and depth < DEEPEST else inner

    def _items(self, opened: Token, depth: int) -> list[Data]:
        items = []
        for token in self.tokens:
            if token.nesting < 0:
                break
            items.append(self.blocks(depth + 1))
        if depth >= DEEPEST:
            return [block for item in items for block in item]
        ordered = opened.type == "ordered_list_open"
        start = min(int(opened.attrGet("start") or 1), 9999) if ordered else 1
        return [{"t": "ol" if ordered else "ul", "items": items, "start": start}]

    def _table(self) -> list[Data]:
        rows: list[list[list[Data]]] = []
        for token in self.tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_inlines(token.children or []))
        head, *body = rows
        names = [_plain(cell) for cell in head]
        return [table(names, body, ["1fr"] * len(names), name=gettext("Tabelle"))] if names else []


def _leaf(token: Token) -> Data:
    if token.type == "hr":
        return {"t": "hr"}
    if token.type in ("fence", "code_block"):
        return {"t": "pre", "v": printable(token.content.rstrip())}
    return {"t": "p", "c": _inlines(token.children or [])}


def _inlines(tokens: Iterable[Token]) -> list[Data]:
    """The tree of one line."""
    root: list[Data] = []
    open_nodes: list[list[Data]] = [root]
    for token in tokens:
        if token.nesting > 0:
            node = _opened(token)
            open_nodes[-1].append(node)
            open_nodes.append(node["c"])
        elif token.nesting < 0:
            open_nodes.pop()
        elif token.type == "code_inline":
            open_nodes[-1].append({"t": "code", "v": printable(token.content)})
        elif token.type == "hardbreak":
            open_nodes[-1].append({"t": "br"})
        elif token.type == "softbreak":
            open_nodes[-1].append({"t": "text", "v": " "})
        else:  # text; of a picture, its description
            open_nodes[-1].append(text(token.content))
    return root


def _opened(token: Token) -> Data:
    if token.type == "link_open":
        address = str(token.attrGet("href") or "")
        if is_safe_address(address):
            whole = f"{settings.BASE_URL}{address}" if address.startswith("/") else address
            return {"t": "link", "to": printable(whole), "c": []}
    return {"t": {"strong_open": "strong", "em_open": "em"}.get(token.type, "span"), "c": []}
