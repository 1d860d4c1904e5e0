"""Which numbers of earlier questions the number of people who saw a question tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from elbe_elster.participation.questionnaire.conditions import Answered, Compare, Selected, leaves, questions_of_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire


class Told(NamedTuple):
    """A number that is told: of one option, or without ``option`` any of the question."""

    question: str
    item: str = ""
    option: str = ""


def told_by(questionnaire: Questionnaire, question: Question) -> set[Told]:
    """What the conditions of a question, of its page and of its rows look at."""
    page = questionnaire.pages[questionnaire.page_by_question[question.code]]
    conditions = [page.condition, question.condition, *(item.condition for item in question.items)]
    return {told for condition in conditions if condition is not None for told in _told(condition)}


def _told(expression: Expression) -> Iterator[Told]:
    for leaf in leaves(expression):
        match leaf:
            case Selected(question, option, item):
                yield Told(question, item, option)
            case Answered(question, item):
                yield Told(question, item)
            case Compare(_sign, left, right):
                yield from (Told(question) for term in (left, right) for question in questions_of_term(term))


def asked_before(questionnaire: Questionnaire, codes: set[str]) -> set[str]:
    """These questions and all that their conditions look at, directly or not."""
    found: set[str] = set()
    waiting = set(codes)
    while waiting:
        code = waiting.pop()
        question = questionnaire.question_by_code.get(code)
        if question is None or code in found:
            continue
        found.add(code)
        waiting |= {told.question for told in told_by(questionnaire, question)} - found
    return found
