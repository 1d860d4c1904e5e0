"""Conditions in words, for people who build, test, print or evaluate a survey.

``condition_in_words`` is a sentence („Nur wenn Sie bei Frage 3 „Nie“ gewählt haben“, without a full stop),
``condition_in_short`` the line of a codebook (``q3 = nie``, the same in every language). What belongs together is said
together: several options of one question in one clause; a *not* stands where it reads naturally, which the rules of
logic allow; comparisons with the number of an option name the options.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, override

from elbe_elster.strategy.periods import period_text

from .clauses import Chosen, Group, clause_of
from .conditions import Answered, Both, Compare, Constant, CountOf, Either, Not, Selected, SumOf, ValueOf
from .document import ONE_OPTION, Kind, in_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .clauses import Clause
    from .conditions import Expression, Term
    from .document import Questionnaire

LONGEST_LABEL = 60  # letters of an answer that is quoted


def question_numbers(questionnaire: Questionnaire) -> dict[str, int]:
    """The number people see at each question, by its code: its place among all that is asked, from 1."""
    asked = (question.code for question in questionnaire.questions() if question.asks and not question.retired)
    return {code: number for number, code in enumerate(asked, start=1)}


def condition_in_words(expression: Expression, questionnaire: Questionnaire, language: str) -> str:
    """When something is shown, as a sentence to the person who answers."""
    with override(language):
        return _Speaker(questionnaire, language).sentence(expression)


# Saying it -----------------------------------------------------------------------


class _Speaker:
    """Says conditions of one questionnaire in one language, which must be the current one."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self.questionnaire = questionnaire
        self.language = language
        self.numbers = question_numbers(questionnaire)

    def sentence(self, expression: Expression) -> str:
        """„Nur wenn …“; as a list with letters where one *and* or *or* is not enough."""
        clause = clause_of(expression, self.questionnaire)
        if isinstance(clause, Group) and any(isinstance(part, Group) for part in clause.parts):
            lines = [f"{chr(97 + place % 26)}) {self.clause(part)}" for place, part in enumerate(clause.parts)]
            intro = (
                gettext("Nur wenn alles davon zutrifft:")
                if clause.all_of
                else gettext("Nur wenn eines davon zutrifft:")
            )
            return f"{intro} {'; '.join(lines)}"
        return gettext("Nur wenn %(clause)s") % {"clause": self.clause(clause)}

    def clause(self, clause: Clause) -> str:
        """One clause, verb last, without „wenn“; groups in groups stand in brackets."""
        match clause:
            case Group(all_of, parts):
                said = [f"({self.clause(part)})" if isinstance(part, Group) else self.clause(part) for part in parts]
                return _listed(said, all_of=all_of)
            case Chosen():
                return self.chosen(clause)
            case Answered():
                return self.answered(clause, denied=False)
            case Not(Answered() as inner):
                return self.answered(inner, denied=True)
            case Compare():
                return self.compared(clause, denied=False)
            case Not(Compare() as inner):
                return self.compared(inner, denied=True)
        raise TypeError(clause)

    def number(self, code: str) -> str:
        """The number of a question; its code where it is not asked (any more)."""
        return str(self.numbers.get(code, code))

    def row(self, code: str, item: str) -> str:
        """The label of a row in quotation marks."""
        question = self.questionnaire.question_by_code.get(code)
        found = question.item_by_code.get(item) if question else None
        return _quoted(in_language(found.label, self.language) if found else item)

    def label(self, code: str, option: str) -> str:
        """The label of an option in quotation marks."""
        question = self.questionnaire.question_by_code.get(code)
        found = question.option_by_code.get(option) if question else None
        return _quoted(in_language(found.label, self.language) if found else option)

    def chosen(self, clause: Chosen) -> str:
        """That options were chosen or not."""
        labels = [self.label(clause.question, option) for option in clause.options]
        question = self.questionnaire.question_by_code.get(clause.question)
        words = {"number": self.number(clause.question), "row": self.row(clause.question, clause.item)}
        words["choice"] = _choice(labels, clause.link)
        if clause.item:
            return gettext("Sie bei Frage %(number)s für %(row)s %(choice)s gewählt haben") % words
        if question is not None and question.kind is Kind.YES_NO:
            return gettext("Sie Frage %(number)s %(choice)s beantwortet haben") % {
                **words,
                "choice": _choice([gettext("mit %(label)s") % {"label": label} for label in labels], clause.link),
            }
        if question is not None and question.kind is Kind.RANKING:
            return gettext("Sie bei Frage %(number)s %(choice)s in die Rangfolge genommen haben") % words
        return gettext("Sie bei Frage %(number)s %(choice)s gewählt haben") % words

    def answered(self, clause: Answered, *, denied: bool) -> str:
        """That there is an answer or none."""
        words = {"number": self.number(clause.question), "row": self.row(clause.question, clause.item)}
        if clause.item and denied:
            return gettext("Sie bei Frage %(number)s für %(row)s nichts angegeben haben") % words
        if clause.item:
            return gettext("Sie bei Frage %(number)s für %(row)s etwas angegeben haben") % words
        if denied:
            return gettext("Sie Frage %(number)s nicht beantwortet haben") % words
        return gettext("Sie Frage %(number)s beantwortet haben") % words

    def compared(self, compare: Compare, *, denied: bool) -> str:
        """Two values in relation; said directly where one of them is a constant."""
        match compare.left, compare.right:
            case ValueOf(code), Constant(value):
                said = self.given(code, compare.sign, value)
            case CountOf(code), Constant(Decimal() as number):
                said = self.counted(code, compare.sign, number)
            case SumOf(codes), Constant(Decimal() as number):
                numbers = _listed([self.number(code) for code in codes], all_of=True)
                words = {"numbers": numbers, "amount": _amount(compare.sign, _numeral(number))}
                said = gettext("Ihre Zahlen bei den Fragen %(numbers)s zusammen %(amount)s ergeben") % words
            case left, right:
                words = {"left": self.term(left), "right": self.term(right)}
                said = _relation(compare.sign) % words
        return gettext("es nicht so ist, dass %(clause)s") % {"clause": said} if denied else said

    def given(self, code: str, sign: str, value: Decimal | dt.date | str) -> str:
        """What was answered, beside a constant."""
        question = self.questionnaire.question_by_code.get(code)
        number = self.number(code)
        if isinstance(value, dt.date):
            return _dated(sign) % {"number": number, "day": period_text(value)}
        if isinstance(value, str):
            words = {"number": number, "text": _quoted(value)}
            if sign == "!=":
                return gettext("Sie bei Frage %(number)s etwas anderes als %(text)s geschrieben haben") % words
            return gettext("Sie bei Frage %(number)s %(text)s geschrieben haben") % words
        if question is not None and question.kind in ONE_OPTION:
            words = {"number": number, "amount": _amount(sign, _numeral(value))}
            return gettext("Sie bei Frage %(number)s eine Antwort mit der Nummer %(amount)s gewählt haben") % words
        unit = in_language(question.unit, self.language) if question else ""
        return gettext("Sie bei Frage %(number)s %(amount)s angegeben haben") % {
            "number": number,
            "amount": _amount(sign, f"{_numeral(value)} {unit}".strip()),
        }

    def counted(self, code: str, sign: str, number: Decimal) -> str:
        """How many options were chosen."""
        if f"{sign}{number}" in {"=0", "<1", "<=0"}:
            return gettext("Sie bei Frage %(number)s nichts gewählt haben") % {"number": self.number(code)}
        if f"{sign}{number}" in {">0", "!=0"}:
            sign, number = ">=", Decimal(1)
        words = {"number": self.number(code), "amount": _amount(sign, _numeral(number))}
        said = ngettext(
            "Sie bei Frage %(number)s %(amount)s Antwort gewählt haben",
            "Sie bei Frage %(number)s %(amount)s Antworten gewählt haben",
            int(number) if number == int(number) else 2,
        )
        return said % words

    def term(self, term: Term) -> str:
        """A value as a noun."""
        match term:
            case Constant(value):
                return period_text(value) if isinstance(value, dt.date) else _quoted(value) if isinstance(value, str) else _numeral(value)  # fmt: skip
            case ValueOf(code):
                return gettext("Ihre Angabe bei Frage %(number)s") % {"number": self.number(code)}
            case CountOf(code):
                return gettext("die Zahl Ihrer Antworten bei Frage %(number)s") % {"number": self.number(code)}
            case SumOf(codes):
                numbers = _listed([self.number(code) for code in codes], all_of=True)
                return gettext("die Summe Ihrer Zahlen bei den Fragen %(numbers)s") % {"numbers": numbers}


