"""What editors do with several measures at once, and the quarterly check."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.models import DeviationKind, Measure
from elbe_elster.strategy.models.choices import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.actions.changes import Changes

    Reviewed = tuple[dt.date | None, dt.date | None]

QUARTER = 3  # months until the next check


class BulkError(Exception):
    """Some measures cannot be changed like this; ``errors`` says which and why, none was changed."""

    def __init__(self, errors: dict[Measure, list[str]]) -> None:
        super().__init__("; ".join(f"{measure}: {' '.join(texts)}" for measure, texts in errors.items()))
        self.errors = errors


def in_months(date: dt.date, months: int, *, to_end: bool = False) -> dt.date:
    """The day so many months later; the 31st becomes the last day of a shorter month. ``to_end``: always the last."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    last = last_day(first, "month")
    return last if to_end else first.replace(day=min(date.day, last.day))


@transaction.atomic
def confirm_unchanged(*, measures: Iterable[Measure], actor: User, today: dt.date | None = None) -> dict[int, Reviewed]:
    """Nothing changed: checked today, to be checked again in three months. Gives what stood there before."""
    today = today or timezone.localdate()
    before = {}
    for measure in measures:
        before[measure.pk] = (measure.reviewed_on, measure.next_review_on)
        values = {"reviewed_on": today, "next_review_on": in_months(today, QUARTER)}
        change_record(record=measure, values=values, actor=actor, today=today)
    return before


@transaction.atomic
def undo_confirmation(*, before: Mapping[int, Reviewed], actor: User) -> None:
    """Take a confirmation back: the days that stood there before. Measures changed to the trash meanwhile stay."""
    for measure in Measure.objects.editable_by(actor).filter(pk__in=before):
        reviewed_on, next_review_on = before[measure.pk]
        values = {"reviewed_on": reviewed_on, "next_review_on": next_review_on}
        change_record(record=measure, values=values, actor=actor)


def bulk_values(measure: Measure, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the wishes of the bulk form mean for one measure: values and rows for ``change_record``."""
    values = {name: wanted[name] for name in ("phase", "done_on", "next_review_on") if wanted.get(name)}
    if wanted.get("course") == "computed":
        values |= {"course_override": "", "course_reason": ""}
    elif wanted.get("course"):
        values |= {"course_override": wanted["course"], "course_reason": wanted.get("course_reason", "")}
    months = wanted.get("shift_months") or 0
    rows: dict[str, Any] = {}
    if months:
        for name, to_end in (("starts_on", False), ("ends_on", True)):
            date = getattr(measure, name)
            movable = name == "ends_on" or measure.started_on is None
            if date and movable:
                values[name] = in_months(date, months, to_end=to_end and measure.ends_precision != "day")
        rows["milestones"] = [_moved(row, months) for row in measure.milestones.all()]
    return values, rows


def _moved(row: Any, months: int) -> dict[str, Any]:
    if row.state not in ("open", "under_way") or row.due_on is None:
        return {"id": row.pk}
    return {"id": row.pk, "due_on": in_months(row.due_on, months, to_end=row.due_precision != "day")}


@transaction.atomic
def change_measures(
    *, measures: Sequence[Measure], wanted: Mapping[str, Any], actor: User, today: dt.date | None = None
) -> list[Changes]:
    """Change several measures alike, all or none. Raises BulkError with every measure that does not fit."""
    reasons = dict.fromkeys(DeviationKind, wanted.get("reason", ""))
    done, errors = [], {}
    for measure in measures:
        values, rows = bulk_values(measure, wanted)
        try:
            with transaction.atomic():
                done.append(
                    change_record(record=measure, values=values, rows=rows, actor=actor, reasons=reasons, today=today)
                )
        except ValidationError as error:
            errors[measure] = error.messages
    if errors:
        transaction.set_rollback(True)
        raise BulkError(errors)
    return done


def preview_changes(
    *, measures: Sequence[Measure], wanted: Mapping[str, Any], actor: User, today: dt.date | None = None
) -> list[Changes]:
    """What ``change_measures`` would do. Writes nothing; raises BulkError as it would."""
    with transaction.atomic():
        done = change_measures(measures=measures, wanted=wanted, actor=actor, today=today)
        transaction.set_rollback(True)
    return done
