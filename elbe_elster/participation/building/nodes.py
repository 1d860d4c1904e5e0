"""A condition as groups and lines to click together, and back. The editor's form of the expression tree.

Every group has a number of parts, all or any of which must hold; a group can be turned round with *not*. A line is one
sentence: subject (a question, a row of a matrix, a sum), relation, value. What no line can say stays as it is, as a line
that can only be kept or removed. Positions name a node in the form: ``0`` is the first part, ``0-1`` its second part.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.questionnaire.conditions import (
    SIGNS,
    Answered,
    Both,
    Compare,
    ConditionError,
    Constant,
    CountOf,
    Either,
    Not,
    Selected,
    SumOf,
    ValueOf,
    expression_from_json,
    expression_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from elbe_elster.participation.questionnaire.conditions import Expression, Term

SUM = "+"  # instead of the code of a question: several together
MOST_PARTS = 30
MISSING = {
    "kept": _("Dieser Teil ist beschädigt. Entfernen Sie ihn."),
    "relation": _("Wählen Sie, was zutreffen soll."),
    "option": _("Wählen Sie eine Antwort."),
    "value": _("Schreiben Sie, womit verglichen wird."),
    "summed": _("Wählen Sie, welche Zahlen zusammengezählt werden."),
    "number": _("Schreiben Sie eine Zahl, zum Beispiel 12,5."),
    "date": _("Schreiben Sie einen Tag, zum Beispiel 2026-12-24."),
}
DEEPEST = 4  # groups in groups; more is kept but not offered


@dataclass
class Line:
    """One sentence. ``subject``: ``code``, ``code/row`` or SUM; ``relation``: see ``relations``; ``value`` as typed."""

    subject: str = ""
    relation: str = ""
    value: str = ""
    summed: list[str] = field(default_factory=list)
    kept: str = ""  # a tree as JSON that no line can say
    error: str = ""


@dataclass
class Node:
    """A group."""

    any_of: bool = False
    negated: bool = False
    parts: list[Node | Line] = field(default_factory=list)


class LineError(ValueError):
    """A line is not complete; the message says what is missing."""


# From the tree -------------------------------------------------------------------


def node_of(expression: Expression | None) -> Node:
    """The tree as a group of parts."""
    if expression is None:
        return Node(parts=[Line()])
    part = _part(expression)
    return part if isinstance(part, Node) else Node(parts=[part])


def _part(expression: Expression) -> Node | Line:
    match expression:
        case Both(of) | Either(of):
            return Node(any_of=isinstance(expression, Either), parts=[_part(part) for part in of])
        case Not(Selected() | Answered() as inner):
            line = _line_of(inner)
            line.relation = f"not_{line.relation}"
            return line
        case Not(inner):
            group = node_of(inner)
            return Node(negated=True, parts=[group]) if group.negated else _negated(group)
    return _line_of(expression)


def _line_of(expression: Expression) -> Line:
    match expression:
        case Selected(question, option, item):
            return Line(_subject(question, item), "selected", option)
        case Answered(question, item):
            return Line(_subject(question, item), "answered")
        case Compare(sign, ValueOf(question), Constant(value)):
            return Line(question, f"value{sign}", _typed(value))
        case Compare(sign, CountOf(question), Constant(Decimal() as value)):
            return Line(question, f"count{sign}", _typed(value))
        case Compare(sign, SumOf(questions), Constant(Decimal() as value)):
            return Line(SUM, f"sum{sign}", _typed(value), summed=list(questions))
    return Line(kept=json.dumps(expression_to_json(expression), sort_keys=True))


def _negated(group: Node) -> Node:
    group.negated = True
    return group


def _subject(question: str, item: str) -> str:
    return f"{question}/{item}" if item else question


def _typed(value: Decimal | dt.date | str) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return value.isoformat() if isinstance(value, dt.date) else value


# To the tree ---------------------------------------------------------------------


def expression_of(node: Node | Line, kinds: Mapping[str, type]) -> Expression | None:
    """The tree of a group or line; None for an empty group. Puts errors on lines and raises LineError at the end.

    ``kinds`` maps the codes of questions to what their answers are (Decimal, date, str) for comparisons.
    """
    found = _expression(node, kinds)
    if _has_error(node):
        raise LineError
    return found


def _has_error(node: Node | Line) -> bool:
    return bool(node.error) if isinstance(node, Line) else any(map(_has_error, node.parts))


def _expression(node: Node | Line, kinds: Mapping[str, type]) -> Expression | None:
    if isinstance(node, Line):
        try:
            return _line(node, kinds)
        except LineError as error:
            node.error = str(error)
            return None
    parts = tuple(part for child in node.parts if (part := _expression(child, kinds)) is not None)
    if not parts:
        return None
    whole: Expression = parts[0] if len(parts) == 1 else (Either(parts) if node.any_of else Both(parts))
    return Not(whole) if node.negated else whole


def _line(line: Line, kinds: Mapping[str, type]) -> Expression | None:
    if line.kept:
        try:
            return expression_from_json(json.loads(line.kept))
        except (ConditionError, ValueError, RecursionError) as error:
            raise LineError(MISSING["kept"]) from error
    if not line.subject:
        return None
    if not line.relation:
        raise LineError(MISSING["relation"])
    question, _slash, item = line.subject.partition("/")
    if line.relation in {"answered", "not_answered"}:
        answered = Answered(question, item)
        return Not(answered) if line.relation == "not_answered" else answered
    if not line.value.strip():
        raise LineError(MISSING["option" if "selected" in line.relation else "value"])
    if line.relation in {"selected", "not_selected"}:
        selected = Selected(question, line.value, item)
        return Not(selected) if line.relation == "not_selected" else selected
    return _comparison(line, question, kinds)


def _comparison(line: Line, question: str, kinds: Mapping[str, type]) -> Expression:
    what, sign = line.relation[:5], line.relation[5:]
    if line.relation.startswith("sum"):
        what, sign = "sum", line.relation[3:]
    if sign not in SIGNS or what not in {"value", "count", "sum"}:
        raise LineError(MISSING["relation"])
    left: Term = ValueOf(question)
    sort = kinds.get(question, Decimal)
    if what == "count":
        left, sort = CountOf(question), Decimal
    if what == "sum":
        if not line.summed:
            raise LineError(MISSING["summed"])
        left, sort = SumOf(tuple(line.summed)), Decimal
    return Compare(sign, left, Constant(_value(line.value.strip(), sort)))


def _value(typed: str, sort: type) -> Decimal | dt.date | str:
    if sort is str:
        return typed
    key, value = ("date", typed) if sort is dt.date else ("number", typed.replace(" ", "").replace(",", "."))
    tree = {"op": "compare", "sign": "=", "left": {key: value}, "right": {key: value}}
    try:
        read = expression_from_json(tree)
    except ConditionError as error:
        raise LineError(MISSING["date" if sort is dt.date else "number"]) from error
    assert isinstance(read, Compare)  # noqa: S101 -- it was written as one
    assert isinstance(read.left, Constant)  # noqa: S101
    return read.left.value


# From and to the form -------------------------------------------------------------


def node_from(data: QueryDict, at: str = "", depth: int = 0) -> Node:
    """The group at a position of the posted form."""
    prefix = f"{at}-" if at else ""
    node = Node(any_of=data.get(f"any-{at}") == "1", negated=bool(data.get(f"not-{at}")))
    for number in range(MOST_PARTS):
        place = f"{prefix}{number}"
        shape = data.get(f"shape-{place}")
        if shape == "group" and depth < DEEPEST * 2:
            node.parts.append(node_from(data, place, depth + 1))
        elif shape == "line":
            node.parts.append(
                Line(
                    subject=data.get(f"subject-{place}", "")[:100],
                    relation=data.get(f"relation-{place}", "")[:20],
                    value=data.get(f"value-{place}", "")[:300],
                    summed=data.getlist(f"summed-{place}")[:100],
                    kept=data.get(f"kept-{place}", "")[:20_000],
                )
            )
    return node


def add_part(node: Node, at: str, part: Node | Line) -> None:
    """Put a part at the end of the group at a position; positions that do not exist change nothing."""
    group = _at(node, at)
    if isinstance(group, Node) and len(group.parts) < MOST_PARTS:
        group.parts.append(part)


def remove_part(node: Node, at: str) -> None:
    """Take out the part at a position."""
    above, _hyphen, last = at.rpartition("-")
    group = _at(node, above)
    if isinstance(group, Node) and _is_place(last, group):
        del group.parts[int(last)]


def _is_place(step: str, group: Node) -> bool:
    """Whether there is a part there. Places are written with one or two digits."""
    return step.isdecimal() and len(step) <= len(str(MOST_PARTS)) and int(step) < len(group.parts)


def _at(node: Node, at: str) -> Node | Line | None:
    found: Node | Line | None = node
    for step in at.split("-") if at else []:
        if not isinstance(found, Node) or not _is_place(step, found):
            return None
        found = found.parts[int(step)]
    return found
