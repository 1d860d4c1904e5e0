"""Whether the conditions of a questionnaire make sense: known things, asked earlier, compared with what they can be.

A condition sees only what stands before its own thing: of a page everything on earlier pages; of a question, its options
and rows everything before the question.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext, override

from .conditions import Answered, Compare, Constant, CountOf, Selected, SumOf, ValueOf, leaves
from .document import MATRICES, ONE_OPTION, TEXTS, WITH_OPTIONS, Kind, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conditions import Expression, Leaf, Term
    from .document import Question, Questionnaire


class Flaw(StrEnum):
    """What is wrong with a condition."""

    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_OPTION = "unknown_option"
    UNKNOWN_ITEM = "unknown_item"
    NOT_EARLIER = "not_earlier"
    WRONG_KIND = "wrong_kind"


@dataclass(frozen=True)
class Place:
    """The thing that is shown under a condition, by its codes: a page, a question, an option or a row."""

    page: str = ""
    question: str = ""
    option: str = ""
    item: str = ""


@dataclass(frozen=True)
class Problem:
    """A condition that cannot work. ``names`` is the question in it, ``part`` the option or row."""

    flaw: Flaw
    place: Place
    names: str
    part: str = ""


def problems(questionnaire: Questionnaire) -> list[Problem]:
    """Everything that is wrong with conditions, in the order of the questionnaire, each once."""
    found: list[Problem] = []
    for place, condition, seen in conditional(questionnaire):
        if condition is not None:
            found += condition_problems(condition, questionnaire, place, seen)
    return found


def condition_problems(
    condition: Expression, questionnaire: Questionnaire, place: Place, seen: frozenset[str]
) -> list[Problem]:
    """What is wrong with one condition at a place where the questions ``seen`` may be named, each once."""
    checker = _Checker(questionnaire, place, seen)
    checker.expression(condition)
    return list(dict.fromkeys(checker.found))


def conditional(questionnaire: Questionnaire) -> Iterator[tuple[Place, Expression | None, frozenset[str]]]:
    """Every thing that can have a condition, the condition, and the codes of the questions it may name."""
    seen: set[str] = set()
    for page in questionnaire.pages:
        yield Place(page=page.code), page.condition, frozenset(seen)
        for question in page.questions:
            before = frozenset(seen)
            yield Place(question=question.code), question.condition, before
            for option in question.options:
                yield Place(question=question.code, option=option.code), option.condition, before
            for item in question.items:
                yield Place(question=question.code, item=item.code), item.condition, before
            seen.add(question.code)


class _Checker:
    """Looks through the condition of one thing."""

    def __init__(self, questionnaire: Questionnaire, place: Place, seen: frozenset[str]) -> None:
        self.questionnaire = questionnaire
        self.place = place
        self.seen = seen
        self.found: list[Problem] = []

    def expression(self, expression: Expression) -> None:
        for leaf in leaves(expression):
            self.leaf(leaf)

    def leaf(self, leaf: Leaf) -> None:
        match leaf:
            case Selected(code, option, item):
                self.selected(code, option, item)
            case Answered(code, item):
                question = self.question(code)
                if question and not question.asks:
                    self.wrong(Flaw.WRONG_KIND, code)
                elif question:
                    self.row(question, item, needed=False)
            case Compare(sign, left, right):
                self.compared(sign, left, right)

    def question(self, code: str) -> Question | None:
        """The question, if it is there and asked earlier."""
        question = self.questionnaire.question_by_code.get(code)
        if question is None:
            self.wrong(Flaw.UNKNOWN_QUESTION, code)
        elif code not in self.seen:
            self.wrong(Flaw.NOT_EARLIER, code)
            return None
        return question

    def selected(self, code: str, option: str, item: str) -> None:
        question = self.question(code)
        if question is None:
            return
        if question.kind not in WITH_OPTIONS:
            self.wrong(Flaw.WRONG_KIND, code)
            return
        if option not in question.option_by_code:
            self.wrong(Flaw.UNKNOWN_OPTION, code, option)
        self.row(question, item, needed=True)

    def row(self, question: Question, item: str, *, needed: bool) -> None:
        """A row belongs to matrices, and there to every choice."""
        if item and item not in question.item_by_code:
            self.wrong(Flaw.UNKNOWN_ITEM, question.code, item)
        elif needed and not item and question.kind in MATRICES:
            self.wrong(Flaw.WRONG_KIND, question.code)

    def compared(self, sign: str, left: Term, right: Term) -> None:
        """Both sides are of one sort, and what is greater or smaller has an order."""
        sorts = [self.sort(left), self.sort(right)]
        if None in sorts:
            return
        if sorts[0] is not sorts[1] or (sorts[0] is str and sign not in {"=", "!="}):
            self.wrong(Flaw.WRONG_KIND, _first_named(left, right))

    def sort(self, term: Term) -> type | None:
        """What a side of a comparison is; None where something is wrong with it already."""
        match term:
            case Constant(value):
                return dt.date if isinstance(value, dt.date) else type(value)
            case ValueOf(code):
                return self.value_of(code)
            case CountOf(code):
                question = self.question(code)
                if question and question.kind not in WITH_OPTIONS:
                    self.wrong(Flaw.WRONG_KIND, code)
                return Decimal if question and question.kind in WITH_OPTIONS else None
            case SumOf(codes):
                sorts = {code: self.value_of(code) for code in codes}
                for code, sort in sorts.items():
                    if sort not in {Decimal, None}:
                        self.wrong(Flaw.WRONG_KIND, code)
                return Decimal if set(sorts.values()) == {Decimal} else None
        raise TypeError(term)

    def value_of(self, code: str) -> type | None:
        """What the answer to a question is."""
        question = self.question(code)
        if question is None:
            return None
        if question.kind is Kind.NUMBER or question.kind in ONE_OPTION:
            return Decimal
        if question.kind is Kind.DATE:
            return dt.date
        if question.kind in TEXTS:
            return str
        self.wrong(Flaw.WRONG_KIND, code)
        return None

    def wrong(self, flaw: Flaw, names: str, part: str = "") -> None:
        self.found.append(Problem(flaw, self.place, names, part))


def _first_named(*terms: Term) -> str:
    """The code of the first question in a comparison; empty where only constants are compared."""
    for term in terms:
        match term:
            case ValueOf(code) | CountOf(code):
                return code
            case SumOf(codes):
                return codes[0]
            case _:
                continue
    return ""


# In words ------------------------------------------------------------------------


def problem_in_words(problem: Problem, questionnaire: Questionnaire, language: str) -> str:
    """A sentence that says which condition cannot work, and why."""
    with override(language):
        words = {
            "place": place_in_words(problem.place, questionnaire, language),
            "question": _name_of(problem.names, questionnaire, language),
            "part": problem.part,
        }
        return _sentence(problem.flaw) % words


def _sentence(flaw: Flaw) -> str:
    return {
        Flaw.UNKNOWN_QUESTION: gettext("Die Bedingung an %(place)s nennt eine Frage, die es nicht gibt: %(question)s."),
        Flaw.UNKNOWN_OPTION: gettext(
            "Die Bedingung an %(place)s nennt eine Antwort, die es nicht gibt: %(part)s bei %(question)s."
        ),
        Flaw.UNKNOWN_ITEM: gettext(
            "Die Bedingung an %(place)s nennt eine Zeile, die es nicht gibt: %(part)s bei %(question)s."
        ),
        Flaw.NOT_EARLIER: gettext(
            "Die Bedingung an %(place)s hängt an %(question)s. Diese Frage muss vorher gestellt werden."
        ),
        Flaw.WRONG_KIND: gettext(
            "Die Bedingung an %(place)s vergleicht %(question)s mit etwas, das dort nicht geantwortet werden kann."
        ),
    }[flaw]


def place_in_words(place: Place, questionnaire: Questionnaire, language: str) -> str:
    """„Frage „Wie alt sind Sie?““ and the like."""
    with override(language):
        if place.page:
            titles = {page.code: in_language(page.title, language) for page in questionnaire.pages}
            return gettext("Teil „%(name)s“") % {"name": titles.get(place.page, place.page)}
        question = questionnaire.question_by_code[place.question]
        words = {"question": _name_of(place.question, questionnaire, language)}
        if place.option:
            words["name"] = in_language(question.option_by_code[place.option].label, language)
            return gettext("Antwort „%(name)s“ der %(question)s") % words
        if place.item:
            words["name"] = in_language(question.item_by_code[place.item].label, language)
            return gettext("Zeile „%(name)s“ der %(question)s") % words
        return words["question"]


def _name_of(code: str, questionnaire: Questionnaire, language: str) -> str:
    question = questionnaire.question_by_code.get(code)
    return gettext("Frage „%(name)s“") % {"name": in_language(question.label, language) if question else code}
