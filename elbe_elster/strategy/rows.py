"""Measures as rows of a list: a few strings each, made ready for tables and cards."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext

from elbe_elster.ui.drawings import meter
from elbe_elster.ui.templatetags.ui import field_mark, status

from .models import COURSE_LOOKS, ENDED_PHASES, PHASE_STEPS, Course, Milestone, Phase, Publication
from .models.courses import OPEN_STATES
from .periods import period_text
from .statements import as_list, read_rows, words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from .models import MeasureQuerySet

LIST = "strategy:measure-list"
ENDED_LOOKS = {Phase.DONE: "good", Phase.DISCONTINUED: "rest", Phase.MERGED: "rest"}
NAMES = (
    *("number", "slug", "found_title", "found_summary", "field_colour", "field_name", "phase", "course", "example"),
    *("own_step", "project_step"),
)
# Drawn here and not by a template: fifty rows are most of the page, and a template takes eight times as long.
TABLE_ROW = (
    '<tr><td class="num muted">{}</td><th scope="row" class="t-title"><a href="{}">{}</a>{}<span class="sub">{}</span></th>'
    '<td data-l="{}">{}</td><td data-l="{}"><span>{}{}</span></td>{}</tr>'
)


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in a list. ``standing`` is the key of its drawing, see ``ui.drawings.course_units``."""

    number: str
    title: str
    url: str
    summary: str
    example: bool
    field: SafeString
    course: SafeString
    phase: str
    meter: str
    standing: str
    step: str
    step_due: str


def measure_rows(
    measures: Callable[[], MeasureQuerySet], start: int = 0, stop: int | None = None, key: Hashable = None
) -> list[Row]:
    """Measures that come ``with_course()``, in their order (one query). A key keeps the query's SQL in the process."""
    return made_rows(measure_values(measures, start, stop, key))


def measure_values(
    measures: Callable[[], MeasureQuerySet], start: int = 0, stop: int | None = None, key: Hashable = None
) -> list[tuple[Any, ...]]:
    """The same as the database brings it."""
    language = get_language() or "de"

    def wanted() -> QuerySet[Any, Any]:
        return _wanted(measures(), language)[start:stop].values_list(*NAMES)

    return list(wanted()) if key is None else read_rows(("rows", language, start, stop, key), wanted, NAMES)


def made_rows(values: list[tuple[Any, ...]]) -> list[Row]:
    """What ``measure_values()`` has read, made ready for a template."""
    base, language = reverse(LIST), get_language() or "de"
    return [_row(value, base, language) for value in values]


def _wanted(measures: MeasureQuerySet, language: str) -> MeasureQuerySet:
    """With texts in the language, the field's sign, and the next open milestone: its own, else that of a project."""
    steps = Milestone.objects.filter(state__in=OPEN_STATES).order_by(F("due_on").asc(nulls_last=True), "pk")
    shown = Q(profile__publication=Publication.PUBLISHED, profile__trashed_at=None)
    columns = {"title": words("title", language), "due": "due_on", "precision": "due_precision"}
    return measures.annotate(
        found_title=words("title", language),
        found_summary=words("summary", language),
        field_colour=F("primary_field__colour"),
        field_name=words("primary_field__short_name", language),
        own_step=as_list(steps.filter(measure=OuterRef("pk"))[:1], **columns),
        project_step=as_list(steps.filter(shown, profile__measure=OuterRef("pk"))[:1], **columns),
    )


def _row(value: tuple[Any, ...], base: str, language: str) -> Row:
    number, slug, title, summary, colour, name, phase, course, example, own, project = value
    step, due = ("", "") if phase in ENDED_PHASES else _next_step(own, project)
    look, phase_words = _course(phase, course, language)
    standing = phase if phase == Phase.DONE else course or "ended"
    mark = _mark(colour, name)
    url = f"{base}{slug}/"
    return Row(number, title, url, summary, example, mark, look, phase_words, _meter(phase), standing, step, due)


def _next_step(*found: Any) -> tuple[str, str]:
    """Title and day of the first milestone there is."""
    for rows in found:
        for row in json.loads(rows) if isinstance(rows, str) else rows:
            due = dt.date.fromisoformat(row["due"]) if row["due"] else None
            return row["title"], period_text(due, row["precision"]) or gettext("offen")
    return "", ""


def table_body(rows: list[Row]) -> SafeString:
    """The rows of a table with number, measure, field, course and next step."""
    labels = [gettext("Handlungsfeld"), gettext("Verlauf"), gettext("Nächster Schritt")]
    example = format_html(' <span class="example">{}</span>', gettext("Beispiel"))
    return format_html_join("", TABLE_ROW, (_cells(row, labels, example) for row in rows))


def _cells(row: Row, labels: list[str], example: SafeString) -> tuple[Any, ...]:
    phase = format_html('<span class="sub">{}</span>', row.phase) if row.phase else ""
    step = format_html("<td>{}</td>", "")
    if row.step:
        step = format_html(
            '<td data-l="{}"><span>{}<span class="sub">{}</span></span></td>', labels[2], row.step, row.step_due
        )
    mark = example if row.example else ""
    head = (row.number, row.url, row.title, mark, row.summary)
    return (*head, labels[0], row.field, labels[1], row.course, phase, step)


@lru_cache(maxsize=256)
def _mark(colour: int, name: str) -> SafeString:
    return field_mark(colour, name)


@lru_cache(maxsize=16)
def _meter(phase: str) -> str:
    step = PHASE_STEPS.get(Phase(phase))
    return meter(step, len(PHASE_STEPS)) if step else ""


@lru_cache(maxsize=256)
def _course(phase: str, course: str, language: str) -> tuple[SafeString, str]:  # noqa: ARG001 - a key of the cache
    """The cell that says how it goes, and the phase in words where the cell does not say it."""
    name = str(Phase(phase).label)
    if not course:
        return status(ENDED_LOOKS.get(Phase(phase), "rest"), name), ""
    return status(COURSE_LOOKS[Course(course)], str(Course(course).label)), name
