"""Expressions of others become trees of ``questionnaire.conditions``; what has no counterpart is refused by name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import (
    MOST_NODES,
    Both,
    Compare,
    ConditionError,
    Constant,
    Either,
    Not,
    ValueOf,
    expression_from_json,
    expression_to_json,
)
from elbe_elster.participation.questionnaire.document import Kind

from .comparing import (
    TICKED,
    CountedBoxes,
    Length,
    Total,
    all_of,
    answer_compared,
    answers_compared,
    any_of,
    as_day,
    as_number,
    constants_compared,
    count_compared,
    inverse,
    length_compared,
    total_compared,
)
from .meanings import Meaning
from .parsing import Call, ExpressionError, Inverse, Literal, Name, Node, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from .comparing import Operand, Truth

    Lookup = Callable[[Name], Meaning]

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
SAME = {"intval", "floatval", "int", "number", "trim", "string", "normalize-space", "once", "htmlspecialchars"}
TOO_LARGE = "Die Bedingung ist zu groß oder zu tief verschachtelt."


def translate(node: Node, lookup: Lookup) -> Truth:
    """The tree, or True or False when it does not depend on answers. Raises ExpressionError."""
    found = _Translator(lookup).truth(node)
    if isinstance(found, bool):
        return found
    try:
        return expression_from_json(expression_to_json(found))
    except (ConditionError, RecursionError) as error:
        raise ExpressionError(TOO_LARGE) from error


def spine(node: Node, sign: str) -> list[Node]:
    """The parts of a chain of one sign, from left to right, however long."""
    parts: list[Node] = []
    while isinstance(node, Operation) and node.sign == sign:
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


class _Translator:
    """Turns one parsed expression into a tree."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def truth(self, node: Node) -> Truth:  # noqa: PLR0911 -- one for each shape
        """What is true or not."""
        match node:
            case Operation("and"):
                return all_of([self.truth(part) for part in spine(node, "and")])
            case Operation("or"):
                return any_of([self.truth(part) for part in spine(node, "or")])
            case Operation(sign, left, right) if sign in FLIPPED:
                return self.related(sign, left, right)
            case Inverse("not", inner):
                return inverse(self.truth(inner))
            case Literal(value):
                return bool(value) and value != "0"
            case Name():
                return self.has_value(node)
            case Call(name, arguments):
                return self.call(name, arguments)
        raise ExpressionError("Ein Rechenergebnis allein ist keine Bedingung.")

    def has_value(self, node: Name) -> Truth:
        """A bare name: answered, and not the number 0."""
        meaning = self.lookup(node)
        if meaning.kind is Kind.NUMBER and not meaning.gone:
            zero = Compare("=", ValueOf(meaning.question), Constant(Decimal(0)))
            return all_of([meaning.answered(), Not(zero)])
        return meaning.answered()

    def call(self, name: str, arguments: tuple[Node, ...]) -> Truth:  # noqa: C901, PLR0911 -- the white list
        """A function that is true or not."""
        match name.lower(), arguments:
            case "true", ():
                return True
            case "false", ():
                return False
            case "not", (inner,):
                return inverse(self.truth(inner))
            case "boolean" | "if" | "iif", _:
                return self.chosen(name.lower(), arguments)
            case "is_empty" | "empty", (Name() as inner,):
                return inverse(self.lookup(inner).answered())
            case "is_numeric", (Name() as inner,):
                meaning = self.lookup(inner)
                if meaning.kind is Kind.NUMBER:
                    return meaning.answered()
            case "selected", (Name() as inner, Literal(value)):
                return self.lookup(inner).selected(str(value))
            case (("count" | "countif" | "sum" | "count-selected" | "strlen" | "string-length"), _):
                return self.related(">", Call(name, arguments), Literal(Decimal(0)))
            case folded, (inner,) if folded in SAME:
                return self.truth(inner)
        raise ExpressionError(f"Die Funktion „{name}“ gibt es hier nicht.")

    def chosen(self, name: str, arguments: tuple[Node, ...]) -> Truth:
        """``boolean(x)`` and ``if(condition, x, y)``."""
        if name == "boolean" and len(arguments) == 1:
            return self.truth(arguments[0])
        if name == "boolean" or len(arguments) != 3:  # noqa: PLR2004 - condition, then, else
            raise ExpressionError(f"Die Funktion „{name}“ hat hier nicht die richtige Zahl von Angaben.")
        condition, then, otherwise = (self.truth(argument) for argument in arguments)
        return _small(any_of([all_of([condition, then]), all_of([inverse(condition), otherwise])]))

    # Comparisons --------------------------------------------------------------

    def related(self, sign: str, left: Node, right: Node) -> Truth:  # noqa: C901, PLR0911 -- one for each pair
        """Two things compared."""
        for one, other, direction in ((left, right, sign), (right, left, FLIPPED[sign])):
            if isinstance(one, Call) and one.name.lower() == "coalesce":
                return self.coalesced(direction, one, other)
            if isinstance(one, Call) and one.name.lower() in {"selected", "not", "is_empty", "boolean"}:
                return self.truth_compared(direction, one, other)
        first, second = self.operand(left), self.operand(right)
        if isinstance(first, Decimal | dt.date | str):
            first, second, sign = second, first, FLIPPED[sign]
        match first, second:
            case Meaning(), Meaning():
                return answers_compared(sign, first, second)
            case Meaning(), Decimal() | dt.date() | str():
                return answer_compared(sign, first, second)
            case CountedBoxes(), Decimal() | str():
                return count_compared(sign, first, as_number(second))
            case Total(), Decimal() | str():
                return total_compared(sign, first, as_number(second))
            case Length(), Decimal() | str():
                return length_compared(sign, first, as_number(second))
            case ((Decimal() | dt.date() | str()), (Decimal() | dt.date() | str())):
                return constants_compared(sign, first, second)
        raise ExpressionError("Diese beiden Angaben lassen sich hier nicht vergleichen.")

    def coalesced(self, sign: str, call: Call, other: Node) -> Truth:
        """``coalesce(x, 0) > 3``: the answer, or the constant when there is none."""
        match call.arguments:
            case (Name() as name, Literal() as instead):
                there = self.related(sign, name, other)
                missing = self.related(sign, instead, other)
                empty = inverse(self.lookup(name).answered())
                return _small(any_of([there, all_of([empty, missing])]))
        raise ExpressionError("„coalesce“ ist hier nur mit einem Feld und einem festen Wert möglich.")

    def truth_compared(self, sign: str, call: Call, other: Node) -> Truth:
        """``selected(x, 'a') = true()``."""
        wanted = self.truth(other) if isinstance(other, Call | Literal) else None
        if not isinstance(wanted, bool) or sign not in {"=", "!="}:
            raise ExpressionError("Diese beiden Angaben lassen sich hier nicht vergleichen.")
        found = self.truth(call)
        return found if wanted is (sign == "=") else inverse(found)

    def operand(self, node: Node) -> Operand:
        """One side of a comparison."""
        match node:
            case Literal(value):
                return value
            case Name():
                return self.lookup(node)
            case Inverse("-", Literal(Decimal() as number)):
                return -number
            case Operation("+" | "-"):
                return self.sum_of(node)
            case Call(name, arguments):
                return self.value_of_call(name, arguments)
        raise ExpressionError("Diese Rechnung gibt es hier nicht.")

    def value_of_call(self, name: str, arguments: tuple[Node, ...]) -> Operand:  # noqa: PLR0911 -- the white list
        """A function with a value."""
        match name.lower(), arguments:
            case "date" | "date-time" | "decimal-date-time", (Literal(str() as text),):
                return as_day(text)
            case "count-selected", (Name() as inner,):
                return CountedBoxes((self.lookup(inner),))
            case "count", _ if arguments:
                return CountedBoxes(self.names(arguments))
            case "countif", (Literal(value), *rest) if str(value).lower() in TICKED and rest:
                return CountedBoxes(self.names(tuple(rest)))
            case "sum", _ if arguments:
                return Total(self.names(arguments))
            case "strlen" | "string-length", (Name() as inner,):
                return Length(self.lookup(inner))
            case folded, (inner,) if folded in SAME:
                return self.operand(inner)
        raise ExpressionError(f"Die Funktion „{name}“ gibt es hier nicht.")

    def names(self, nodes: tuple[Node, ...]) -> tuple[Meaning, ...]:
        """Several names, nothing else."""
        found = []
        for node in nodes:
            if not isinstance(node, Name):
                raise ExpressionError("Hier sind nur Namen von Fragen möglich.")
            found.append(self.lookup(node))
        return tuple(found)

    def sum_of(self, node: Node) -> Total:
        """A chain of additions of answers and constants."""
        found: list[Meaning] = []
        beside = Decimal(0)
        for part in spine(node, "+"):
            match part:
                case Literal(Decimal() as number):
                    beside += number
                case Operation("-", left, Literal(Decimal() as number)) if isinstance(left, Name):
                    found.append(self.lookup(left))
                    beside -= number
                case (Name() as name) | Call("coalesce", (Name() as name, Literal(0))):
                    found.append(self.lookup(name))
                case _:
                    raise ExpressionError("Rechnungen sind hier nur als Summe von Antworten möglich.")
        return Total(tuple(found), beside)


def _small(found: Truth) -> Truth:
    """What is written twice must stay small. Raises ExpressionError."""
    if not isinstance(found, bool) and _size(found) > MOST_NODES:
        raise ExpressionError(TOO_LARGE)
    return found


def _size(found: Truth) -> int:
    match found:
        case Both(of) | Either(of):
            return 1 + sum(map(_size, of))
        case Not(inner):
            return 1 + _size(inner)
    return 1
