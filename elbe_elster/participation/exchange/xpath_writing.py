"""Conditions and bounds of the portal in the XPath of XLSForm. What XPath says otherwise is written out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import (
    Answered,
    Both,
    Compare,
    Constant,
    CountOf,
    Either,
    Not,
    Selected,
    SumOf,
    ValueOf,
    holds,
)
from elbe_elster.participation.questionnaire.document import MANY_OPTIONS, MATRICES, ONE_OPTION, TEXTS, Kind

from .comparing import constants_compared

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire.conditions import Expression, Term
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire

NEVER = "false()"


class Writer:
    """Names fields and writes conditions of one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questions = questionnaire.question_by_code
        self.taken = set(self.questions)
        self.names: dict[tuple[str, ...], str] = {}

    # Names: unique in the whole form, as XLSForm wants them ---------------------

    def page_name(self, code: str) -> str:
        """The group of a page."""
        return self._name(code, "page", code)

    def grid_name(self, code: str) -> str:
        """The group of a matrix."""
        return self._name(f"{code}__grid", "grid", code)

    def row_name(self, code: str, item: str) -> str:
        """A row of a matrix."""
        return self._name(f"{code}__{item}", "row", code, item)

    def beside_name(self, code: str, option: str) -> str:
        """The text beside an option."""
        return self._name(f"{code}__{option}__text", "beside", code, option)

    def _name(self, wanted: str, *key: str) -> str:
        if key not in self.names:
            name, number = wanted, 2
            while name in self.taken:
                name, number = f"{wanted}_{number}", number + 1
            self.taken.add(name)
            self.names[key] = name
        return self.names[key]

    # Conditions ---------------------------------------------------------------

    def xpath(self, expression: Expression) -> str:
        """A condition."""
        match expression:
            case Both(of):
                return " and ".join(self._part(part) for part in of)
            case Either(of):
                return " or ".join(self._part(part) for part in of)
            case Not(inner):
                return f"not({self.xpath(inner)})"
            case Selected(question, option, item):
                return self.selected(question, option, item)
            case Answered(question, item):
                return self.answered(question, item)
            case Compare(sign, left, right):
                return self._compared(sign, left, right)

    def _part(self, expression: Expression) -> str:
        text = self.xpath(expression)
        plain = isinstance(expression, Not | Selected) or (" and " not in text and " or " not in text)
        return text if plain else f"({text})"

    def selected(self, code: str, option: str, item: str) -> str:
        """That an option is chosen."""
        question = self.questions.get(code)
        if question is None or option not in question.option_by_code or self._is_lost(question, item):
            return NEVER
        field = self._field(code, item)
        if question.kind in ONE_OPTION or question.kind is Kind.MATRIX_SINGLE:
            return f"{field} = {_quoted(option)}"
        return f"selected({field}, {_quoted(option)})"

    def answered(self, code: str, item: str) -> str:
        """That there is an answer."""
        question = self.questions.get(code)
        if question is None or not question.asks or (item and self._is_lost(question, item)):
            return NEVER
        if question.kind in MATRICES and not item:
            return " or ".join(f"{self._field(code, row.code)} != ''" for row in question.items) or NEVER
        return f"{self._field(code, item)} != ''"

    def _is_lost(self, question: Question, item: str) -> bool:
        """Whether a row is named that is not there, or none where one is needed: such a condition never holds."""
        return item not in question.item_by_code if item else question.kind in MATRICES

    def _field(self, code: str, item: str = "") -> str:
        return f"${{{self.row_name(code, item) if item else code}}}"

    def _compared(self, sign: str, left: Term, right: Term) -> str:
        if isinstance(left, Constant) and isinstance(right, Constant):
            return "true()" if holds(Compare(sign, left, right), {}) else NEVER
        for one, other, turned in ((left, right, sign), (right, left, FLIPPED[sign])):
            if isinstance(one, ValueOf) and isinstance(other, Constant) and self._is_choice(one.question):
                return self._choice(turned, one.question, other)
        there = [self._there(term) for term in (left, right)]
        compared = f"{self._term(left)} {sign} {self._term(right)}"
        needed = [text for text in there if text] if sign == "!=" or isinstance(left, SumOf) else []
        return " and ".join([*needed, compared])

    def _is_choice(self, code: str) -> bool:
        return code in self.questions and self.questions[code].kind in ONE_OPTION

    def _choice(self, sign: str, code: str, constant: Constant) -> str:
        """The number of the option chosen, compared: written out option by option."""
        if not isinstance(constant.value, Decimal):
            return NEVER
        fitting = [
            self.selected(code, option.code, "")
            for option in self.questions[code].options
            if constants_compared(sign, Decimal(option.number), constant.value)
        ]
        return " or ".join(fitting) or NEVER

    def _there(self, term: Term) -> str:
        match term:
            case ValueOf(question):
                return self.answered(question, "")
            case SumOf(questions):
                text = " or ".join(self.answered(question, "") for question in questions)
                return f"({text})" if len(questions) > 1 else text
        return ""

    def _term(self, term: Term) -> str:
        match term:
            case Constant(Decimal() as number):
                return f"{number:f}"
            case Constant(dt.date() as day):
                return f"date('{day.isoformat()}')"
            case Constant(text):
                return _quoted(str(text))
            case ValueOf(question):
                return self._field(question)
            case CountOf(question):
                known = self.questions.get(question)
                rows = [row.code for row in known.items] if known and known.kind in MATRICES else [""]
                return " + ".join(f"count-selected({self._field(question, row)})" for row in rows)
            case SumOf(questions):
                return " + ".join(f"coalesce({self._field(question)}, 0)" for question in questions)


FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def constraint_of(question: Question) -> str:
    """The bounds of a question as a constraint on its own value."""
    parts = []
    own = {**dict.fromkeys(TEXTS, "string-length(.)"), **dict.fromkeys(MANY_OPTIONS, "count-selected(.)")}
    value = own.get(question.kind, ".")
    if question.least is not None:
        parts.append(f"{value} >= {question.least.normalize():f}")
    if question.most is not None:
        parts.append(f"{value} <= {question.most.normalize():f}")
    if question.earliest:
        parts.append(f". >= date('{question.earliest}')")
    if question.latest:
        parts.append(f". <= date('{question.latest}')")
    if question.kind is Kind.MULTIPLE:
        alone = [option.code for option in question.options if option.exclusive]
        parts += [f"not(selected(., {_quoted(code)}) and count-selected(.) > 1)" for code in alone]
    return " and ".join(parts)


def _quoted(text: str) -> str:
    """A text in quotation marks; XPath has no way to write both kinds in one, so the double ones become typographic."""
    if "'" not in text:
        return f"'{text}'"
    return '"{}"'.format(text.replace('"', "”"))
