"""Milestones in plain words: reached, under way, still to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Milestone, MilestoneState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.utils.functional import Promise


class Step(NamedTuple):
    """A milestone with the look (see the tag status) and the words of its state on a day."""

    milestone: Milestone
    look: str
    words: str | Promise
    is_next: bool = False


class StepGroup(NamedTuple):
    """Steps that are equally far."""

    label: str | Promise
    steps: list[Step]


GROUPS = (
    (MilestoneState.DONE, _("Erreicht")),
    (MilestoneState.UNDER_WAY, _("In Arbeit")),
    (MilestoneState.OPEN, _("Noch zu tun")),
    (MilestoneState.DROPPED, _("Entfallen")),
)


def step_groups(milestones: Iterable[Milestone], today: dt.date | None = None) -> list[StepGroup]:
    """The milestones, in the order given, by how far they are; groups without any vanish. The next one is marked."""
    rows = list(milestones)
    upcoming = [row for row in rows if row.state in (MilestoneState.OPEN, MilestoneState.UNDER_WAY)]
    following = min(upcoming, key=lambda row: (row.due_on is None, row.due_on, row.pk), default=None)
    day = today or timezone.localdate()
    groups = [
        StepGroup(label, [_step(row, day, row is following) for row in rows if row.state == state])
        for state, label in GROUPS
    ]
    return [group for group in groups if group.steps]


def steps_reached(groups: Iterable[StepGroup]) -> tuple[int, int]:
    """How many are reached, out of how many; dropped ones do not count."""
    states = [step.milestone.state for group in groups for step in group.steps]
    counted = [state for state in states if state != MilestoneState.DROPPED]
    return counted.count(MilestoneState.DONE), len(counted)


def _step(row: Milestone, today: dt.date, is_next: bool) -> Step:  # noqa: FBT001
    if row.state == MilestoneState.DONE:
        return Step(row, "late", _("Später erreicht")) if row.came_late else Step(row, "good", _("Erreicht"))
    if row.state == MilestoneState.DROPPED:
        return Step(row, "rest", _("Entfallen"))
    if row.is_overdue(today):
        return Step(row, "late", _("Überfällig"), is_next)
    under_way = row.state == MilestoneState.UNDER_WAY
    return Step(row, "good", _("In Arbeit"), is_next) if under_way else Step(row, "open", _("Noch offen"), is_next)
