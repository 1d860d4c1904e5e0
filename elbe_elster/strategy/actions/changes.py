"""The one door for changes of measures and project profiles: editor, import, bulk edit and check all come through here."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ManyToManyField
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy import deviations
from elbe_elster.strategy.actions.chronicle import Link, add_chronicle_entry
from elbe_elster.strategy.actions.rows import Errors, TableWriter, check, set_fields
from elbe_elster.strategy.models import (
    Deviation,
    DeviationKind,
    EntryKind,
    Measure,
    MilestoneState,
    Phase,
    Precision,
    ProjectProfile,
)
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.deviations import Picture, Record, Shift

REASON_FIELDS = {
    DeviationKind.DATE: "reason_date",
    DeviationKind.COST: "reason_cost",
    DeviationKind.SCOPE: "reason_scope",
}


@dataclass(frozen=True)
class Change:
    """One field that is different now, in words for people."""

    field: str
    label: str
    before: str
    after: str


@dataclass
class Changes:
    """What one call of ``change_record`` did."""

    record: Record
    created: bool = False
    fields: list[Change] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)

    @property
    def lines(self) -> list[Change]:
        """Fields and shifted milestones, as a table for people shows them."""
        own = {change.label for change in self.fields}
        moved = [shift for shift in self.shifts if shift.subject() not in own | {_("Beginn"), _("Ende")}]
        return [*self.fields, *(Change("", s.subject(), s.before(), s.after()) for s in moved)]

    def __bool__(self) -> bool:
        return self.created or bool(self.fields or self.tables)


@transaction.atomic
def change_record(
    *,
    record: Record,
    values: Mapping[str, Any],
    rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    actor: User | None,
    reasons: Mapping[DeviationKind, str] | None = None,
    today: dt.date | None = None,
) -> Changes:
    """Write values and tables of a measure or profile, new or stored, with everything that follows from it.

    ``values``: by field name, translated ones by their column (``title_de``), many-to-many as lists of keys.
    ``rows``: by table (``milestones``, ``costrows``, ``partnerships`` …) the whole list, stored rows with ``id``;
    a table that is not named stays. All or nothing. What changes date, cost or scope of something visible needs a
    reason in ``reasons`` and becomes a Deviation and an entry of the Chronik; so do phase, course set by hand,
    milestones reached and resolutions. Raises ValidationError by field, rows as ``milestones-2-due_on``, missing
    reasons as ``reason_date``, ``reason_cost``, ``reason_scope``. Nothing different: nothing is written.
    """
    today = today or timezone.localdate()
    with ExitStack() as stack:
        stack.enter_context(pghistory.context(user=actor.pk if actor else None, reason=_stated(reasons)))
        is_new = record.pk is None
        before = None
        if not is_new:
            record = _locked(record)
            before = deviations.picture(record)
        changes = Changes(record=record, created=is_new)
        writers = _write(record, values, rows or {}, changes)
        if not changes:
            return changes
        if before and before.visible:
            _tell(record, before=before, writers=writers, reasons=reasons or {}, today=today, changes=changes)
        _publish_effects(record, values)
    return changes


def _stated(reasons: Mapping[DeviationKind, str] | None) -> str:
    return " ".join(dict.fromkeys(reason.strip() for reason in (reasons or {}).values() if reason.strip()))


def _locked(record: Record) -> Record:
    """The stored row, which nobody else changes until we are done."""
    manager = type(record)._default_manager
    stored: Record = manager.select_for_update(of=("self",)).get(pk=record.pk)
    return stored


def _write(
    record: Record, values: Mapping[str, Any], rows: Mapping[str, Sequence[Mapping[str, Any]]], changes: Changes
) -> dict[str, TableWriter]:
    """Write everything and collect every error before refusing."""
    many = {name: value for name, value in values.items() if isinstance(_column(record, name), ManyToManyField)}
    plain = {name: value for name, value in values.items() if name not in many}
    old = type(record)._default_manager.filter(pk=record.pk).first() if record.pk else None
    changed = set_fields(record, plain)
    errors: Errors = check(record, changed) if changed or changes.created else {}
    if not errors and "merged_into" in changed:
        errors = _circle(record)
    if errors:
        raise ValidationError(errors)
    if changes.created:
        record.save()
    elif changed:
        record.save(update_fields=sorted(changed))
    changes.fields += [_change(record, old, name) for name in plain if name in changed] if old else []
    changes.fields += _set_many(record, many)
    return _write_tables(record, rows, changes)


def _column(record: Record, name: str) -> Any:
    return record._meta.get_field(name)


def _write_tables(
    record: Record, rows: Mapping[str, Sequence[Mapping[str, Any]]], changes: Changes
) -> dict[str, TableWriter]:
    writers = {table: TableWriter(record, table) for table in rows}
    errors: Errors = {}
    for table, writer in writers.items():
        writer.write(rows[table])
        errors |= writer.errors
        if writer.has_written:
            changes.tables.append(table)
    if errors:
        raise ValidationError(errors)
    return writers


def _change(record: Record, old: Record, name: str) -> Change:
    return Change(name, str(_column(record, name).verbose_name), shown(old, name), shown(record, name))


def shown(record: Record, name: str) -> str:
    """The value of a field as people read it."""
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, dt.date):
        return period_text(value, getattr(record, name.replace("_on", "_precision"), Precision.DAY))
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    return "" if value is None else str(value)


def _set_many(record: Record, many: Mapping[str, Sequence[Any]]) -> list[Change]:
    found = []
    for name, wanted in many.items():
        manager = getattr(record, name)
        before = list(manager.all())
        if {row.pk for row in before} != {getattr(row, "pk", row) for row in wanted}:
            manager.set(wanted)
            label = str(_column(record, name).verbose_name)
            found.append(Change(name, label, ", ".join(map(str, before)), ", ".join(map(str, manager.all()))))
    return found


def _circle(record: Record) -> Errors:
    """A measure must not go into one that goes into it. Locks the catalogue's mergers, so that two cannot cross."""
    if not isinstance(record, Measure) or record.merged_into_id is None:
        return {}
    mergers = dict(
        Measure.objects.select_for_update(of=("self",))
        .filter(merged_into__isnull=False)
        .values_list("pk", "merged_into")
    )
    target: int | None = record.merged_into_id
    seen = {record.pk}
    while target is not None:
        if target in seen:
            return {
                "merged_into": [ValidationError(_("Das ergäbe einen Kreis: Diese Maßnahme geht selbst hierin auf."))]
            }
        seen.add(target)
        target = mergers.get(target)
    return {}


