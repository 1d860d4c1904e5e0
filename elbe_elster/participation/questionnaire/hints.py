"""Skip hints: what paper says instead of hiding questions.

Where an answer decides for sure that the next questions do not apply, the way goes on behind it („Bitte weiter mit
Frage 7“). Everything else that is shown under a condition says so above itself („Nur wenn …“).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext, override

from .answers import Given, Missing
from .conditions import Both, Either, Not, holds, questions_named
from .document import ONE_OPTION, Kind
from .words import condition_in_words, question_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conditions import Expression
    from .document import Option, Page, Question, Questionnaire

NOTHING = Given()


@dataclass(frozen=True)
class SkipHints:
    """What stands where, in words of one language. Options and rows are named by question and code."""

    onward: Mapping[tuple[str, str], str] = field(default_factory=dict)  # behind an option: go on elsewhere
    onward_no_answer: Mapping[str, str] = field(default_factory=dict)  # behind "keine Angabe"
    pages: Mapping[str, str] = field(default_factory=dict)  # below the heading of a page, by its code
    questions: Mapping[str, str] = field(default_factory=dict)  # above a question
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)  # beside an option
    items: Mapping[tuple[str, str], str] = field(default_factory=dict)  # beside a row


def skip_hints(questionnaire: Questionnaire, language: str) -> SkipHints:
    """Every hint of a questionnaire."""
    router = _Router(questionnaire)
    with override(language):
        onward = {(jump.question, jump.option): router.onward(jump) for jump in router.jumps if jump.leaps}

    def said(expression: Expression | None) -> str:
        return condition_in_words(expression, questionnaire, language) if expression is not None else ""

    asked = [question for question in questionnaire.questions() if not question.retired]
    return SkipHints(
        onward={place: words for place, words in onward.items() if place[1]},
        onward_no_answer={question: words for (question, option), words in onward.items() if not option},
        pages={
            page.code: said(page.condition)
            for page in questionnaire.pages
            if page.condition is not None and not router.covers_page(page)
        },
        questions={
            question.code: said(question.condition)
            for question in asked
            if question.condition is not None and not router.covers(question)
        },
        options={
            (question.code, option.code): said(option.condition)
            for question in asked
            for option in question.options
            if option.condition is not None and not option.retired
        },
        items={
            (question.code, item.code): said(item.condition)
            for question in asked
            for item in question.items
            if item.condition is not None and not item.retired
        },
    )


@dataclass(frozen=True)
class _Jump:
    """What follows from one answer: from place ``start`` the next question that may apply stands at ``target``."""

    question: str
    option: str  # empty: "keine Angabe"
    given: Given
    start: int
    target: int

    @property
    def leaps(self) -> bool:
        return self.target > self.start + 1


class _Router:
    """Finds out where answers lead. A place is the position among all questions that are not retired."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.line = [(page, question) for page in questionnaire.pages for question in page.questions if not question.retired]  # fmt: skip
        self.place = {question.code: place for place, (_, question) in enumerate(self.line)}
        self.jumps = [
            self._jump(question, option, given)
            for _, question in self.line
            for option, given in _deciding_answers(question)
        ]
        self._covered: dict[str, bool] = {}

    def _jump(self, question: Question, option: str, given: Given) -> _Jump:
        known = {question.code: given}
        place = start = self.place[question.code]
        for page, following in self.line[start + 1 :]:
            place += 1
            if _certain(_whole_condition(page, following), known) is not False:
                return _Jump(question.code, option, given, start, place)
            known[following.code] = NOTHING
        return _Jump(question.code, option, given, start, len(self.line))

    def onward(self, jump: _Jump) -> str:
        """Where to go on, in words."""
        numbers = question_numbers(self.questionnaire)
        rest = [question for _, question in self.line[jump.target :]]
        asked = next((question for question in rest if question.asks), None)
        if asked is None:
            return gettext("Bitte weiter am Ende des Fragebogens") if rest else gettext("Dann sind Sie fertig")
        words = {"number": numbers[asked.code]}
        if not rest[0].asks:
            return gettext("Bitte weiter mit dem Hinweis vor Frage %(number)s") % words
        return gettext("Bitte weiter mit Frage %(number)s") % words

    def covers(self, question: Question) -> bool:
        """Whether whoever must not answer the question is sent past it, so that nothing need stand above it."""
        if question.condition is None:
            return True
        if question.code not in self._covered:
            self._covered[question.code] = False  # conditions look back only, but a broken one may not
            self._covered[question.code] = self._is_covered(question.condition, self.place[question.code])
        return self._covered[question.code]

    def covers_page(self, page: Page) -> bool:
        """Whether whoever must not answer the page is sent past all of it."""
        places = [self.place[question.code] for question in page.questions if question.code in self.place]
        return page.condition is None or (bool(places) and self._is_covered(page.condition, places[-1]))

    def _is_covered(self, condition: Expression, last: int) -> bool:
        named = set(questions_named(condition))
        if len(named) != 1 or not named <= self.place.keys():
            return False
        code = named.pop()
        decider = self.line[self.place[code]]
        jumps = [jump for jump in self.jumps if jump.question == code]
        if not jumps or decider[1].kind not in ONE_OPTION or not all(_passes(jump, condition, last) for jump in jumps):
            return False
        if not (self.covers(decider[1]) and self.covers_page(decider[0])):
            return False
        crossing = (jump for jump in self.jumps if jump.start < self.place[code] < jump.target)
        return holds(condition, {}) or all(jump.target > last for jump in crossing)


def _passes(jump: _Jump, condition: Expression, last: int) -> bool:
    return jump.target > last or _certain(condition, {jump.question: jump.given}) is not False


def _deciding_answers(question: Question) -> list[tuple[str, Given]]:
    """The answers that are one cross and then known entirely, with the code of the option."""
    found = [
        (option.code, Given(options=(option.code,), option_value=option.number))
        for option in question.options
        if not option.retired and _decides(question, option)
    ]
    if question.no_answer and question.asks:
        found.append(("", Given(missing=Missing.NO_ANSWER)))
    return found


def _decides(question: Question, option: Option) -> bool:
    return question.kind in ONE_OPTION or (question.kind is Kind.MULTIPLE and option.exclusive)


def _whole_condition(page: Page, question: Question) -> Expression | None:
    both = tuple(condition for condition in (page.condition, question.condition) if condition is not None)
    return Both(both) if both else None


def _certain(expression: Expression | None, known: Mapping[str, Given]) -> bool | None:
    """Whether it holds as far as these answers tell; None where it depends on others (Kleene's logic)."""
    match expression:
        case None:
            return True
        case Not(inner):
            found = _certain(inner, known)
            return None if found is None else not found
        case Both(of) | Either(of):
            deciding = isinstance(expression, Either)
            parts = [_certain(part, known) for part in of]
            if deciding in parts:
                return deciding
            return None if None in parts else not deciding
        case _:
            return holds(expression, known) if known.keys() >= set(questions_named(expression)) else None
