"""Whether the number of people who saw a question tells more than the tables of the questions its condition looks at.

It tells nothing new where the condition is a sum of published rows of one question: they are shown, or the question is
closed. Two such questions tied by "and" or "or" tell one field of their cross table and so all four; the counts of these
are looked at. Every other condition closes its question. Rule 5 of docs/decisions/0018-disclosure.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from elbe_elster.participation.bands import number_band
from elbe_elster.participation.questionnaire.answers import Given
from elbe_elster.participation.questionnaire.conditions import (
    Answered,
    Both,
    Compare,
    Constant,
    Either,
    Selected,
    SumOf,
    holds,
    leaves,
    questions_of_term,
)
from elbe_elster.participation.questionnaire.cuts import comparisons
from elbe_elster.participation.questionnaire.document import TEXTS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire

    from .counted import Counted

    Unit = tuple[str, str]  # code of a question, code of its matrix row
    Edges = Mapping[int, Sequence[Decimal]]

MOST_NAMED = 10  # options of several answers that one condition may name


@dataclass(frozen=True)
class Part:
    """People as a sum of published numbers: ``everybody`` times all, ``answered`` times those who answered, and rows."""

    unit: Unit
    everybody: int
    answered: int
    options: tuple[tuple[int, int], ...]  # number, sign

    def people(self, counted: Counted, split: str, group: int, size: int) -> int:
        """How many of a group of this size."""
        rows = sum(sign * counted.chosen[split, group, number] for number, sign in self.options)
        return self.everybody * size + self.answered * counted.answered(split, group) + rows


@dataclass(frozen=True)
class Audience:
    """Who sees a question: one part or two, of which both or either must hold. None for what cannot be computed."""

    parts: tuple[Part, ...]
    either: bool = False


def condition_of(questionnaire: Questionnaire, question: Question, item: int = 0) -> frozenset[Expression]:
    """What must hold so that a question (or a row of it) is seen: all of these."""
    page = questionnaire.pages[questionnaire.page_by_question[question.code]]
    rows = [row.condition for row in question.items if row.number == item]
    conditions = [page.condition, question.condition, *rows]
    return frozenset(
        part for condition in conditions if condition is not None for part in _flat(condition, either=False)
    )


def audience_of(questionnaire: Questionnaire, question: Question, item: int, edges: Edges) -> Audience | None:
    """Who sees a question or a row of it; None where published rows do not say it."""
    parts = _needed(questionnaire, question, item)
    if not parts:
        return Audience(())
    units = {unit for part in parts for unit in _units(part)}
    either = len(parts) == 1 and len(units) > 1 and isinstance(next(iter(parts)), Either)
    if either:
        parts = frozenset(_flat(next(iter(parts)), either=True))
    found = []
    for unit in sorted(units):
        own = tuple(part for part in parts if _units(part) == {unit})
        whole = Either(own) if either else Both(own)
        found.append(_part(questionnaire.question_by_code[unit[0]], unit, whole, edges) if own else None)
    simple = all(len(_units(part)) == 1 for part in parts) and len(units) <= 2  # noqa: PLR2004 - one cross table
    known = tuple(part for part in found if part is not None)
    return Audience(known, either) if simple and len(known) == len(units) else None


def asked_alike(questionnaire: Questionnaire, question: Question, item: int) -> bool:
    """Whether no earlier question looks at the same two questions in another way: their fields could be subtracted."""
    condition = _needed(questionnaire, question, item)
    units = {unit for part in condition for unit in _units(part)}
    for earlier in questionnaire.questions():
        for row in [each.number for each in earlier.items] or [0]:
            if (earlier.code, row) == (question.code, item):
                return True
            other = _needed(questionnaire, earlier, row)
            if other != condition and len(units) > 1 and {unit for part in other for unit in _units(part)} == units:
                return False
    return True


def _flat(expression: Expression, *, either: bool) -> Iterator[Expression]:
    if isinstance(expression, Both | Either) and isinstance(expression, Either) == either:
        for part in expression.of:
            yield from _flat(part, either=either)
    else:
        yield expression


def _units(expression: Expression) -> set[Unit]:
    units: set[Unit] = set()
    for leaf in leaves(expression):
        match leaf:
            case Selected(question, _, item) | Answered(question, item):
                units.add((question, item))
            case Compare(_, left, right):
                units |= {(question, "") for term in (left, right) for question in questions_of_term(term)}
    return units


def _needed(questionnaire: Questionnaire, question: Question, item: int) -> frozenset[Expression]:
    """The condition without what holds anyway for everybody who answered another question that is looked at."""
    parts = condition_of(questionnaire, question, item)
    implied: set[Expression] = set()
    for part in parts:
        if len(units := _units(part)) == 1 and not holds(part, {}):
            implied |= condition_of(questionnaire, questionnaire.question_by_code[next(iter(units))[0]])
    return parts - implied


# One question -----------------------------------------------------------------


def _part(question: Question, unit: Unit, expression: Expression, edges: Edges) -> Part | None:
    if any(_is_reckoned(compare) for compare in comparisons(expression)):
        return None
    if bool(question.items) != bool(unit[1]) or question.code != unit[0]:
        return None
    several = question.kind in {Kind.MULTIPLE, Kind.MATRIX_MULTIPLE}
    if several:
        return _of_several(question, unit, expression)
    if question.kind in TEXTS or question.kind in {Kind.DATE, Kind.RANKING}:
        return _of_answered(unit, expression)
    if question.kind is Kind.NUMBER:
        return _of_number(question, unit, expression, edges.get(question.pk, ()))
    rows = {option.number for option in question.options if holds(expression, _given(unit, option.code, option.number))}
    return _of_rows(unit, rows, unanswered=holds(expression, {}))


def _is_reckoned(compare: Compare) -> bool:
    """Sums, and values compared with each other: what they tell stands in no table."""
    terms = (compare.left, compare.right)
    return any(isinstance(term, SumOf) for term in terms) or not any(isinstance(term, Constant) for term in terms)


def _given(unit: Unit, option: str, number: int) -> dict[str, Given]:
    code, item = unit
    return {code: Given(items={item: (option,)}) if item else Given(options=(option,), option_value=number)}


def _of_rows(unit: Unit, rows: set[int], *, unanswered: bool) -> Part:
    return Part(unit, int(unanswered), -int(unanswered), tuple((number, 1) for number in sorted(rows)))


def _of_answered(unit: Unit, expression: Expression) -> Part | None:
    """Only whether there is an answer at all."""
    if any(isinstance(part, Selected) for part in leaves(expression)) or any(comparisons(expression)):
        return None
    there, none = holds(expression, {unit[0]: Given(text="x")}), holds(expression, {})
    return Part(unit, int(none), int(there) - int(none), ())


def _of_number(question: Question, unit: Unit, expression: Expression, edges: Sequence[Decimal]) -> Part | None:
    """None where the condition cuts a band: the rest of the band could be computed."""
    finest = Decimal(1).scaleb(-question.places)
    constants = [
        term.value
        for compare in comparisons(expression)
        for term in (compare.left, compare.right)
        if isinstance(term, Constant) and isinstance(term.value, Decimal)
    ]
    limits = [limit for limit in (question.least, question.most) if limit is not None] or [Decimal(0)]
    truths: dict[int, set[bool]] = {}
    for value in {near for point in (*constants, *edges, *limits) for near in (point - finest, point, point + finest)}:
        inside = (question.least is None or value >= question.least) and (
            question.most is None or value <= question.most
        )
        if inside:
            truth = holds(expression, {unit[0]: Given(number=value)})
            truths.setdefault(number_band(value, edges), set()).add(truth)
    if any(len(found) > 1 for found in truths.values()):
        return None
    return _of_rows(unit, {band for band, found in truths.items() if True in found}, unanswered=holds(expression, {}))


def _of_several(question: Question, unit: Unit, expression: Expression) -> Part | None:
    """One option or its contrary, or whether there is an answer; what else several answers tell stands in no table."""
    named = {leaf.option for leaf in leaves(expression) if isinstance(leaf, Selected)}
    if len(named) > MOST_NAMED or any(_counts_above_one(question, compare) for compare in comparisons(expression)):
        return None
    others = [option.code for option in question.options if option.code not in named][:2]
    exclusive = {option.code for option in question.options if option.exclusive}
    looked_at = [*sorted(named), *others]
    answers = [
        frozenset(chosen)
        for size in range(len(looked_at) + 1)
        for chosen in combinations(looked_at, size)
        if size <= 1 or not exclusive.intersection(chosen)
    ]
    truth = [holds(expression, _chosen(unit, chosen)) for chosen in answers]
    for part, option in _shapes(question, unit, named):
        if truth == [_value(part, option, chosen) for chosen in answers]:
            return part
    return None


def _counts_above_one(question: Question, compare: Compare) -> bool:
    """Whether it tells more than that something was chosen."""
    counts = range(1, len(question.options) + 1)
    flat = {
        holds(compare, {question.code: Given(options=tuple(option.code for option in question.options[:count]))})
        for count in counts
    }
    return len(flat) > 1


def _chosen(unit: Unit, chosen: frozenset[str]) -> dict[str, Given]:
    if not chosen:
        return {}
    codes = tuple(sorted(chosen))
    return {unit[0]: Given(items={unit[1]: codes}) if unit[1] else Given(options=codes)}


def _shapes(question: Question, unit: Unit, named: set[str]) -> Iterator[tuple[Part, str]]:
    for everybody, answered in ((0, 0), (1, 0), (0, 1), (1, -1)):
        yield Part(unit, everybody, answered, ()), ""
        for option in question.options:
            if option.code in named:
                for sign in (1, -1):
                    yield Part(unit, everybody, answered, ((option.number, sign),)), option.code


def _value(part: Part, option: str, chosen: frozenset[str]) -> int:
    row = sum(sign for _number, sign in part.options) if option in chosen else 0
    return part.everybody + (part.answered if chosen else 0) + row
