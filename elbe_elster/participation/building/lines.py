"""How the lines of a condition are drawn: which questions, relations and values there are to choose from."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.building.nodes import DEEPEST, SUM, Line, Node
from elbe_elster.participation.questionnaire.conditions import expression_from_json
from elbe_elster.participation.questionnaire.document import (
    MANY_OPTIONS,
    MATRICES,
    ONE_OPTION,
    TEXTS,
    WITH_OPTIONS,
    Kind,
    in_language,
)
from elbe_elster.participation.questionnaire.words import condition_in_words, question_numbers

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire

    Choices = list[tuple[str, str]]

LONGEST_LABEL = 70
CHOSEN = [("selected", _("gewählt ist")), ("not_selected", _("nicht gewählt ist"))]
ANSWERED = [("answered", _("beantwortet ist")), ("not_answered", _("nicht beantwortet ist"))]
NUMBERS = [
    ("=", _("gleich")),
    ("!=", _("nicht gleich")),
    ("<", _("kleiner als")),
    ("<=", _("höchstens")),
    (">", _("größer als")),
    (">=", _("mindestens")),
]
DATES = [
    ("=", _("am")),
    ("!=", _("nicht am")),
    ("<", _("vor dem")),
    ("<=", _("am oder vor dem")),
    (">", _("nach dem")),
    (">=", _("am oder nach dem")),
]
COUNTS = [
    ("=", _("genau so viele Antworten:")),
    ("!=", _("nicht genau so viele Antworten:")),
    ("<", _("weniger Antworten als")),
    ("<=", _("höchstens so viele Antworten:")),
    (">", _("mehr Antworten als")),
    (">=", _("mindestens so viele Antworten:")),
]
WRITTEN = [("=", _("genau lautet")), ("!=", _("anders lautet als"))]


@dataclass
class DrawnLine:
    """A line with its choices. ``control`` is the value's: "", option, number, date or text."""

    line: Line
    at: str
    relations: Choices
    control: str
    options: Choices
    said: str = ""  # of a line that can only be kept

    is_group = False


@dataclass
class DrawnNode:
    """A group with its parts drawn. ``deeper``: whether another group fits into it."""

    node: Node
    at: str
    parts: list[DrawnNode | DrawnLine]
    deeper: bool

    is_group = True


def answer_sorts(questionnaire: Questionnaire) -> dict[str, type]:
    """What the answer to each question is, for comparisons."""
    sorts: dict[Kind, type] = {Kind.DATE: dt.date, **dict.fromkeys(TEXTS, str)}
    return {question.code: sorts.get(question.kind, Decimal) for question in questionnaire.questions()}


