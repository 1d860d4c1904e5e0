"""Conditions with other names: when a code is renamed, whatever names it follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .conditions import Answered, Compare, Constant, CountOf, Selected, SumOf, ValueOf, with_leaves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conditions import Expression, Leaf, Term


def with_questions_renamed(expression: Expression, names: Mapping[str, str]) -> Expression:
    """The same condition with the new codes of questions; ``names`` maps old to new."""

    def renamed(leaf: Leaf) -> Expression:
        match leaf:
            case Compare(sign, left, right):
                return Compare(sign, _term(left, names), _term(right, names))
            case _:
                return replace(leaf, question=names.get(leaf.question, leaf.question))

    return with_leaves(expression, renamed)


def with_parts_renamed(
    expression: Expression, question: str, options: Mapping[str, str], items: Mapping[str, str]
) -> Expression:
    """The same condition with the new codes of options and rows of one question."""

    def renamed(leaf: Leaf) -> Expression:
        match leaf:
            case Selected(code, option, item) if code == question:
                return Selected(code, options.get(option, option), items.get(item, item))
            case Answered(code, item) if code == question:
                return Answered(code, items.get(item, item))
        return leaf

    return with_leaves(expression, renamed)


def _term(term: Term, names: Mapping[str, str]) -> Term:
    match term:
        case Constant():
            return term
        case ValueOf(code) | CountOf(code):
            return replace(term, question=names.get(code, code))
        case SumOf(codes):
            return SumOf(tuple(names.get(code, code) for code in codes))
