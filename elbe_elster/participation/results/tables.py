"""Finished tables: plain values that hold nothing that is not shown. Kept in ``PublishedTable.values``.

A table is ``{"kind": "single", "blocks": [block, …]}``, that of everybody also has ``"channels": [block, …]`` and
``"topics": block``. A matrix has one block for each row, everything else one::

    {"item": 0, "label": {"de": …}, "shown": 300, "answered": 298, "missing": {"skipped": 4} or None,
     "columns": [{"number": 1, "label": {…}, "base": 120 or None, "mean": "3.4" or None, "middle": 2 or None}],
     "rows": [{"number": 1, "label": {…}, "counts": [45, None], "means": ["1.8", None]}]}

``base`` is what shares are of: who answered; with several answers who saw the question. ``middle`` is the place of the
row in which the median lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.participation.disclosure.protect import Exact, Why, protect
from elbe_elster.participation.disclosure.thresholds import LEAST_BASE, SMALLEST
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import AnswerState, FreeText, TextCode, TextState
from elbe_elster.participation.questionnaire.document import TEXTS, Kind

from .counted import BY_CHANNEL, CHANNELS, EVERYBODY
from .rows import in_every_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from elbe_elster.participation.questionnaire.document import Question

    from .counted import Counted
    from .findings import Findings
    from .rows import Row

CLOSED = frozenset({Why.SMALL_GROUP, Why.LINKED, Why.TELLING})
MISSING = {
    "skipped": AnswerState.SKIPPED,
    "no_answer": AnswerState.NO_ANSWER,
    "not_legible": AnswerState.NOT_LEGIBLE,
}


def finished_tables(findings: Findings, code: str) -> dict[int | None, dict[str, Any]]:
    """The tables of a question: None is that of everybody, the others by the key of their breakdown."""
    question = findings.questionnaire.question_by_code[code]
    whole: dict[str, Any] = {"kind": question.kind.value, "blocks": []}
    found: dict[int | None, dict[str, Any]] = {None: whole}
    if question.kind not in TEXTS:
        whole["blocks"] = _blocks(findings, question, EVERYBODY)
        channels = _blocks(findings, question, BY_CHANNEL)
        if any(len(block["columns"]) > 1 for block in channels):
            whole["channels"] = channels
        for breakdown in findings.breakdowns:
            if str(breakdown.pk) in findings.splits(question):
                blocks = _blocks(findings, question, str(breakdown.pk))
                found[breakdown.pk] = {"kind": question.kind.value, "blocks": blocks}
    if topics := findings.topics.get(question.pk):
        whole["topics"] = topic_block(question.pk, topics)
    return found


def _blocks(findings: Findings, question: Question, split: str) -> list[dict[str, Any]]:
    return [_block(findings, question, item, label, split) for item, label in findings.items(question.code)]


@dataclass(frozen=True)
class _Column:
    """A group on its way into a table."""

    group: int
    cells: Sequence[int]
    why: Sequence[Why]
    hidden: bool


def _columns(findings: Findings, question: Question, item: int, split: str) -> list[_Column]:
    """The groups. Those without a name of their own are left out when they are hidden, as if they were empty."""
    exact, mask = findings.exact(question.code, item)[0], findings.mask(question.code, item)
    if split == EVERYBODY:
        closed = exact.answered < LEAST_BASE or any(why in CLOSED for why in mask.total)
        return [_Column(0, exact.total, mask.total, closed)]
    found = exact.splits[split]
    columns = [
        _Column(group, found.cells[at], mask.splits[split][at], _is_hidden(mask.splits[split][at], found.answered[at]))
        for at, group in enumerate(findings.splits(question)[split])
    ]
    return [column for column in columns if not column.hidden or (column.group and split != BY_CHANNEL)]


def _is_hidden(why: Sequence[Why], answered: int) -> bool:
    return answered < LEAST_BASE or any(found in CLOSED | {Why.OTHER_GROUP, Why.UNSAFE} for found in why)


def _block(findings: Findings, question: Question, item: int, label: Mapping[str, str], split: str) -> dict[str, Any]:
    counted, (exact, rows) = findings.counted(question.code, item), findings.exact(question.code, item)
    columns = _columns(findings, question, item, split)
    means = _means(question, counted, split, columns, rows)
    block: dict[str, Any] = {
        "item": item,
        "label": dict(label),
        "columns": [
            {
                "number": column.group,
                "label": _group_label(findings, split, column.group),
                "base": None if column.hidden else _base(exact, counted, split, column.group),
                "mean": means[at].get(0),
                "middle": _middle(question, column),
            }
            for at, column in enumerate(columns)
        ],
        "rows": [
            {
                "number": row.numbers[0],
                "label": dict(row.label),
                "counts": [None if column.why[line] else column.cells[line] for column in columns],
            }
            for line, row in enumerate(rows)
        ],
    }
    if question.kind is Kind.RANKING:
        for line in block["rows"]:
            line["means"] = [found.get(line["number"]) for found in means]
    return {**block, **_around(counted, closed=columns[0].hidden)} if split == EVERYBODY else block


def _base(exact: Exact, counted: Counted, split: str, group: int) -> int:
    return counted.shown(split, group) if exact.several else counted.answered(split, group)


def _group_label(findings: Findings, split: str, group: int) -> dict[str, str]:
    if split == EVERYBODY:
        return in_every_language(lambda: _("Alle"))
    if split == BY_CHANNEL:
        return in_every_language(lambda: str(CHANNELS[group].label))
    if not group:
        return in_every_language(lambda: _("ohne Angabe"))
    breakdown = next(found for found in findings.breakdowns if str(found.pk) == split)
    row = next(found for found in breakdown.groups.all() if found.number == group)
    labels = {language: getattr(row, f"label_{column}") for language, column in COLUMNS.items()}
    return {language: label for language, label in labels.items() if label}


def _around(counted: Counted, *, closed: bool) -> dict[str, Any]:
    """How many saw the question and how many of them said nothing. One or two who said nothing are not told."""
    if closed:
        return {"shown": None, "answered": None, "missing": None}
    shown, answered = counted.shown(), counted.answered()
    missing = {name: counted.states[EVERYBODY, 0, state] for name, state in MISSING.items()}
    if 0 < shown - answered < SMALLEST:
        return {"shown": None, "answered": answered, "missing": None}
    if any(0 < number < SMALLEST for number in missing.values()):
        return {"shown": shown, "answered": answered, "missing": None}
    return {"shown": shown, "answered": answered, "missing": missing}


# Averages ---------------------------------------------------------------------


def _means(
    question: Question, counted: Counted, split: str, columns: Sequence[_Column], rows: Sequence[Row]
) -> list[dict[int, str]]:
    """By column, the average (0) or of a ranking the mean place of each row. Only where every count is shown.

    The average of a scale follows from the counts. Those of numbers and places do not: they stand in all groups or in
    none, so that nobody can compute a missing one from what is left.
    """
    whole = [not column.hidden and not any(column.why) for column in columns]
    if question.kind is Kind.SCALE:
        return [_scale_mean(column, rows) if ok else {} for column, ok in zip(columns, whole, strict=True)]
    people = sum(counted.answered(split, column.group) for column in columns if not column.hidden)
    if not all(whole) or people != counted.answered() or question.kind not in {Kind.NUMBER, Kind.RANKING}:
        return [{} for _column in columns]
    if question.kind is Kind.NUMBER:
        return [_number_mean(question, counted, split, column.group) for column in columns]
    return [_mean_places(counted, split, column.group, rows) for column in columns]


def _rounded(value: Decimal, places: int) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _scale_mean(column: _Column, rows: Sequence[Row]) -> dict[int, str]:
    total = sum(row.numbers[0] * count for row, count in zip(rows, column.cells, strict=True))
    return {0: _rounded(Decimal(total) / sum(column.cells), 1)} if sum(column.cells) else {}


def _number_mean(question: Question, counted: Counted, split: str, group: int) -> dict[int, str]:
    total = sum(
        (value for (found, at, _option), value in counted.totals.items() if (found, at) == (split, group)), Decimal(0)
    )
    answered = counted.answered(split, group)
    return {0: _rounded(total / answered, max(question.places, 1))} if answered >= LEAST_BASE else {}


def _mean_places(counted: Counted, split: str, group: int, rows: Sequence[Row]) -> dict[int, str]:
    """Of those who gave it a place, if they are ten at least."""
    found = {}
    for row in rows:
        placed = counted.chosen[split, group, row.numbers[0]]
        if placed >= LEAST_BASE:
            found[row.numbers[0]] = _rounded(counted.totals[split, group, row.numbers[0]] / placed, 1)
    return found


def _middle(question: Question, column: _Column) -> int | None:
    if question.kind not in {Kind.SCALE, Kind.NUMBER} or column.hidden or any(column.why) or not sum(column.cells):
        return None
    seen = 0
    for line, count in enumerate(column.cells):
        seen += count
        if 2 * seen >= sum(column.cells):
            return line
    return None


# Topics of free texts ---------------------------------------------------------


def topic_block(question: int, topics: Sequence[TextCode]) -> dict[str, Any]:
    """How often each topic was named, of all texts that were read, under the same rule (two queries)."""
    read = FreeText.objects.filter(question=question).exclude(state=TextState.NEW)
    number = read.values("response").distinct().count()
    pairs = read.filter(codes__isnull=False).values_list("codes", "response").distinct()
    named: dict[int, int] = {}
    for code, _response in pairs:
        named[code] = named.get(code, 0) + 1
    counts = [named.get(topic.pk, 0) for topic in topics]
    mask = protect(Exact(counts, number, several=True))
    closed = number < LEAST_BASE
    everybody = in_every_language(lambda: _("Alle"))
    return {
        "item": 0,
        "label": {},
        "columns": [
            {"number": 0, "label": everybody, "base": None if closed else number, "mean": None, "middle": None}
        ],
        "rows": [
            {
                "number": at,
                "label": {
                    language: text
                    for language, column in COLUMNS.items()
                    if (text := getattr(topic, f"label_{column}"))
                },
                "counts": [None if mask.total[at] else counts[at]],
            }
            for at, topic in enumerate(topics)
        ],
    }
