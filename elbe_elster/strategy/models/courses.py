"""Whether a running record is on time: the one rule that badge, filter, count, feed, report and export share."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Case, CharField, DateField, F, Func, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Least

from .choices import ENDED_PHASES, Course, MilestoneState, Phase, Precision, Publication

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

RISKY_AFTER = dt.timedelta(days=183)  # half a year late is no longer a delay but a danger
REVIEW_HOLDS = dt.timedelta(days=365)  # how long "checked and fine" speaks for a permanent task without dates
OPEN_STATES = (MilestoneState.OPEN, MilestoneState.UNDER_WAY)
NOT_YET_STARTED = (Phase.IDEA, Phase.QUALIFIED, Phase.DECIDED)
GRACE = {Precision.DAY: 0, Precision.MONTH: 30, Precision.QUARTER: 91, Precision.YEAR: 365}  # days within the period


def milestones() -> QuerySet[Any]:
    """Every milestone. By name, because milestones know measures and not the other way round."""
    rows: QuerySet[Any] = apps.get_model("strategy", "Milestone")._default_manager.all()
    return rows


def next_due(owner: str) -> Combinable:
    """The earliest day by which something was or is to happen: an open milestone, the start, the end.

    ``owner`` is the key by which a milestone names the record: ``measure`` (then those of its published profiles
    count as well) or ``profile``. Days are the last of the period promised. NULL: nothing is promised.
    """
    dues = [_first_open({owner: OuterRef("pk")})]
    if owner == "measure":
        shown = {"profile__publication": Publication.PUBLISHED, "profile__trashed_at": None}
        dues.append(_first_open({"profile__measure": OuterRef("pk"), **shown}))
    start = Case(
        *(
            When(
                phase__in=NOT_YET_STARTED,
                starts_precision=precision,
                then=Cast(F("starts_on") + dt.timedelta(days=days), DateField()),
            )
            for precision, days in GRACE.items()
        ),
        output_field=DateField(),
    )
    return Least(*dues, start, F("ends_on"), output_field=DateField())


def _first_open(owner: dict[str, object]) -> Subquery:
    rows = milestones().filter(state__in=OPEN_STATES, **owner).order_by()
    return Subquery(rows.values(*list(owner)[:1]).annotate(due=Min("due_on")).values("due"), output_field=DateField())


def course_rule(today: dt.date) -> Case:
    """The course of a row that is annotated with ``next_due``, on a day of the county's calendar.

    An ended record has none (empty text). What people have set goes before what is computed; the reason is public.
    """
    by_due = Func(
        F("next_due"),
        Value([today - RISKY_AFTER, today]),
        template=f"(ARRAY['{Course.AT_RISK}', '{Course.DELAYED}', '{Course.ON_TRACK}'])[width_bucket(%(expressions)s) + 1]",
        output_field=CharField(),
    )  # names next_due once: it holds subqueries, and PostgreSQL would run them again for each mention
    without_due = Case(
        When(
            permanent=True,
            phase=Phase.IN_PROGRESS,
            reviewed_on__gte=today - REVIEW_HOLDS,
            then=Value(Course.ON_TRACK.value),
        ),
        default=Value(Course.NOT_ASSESSED.value),
        output_field=CharField(),
    )
    return Case(
        When(phase__in=ENDED_PHASES, then=Value("")),
        When(~Q(course_override=""), then=F("course_override")),
        default=Coalesce(by_due, without_due),
        output_field=CharField(),
    )
