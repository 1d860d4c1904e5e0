"""Conditions: one tree of plain values, read by the server, the browser, the editor, the paper form and the codebook.

As JSON a tree is nested objects, each with ``op``:

- ``{"op": "and" | "or", "of": [tree, …]}`` and ``{"op": "not", "of": tree}``
- ``{"op": "selected", "question": "q1", "option": "a", "item": "r1"}`` (``item`` for rows of a matrix only)
- ``{"op": "answered", "question": "q1", "item": "r1"}``
- ``{"op": "compare", "sign": "=" | "!=" | "<" | "<=" | ">" | ">=", "left": term, "right": term}``

A term is ``{"number": "12.5"}``, ``{"date": "2026-11-23"}``, ``{"text": "ja"}``, ``{"value": "q3"}`` (the number, date
or text that was answered; of a scale or choice the number of the option), ``{"count": "q2"}`` (how many options are
chosen) or ``{"sum": ["q3", "q4"]}`` (of the numbers that were answered).

Meaning: a question that is hidden, unanswered or answered with "keine Angabe" has no value. Comparing what has no
value is false, also with ``!=``; a count of nothing is 0; a sum of nothing has no value; different kinds of values
never compare. Texts compare for equality only, exactly, without blanks at the ends.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .answers import Given

SIGNS = ("=", "!=", "<", "<=", ">", ">=")
MOST_DEPTH = 20
MOST_NODES = 400


@dataclass(frozen=True)
class Both:
    """All of them hold."""

    of: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    """At least one of them holds."""

    of: tuple[Expression, ...]


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    of: Expression


@dataclass(frozen=True)
class Selected:
    """The option was chosen (in the row of the matrix)."""

    question: str
    option: str
    item: str = ""


@dataclass(frozen=True)
class Answered:
    """There is an answer (in the row of the matrix); "keine Angabe" is none."""

    question: str
    item: str = ""


@dataclass(frozen=True)
class Constant:
    """A number, a date or a text that stands in the condition."""

    value: Decimal | dt.date | str


@dataclass(frozen=True)
class ValueOf:
    """What was answered: a number, a date, a text, or the number of the one option chosen."""

    question: str


@dataclass(frozen=True)
class CountOf:
    """How many options are chosen."""

    question: str


@dataclass(frozen=True)
class SumOf:
    """The sum of the numbers answered."""

    questions: tuple[str, ...]


Term = Constant | ValueOf | CountOf | SumOf


@dataclass(frozen=True)
class Compare:
    """Two values in relation."""

    sign: str
    left: Term
    right: Term


Leaf = Selected | Answered | Compare
Expression = Both | Either | Not | Leaf


def holds(expression: Expression, answers: Mapping[str, Given]) -> bool:
    """Whether it is true of these answers, which must hold shown questions only."""
    match expression:
        case Both(of):
            return all(holds(part, answers) for part in of)
        case Either(of):
            return any(holds(part, answers) for part in of)
        case Not(inner):
            return not holds(inner, answers)
        case Selected(question, option, item):
            given = answers.get(question)
            return given is not None and option in (given.items.get(item, ()) if item else given.options)
        case Answered(question, item):
            given = answers.get(question)
            return given is not None and (bool(given.items.get(item)) if item else given.is_answer)
        case Compare(sign, left, right):
            return _related(sign, _value(left, answers), _value(right, answers))


def _value(term: Term, answers: Mapping[str, Given]) -> Decimal | dt.date | str | None:
    match term:
        case Constant(constant):
            return constant
        case ValueOf(question):
            given = answers.get(question)
            return None if given is None else given.value
        case CountOf(question):
            given = answers.get(question)
            return Decimal(0 if given is None else given.count)
        case SumOf(questions):
            numbers = [value for name in questions if isinstance(value := _value(ValueOf(name), answers), Decimal)]
            return sum(numbers, Decimal(0)) if numbers else None


def _related(sign: str, left: Decimal | dt.date | str | None, right: Decimal | dt.date | str | None) -> bool:
    if left is None or right is None or type(left) is not type(right):
        return False
    if sign in {"=", "!="}:
        return (left == right) is (sign == "=")
    if isinstance(left, str):
        return False
    less, same = left < right, left == right  # type: ignore[operator]  # of one type, see above
    return {"<": less, "<=": less or same, ">": not less and not same, ">=": not less}[sign]


def leaves(expression: Expression) -> Iterator[Leaf]:
    """The statements a tree is made of, in order, whatever joins or denies them."""
    match expression:
        case Both(of) | Either(of):
            for part in of:
                yield from leaves(part)
        case Not(inner):
            yield from leaves(inner)
        case Selected() | Answered() | Compare():
            yield expression


def with_leaves(expression: Expression, change: Callable[[Leaf], Expression]) -> Expression:
    """The same tree with every statement changed."""
    match expression:
        case Both(of):
            return Both(tuple(with_leaves(part, change) for part in of))
        case Either(of):
            return Either(tuple(with_leaves(part, change) for part in of))
        case Not(inner):
            return Not(with_leaves(inner, change))
        case Selected() | Answered() | Compare():
            return change(expression)


def questions_named(expression: Expression) -> Iterator[str]:
    """The codes of the questions it depends on, repeated as often as they stand in it."""
    for leaf in leaves(expression):
        match leaf:
            case Selected(question) | Answered(question):
                yield question
            case Compare(_, left, right):
                for term in (left, right):
                    yield from questions_of_term(term)


def questions_of_term(term: Term) -> tuple[str, ...]:
    """The questions a term reads, none for a constant."""
    match term:
        case ValueOf(question) | CountOf(question):
            return (question,)
        case SumOf(questions):
            return questions
    return ()


class ConditionError(ValueError):
    """The tree is not one we know."""


def expression_from_json(tree: Any) -> Expression:
    """Read a tree. Raises ConditionError for unknown shapes and for trees too deep or too large."""
    return _Reader().expression(tree, 0)


class _Reader:
    """Reads one tree and counts what it reads."""

    def __init__(self) -> None:
        self.nodes = 0

    def expression(self, tree: Any, depth: int) -> Expression:
        self.nodes += 1
        if depth > MOST_DEPTH or self.nodes > MOST_NODES:
            raise ConditionError("too deep or too large")
        match tree:
            case {"op": "and" | "or" as op, "of": [*parts]} if parts:
                read = tuple(self.expression(part, depth + 1) for part in parts)
                return Both(read) if op == "and" else Either(read)
            case {"op": "not", "of": inner}:
                return Not(self.expression(inner, depth + 1))
            case {"op": "selected", "question": str(question), "option": str(option)}:
                return Selected(question, option, _text(tree.get("item", "")))
            case {"op": "answered", "question": str(question)}:
                return Answered(question, _text(tree.get("item", "")))
            case {"op": "compare", "sign": str(sign), "left": left, "right": right} if sign in SIGNS:
                return Compare(sign, _term_from_json(left), _term_from_json(right))
        raise ConditionError("unknown shape")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ConditionError("no text")
    return value


def _term_from_json(term: Any) -> Term:
    match term:
        case {"number": str() | int() as number}:
            return Constant(_number(str(number)))
        case {"date": str(day)}:
            return Constant(_day(day))
        case {"text": str(text)}:
            return Constant(text.strip())
        case {"value": str(question)}:
            return ValueOf(question)
        case {"count": str(question)}:
            return CountOf(question)
        case {"sum": [*questions]} if questions:
            return SumOf(tuple(_text(question) for question in questions))
    raise ConditionError("unknown term")


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ConditionError("no number") from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise ConditionError("no number")
    return number


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ConditionError("no date") from error


def expression_to_json(expression: Expression) -> dict[str, Any]:
    """The tree as plain values."""
    match expression:
        case Both(of):
            return {"op": "and", "of": [expression_to_json(part) for part in of]}
        case Either(of):
            return {"op": "or", "of": [expression_to_json(part) for part in of]}
        case Not(inner):
            return {"op": "not", "of": expression_to_json(inner)}
        case Selected(question, option, item):
            found = {"op": "selected", "question": question, "option": option}
            return {**found, "item": item} if item else found
        case Answered(question, item):
            found = {"op": "answered", "question": question}
            return {**found, "item": item} if item else found
        case Compare(sign, left, right):
            return {"op": "compare", "sign": sign, "left": _term_to_json(left), "right": _term_to_json(right)}


def _term_to_json(term: Term) -> dict[str, Any]:
    match term:
        case Constant(Decimal() as number):
            return {"number": str(number)}
        case Constant(dt.date() as day):
            return {"date": day.isoformat()}
        case Constant(text):
            return {"text": text}
        case ValueOf(question):
            return {"value": question}
        case CountOf(question):
            return {"count": question}
        case SumOf(questions):
            return {"sum": list(questions)}
