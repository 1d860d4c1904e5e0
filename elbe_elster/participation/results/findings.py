"""The results of a survey as exact counts, and what of them may be shown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from elbe_elster.participation.counting import thresholds
from elbe_elster.participation.disclosure.protect import Exact, Mask, Split, Why, protect
from elbe_elster.participation.disclosure.thresholds import SMALLEST
from elbe_elster.participation.models import TextCode
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, Kind
from elbe_elster.participation.reading import questionnaire_by_pk

from .audience import asked_alike, audience_of
from .counted import BY_CHANNEL, CHANNELS, EVERYBODY, Counted, read_counts
from .links import asked_before, told_by
from .rows import Row, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire

    from .audience import Audience

SEVERAL = frozenset({Kind.MULTIPLE, Kind.MATRIX_MULTIPLE})


class Findings:
    """What is known of some questions of a survey (by their codes; None: of all).

    Reads what their conditions look at as well. Seven queries, however many questions; two more for texts.
    """

    def __init__(self, survey: Survey, codes: Collection[str] | None = None) -> None:
        """Read the counts."""
        if survey.current_id is None:
            raise ValueError("a draft has no results")
        self.survey = survey
        self.questionnaire: Questionnaire = questionnaire_by_pk(survey.current_id)
        by_code = self.questionnaire.question_by_code
        self.codes = [question.code for question in self.questionnaire.questions() if question.asks]
        if codes is not None:
            self.codes = [code for code in self.codes if code in codes]
        known = asked_before(self.questionnaire, set(self.codes))
        self.counts = read_counts(survey, [by_code[code].pk for code in known])
        self.breakdowns = list(survey.breakdowns.prefetch_related("groups"))
        self._masks: dict[tuple[str, int], Mask] = {}
        self._exact: dict[tuple[str, int], tuple[Exact, list[Row]]] = {}

    @cached_property
    def edges(self) -> Mapping[int, Sequence[Decimal]]:
        """Where the bands of numbers begin."""
        return thresholds(self.survey)

    @cached_property
    def topics(self) -> dict[int, list[TextCode]]:
        """Topics of free texts, by question."""
        found: dict[int, list[TextCode]] = {}
        for code in TextCode.objects.filter(question__survey=self.survey):
            found.setdefault(code.question_id, []).append(code)
        return found

    def counted(self, code: str, item: int = 0) -> Counted:
        """The exact counts of a question or matrix row."""
        return self.counts.get((self.questionnaire.question_by_code[code].pk, item), Counted())

    def items(self, code: str) -> list[tuple[int, Mapping[str, str]]]:
        """The rows of a matrix; of any other question the question itself."""
        question = self.questionnaire.question_by_code[code]
        if question.kind not in MATRICES:
            return [(0, question.label)]
        return [(item.number, item.label) for item in question.items if (question.pk, item.number) in self.counts]

    # Exact counts and masks ---------------------------------------------------

    def splits(self, question: Question) -> dict[str, list[int]]:
        """By what a question is split, with the groups in it. Background questions are not split by each other."""
        background = {breakdown.question_id for breakdown in self.breakdowns}
        found = {BY_CHANNEL: list(range(len(CHANNELS)))}
        if question.pk not in background:
            for breakdown in self.breakdowns:
                found[str(breakdown.pk)] = [*(group.number for group in breakdown.groups.all()), 0]
        return found

    def exact(self, code: str, item: int = 0) -> tuple[Exact, list[Row]]:
        """Exact counts, with the splits and with the groups that must stay closed."""
        if (code, item) not in self._exact:
            self._exact[code, item] = self._count(code, item)
        return self._exact[code, item]

    def _count(self, code: str, item: int) -> tuple[Exact, list[Row]]:
        question = self.questionnaire.question_by_code[code]
        counted = self.counted(code, item)
        rows = rows_of(question, counted, self.edges[question.pk] if question.kind is Kind.NUMBER else ())
        chosen = counted.first if question.kind is Kind.RANKING else counted.chosen
        closed, closed_groups = self._closed(question, item)
        splits = {}
        for split, groups in self.splits(question).items():
            cells = [[sum(chosen[split, group, number] for number in row.numbers) for row in rows] for group in groups]
            answered = [counted.answered(split, group) for group in groups]
            splits[split] = Split(cells, answered, closed_groups.get(split, {}))
        total = [sum(chosen[EVERYBODY, 0, number] for number in row.numbers) for row in rows]
        return Exact(total, counted.answered(), question.kind in SEVERAL, splits, closed), rows

    def mask(self, code: str, item: int = 0) -> Mask:
        """What of it may be shown."""
        if (code, item) not in self._masks:
            self._masks[code, item] = protect(self.exact(code, item)[0])
        return self._masks[code, item]

    def _closed(self, question: Question, item: int) -> tuple[Why, dict[str, dict[int, Why]]]:
        """Why the number who saw a question must not be told: of all, of which groups (places of a split)."""
        linked, groups = self._linked(question)
        telling, telling_groups = self._telling(question, item)
        whys = {
            split: {
                **dict.fromkeys(telling_groups.get(split, ()), Why.TELLING),
                **dict.fromkeys(groups.get(split, ()), Why.LINKED),
            }
            for split in {*groups, *telling_groups}
        }
        return Why.LINKED if linked else Why.TELLING if telling else Why.SHOWN, whys

    def _telling(self, question: Question, item: int) -> tuple[bool, dict[str, set[int]]]:
        """Whether that number tells more than the tables of the questions that the condition looks at."""
        audience = audience_of(self.questionnaire, question, item, self.edges)
        if audience is None or not asked_alike(self.questionnaire, question, item):
            return True, {}
        if not audience.parts:
            return False, {}
        groups: dict[str, set[int]] = {}
        named = [self.questionnaire.question_by_code[part.unit[0]] for part in audience.parts]
        for split, found in self.splits(question).items():
            known = all(split in self.splits(other) or self._is_split_by(split, other) for other in named)
            groups[split] = {
                place
                for place, group in enumerate(found)
                if not known or self._tells(question, item, audience, (split, group))
            }
        return self._tells(question, item, audience, (EVERYBODY, 0)), groups

    def _is_split_by(self, split: str, question: Question) -> bool:
        return any(str(found.pk) == split and found.question_id == question.pk for found in self.breakdowns)

    def _tells(self, question: Question, item: int, audience: Audience, place: tuple[str, int]) -> bool:
        """Whether one or two people are left over; of two questions in a group also whether nobody is."""
        size = max(counted.shown(*place) for counted in self.counts.values())
        seen = self.counted(question.code, item).shown(*place)
        if not seen:  # hidden anyway
            return False
        sides = [part.people(self._of_unit(part.unit), *place, size) for part in audience.parts]
        rest = [sides[0] - seen, size - seen]
        if len(sides) > 1:
            both = sum(sides) - seen if audience.either else seen
            rest = [both, *(side - both for side in sides), size - sum(sides) + both]
        secret = 0 if len(sides) > 1 and place[0] else 1
        return any(secret <= left < SMALLEST or left < 0 for left in rest)

    def _of_unit(self, unit: tuple[str, str]) -> Counted:
        item = self.questionnaire.question_by_code[unit[0]].item_by_code[unit[1]].number if unit[1] else 0
        return self.counted(unit[0], item)

    def _linked(self, question: Question) -> tuple[bool, dict[str, set[int]]]:
        """Whether it would tell a number that is hidden in another question."""
        closed = False
        groups: dict[str, set[int]] = {}
        for told in told_by(self.questionnaire, question):
            earlier = self.questionnaire.question_by_code[told.question]
            if earlier.kind in TEXTS:
                continue
            for item, _label in self.items(told.question):
                if told.item and earlier.item_by_code[told.item].number != item:
                    continue
                mask, rows = self.mask(told.question, item), self.exact(told.question, item)[1]
                option = earlier.option_by_code.get(told.option)
                at = [place for place, row in enumerate(rows) if option is None or option.number in row.numbers]
                closed = closed or any(mask.total[place] for place in at)
                for split, found in mask.splits.items():
                    hidden = {group for group, why in enumerate(found) if any(why[place] for place in at)}
                    groups.setdefault(split, set()).update(hidden)
        return closed, groups
