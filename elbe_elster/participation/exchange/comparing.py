"""Comparisons of files as trees: what two answers, or an answer and a constant, say in terms of the portal."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import (
    Both,
    Compare,
    Constant,
    CountOf,
    Either,
    Not,
    SumOf,
    ValueOf,
)
from elbe_elster.participation.questionnaire.document import Kind

from .meanings import Meaning
from .parsing import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from elbe_elster.participation.questionnaire.conditions import Expression

    Truth = Expression | bool

MOST_BOXES = 6  # whose number ticked is written out, combination by combination
BLANK = ("", " ")
TICKED, UNTICKED = {"y", "1", "yes", "true"}, {"n", "0", "no", "false"}
AT_ALL = {(">", Decimal(0)), (">=", Decimal(1)), ("!=", Decimal(0))}
NONE_AT_ALL = {("=", Decimal(0)), ("<", Decimal(1)), ("<=", Decimal(0))}


@dataclass(frozen=True)
class CountedBoxes:
    """How many of these have an answer."""

    of: tuple[Meaning, ...]


@dataclass(frozen=True)
class Total:
    """The sum of numbers answered, and a number beside it."""

    of: tuple[Meaning, ...]
    beside: Decimal = Decimal(0)


@dataclass(frozen=True)
class Length:
    """How long a text is."""

    of: Meaning


Operand = Meaning | CountedBoxes | Total | Length | Decimal | dt.date | str


def all_of(parts: Sequence[Truth]) -> Truth:
    """All of them, flat and without what is always true."""
    if any(part is False for part in parts):
        return False
    kept: list[Expression] = []
    for part in parts:
        if not isinstance(part, bool):
            kept += part.of if isinstance(part, Both) else [part]
    kept = list(dict.fromkeys(kept))
    return Both(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else True)


def any_of(parts: Sequence[Truth]) -> Truth:
    """At least one of them, flat and without what is never true."""
    if any(part is True for part in parts):
        return True
    kept: list[Expression] = []
    for part in parts:
        if not isinstance(part, bool):
            kept += part.of if isinstance(part, Either) else [part]
    kept = list(dict.fromkeys(kept))
    return Either(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else False)


def inverse(part: Truth) -> Truth:
    """The opposite."""
    if isinstance(part, bool):
        return not part
    return part.of if isinstance(part, Not) else Not(part)


def answers_compared(sign: str, first: Meaning, second: Meaning) -> Truth:
    """Two questions."""
    first.must_be_there()
    second.must_be_there()
    if first.is_choice and second.is_choice and sign in {"=", "!="}:
        common = [code for code in first.options if code in second.options]
        same = any_of([all_of([first.selected(code), second.selected(code)]) for code in common])
        return same if sign == "=" else inverse(same)
    plain = {Kind.NUMBER, Kind.DATE, Kind.SHORT_TEXT, Kind.LONG_TEXT}
    if first.is_box or second.is_box or first.kind not in plain or second.kind not in plain:
        raise ExpressionError("Diese beiden Fragen lassen sich hier nicht vergleichen.")
    if first.is_text and sign not in {"=", "!="}:
        raise ExpressionError("Texte lassen sich nur auf Gleichheit vergleichen.")
    return _unless(sign, ValueOf(first.question), ValueOf(second.question))


def _unless(sign: str, left: ValueOf, right: Constant | ValueOf) -> Truth:
    """A comparison; „ungleich“ also holds when nothing was answered, as it does in the files."""
    return Not(Compare("=", left, right)) if sign == "!=" else Compare(sign, left, right)


def answer_compared(sign: str, meaning: Meaning, value: Decimal | dt.date | str) -> Truth:
    """A question and a constant."""
    meaning.must_be_there()
    if isinstance(value, str) and value in BLANK:
        if sign in {"=", "!=", ">"}:
            return inverse(meaning.answered()) if sign == "=" else meaning.answered()
        raise ExpressionError("Mit „leer“ lässt sich nur auf Gleichheit vergleichen.")
    if meaning.beside:
        raise ExpressionError("Der Text neben einer Antwort lässt sich hier nicht vergleichen.")
    if meaning.is_box:
        return _box(sign, meaning, str(value).lower())
    if meaning.is_choice:
        return _choice(sign, meaning, value)
    if meaning.kind is Kind.NUMBER:
        return _unless(sign, ValueOf(meaning.question), Constant(as_number(value)))
    if meaning.kind is Kind.DATE:
        return _unless(
            sign, ValueOf(meaning.question), Constant(value if isinstance(value, dt.date) else as_day(value))
        )
    if meaning.is_text and sign in {"=", "!="}:
        return _unless(sign, ValueOf(meaning.question), Constant(str(value).strip()))
    raise ExpressionError(f"„{meaning.question}“ lässt sich so nicht vergleichen.")


def _box(sign: str, meaning: Meaning, value: str) -> Truth:
    if sign not in {"=", "!="} or value not in TICKED | UNTICKED:
        if sign in {">", ">="} and value in {"0", "1"}:
            return meaning.answered()
        raise ExpressionError("Ein Kästchen ist nur angekreuzt oder nicht.")
    return meaning.answered() if (value in TICKED) is (sign == "=") else inverse(meaning.answered())


def _choice(sign: str, meaning: Meaning, value: Decimal | dt.date | str) -> Truth:
    """A choice compared with a code; an order of codes is written out option by option."""
    if sign in {"=", "!="}:
        found: Truth = meaning.selected(_code(meaning, value))
        if meaning.kind is Kind.MULTIPLE:
            found = all_of([found, Compare("=", CountOf(meaning.question), Constant(Decimal(1)))])
        return found if sign == "=" else inverse(found)
    bound = as_number(value)
    fitting = []
    for code in meaning.options:
        try:
            number = Decimal(code)
        except InvalidOperation as error:
            if code in {"-oth-", "other"}:
                continue
            raise ExpressionError(
                "Die Kürzel der Antworten sind keine Zahlen; größer und kleiner gibt es nicht."
            ) from error
        if constants_compared(sign, number, bound):
            fitting.append(meaning.selected(code))
    return any_of(fitting)


def _code(meaning: Meaning, value: Decimal | dt.date | str) -> str:
    """The code as it stands in the file, also where one of the two is written as 1.0 or 01."""
    text = str(value)
    if text in meaning.options:
        return text
    for code in meaning.options:
        try:
            if Decimal(code) == Decimal(text):
                return code
        except InvalidOperation:
            continue
    return text


def count_compared(sign: str, boxes: CountedBoxes, number: Decimal) -> Truth:
    """How many are ticked, and a number."""
    for meaning in boxes.of:
        meaning.must_be_there()
    if len(boxes.of) == 1 and not boxes.of[0].is_box:
        return Compare(sign, CountOf(boxes.of[0].question), Constant(number))
    whole = {meaning.question for meaning in boxes.of}
    ticked = {meaning.option for meaning in boxes.of if meaning.is_box and not meaning.item}
    if len(whole) == 1 and ticked and ticked == set(boxes.of[0].options.values()):
        return Compare(sign, CountOf(boxes.of[0].question), Constant(number))
    parts = list(dict.fromkeys(meaning.answered() for meaning in boxes.of))
    if (sign, number) in AT_ALL:
        return any_of(parts)
    if len(parts) > MOST_BOXES:
        raise ExpressionError("So viele Antworten lassen sich hier nicht einzeln zählen.")
    return any_of(
        [
            all_of([part if place in ticked_places else inverse(part) for place, part in enumerate(parts)])
            for size in range(len(parts) + 1)
            if constants_compared(sign, Decimal(size), number)
            for ticked_places in map(set, itertools.combinations(range(len(parts)), size))
        ]
    )


def total_compared(sign: str, total: Total, number: Decimal) -> Truth:
    """A sum and a number."""
    for meaning in total.of:
        meaning.must_be_there()
        counts = meaning.kind is Kind.SCALE and all(code == str(place) for code, place in meaning.numbers.items())
        if meaning.is_box or meaning.item or (meaning.kind is not Kind.NUMBER and not counts):
            raise ExpressionError("Zusammenzählen lassen sich hier nur Zahlen.")
    if not total.of:
        return constants_compared(sign, total.beside, number)
    compared = Compare(
        "=" if sign == "!=" else sign, SumOf(tuple(m.question for m in total.of)), Constant(number - total.beside)
    )
    return Not(compared) if sign == "!=" else compared


def length_compared(sign: str, length: Length, number: Decimal) -> Truth:
    """The length of a text and a number."""
    if (sign, number) in AT_ALL:
        return length.of.answered()
    if (sign, number) in NONE_AT_ALL:
        return inverse(length.of.answered())
    raise ExpressionError("Die Länge eines Textes lässt sich hier nicht vergleichen.")


def constants_compared(sign: str, left: Decimal | dt.date | str, right: Decimal | dt.date | str) -> bool:
    """Two constants. What looks like a number is one; texts have no order."""
    left, right = _plain(left), _plain(right)
    if sign in {"=", "!="}:
        return (left == right) is (sign == "=")
    if type(left) is not type(right) or isinstance(left, str):
        return False
    less = left < right  # type: ignore[operator]  # of one type, see above
    return {"<": less, "<=": less or left == right, ">": not less and left != right, ">=": not less}[sign]


def _plain(value: Decimal | dt.date | str) -> Decimal | dt.date | str:
    try:
        return as_number(value)
    except ExpressionError:
        return value


def as_number(value: Decimal | dt.date | str) -> Decimal:
    """A number. Raises ExpressionError."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ExpressionError(f"„{value}“ ist keine Zahl.") from error
    if not number.is_finite():
        raise ExpressionError(f"„{value}“ ist keine Zahl.")
    return number


def as_day(value: Decimal | dt.date | str) -> dt.date:
    """A day. Raises ExpressionError."""
    try:
        return dt.date.fromisoformat(str(value).strip()[:10])
    except ValueError as error:
        raise ExpressionError(f"„{value}“ ist kein Datum.") from error
