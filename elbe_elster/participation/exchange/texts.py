"""Texts of others: HTML becomes Markdown of the portal's white list or plain text; nothing active survives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from elbe_elster.ui.markdown import is_safe_address
from elbe_elster.ui.xml import NOT_IN_XML

LONGEST_TEXT = 20_000  # characters of one text; longer ones are cut and said
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "section", "pre"}
TAGS = {*BLOCKS, "br", "strong", "b", "em", "i", "a", "li", "tr", "td", "th", "hr"}
ACTIVE = re.compile(r"<\s*/?\s*(script|iframe|object|embed|form|input|button|svg|style|link|meta)\b", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\s(on\w+\s*=|[^>]*(?:javascript|vbscript|data)\s*:)", re.IGNORECASE)
PICTURE = re.compile(r"<\s*(img|video|audio|picture|source)\b", re.IGNORECASE)
MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]\w*;")
PIPED = re.compile(r"\$\{[^{}\s]{1,200}\}|\{(?=\S)[^{}]{1,2000}(?<=\S)\}")
SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
LINE_START = re.compile(r"^(\s*)([#+-]|\d+\.)(?=\s)", re.MULTILINE)
TYPOGRAPHIC = {"–": "-", "\xa0": " ", "\u200b": "", "\ufeff": ""}


@dataclass
class CleanText:
    """A text that may be shown: its paragraphs as Markdown, and what was taken out of it."""

    blocks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def markdown(self) -> str:
        """All of it."""
        return "\n\n".join(self.blocks)

    @property
    def plain(self) -> str:
        """All of it in one line, without marks."""
        return " ".join(plain_of(self.markdown).split())


def clean_text(text: str, *, html: bool = True) -> CleanText:
    """The text without anything active. Answers that were piped into it become "…"."""
    found = CleanText()
    text = NOT_IN_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        found.notes.append("Der Text war zu lang und ist gekürzt.")
    if ACTIVE.search(text) or HANDLER.search(text):
        found.notes.append("Skripte, Formulare und eingebettete Seiten sind entfernt.")
    if PICTURE.search(text) or (not html and "![" in text):
        found.notes.append("Bilder und Filme sind entfernt.")
        text = re.sub(r"!\[([^\]]{0,300})\]\([^)]{0,500}\)", r"\1", text)
    if PIPED.search(text):
        found.notes.append("Der Text setzte frühere Antworten ein. An diesen Stellen steht jetzt „…“.")
        text = PIPED.sub("…", text)
    if html and MARKUP.search(text):
        found.blocks = _blocks_of_html(text)
    else:
        found.blocks = _blocks_of_text(text, marked=not html)
    return found


def one_line(text: str) -> str:
    """A text in one line, as plain words."""
    return clean_text(text).plain


def plain_of(markdown: str) -> str:
    """Markdown without its marks, for places that show plain words."""
    text = re.sub(r"(?<!\\)\[([^\]\n]{0,600})\]\([^)\n]{0,600}\)", r"\1", markdown)
    text = re.sub(r"(?<!\\)(\*\*|__|`)(?=\S)([^\n]{1,2000}?)(?<=[^\s\\])\1", r"\2", text)
    text = re.sub(r"(?<![\\\w*])([*_])(?=[^\s*_])([^\n*_]{1,2000})(?<=[^\s\\])\1(?!\w)", r"\2", text)
    text = re.sub(r"^ {0,3}(#{1,6}|>|-)\s+", "", text, flags=re.MULTILINE)
    return re.sub(r"\\([\\`*_\[\]<>|#+.\-])", r"\1", text)


def _blocks_of_text(text: str, *, marked: bool) -> list[str]:
    """Plain text of LimeSurvey, or Markdown with some HTML of XLSForm (``marked``)."""
    if marked:
        text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&nbsp;", " ")
        text = re.sub(r"\]\(\s*(?:javascript|vbscript|data):\S*", "]", text, flags=re.IGNORECASE)
    else:
        text = _escaped(text)
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]


def _blocks_of_html(text: str) -> list[str]:
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}},
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(cleaned)
    writer.close()
    return writer.finished()


def _escaped(text: str) -> str:
    return LINE_START.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", text))


class _Writer(HTMLParser):
    """Writes cleaned HTML as Markdown: paragraphs, lists, emphasis, links. Tables become lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.line: list[str] = []
        self.lists: list[int] = []  # 0 for bullets, otherwise the number of the next point
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag in {"li", "tr", "hr"}:
            self._break(joined=tag in {"li", "tr"})
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ul" else 1)
        elif tag == "li":
            self.line.append(self._mark())
        elif tag == "br":
            self.line.append("\n")
        elif tag in {"strong", "b"}:
            self.line.append("\0")
        elif tag in {"em", "i"}:
            self.line.append("\1")
        elif tag == "a":
            self._open_link(dict(attrs).get("href") or "")

    def _mark(self) -> str:
        depth = "  " * max(0, min(len(self.lists), 6) - 1)
        if not self.lists or not self.lists[-1]:
            return f"{depth}- "
        self.lists[-1] += 1
        return f"{depth}{self.lists[-1] - 1}. "

    def _open_link(self, address: str) -> None:
        safe = bool(address) and is_safe_address(address) and ":" in address and not re.search(r"[\s()<>\\]", address)
        self.links.append(address if safe else "")
        if safe:
            self.line.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"strong", "b"}:
            self.line.append("\0")
        elif tag in {"em", "i"}:
            self.line.append("\1")
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.line.append(f"]({address})" if address else "")
        elif tag in {"td", "th"}:
            self.line.append(" ")
        elif tag in BLOCKS or tag in {"li", "tr"}:
            self._break(joined=tag in {"li", "tr"})
            if tag in {"ul", "ol"} and self.lists:
                self.lists.pop()

    def handle_data(self, data: str) -> None:
        words = re.sub(
            r"\s+", " ", "".join(TYPOGRAPHIC.get(sign, sign) if sign in "\xa0\u200b\ufeff" else sign for sign in data)
        )
        self.line.append(_escaped(words) if self.line else _escaped(words.lstrip()))

    def _break(self, *, joined: bool) -> None:
        text = _emphasis("".join(self.line))
        self.line = []
        text = "\n".join(
            part.strip() if not re.match(r"\s*(-|\d+\.) ", part) else part.rstrip() for part in text.split("\n")
        ).strip("\n")
        if not plain_of(text).strip() or re.fullmatch(r"\s*(-|\d+\.)\s*", text):
            return
        is_point = bool(re.match(r"\s*(-|\d+\.) ", text)) and bool(self.lists)
        if self.blocks and (is_point or joined) and re.match(r"\s*(-|\d+\.) ", self.blocks[-1].split("\n")[-1] or ""):
            self.blocks[-1] += f"\n{text}"
        else:
            self.blocks.append(text)

    def finished(self) -> list[str]:
        """The paragraphs."""
        self._break(joined=False)
        return self.blocks


def _emphasis(text: str) -> str:
    """Bold (NUL) and italic (SOH) in pairs, tight around their words; what is left open is not marked."""
    for sign, mark in (("\0", "**"), ("\1", "*")):
        parts = text.split(sign)
        text = parts[0]
        for place, part in enumerate(parts[1:], start=1):
            inner = part.strip(" \n")
            if place % 2 and inner and place < len(parts) - 1 and "\n" not in inner:
                before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
                text += f"{before}{mark}{inner}{mark}{after}"
            else:
                text += part
    return text