def _quoted(words: str) -> str:
    words = " ".join(words.split())
    short = words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1].rstrip()}…"
    return gettext("„%(words)s“") % {"words": short}


def _numeral(number: Decimal) -> str:
    """The number as people write it, without needless zeros: „12,5“."""
    plain = f"{number.normalize():f}"
    return number_format(Decimal(plain), decimal_pos=len(plain.partition(".")[2]) or None)


def _listed(said: Sequence[str], *, all_of: bool) -> str:
    """„a, b und c“ or „a, b oder c“."""
    *rest, last = said
    if not rest:
        return last
    words = {"first": ", ".join(rest), "last": last}
    return (gettext("%(first)s und %(last)s") if all_of else gettext("%(first)s oder %(last)s")) % words


def _choice(labels: Sequence[str], link: str) -> str:
    if link == "else":
        return gettext("etwas anderes als %(choice)s") % {"choice": _listed(labels, all_of=False)}
    if link != "nor":
        return _listed(labels, all_of=link == "and")
    if len(labels) == 1:
        return gettext("nicht %(choice)s") % {"choice": labels[0]}
    words = {"first": ", ".join(labels[:-1]), "last": labels[-1]}
    return gettext("weder %(first)s noch %(last)s") % words


def _amount(sign: str, value: str) -> str:
    said = {
        "=": gettext("genau %(value)s"),
        "!=": gettext("nicht genau %(value)s"),
        "<": gettext("weniger als %(value)s"),
        "<=": gettext("höchstens %(value)s"),
        ">": gettext("mehr als %(value)s"),
        ">=": gettext("mindestens %(value)s"),
    }
    return said[sign] % {"value": value}


