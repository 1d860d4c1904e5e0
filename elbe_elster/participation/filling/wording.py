"""Answers in words, and how long questions take: for the check page, the file a person keeps, and paper entry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from elbe_elster.participation.questionnaire.answers import Missing
from elbe_elster.participation.questionnaire.document import MATRICES, Kind, in_language

from .cleaning import in_figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.participation.questionnaire.answers import Given
    from elbe_elster.participation.questionnaire.document import Question
    from elbe_elster.participation.questionnaire.path import ShownQuestion

WORDS_A_SECOND = 3  # a calm reader
SECONDS = {  # to think and to answer, reading apart
    Kind.SINGLE: 5,
    Kind.MULTIPLE: 8,
    Kind.YES_NO: 4,
    Kind.SCALE: 5,
    Kind.RANKING: 10,
    Kind.NUMBER: 8,
    Kind.DATE: 8,
    Kind.SHORT_TEXT: 20,
    Kind.LONG_TEXT: 45,
    Kind.MUNICIPALITY: 8,
    Kind.INFORMATION: 0,
}
SECONDS_A_ROW = 5  # of a matrix


def answer_lines(shown: ShownQuestion, given: Given | None, language: str) -> list[str]:
    """The answer, a line for each thing chosen; „nicht beantwortet“ and „keine Angabe“ in words."""
    if given is None or given.is_empty:
        return [_("nicht beantwortet")]
    if given.missing is not None:
        return [_("nicht lesbar") if given.missing is Missing.NOT_LEGIBLE else _("keine Angabe")]
    return _chosen(shown, given, language) if shown.question.options else _written(shown.question, given, language)


def _chosen(shown: ShownQuestion, given: Given, language: str) -> list[str]:
    question = shown.question
    if question.kind in MATRICES:
        rows = [(in_language(item.label, language), given.items.get(item.code, ())) for item in shown.items]
        return [f"{label}: {_labels(question, codes, given, language)}" for label, codes in rows]
    labels = [_labels(question, (code,), given, language) for code in given.options]
    if question.kind is Kind.RANKING:
        return [f"{place}. {label}" for place, label in enumerate(labels, start=1)]
    return labels


def _written(question: Question, given: Given, language: str) -> list[str]:
    if given.number is not None:
        return [f"{in_figures(given.number)} {in_language(question.unit, language)}".strip()]
    if given.date is not None:
        return [date_format(given.date, "DATE_FORMAT")]
    return given.text.strip().split("\n")


def answers_in_rows(shown: ShownQuestion, given: Given | None, language: str) -> list[tuple[str, str]]:
    """The same with the label of the row before each answer, which is empty for all but matrices."""
    if given is None or not given.is_answer or shown.question.kind not in MATRICES:
        return [("", line) for line in answer_lines(shown, given, language)]
    return [
        (in_language(item.label, language), _labels(shown.question, given.items.get(item.code, ()), given, language))
        for item in shown.items
    ]


def _labels(question: Question, codes: Iterable[str], given: Given, language: str) -> str:
    found = []
    for code in codes:
        label = in_language(question.option_by_code[code].label, language)
        beside = given.others.get(code, "")
        found.append(f"{label}: {beside}" if beside else label)
    return ", ".join(found) or _("nicht beantwortet")


def seconds_for(question: Question, language: str) -> int:
    """How long a person needs to read and answer it, estimated."""
    texts = [question.label, question.help, *(option.label for option in question.options[:12])]
    texts += [item.label for item in question.items]
    words = sum(len(in_language(text, language).split()) for text in texts)
    answering = SECONDS.get(question.kind) or SECONDS_A_ROW * len(question.items)
    return math.ceil(words / WORDS_A_SECOND) + answering


def minutes_for(questions: Iterable[Question], language: str) -> int:
    """Estimated minutes for these questions, at least one."""
    seconds = sum(seconds_for(question, language) for question in questions if not question.retired)
    return max(1, math.ceil(seconds / 60))
