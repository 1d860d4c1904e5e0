"""Reads expressions of LimeSurvey and XLSForm into one small tree. A white list: nothing is ever evaluated.

Both languages have the same grammar but for their words; each gives its own scanner. What the scanner or the grammar
does not know is an ExpressionError with a sentence for people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 4000  # characters
MOST_TOKENS = 1500
MOST_DEPTH = 40
LONGEST_NUMBER = 30


class ExpressionError(ValueError):
    """An expression that cannot be taken over; the text is one sentence for people."""


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str
    suffix: str = ""


@dataclass(frozen=True)
class Literal:
    """A number or a text."""

    value: Decimal | str


@dataclass(frozen=True)
class Call:
    """A function."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Operation:
    """Two things joined by ``and or = != < <= > >= + - * / mod``."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Inverse:
    """``not`` or a minus before something."""

    sign: str
    of: Node


Node = Name | Literal | Call | Operation | Inverse


@dataclass(frozen=True)
class Token:
    """A word of the expression; ``kind`` is ``number``, ``text``, ``name``, ``call``, ``sign`` or ``end``."""

    kind: str
    text: str


PRECEDENCE = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "mod": 6,
}
ALIASES = {
    "eq": "=",
    "==": "=",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "&&": "and",
    "||": "or",
    "!": "not",
    "div": "/",
    "%": "mod",
}

LIME = re.compile(
    r"""(?P<blank>\s+)
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>(?:TOKEN|TOKEN:|INSERTANS:|self|that|this)?[A-Za-z0-9_:]+(?:\.[A-Za-z0-9_]+)*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[()<>!,+\-*/%=])""",
    re.VERBOSE,
)
XPATH = re.compile(
    r"""(?P<blank>\s+)
    |(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<field>\$\{\s*[\w.\-:]+\s*\})
    |(?P<self>\.(?![.\d/]))
    |(?P<name>[A-Za-z_][\w\-]*(?::[A-Za-z_][\w\-]*)?)
    |(?P<sign>!=|<=|>=|[()<>,+\-*=])""",
    re.VERBOSE,
)
WORDS_LIME = {"and", "or", "eq", "ne", "lt", "le", "gt", "ge"}
WORDS_XPATH = {"and", "or", "div", "mod"}
CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "\xa0": " "})


def parse_lime(text: str) -> Node:
    """Read an expression of LimeSurvey (with or without braces around it). Raises ExpressionError."""
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    return _Parser(_scan(text, _lime_token, LIME)).whole()


def parse_xpath(text: str) -> Node:
    """Read an expression of XLSForm. Typographic quotes count as straight ones. Raises ExpressionError."""
    return _Parser(_scan(text.translate(CURLY), _xpath_token, XPATH)).whole()


def has_curly_quotes(text: str) -> bool:
    """Whether a word processor has been at the quotes."""
    return text.translate(CURLY).replace("\xa0", " ") != text.replace("\xa0", " ")


def _scan(text: str, token_of: Callable[[re.Match[str], list[Token]], Token], signs: re.Pattern[str]) -> list[Token]:
    if len(text) > LONGEST:
        raise ExpressionError("Die Bedingung ist zu lang.")
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        found = signs.match(text, place)
        if not found:
            raise ExpressionError(f"Das Zeichen „{text[place]}“ an Stelle {place + 1} ist hier unbekannt.")
        place = found.end()
        if found.lastgroup != "blank":
            tokens.append(token_of(found, tokens))
        if len(tokens) > MOST_TOKENS:
            raise ExpressionError("Die Bedingung ist zu lang.")
    if not tokens:
        raise ExpressionError("Die Bedingung ist leer.")
    return [*tokens, Token("end", "")]


def _lime_token(found: re.Match[str], _before: list[Token]) -> Token:
    kind, text = found.lastgroup or "", found.group()
    if kind == "name" and text.lower() in WORDS_LIME:
        return Token("sign", ALIASES.get(text.lower(), text.lower()))
    if kind == "sign" and text == "=":
        raise ExpressionError("Eine Zuweisung („=“) ist keine Bedingung.")
    return _plain_token(found, kind, text)


def _xpath_token(found: re.Match[str], before: list[Token]) -> Token:
    kind, text = found.lastgroup or "", found.group()
    if kind == "field":
        return Token("name", text[2:-1].strip())
    if kind == "self":
        return Token("name", ".")
    after_value = bool(before) and (before[-1].kind in {"name", "number", "text"} or before[-1].text == ")")
    if kind == "name" and text in WORDS_XPATH and after_value:
        return Token("sign", ALIASES.get(text, text))
    if kind == "name" and found.string[found.end() :].lstrip()[:1] != "(":
        raise ExpressionError(f"„{text}“ ist kein bekannter Name. Felder stehen als ${{name}}.")
    return _plain_token(found, kind, text)


def _plain_token(found: re.Match[str], kind: str, text: str) -> Token:
    if kind == "text":
        return Token("text", text[1:-1])
    if kind == "sign":
        return Token("sign", ALIASES.get(text, text))
    if kind == "number" and len(text) > LONGEST_NUMBER:
        raise ExpressionError("Eine Zahl ist zu lang.")
    if kind == "name" and found.string[found.end() :].lstrip()[:1] == "(":
        return Token("call", text)
    return Token(kind, text)


class _Parser:
    """Climbs by precedence; counts how deep it is."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def whole(self) -> Node:
        """The whole expression; nothing may follow."""
        found = self.expression(0, 0)
        if self._now.kind != "end":
            raise ExpressionError(f"„{self._now.text}“ steht an einer Stelle, an der es nichts bedeutet.")
        return found

    @property
    def _now(self) -> Token:
        return self.tokens[self.place]

    def _next(self) -> Token:
        token = self._now
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def expression(self, least: int, depth: int) -> Node:
        """What binds tighter than ``least``."""
        if depth > MOST_DEPTH:
            raise ExpressionError("Die Bedingung ist zu tief verschachtelt.")
        left = self.single(depth + 1)
        while self._now.kind == "sign" and PRECEDENCE.get(self._now.text, 0) > least:
            sign = self._next().text
            left = Operation(sign, left, self.expression(PRECEDENCE[sign], depth + 1))
        return left

    def single(self, depth: int) -> Node:  # noqa: PLR0911 -- one for each kind of token
        """One thing: a value, a call, something in brackets or something inverted."""
        token = self._next()
        if token.kind == "number":
            return Literal(Decimal(token.text))
        if token.kind == "text":
            return Literal(token.text)
        if token.kind == "name":
            return _name(token.text)
        if token.kind == "call":
            return Call(token.text, self._arguments(depth))
        if token.text in {"not", "-"}:
            return Inverse(token.text, self.expression(6, depth + 1))
        if token.text == "+":
            return self.expression(6, depth + 1)
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self._expect(")")
            return inner
        raise ExpressionError("Die Bedingung bricht ab oder hat ein Zeichen zu viel.")

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        self._expect("(")
        found: list[Node] = []
        if self._now.text == ")" and self._now.kind == "sign":
            self._next()
            return ()
        while True:
            found.append(self.expression(0, depth + 1))
            if self._now.kind == "sign" and self._now.text == ",":
                self._next()
                continue
            self._expect(")")
            return tuple(found)

    def _expect(self, sign: str) -> None:
        token = self._next()
        if token.kind != "sign" or token.text != sign:
            raise ExpressionError(f"Es fehlt „{sign}“.")


def _name(text: str) -> Node:
    """A name with its suffix apart: ``Q1.NAOK`` is ``Q1`` and ``naok``."""
    if text == "." or "." not in text:
        return Name(text)
    first, _dot, last = text.rpartition(".")
    return Name(first, last.lower())