def _tell(
    record: Record,
    *,
    before: Picture,
    writers: Mapping[str, TableWriter],
    reasons: Mapping[DeviationKind, str],
    today: dt.date,
    changes: Changes,
) -> None:
    """Deviations and Chronik of a change of something visible. Raises ValidationError for reasons that are missing."""
    after = deviations.picture(record)
    changes.shifts = deviations.shifts(before, after)
    _refuse_without_reason(changes.shifts, reasons)
    for shift in changes.shifts:
        _add_deviation(record, shift, reasons[shift.kind].strip(), today)
    if after.phase != before.phase:
        _tell_phase(record, after.phase, today)
    if after.override and after.override != before.override:
        texts = deviations.in_every_language(lambda: deviations.course_sentence(after.override, record.course_reason))
        _entry(record, EntryKind.COURSE, texts, today)
    for pk, milestone in after.milestones.items():
        known = before.milestones.get(pk)
        if milestone.state == MilestoneState.DONE and (known is None or known.state != MilestoneState.DONE):
            texts = deviations.in_every_language(lambda milestone=milestone: f"{milestone.title}.".replace("..", "."))  # type: ignore[misc]
            key = f"milestone:{pk}:{milestone.done_on}"
            _entry(record, EntryKind.MILESTONE, texts, milestone.done_on or today, key=key)
    for resolution in writers["resolutions"].added if "resolutions" in writers else []:
        _tell_resolution(record, resolution)


def _refuse_without_reason(shifts: Sequence[Shift], reasons: Mapping[DeviationKind, str]) -> None:
    missing: dict[str, list[str]] = {}
    for shift in shifts:
        if not reasons.get(shift.kind, "").strip():
            words = {"subject": shift.subject(), "before": shift.before(), "after": shift.after()}
            message = _("Schreiben Sie den Grund, er ist öffentlich. %(subject)s: bisher %(before)s, jetzt %(after)s.")
            missing.setdefault(REASON_FIELDS[shift.kind], []).append(message % words)
    if missing:
        raise ValidationError(missing)


def _owner(record: Record) -> dict[str, Any]:
    return {"measure": record} if isinstance(record, Measure) else {"profile": record}


def _entry(record: Record, kind: EntryKind, texts: dict[str, str], date: dt.date, **more: Any) -> None:
    measure = record if isinstance(record, Measure) else record.measure
    profile = record if isinstance(record, ProjectProfile) else None
    texts = {language: text[:500] for language, text in texts.items()}
    add_chronicle_entry(measure=measure, profile=profile, kind=kind, texts=texts, date=date, **more)


def _add_deviation(record: Record, shift: Shift, reason: str, today: dt.date) -> None:
    Deviation.objects.create(
        **_owner(record),
        kind=shift.kind,
        subject=shift.subject()[:200],
        before=shift.before()[:200],
        after=shift.after()[:200],
        reason=reason,
        changed_on=today,
    )
    _entry(
        record,
        EntryKind.CHANGE,
        deviations.in_every_language(lambda: deviations.shift_sentence(shift, reason)),
        today,
    )


def _tell_phase(record: Record, phase: str, today: dt.date) -> None:
    kind = EntryKind.RESULT if phase == Phase.DONE else EntryKind.NEWS
    texts = deviations.in_every_language(lambda: deviations.phase_sentence(phase, record))
    _entry(record, kind, texts, record.done_on or today if phase == Phase.DONE else today)


def _tell_resolution(record: Record, resolution: Any) -> None:
    texts = {"de": f"{resolution.body_name}: {resolution.text}"}
    link = Link(resolution.url, deviations.in_every_language(lambda: _("Zum Beschluss"))) if resolution.url else None
    key = f"resolution:{resolution.pk}"
    _entry(record, EntryKind.DECISION, texts, resolution.date, key=key, link=link, precision=Precision.DAY)


def _publish_effects(record: Record, values: Mapping[str, Any]) -> None:
    """Pages, search: what was kept finished is old now."""
    mark_stale()
    refresh_entries(type(record), [record.pk])
    if isinstance(record, Measure) and {"publication", "trashed_at"} & set(values):
        refresh_entries(ProjectProfile, list(record.profiles.values_list("pk", flat=True)))
