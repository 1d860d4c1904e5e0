"""The exact counts of questions and matrix rows, read from the tallies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

from elbe_elster.participation.models import AnswerState, Channel, Tally

if TYPE_CHECKING:
    from collections.abc import Collection

    from elbe_elster.participation.models import Survey

EVERYBODY, BY_CHANNEL = "", "channel"  # names of splits; others are keys of breakdowns
CHANNELS = tuple(Channel)


@dataclass
class Counted:
    """Counts of one question or matrix row. Keys begin with the split (``EVERYBODY`` …) and the group in it."""

    chosen: Counter[tuple[str, int, int]] = field(default_factory=Counter)  # then the option
    first: Counter[tuple[str, int, int]] = field(default_factory=Counter)  # first places of a ranking
    totals: dict[tuple[str, int, int], Decimal] = field(default_factory=dict)  # of numbers or places
    states: Counter[tuple[str, int, int]] = field(default_factory=Counter)  # then the state

    def shown(self, split: str = EVERYBODY, group: int = 0) -> int:
        """How many people saw the question."""
        return sum(self.states[split, group, state] for state in AnswerState if state != AnswerState.MORE)

    def answered(self, split: str = EVERYBODY, group: int = 0) -> int:
        """How many gave an answer."""
        return self.states[split, group, AnswerState.VALUE]

    def add(self, place: tuple[str, int], option: int, state: int, count: int, total: Decimal) -> None:
        """Add a tally."""
        if state in {AnswerState.VALUE, AnswerState.MORE}:
            self.chosen[*place, option] += count
            self.totals[*place, option] = self.totals.get((*place, option), Decimal(0)) + total
        if state == AnswerState.VALUE:
            self.first[*place, option] += count
        if state != AnswerState.MORE:
            self.states[*place, state] += count


def read_counts(survey: Survey, questions: Collection[int]) -> dict[tuple[int, int], Counted]:
    """Counts by question (its key) and matrix row, for everybody, by channel and by the breakdowns (one query)."""
    found: dict[tuple[int, int], Counted] = {}
    rows = (
        Tally.objects.filter(survey=survey, question__in=questions)
        .order_by()
        .values_list("question", "item", "option", "state", "channel", "breakdown", "group")
        .annotate(Sum("count"), Sum("total"))
    )
    for question, item, option, state, channel, breakdown, group, count, total in rows:
        counted = found.setdefault((question, item), Counted())
        if breakdown is None:
            counted.add((EVERYBODY, 0), option, state, count, total)
            counted.add((BY_CHANNEL, CHANNELS.index(Channel(channel))), option, state, count, total)
        else:
            counted.add((str(breakdown), group), option, state, count, total)
    return found