def _dated(sign: str) -> str:
    return {
        "=": gettext("Sie bei Frage %(number)s den %(day)s angegeben haben"),
        "!=": gettext("Sie bei Frage %(number)s einen anderen Tag als den %(day)s angegeben haben"),
        "<": gettext("Sie bei Frage %(number)s einen Tag vor dem %(day)s angegeben haben"),
        "<=": gettext("Sie bei Frage %(number)s den %(day)s oder einen Tag davor angegeben haben"),
        ">": gettext("Sie bei Frage %(number)s einen Tag nach dem %(day)s angegeben haben"),
        ">=": gettext("Sie bei Frage %(number)s den %(day)s oder einen Tag danach angegeben haben"),
    }[sign]


def _relation(sign: str) -> str:
    return {
        "=": gettext("%(left)s gleich %(right)s ist"),
        "!=": gettext("%(left)s anders ist als %(right)s"),
        "<": gettext("%(left)s kleiner oder früher ist als %(right)s"),
        "<=": gettext("%(left)s nicht größer oder später ist als %(right)s"),
        ">": gettext("%(left)s größer oder später ist als %(right)s"),
        ">=": gettext("%(left)s nicht kleiner oder früher ist als %(right)s"),
    }[sign]


# Codebook ------------------------------------------------------------------------


def condition_in_short(expression: Expression) -> str:
    """The condition as a codebook writes it, with codes: ``q3 = nie and not answered(q4)``."""
    match expression:
        case Both(of) | Either(of):
            link = " and " if isinstance(expression, Both) else " or "
            return link.join(_bracketed(part) if len(of) > 1 else condition_in_short(part) for part in of)
        case Not(inner):
            return f"not {_bracketed(inner, always=True)}"
        case Selected(question, option, item):
            return f"{_place(question, item)} = {option}"
        case Answered(question, item):
            return f"answered({_place(question, item)})"
        case Compare(sign, left, right):
            return f"{_short_term(left)} {sign} {_short_term(right)}"


def _bracketed(expression: Expression, *, always: bool = False) -> str:
    said = condition_in_short(expression)
    plain = isinstance(expression, Answered | Not) or (not always and isinstance(expression, Selected | Compare))
    return said if plain else f"({said})"


def _place(question: str, item: str) -> str:
    return f"{question}[{item}]" if item else question


def _short_term(term: Term) -> str:
    match term:
        case Constant(value):
            return (
                f'"{value}"'
                if isinstance(value, str)
                else f"{value:f}"
                if isinstance(value, Decimal)
                else value.isoformat()
            )
        case ValueOf(question):
            return f"value({question})"
        case CountOf(question):
            return f"count({question})"
        case SumOf(questions):
            return f"sum({', '.join(questions)})"