class Choosing:
    """What can be chosen for the conditions of one thing: the questions asked before it."""

    def __init__(self, questionnaire: Questionnaire, seen: frozenset[str], language: str) -> None:
        self.questionnaire = questionnaire
        self.language = language
        self.numbers = question_numbers(questionnaire)
        self.seen = seen

    def subjects(self) -> list[tuple[str, Choices]]:
        """By page the questions that may be named, a matrix also by its rows; sums last."""
        found: list[tuple[str, Choices]] = []
        for page in self.questionnaire.pages:
            rows = [row for question in page.questions if self._offered(question) for row in self._subjects(question)]
            if rows:
                found.append((in_language(page.title, self.language), rows))
        if len(self.summable()) > 1:
            found.append((str(_("Rechnen")), [(SUM, str(_("Summe mehrerer Zahlen")))]))
        return found

    def _offered(self, question: Question) -> bool:
        return question.code in self.seen and question.asks and not question.retired

    def _subjects(self, question: Question) -> Choices:
        label = self.label(question)
        if question.kind not in MATRICES:
            return [(question.code, label)]
        rows = [
            (f"{question.code}/{item.code}", f"{label} – {self._short(in_language(item.label, self.language))}")
            for item in question.items
            if not item.retired
        ]
        return [*rows, (question.code, f"{label} – {_('die ganze Tabelle')}")]

    def label(self, question: Question) -> str:
        """„3. Wie alt sind Sie?“."""
        return f"{self.numbers.get(question.code, '–')}. {self._short(in_language(question.label, self.language))}"

    def _short(self, text: str) -> str:
        return Truncator(text).chars(LONGEST_LABEL)

    def summable(self) -> Choices:
        """The questions whose answers are numbers."""
        kinds = ONE_OPTION | {Kind.NUMBER}
        asked = [question for question in self.questionnaire.questions() if self._offered(question)]
        return [
            (question.code, self.label(question))
            for question in asked
            if question.kind in kinds - {Kind.YES_NO, Kind.MUNICIPALITY}
        ]

    def relations(self, subject: str) -> Choices:
        """What can be said about a subject."""
        if subject == SUM:
            return _signed("sum", NUMBERS)
        question, item = self._question(subject)
        if question is None:
            return []
        if question.kind in MATRICES:
            return _words([*CHOSEN, *ANSWERED]) if item else [*_words(ANSWERED), *_signed("count", COUNTS)]
        if question.kind in MANY_OPTIONS:
            return [*_words([*CHOSEN, *ANSWERED]), *_signed("count", COUNTS)]
        if question.kind in ONE_OPTION:
            by_number = _signed("value", NUMBERS) if question.kind is Kind.SCALE else []
            return [*_words([*CHOSEN, *ANSWERED]), *by_number]
        signs = {Kind.NUMBER: NUMBERS, Kind.DATE: DATES}.get(question.kind, WRITTEN)
        return [*_signed("value", signs), *_words(ANSWERED)]

    def _question(self, subject: str) -> tuple[Question | None, str]:
        code, _slash, item = subject.partition("/")
        return self.questionnaire.question_by_code.get(code), item

    def draw(self, node: Node, at: str = "", depth: int = 0) -> DrawnNode:
        """The group ready for the page. Completes lines: the first relation is chosen where none fits."""
        parts: list[Any] = []
        for number, part in enumerate(node.parts):
            place = f"{at}-{number}" if at else str(number)
            parts.append(self.draw(part, place, depth + 1) if isinstance(part, Node) else self._line(part, place))
        return DrawnNode(node, at, parts, depth + 1 < DEEPEST)

    def _line(self, line: Line, at: str) -> DrawnLine:
        if line.kept:
            return DrawnLine(line, at, [], "", [], said=self._said(line.kept))
        relations = self.relations(line.subject)
        if line.subject and line.relation not in dict(relations):
            by_number = line.relation.startswith("value") and self._is_choice(line.subject)
            if by_number:
                relations += _signed("value", NUMBERS)
            else:
                line.relation, line.value = (relations[0][0] if relations else ""), ""
        control = self._control(line)
        options = self._options(line.subject) if control == "option" else []
        return DrawnLine(line, at, relations, control, options)

    def _is_choice(self, subject: str) -> bool:
        question, _item = self._question(subject)
        return question is not None and question.kind in ONE_OPTION

    def _control(self, line: Line) -> str:
        if not line.subject or not line.relation or "answered" in line.relation:
            return ""
        if "selected" in line.relation:
            return "option"
        question, _item = self._question(line.subject)
        if question is None or not line.relation.startswith("value"):
            return "number"
        if question.kind is Kind.DATE:
            return "date"
        return "text" if question.kind in TEXTS else "number"

    def _options(self, subject: str) -> Choices:
        question, _item = self._question(subject)
        if question is None or question.kind not in WITH_OPTIONS:
            return []
        return [(option.code, in_language(option.label, self.language)) for option in question.options]

    def _said(self, kept: str) -> str:
        try:
            return condition_in_words(expression_from_json(json.loads(kept)), self.questionnaire, self.language)
        except (ValueError, RecursionError):
            return kept


def _words(pairs: list[Any]) -> Choices:
    return [(value, str(label)) for value, label in pairs]


def _signed(prefix: str, pairs: list[Any]) -> Choices:
    return [(f"{prefix}{sign}", str(label)) for sign, label in pairs]
