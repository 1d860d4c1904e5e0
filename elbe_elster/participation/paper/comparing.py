"""Two entries of the same sheet: what differs, and how much of all that was compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.answers import Given, answers_from_json
from elbe_elster.participation.questionnaire.path import follow
from elbe_elster.participation.questionnaire.words import question_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from elbe_elster.participation.models import PaperSheet
    from elbe_elster.participation.questionnaire.answers import Answers
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire

NOTHING = Given()


@dataclass(frozen=True)
class Difference:
    """A question whose two entries are not the same; ``number`` is the one printed on the form."""

    question: Question
    number: int
    first: Given
    second: Given


@dataclass(frozen=True)
class Comparison:
    """What two entries have different, of how many questions that were the person's turn in at least one of them."""

    differences: tuple[Difference, ...]
    compared: int


def compare_entries(
    questionnaire: Questionnaire, first: Mapping[str, Given], second: Mapping[str, Given]
) -> Comparison:
    """Compare what would count of both; blanks in texts make no difference."""
    numbers = question_numbers(questionnaire)
    one, two = follow(questionnaire, first), follow(questionnaire, second)
    shown = {found.question.code for path in (one, two) for found in path.questions()}
    asked = [question for question in questionnaire.questions() if question.asks and question.code in shown]
    found = tuple(
        Difference(question, numbers[question.code], left, right)
        for question in asked
        if _plain(left := one.answers.get(question.code, NOTHING))
        != _plain(right := two.answers.get(question.code, NOTHING))
    )
    return Comparison(found, len(asked))


def sheet_comparison(questionnaire: Questionnaire, sheet: PaperSheet) -> Comparison:
    """What the two entries of a sheet have different; nothing before there are two."""
    if sheet.second is None:
        return Comparison((), 0)
    return compare_entries(questionnaire, answers_from_json(sheet.first), answers_from_json(sheet.second))


@dataclass(frozen=True)
class Rate:
    """How well two entries agree over a whole pile; ``percent`` is rounded to tenths, None for nothing compared."""

    differences: int
    compared: int

    @property
    def percent(self) -> float | None:
        """Differing answers in per cent of those compared."""
        return round(100 * self.differences / self.compared, 1) if self.compared else None


def rate_of(comparisons: Iterable[Comparison]) -> Rate:
    """The rate over several sheets."""
    found = list(comparisons)
    return Rate(sum(len(one.differences) for one in found), sum(one.compared for one in found))


def counting_answers(sheet: PaperSheet) -> Answers:
    """What counts of a sheet: what was agreed on, else its first entry."""
    stored: Mapping[str, Any] = sheet.first if sheet.agreed is None else sheet.agreed
    return answers_from_json(stored)


def not_due(questionnaire: Questionnaire, draft: Mapping[str, Given]) -> list[Question]:
    """Questions with an answer, or a part of one, that is not the person's turn after the other answers."""
    counted = follow(questionnaire, draft).answers
    return [
        question
        for question in questionnaire.questions()
        if question.code in draft and _plain(draft[question.code]) != _plain(counted.get(question.code, NOTHING))
    ]


def _plain(given: Given) -> Given:
    """Without what follows from the rest, and texts with single blanks."""
    return replace(
        given,
        options=given.options,
        items={item: codes for item, codes in given.items.items() if codes},
        others={code: said for code, text in given.others.items() if (said := " ".join(text.split()))},
        text=" ".join(given.text.split()),
        option_value=None,
    )
