"""Which pages, questions, rows and options a person sees, given what was answered. The one meaning of conditions.

Questions are looked at from the first to the last. A condition sees only what stands before it and is shown: hidden
means empty. What was answered before it became hidden stays in the draft, so that going back restores it, but it is
neither seen by conditions nor handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .conditions import holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .answers import Answers, Given
    from .conditions import Expression
    from .document import Item, Option, Page, Question, Questionnaire


@dataclass(frozen=True)
class ShownQuestion:
    """A question as this person sees it."""

    question: Question
    options: tuple[Option, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ShownPage:
    """A page as this person sees it; ``index`` counts all pages of the questionnaire from 0."""

    page: Page
    index: int
    questions: tuple[ShownQuestion, ...]


@dataclass(frozen=True)
class Path:
    """What is shown, in order, and the answers to it."""

    pages: tuple[ShownPage, ...]
    answers: Answers

    def questions(self) -> list[ShownQuestion]:
        """Every shown question, in order."""
        return [shown for page in self.pages for shown in page.questions]


def follow(questionnaire: Questionnaire, draft: Mapping[str, Given]) -> Path:
    """Walk through the questionnaire with everything the person has answered so far."""
    seen: Answers = {}
    pages = [
        ShownPage(page, index, _shown_questions(page, draft, seen))
        for index, page in enumerate(questionnaire.pages)
        if _is_shown(page.condition, seen)
    ]
    return Path(tuple(page for page in pages if page.questions), seen)


def _is_shown(condition: Expression | None, seen: Answers) -> bool:
    return condition is None or holds(condition, seen)


def _shown_questions(page: Page, draft: Mapping[str, Given], seen: Answers) -> tuple[ShownQuestion, ...]:
    found = []
    for question in page.questions:
        if question.retired or not _is_shown(question.condition, seen):
            continue
        shown = ShownQuestion(
            question,
            tuple(option for option in question.options if not option.retired and _is_shown(option.condition, seen)),
            tuple(item for item in question.items if not item.retired and _is_shown(item.condition, seen)),
        )
        if (question.items and not shown.items) or (question.options and not shown.options):
            continue
        found.append(shown)
        if question.code in draft:
            given = only_shown(shown, draft[question.code])
            if not given.is_empty:
                seen[question.code] = given
    return tuple(found)


def only_shown(shown: ShownQuestion, given: Given) -> Given:
    """The answer without options and rows that are hidden, retired or unknown."""
    if not shown.question.options:
        return given
    known = {option.code: option for option in shown.options}
    options = tuple(code for code in given.options if code in known)
    rows = {item.code for item in shown.items}
    items = {
        item: kept
        for item, codes in given.items.items()
        if item in rows and (kept := tuple(code for code in codes if code in known))
    }
    chosen = {*options, *(code for codes in items.values() for code in codes)}
    single = len(options) == 1 and not shown.question.items
    return replace(
        given,
        options=options,
        items=items,
        others={code: text for code, text in given.others.items() if code in chosen},
        option_value=known[options[0]].number if single else None,
    )
