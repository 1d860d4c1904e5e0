"""Conditions with other names: when a code is renamed, whatever names it follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .conditions import Answered, Both, Compare, Constant, CountOf, Either, Not, Selected, SumOf, ValueOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conditions import Expression, Term


def with_questions_renamed(expression: Expression, names: Mapping[str, str]) -> Expression:
    """The same condition with the new codes of questions; ``names`` maps old to new."""
    match expression:
        case Both(of):
            return Both(tuple(with_questions_renamed(part, names) for part in of))
        case Either(of):
            return Either(tuple(with_questions_renamed(part, names) for part in of))
        case Not(inner):
            return Not(with_questions_renamed(inner, names))
        case Selected() | Answered():
            return replace(expression, question=names.get(expression.question, expression.question))
        case Compare(sign, left, right):
            return Compare(sign, _term(left, names), _term(right, names))


def with_parts_renamed(
    expression: Expression, question: str, options: Mapping[str, str], items: Mapping[str, str]
) -> Expression:
    """The same condition with the new codes of options and rows of one question."""
    match expression:
        case Both(of):
            return Both(tuple(with_parts_renamed(part, question, options, items) for part in of))
        case Either(of):
            return Either(tuple(with_parts_renamed(part, question, options, items) for part in of))
        case Not(inner):
            return Not(with_parts_renamed(inner, question, options, items))
        case Selected(code, option, item) if code == question:
            return Selected(code, options.get(option, option), items.get(item, item))
        case Answered(code, item) if code == question:
            return Answered(code, items.get(item, item))
        case _:
            return expression


def _term(term: Term, names: Mapping[str, str]) -> Term:
    match term:
        case Constant():
            return term
        case ValueOf(code) | CountOf(code):
            return replace(term, question=names.get(code, code))
        case SumOf(codes):
            return SumOf(tuple(names.get(code, code) for code in codes))
