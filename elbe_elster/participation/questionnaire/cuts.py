"""Where conditions tell the numbers of a question apart."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .conditions import Compare, Constant, ValueOf, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conditions import Expression
    from .document import Questionnaire


def comparisons(expression: Expression) -> Iterator[Compare]:
    """All comparisons in a condition."""
    return (leaf for leaf in leaves(expression) if isinstance(leaf, Compare))


def number_cuts(questionnaire: Questionnaire) -> Iterator[tuple[str, Decimal]]:
    """The code of a question and the least number of those a condition treats alike."""
    conditions: list[Expression | None] = [page.condition for page in questionnaire.pages]
    for question in questionnaire.questions():
        conditions += [question.condition, *(item.condition for item in question.items)]
    for condition in conditions:
        for compare in comparisons(condition) if condition is not None else ():
            for one, other in ((compare.left, compare.right), (compare.right, compare.left)):
                if isinstance(one, ValueOf) and isinstance(other, Constant) and isinstance(other.value, Decimal):
                    places = questionnaire.question_by_code[one.question].places
                    sign = compare.sign if one is compare.left else compare.sign.translate(str.maketrans("<>", "><"))
                    for cut in _cuts(sign, other.value, Decimal(1).scaleb(-places)):
                        yield one.question, cut


def _cuts(sign: str, value: Decimal, finest: Decimal) -> tuple[Decimal, ...]:
    match sign:
        case "<" | ">=":
            return (value,)
        case ">" | "<=":
            return (value + finest,)
    return (value, value + finest)
