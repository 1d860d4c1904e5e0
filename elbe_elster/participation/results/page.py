"""What the public page of results shows, put together from what was published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Sum

from elbe_elster.participation.disclosure.protect import Exact, protect
from elbe_elster.participation.models import Channel, FreeText, PublishedTable, ResponseCount, TextState
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, Kind, in_language
from elbe_elster.participation.reading import questionnaire_by_pk

from .showing import Table, shown_tables, topics_table, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from elbe_elster.participation.models import Breakdown, Survey

SEVERAL = frozenset({Kind.MULTIPLE.value, Kind.MATRIX_MULTIPLE.value})


@dataclass(frozen=True)
class Section:
    """One way to split a question. ``key`` is its name in the address of the file."""

    key: str
    label: str
    tables: list[Table]


@dataclass(frozen=True)
class Result:
    """The published result of one question. Numbers are written as they are shown."""

    code: str
    number: int
    label: str
    table: PublishedTable
    tables: list[Table]
    shown: str
    answered: str
    missing: list[tuple[str, str]]
    sections: list[Section] = field(default_factory=list)
    channels: list[Table] = field(default_factory=list)
    topics: Table | None = None
    quotes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The kind of the question."""
        return str(self.table.values["kind"])

    @property
    def several(self) -> bool:
        """Whether shares may add up to more than 100."""
        return self.kind in SEVERAL

    @property
    def is_matrix(self) -> bool:
        """Whether it has a table for each row."""
        return self.kind in MATRICES

    @property
    def is_text(self) -> bool:
        """Whether people answered in their own words."""
        return self.kind in TEXTS


def results_of(survey: Survey, language: str) -> list[Result]:
    """Everything that is published of a survey, in the order of the questions (two queries)."""
    if survey.current_id is None:
        return []
    public = PublishedTable.objects.public().filter(survey=survey).exclude(values={})
    rows = list(public.select_related("breakdown__question"))
    quotes: dict[int, list[str]] = {}
    published = FreeText.objects.filter(question__in={row.question_id for row in rows}, state=TextState.PUBLISHED)
    for pk, quote in published.exclude(quote="").order_by("quote").values_list("question", "quote"):
        quotes.setdefault(pk, []).append(quote)
    asked = [question for question in questionnaire_by_pk(survey.current_id).questions() if question.asks]
    found = []
    for number, question in enumerate(asked, start=1):
        whole = next((row for row in rows if row.question_id == question.pk and row.breakdown_id is None), None)
        if whole is None:
            continue
        splits = sorted(
            (row.breakdown.order, row.breakdown.pk, row.breakdown, row)
            for row in rows
            if row.question_id == question.pk and row.breakdown is not None
        )
        found.append(
            Result(
                question.code,
                number,
                in_language(question.label, language),
                whole,
                shown_tables(whole.values, "blocks", language),
                *_around(whole.values),
                [_section(breakdown, row, language) for _order, _pk, breakdown, row in splits],
                shown_tables(whole.values, "channels", language),
                topics_table(whole.values, language),
                quotes.get(question.pk, []),
            )
        )
    return found


def _section(breakdown: Breakdown, row: PublishedTable, language: str) -> Section:
    return Section(breakdown.question.code, breakdown.label, shown_tables(row.values, "blocks", language))


def _around(values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    """Of one question: how many saw it, how many answered, why others did not."""
    if len(values["blocks"]) != 1:
        return "", "", []
    block = values["blocks"][0]
    missing = [(name, whole_number(number)) for name, number in (block["missing"] or {}).items() if number]
    return whole_number(block["shown"]), whole_number(block["answered"]), missing


def channel_counts(survey: Survey) -> tuple[int, list[tuple[str, str]]]:
    """How many answered, and by which way; ways of one or two people are hidden (one query)."""
    rows = ResponseCount.objects.filter(survey=survey).order_by().values_list("channel").annotate(Sum("count"))
    counts = {channel: int(count) for channel, count in rows}
    total = [counts.get(channel, 0) for channel in Channel]
    mask = protect(Exact(total, sum(total)))
    return sum(total), [
        (str(channel.label), whole_number(None if why else count))
        for channel, count, why in zip(Channel, total, mask.total, strict=True)
        if count
    ]
