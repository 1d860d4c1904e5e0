"""The questionnaire as one readable outline: pages, questions, what is special about each, conditions in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elbe_elster.participation.models import QuestionDuty, QuestionKind
from elbe_elster.participation.questionnaire.checking import conditional, problem_in_words, problems
from elbe_elster.participation.questionnaire.document import MATRICES, Duty, Kind, in_language
from elbe_elster.participation.questionnaire.words import condition_in_words, question_numbers

if TYPE_CHECKING:
    from elbe_elster.participation.building.published import Published
    from elbe_elster.participation.questionnaire.checking import Place
    from elbe_elster.participation.questionnaire.document import Page, Question, Questionnaire

SHOWN_OPTIONS = 6
WHOLE = 3  # hidden options fewer than this are shown


@dataclass
class QuestionRow:
    """A question in the outline."""

    code: str
    kind: str
    kind_label: str
    number: int | None
    label: str
    help: str
    options: list[str]
    more_options: int
    facts: list[str]
    said: str
    parts_said: list[str]
    retired: bool
    published: bool


@dataclass
class PageRow:
    """A page in the outline."""

    code: str
    title: str
    intro: str
    said: str
    removable: bool
    questions: list[QuestionRow] = field(default_factory=list)


@dataclass
class Outline:
    """Everything at once."""

    pages: list[PageRow]
    wrong: list[str]  # conditions that cannot work
    count: int  # questions that are asked


def outline_of(questionnaire: Questionnaire, published: Published, language: str) -> Outline:
    """The outline of a document. Asks nothing of the database."""
    drawer = _Drawer(questionnaire, published, language)
    wrong = [problem_in_words(problem, questionnaire, language) for problem in problems(questionnaire)]
    return Outline([drawer.page(page) for page in questionnaire.pages], wrong, len(drawer.numbers))


class _Drawer:
    def __init__(self, questionnaire: Questionnaire, published: Published, language: str) -> None:
        self.questionnaire, self.published, self.language = questionnaire, published, language
        self.numbers = question_numbers(questionnaire)
        self.said = {
            place: condition_in_words(condition, questionnaire, language)
            for place, condition, _seen in conditional(questionnaire)
            if condition is not None
        }

    def page(self, page: Page) -> PageRow:
        codes = {question.code for question in page.questions}
        return PageRow(
            code=page.code,
            title=in_language(page.title, self.language),
            intro=in_language(page.intro, self.language),
            said=next((said for place, said in self.said.items() if place.page == page.code), ""),
            removable=not codes & self.published.questions,
            questions=[self.question(question) for question in page.questions],
        )

    def question(self, question: Question) -> QuestionRow:
        mine = {place: said for place, said in self.said.items() if place.question == question.code}
        labels = [in_language(option.label, self.language) for option in question.options if not option.retired]
        shown = labels if len(labels) < SHOWN_OPTIONS + WHOLE else labels[:SHOWN_OPTIONS]
        return QuestionRow(
            code=question.code,
            kind=question.kind.value,
            kind_label=str(QuestionKind(question.kind.value).label),
            number=self.numbers.get(question.code),
            label=in_language(question.label, self.language),
            help=in_language(question.help, self.language),
            options=shown,
            more_options=len(labels) - len(shown),
            facts=_facts(question),
            said=next((said for place, said in mine.items() if not place.option and not place.item), ""),
            parts_said=[
                f"„{self._part(question, place)}“: {said}" for place, said in mine.items() if place.option or place.item
            ],
            retired=question.retired,
            published=question.code in self.published.questions,
        )

    def _part(self, question: Question, place: Place) -> str:
        if place.option:
            return in_language(question.option_by_code[place.option].label, self.language)
        return in_language(question.item_by_code[place.item].label, self.language)


def _facts(question: Question) -> list[str]:
    """What is set, in a few words each."""
    found = []
    if question.duty is not Duty.FREE:
        found.append(str(QuestionDuty(question.duty.value).label))
    if question.no_answer:
        found.append(_("mit „keine Angabe“"))
    if question.shuffle:
        found.append(_("zufällige Reihenfolge"))
    if question.kind in MATRICES:
        rows = sum(not item.retired for item in question.items)
        found.append(ngettext("%(n)d Zeile", "%(n)d Zeilen", rows) % {"n": rows})
    if question.kind is Kind.NUMBER and question.unit:
        found.append(in_language(question.unit, "de"))
    if any(option.other for option in question.options):
        found.append(_("mit eigenem Text"))
    return found
