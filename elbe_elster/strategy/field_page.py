"""What the page of an action field shows beside its texts: its goals, the measures that serve them, how far they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from .figures import STANDINGS
from .models import Goal, Measure
from .rows import Row, measure_rows
from .statements import words

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .models import ActionField


@dataclass(frozen=True)
class GoalSection:
    """A goal with the measures that serve it, be they of this field or of another."""

    number: int
    title: str
    text: str
    example: bool
    rows: list[Row]

    @property
    def squares(self) -> list[tuple[str, int]]:
        """What the tag ``course_units`` draws."""
        return squares(self.rows)


@dataclass(frozen=True)
class FieldPage:
    """The goals and measures of a field."""

    goals: list[GoalSection]
    rows: list[Row]

    @property
    def squares(self) -> list[tuple[str, int]]:
        """What the tag ``course_units`` draws."""
        return squares(self.rows)

    @property
    def counts(self) -> list[tuple[str, Promise | str, int]]:
        """How far the measures are: key, words, number; nothing is said of standings without any."""
        found = dict(self.squares)
        return [(one.key, one.label, found[one.key]) for one in STANDINGS if one.key in found]


def squares(rows: list[Row]) -> list[tuple[str, int]]:
    """The measures by how far they are, the furthest first."""
    counted = Counter(row.standing for row in rows)
    return [(one.key, counted[one.key]) for one in STANDINGS if counted[one.key]]


def field_page(field: ActionField) -> FieldPage:
    """Gather what a field is about (four queries)."""
    language = get_language() or "de"
    goals = list(
        Goal.objects.filter(action_field=field)
        .annotate(found_title=words("title", language), found_text=words("text", language))
        .values_list("pk", "number", "found_title", "found_text", "example")
    )
    published = Measure.objects.published()
    pairs = Measure.goals.through.objects.filter(goal__action_field=field, measure__in=published)
    serving = list(pairs.order_by("measure__number_order").values_list("goal", "measure__number"))
    own = set(published.in_field(field).values_list("number", flat=True))
    wanted = own | {number for _goal, number in serving}
    rows = {row.number: row for row in measure_rows(lambda: published.filter(number__in=wanted).with_course())}
    sections = [
        GoalSection(number, title, text, example, [rows[one] for goal, one in serving if goal == pk])
        for pk, number, title, text, example in goals
    ]
    return FieldPage(sections, [row for row in rows.values() if row.number in own])
