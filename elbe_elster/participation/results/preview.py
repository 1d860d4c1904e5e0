"""What the survey team sees: counts so far, and each question as the public would see it, with the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.counting import tallied
from elbe_elster.participation.disclosure.protect import Why
from elbe_elster.participation.disclosure.thresholds import LEAST_BASE
from elbe_elster.participation.models import AnswerState, PublishedTable
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, in_language
from elbe_elster.participation.reading import questionnaire_by_pk

from .counted import BY_CHANNEL
from .findings import Findings
from .page import Section
from .showing import Table, shown_tables, topics_table
from .tables import finished_tables

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from elbe_elster.participation.models import Survey

REASONS = {
    Why.SMALL: _("Weniger als drei Menschen, oder alle bis auf weniger als drei."),
    Why.PARTNER: _("Mit dieser Zahl ließe sich eine zu kleine ausrechnen."),
    Why.SMALL_GROUP: _("In der Gruppe sind weniger als zehn Menschen."),
    Why.OTHER_GROUP: _("Was übrig bleibt, würde eine zu kleine Gruppe verraten."),
    Why.LINKED: _("Wie viele die Frage gesehen haben, würde eine verdeckte Zahl einer früheren Frage verraten."),
    Why.TELLING: _(
        "Wie viele die Frage gesehen haben, würde mehr verraten als die Tabellen der Fragen, von denen sie abhängt: "
        "Die Bedingung teilt eine Spanne von Zahlen, verbindet mehrere Fragen, oder es bleiben weniger als drei übrig."
    ),
    Why.UNSAFE: _("Schon die Summen verraten zu viel: Die ganze Tabelle bleibt verdeckt."),
}


@dataclass(frozen=True)
class LiveRow:
    """One question on the desk. ``bars``: answers with their numbers so far; empty where there is nothing to count."""

    code: str
    number: int
    label: str
    kind: str
    publishable: bool
    shown: int
    answered: int
    bars: list[tuple[str, int]]
    public: PublishedTable | None


def live_counts(survey: Survey, language: str) -> list[LiveRow]:
    """Every question with its counts so far, of everybody only (four queries).

    Answers are told from ten people on: before that they would be the answers of a person.
    """
    if survey.current_id is None:
        return []
    asked = [question for question in questionnaire_by_pk(survey.current_id).questions() if question.asks]
    chosen: Counter[tuple[int, int]] = Counter()
    shown: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for count in tallied(survey):
        first_row = count.item <= 1
        if count.state != AnswerState.MORE and first_row:
            shown[count.question] += count.times
        if count.state == AnswerState.VALUE and first_row:
            answered[count.question] += count.times
        if count.state in {AnswerState.VALUE, AnswerState.MORE} and count.option:
            chosen[count.question, count.option] += count.times
    tables = PublishedTable.objects.filter(survey=survey, breakdown=None, withdrawn_at=None)
    public = {table.question_id: table for table in tables}
    publishable = dict(survey.questions.values_list("pk", "publishable"))
    return [
        LiveRow(
            question.code,
            number,
            in_language(question.label, language),
            question.kind.value,
            publishable.get(question.pk, False),
            shown[question.pk],
            answered[question.pk],
            []
            if question.kind in MATRICES | TEXTS or answered[question.pk] < LEAST_BASE
            else [
                (in_language(option.label, language), chosen[question.pk, option.number]) for option in question.options
            ],
            public.get(question.pk),
        )
        for number, question in enumerate(asked, start=1)
    ]


@dataclass(frozen=True)
class Preview:
    """A question as the public would see it. ``reasons``: why how many cells are hidden."""

    tables: list[Table]
    sections: list[Section]
    channels: list[Table]
    topics: Table | None
    reasons: list[tuple[Promise, int]]
    withheld: bool


def preview_of(survey: Survey, code: str, language: str) -> Preview:
    """What publishing this question now would show."""
    findings = Findings(survey, [code])
    tables = finished_tables(findings, code)
    names = {breakdown.pk: breakdown for breakdown in findings.breakdowns}
    sections = [
        Section(str(pk), names[pk].label, shown_tables(values, "blocks", language))
        for pk, values in tables.items()
        if pk is not None
    ]
    why: Counter[Why] = Counter()
    question = findings.questionnaire.question_by_code[code]
    total_hidden = False
    if question.kind not in TEXTS:
        for item, _label in findings.items(code):
            mask = findings.mask(code, item)
            total_hidden = total_hidden or (bool(mask.total) and all(mask.total))
            why.update(mask.total)
            for split, groups in mask.splits.items():
                if split != BY_CHANNEL:
                    why.update(found for group in groups for found in group)
    return Preview(
        shown_tables(tables[None], "blocks", language),
        sections,
        shown_tables(tables[None], "channels", language),
        topics_table(tables[None], language),
        [(text, why[reason]) for reason, text in REASONS.items() if why[reason]],
        total_hidden,
    )
