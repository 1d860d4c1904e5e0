"""Conditions regrouped for saying them: the same meaning, but what people say together stands together.

A *not* stands only before what cannot be turned, groups are flat, options of one question are one clause, comparisons
with the number of an option name the options.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .conditions import Answered, Both, Compare, Constant, CountOf, Either, Not, Selected, ValueOf
from .document import ONE_OPTION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .conditions import Expression
    from .document import Questionnaire

MOST_NAMED = 6  # answers named one by one; above, their numbers
TURNED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Chosen:
    """Options of one question (and row): one of them (``or``), all (``and``), none (``nor``), anything else (``else``)."""

    question: str
    item: str
    options: tuple[str, ...]
    link: str


@dataclass(frozen=True)
class Group:
    """Several clauses: all of them or at least one."""

    all_of: bool
    parts: tuple[Clause, ...]


Clause = Group | Chosen | Answered | Compare | Not


def clause_of(expression: Expression, questionnaire: Questionnaire, *, denied: bool = False) -> Clause:
    """The same meaning with *not* only before what cannot be turned, flat groups, and options of a question together."""
    match expression:
        case Not(inner):
            return clause_of(inner, questionnaire, denied=not denied)
        case Both(of) | Either(of):
            all_of = isinstance(expression, Both) is not denied
            parts = [clause_of(part, questionnaire, denied=denied) for part in of]
            return _group(parts, all_of=all_of)
        case Selected(question, option, item):
            return Chosen(question, item, (option,), "nor" if denied else "or")
        case Compare():
            return _comparison(expression, questionnaire, denied=denied)
    return Not(expression) if denied else expression


def _group(parts: list[Clause], *, all_of: bool) -> Clause:
    flat: list[Clause] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Group) and part.all_of is all_of else [part])
    merged: list[Clause] = []
    for part in flat:
        if part in merged:
            continue
        place, together = _joined(merged, part, all_of=all_of)
        if together is None:
            merged.append(part)
        else:
            merged[place] = together
    return merged[0] if len(merged) == 1 else Group(all_of, tuple(merged))


def _joined(found: Sequence[Clause], part: Clause, *, all_of: bool) -> tuple[int, Chosen | None]:
    """Where a clause about the same question stands that can take this one in, and both in one."""
    if not isinstance(part, Chosen):
        return 0, None
    for place, other in enumerate(found):
        if not isinstance(other, Chosen) or (other.question, other.item) != (part.question, part.item):
            continue
        link = _link(other, part, all_of=all_of)
        if link:
            options = dict.fromkeys([*other.options, *part.options])
            return place, Chosen(part.question, part.item, tuple(options), link)
    return 0, None


def _link(one: Chosen, two: Chosen, *, all_of: bool) -> str:
    links = {one.link, two.link}
    if not all_of:
        return "or" if links == {"or"} else ""
    if links == {"nor"}:
        return "nor"
    single = all(part.link == "and" or len(part.options) == 1 for part in (one, two))
    return "and" if links <= {"or", "and"} and single else ""


def _comparison(compare: Compare, questionnaire: Questionnaire, *, denied: bool) -> Clause:
    if isinstance(compare.left, Constant) and not isinstance(compare.right, Constant):
        compare = Compare(MIRRORED[compare.sign], compare.right, compare.left)
    if denied and isinstance(compare.left, CountOf) and isinstance(compare.right, CountOf | Constant):
        return Compare(TURNED[compare.sign], compare.left, compare.right)
    chosen = _as_options(compare, questionnaire)
    if chosen is None:
        return Not(compare) if denied else compare
    if not denied:
        return chosen
    return Not(compare) if chosen.link == "else" else Chosen(chosen.question, "", chosen.options, "nor")


def _as_options(compare: Compare, questionnaire: Questionnaire) -> Chosen | None:
    """Which options a comparison of an option's number with a constant means; None where there are too many or none."""
    if not isinstance(compare.left, ValueOf) or not isinstance(compare.right, Constant):
        return None
    question = questionnaire.question_by_code.get(compare.left.question)
    bound = compare.right.value
    if question is None or question.kind not in ONE_OPTION or not isinstance(bound, Decimal):
        return None
    tests: dict[str, Callable[[int], bool]] = {
        "=": lambda number: number == bound,
        "!=": lambda number: number == bound,
        "<": lambda number: number < bound,
        "<=": lambda number: number <= bound,
        ">": lambda number: number > bound,
        ">=": lambda number: number >= bound,
    }
    meant = [option.code for option in question.options if not option.retired and tests[compare.sign](option.number)]
    if not 0 < len(meant) <= MOST_NAMED:
        return None
    return Chosen(question.code, "", tuple(meant), "else" if compare.sign == "!=" else "or")
