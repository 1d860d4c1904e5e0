"""The column „constraint“: plain bounds become bounds, everything else is given back to be reported."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from elbe_elster.participation.questionnaire.document import MANY_OPTIONS, TEXTS, Kind

from .parsing import Call, Inverse, Literal, Name, Node, Operation, parse_xpath
from .translation import FLIPPED, spine

OWN = Name(".")
LARGEST = Decimal(10) ** 10


@dataclass
class Rule:
    """What a constraint says: bounds, days, codes that stand alone; ``left`` counts what was not understood."""

    least: Decimal | None = None
    most: Decimal | None = None
    earliest: str = ""
    latest: str = ""
    alone: list[str] = field(default_factory=list)
    left: int = 0
    loosened: bool = False

    def at_least(self, number: Decimal) -> None:
        """The higher of two lower bounds counts."""
        self.least = number if self.least is None else max(self.least, number)

    def at_most(self, number: Decimal) -> None:
        """The lower of two upper bounds counts."""
        self.most = number if self.most is None else min(self.most, number)


def read_rule(text: str, kind: Kind, *, whole: bool) -> Rule:
    """What a constraint says about a question of this kind; ``whole`` numbers have no decimals. Raises ExpressionError."""
    rule = Rule()
    for part in spine(parse_xpath(text), "and"):
        if not _understood(part, rule, kind, whole=whole):
            rule.left += 1
    return rule


def _understood(part: Node, rule: Rule, kind: Kind, *, whole: bool) -> bool:
    match part:
        case Operation(sign, left, right) if sign in FLIPPED:
            if _measured(right, kind):
                left, right, sign = right, left, FLIPPED[sign]
            return _measured(left, kind) and _bound(sign, _constant(right), rule, kind, whole=whole)
        case Call("not", (inner,)) | Inverse("not", inner):
            return _alone(inner, rule)
    return False


def _measured(node: Node, kind: Kind) -> bool:
    """Whether the bounds of this kind are about that."""
    if kind in TEXTS:
        return node == Call("string-length", (OWN,))
    if kind in MANY_OPTIONS:
        return node == Call("count-selected", (OWN,))
    return node == OWN


def _constant(node: Node) -> Decimal | dt.date | None:
    match node:
        case Literal(Decimal() as number) if abs(number) < LARGEST:
            return number
        case Inverse("-", Literal(Decimal() as number)) if abs(number) < LARGEST:
            return -number
        case Call("date", (Literal(str() as text),)) | Literal(str() as text):
            try:
                return dt.date.fromisoformat(text.strip())
            except ValueError:
                return None
    return None


def _bound(sign: str, value: Decimal | dt.date | None, rule: Rule, kind: Kind, *, whole: bool) -> bool:
    if isinstance(value, dt.date):
        return kind is Kind.DATE and _day(sign, value, rule)
    if value is None or kind is Kind.DATE or sign == "!=":
        return False
    strict = sign in {"<", ">"}
    if strict and not whole and kind is Kind.NUMBER:
        rule.loosened = True
    step = Decimal(1) if strict and (whole or kind is not Kind.NUMBER) else Decimal(0)
    if sign in {">", ">=", "="}:
        rule.at_least(value + step)
    if sign in {"<", "<=", "="}:
        rule.at_most(value - step)
    return True


def _day(sign: str, value: dt.date, rule: Rule) -> bool:
    one = dt.timedelta(days=1 if sign in {"<", ">"} else 0)
    if sign in {">", ">=", "="}:
        rule.earliest = (value + one).isoformat()
    if sign in {"<", "<=", "="}:
        rule.latest = (value - one).isoformat()
    return sign != "!="


def _alone(inner: Node, rule: Rule) -> bool:
    """``not(selected(., 'none') and count-selected(.) > 1)``: that answer stands alone."""
    match spine(inner, "and"):
        case [Call("selected", (Name("."), Literal(str() as code))), rest] | [
            rest,
            Call("selected", (Name("."), Literal(str() as code))),
        ]:
            more = Operation(">", Call("count-selected", (OWN,)), Literal(Decimal(1)))
            least_two = Operation(">=", Call("count-selected", (OWN,)), Literal(Decimal(2)))
            if rest in (more, least_two):
                rule.alone.append(code)
                return True
    return False
