"""What the public page of results shows, put together from what was published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils.translation import gettext as _

from elbe_elster.participation.disclosure.protect import Exact, protect
from elbe_elster.participation.models import Channel, FreeText, PublishedTable, ResponseCount, TextState
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, Kind, in_language
from elbe_elster.participation.reading import questionnaire_by_pk

from .showing import Table, shown_tables, topics_table, whole_number

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from elbe_elster.participation.models import Breakdown, Survey

BY_CHANNEL = "weg"  # in addresses
SEVERAL = frozenset({Kind.MULTIPLE.value, Kind.MATRIX_MULTIPLE.value})


@dataclass(frozen=True)
class Section:
    """One way to split a question. ``key`` is its name in the address of the file."""

    key: str
    label: str
    tables: list[Table]


@dataclass(frozen=True)
class Result:
    """The published result of one question. Its tables are put together only when they are drawn."""

    code: str
    number: int
    label: str
    table: PublishedTable
    language: str
    splits: list[tuple[Breakdown, PublishedTable]]
    quotes: list[str]
    by_channel: bool = False

    @property
    def stamp(self) -> Hashable:
        """Changes with everything that is shown. Published tables are frozen, so key and moment say enough."""
        tables = (self.table, *(row for _breakdown, row in self.splits))
        moments = tuple((row.pk, row.published_at) for row in tables)
        return moments, self.number, self.label, self.language, tuple(self.quotes), self.by_channel

    @cached_property
    def tables(self) -> list[Table]:
        """Of everybody."""
        return shown_tables(self.table.values, "blocks", self.language)

    @cached_property
    def channels(self) -> list[Table]:
        """By the way of the answer, where it is asked for."""
        return [] if not self.by_channel else shown_tables(self.table.values, "channels", self.language)

    @cached_property
    def sections(self) -> list[Section]:
        """Split by background questions."""
        return [
            Section(breakdown.question.code, breakdown.label, shown_tables(row.values, "blocks", self.language))
            for breakdown, row in self.splits
        ]

    @cached_property
    def topics(self) -> Table | None:
        """How often the topics of its texts were named."""
        return topics_table(self.table.values, self.language)

    @cached_property
    def around(self) -> tuple[str, str, list[tuple[str, str]]]:
        """How many saw it, how many answered, why others did not; of a matrix nothing."""
        return _around(self.table.values)

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


def splits_of(results: list[Result]) -> list[tuple[str, str]]:
    """By what the results can be split: name in the address and in words, in order."""
    found = {
        breakdown.question.code: (breakdown.order, breakdown.label)
        for result in results
        for breakdown, _table in result.splits
    }
    named = [(code, label) for code, (_at, label) in sorted(found.items(), key=lambda pair: pair[1])]
    ways = any(result.table.values.get("channels") for result in results)
    return [*named, (BY_CHANNEL, _("Weg der Antwort"))] if ways else named


def split_by(results: list[Result], wanted: str) -> list[Result]:
    """The same results with the tables of one split only; without any for an unknown one."""
    return [
        replace(
            result,
            splits=[(breakdown, row) for breakdown, row in result.splits if breakdown.question.code == wanted],
            by_channel=wanted == BY_CHANNEL,
        )
        for result in results
    ]


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
        ordered = [(breakdown, row) for _at, _pk, breakdown, row in splits]
        label = in_language(question.label, language)
        found.append(Result(question.code, number, label, whole, language, ordered, quotes.get(question.pk, [])))
    return found


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
