"""Writes the tables of a record: milestones, costs, readings and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import ForeignKey, Model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

Errors = dict[str, list[Any]]


def field_errors(error: ValidationError) -> Errors:
    """The messages by field. Constraints name the field they concern as their code."""
    found: Errors = {}
    for name, messages in error.error_dict.items():
        for message in messages:
            field = message.code if name == NON_FIELD_ERRORS and message.code else name
            found.setdefault(str(field), []).append(message)
    return found


def untouched_fields(row: Model, changed: set[str]) -> set[str]:
    """Fields that need no check: neither changed nor named in a constraint together with a changed one."""
    needed = set(changed)
    for constraint in row._meta.constraints:
        names = set(getattr(constraint, "fields", ()))
        condition = getattr(constraint, "condition", None)
        names |= condition.referenced_base_fields if condition else set()
        if names & changed:
            needed |= names
    return {field.name for field in row._meta.fields} - needed


def set_fields(row: Model, values: Row) -> set[str]:
    """Set what differs, and give the names. Foreign keys take a row or its key."""
    changed = set()
    for name, value in values.items():
        field = row._meta.get_field(name)
        attribute = name
        wanted = value
        if isinstance(field, ForeignKey):
            attribute, wanted = field.attname, value.pk if isinstance(value, Model) else value
        if getattr(row, attribute) != wanted:
            setattr(row, attribute, wanted)
            changed.add(name)
    return changed


def check(row: Model, changed: set[str]) -> Errors:
    """What is wrong with the row, by field; a new row is checked whole."""
    exclude = set() if row.pk is None else untouched_fields(row, changed)
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        return field_errors(error)
    return {}


class TableWriter:
    """Makes one table of a record equal to a list of rows. Collects errors under ``table-number-field``."""

    def __init__(self, owner: Model, table: str) -> None:
        self.owner = owner
        self.table = table
        relation = owner._meta.get_field(table)
        self.model: type[Model] = relation.related_model  # type: ignore[assignment]
        self.key: str = relation.field.name  # type: ignore[union-attr]
        self.before = {row.pk: row for row in self.model._default_manager.filter(**{self.key: owner})}
        self.added: list[Model] = []
        self.changed: list[tuple[Model, Model]] = []
        self.removed: list[Model] = []
        self.errors: Errors = {}

    def write(self, rows: Sequence[Row]) -> None:
        """Delete first, so that a row may take over what another had; then write what differs."""
        kept = {row["id"] for row in rows if row.get("id")}
        self.removed = [row for pk, row in self.before.items() if pk not in kept]
        self.model._default_manager.filter(pk__in=[row.pk for row in self.removed]).delete()
        for number, values in enumerate(rows):
            self._write_row(number, dict(values))

    def _write_row(self, number: int, values: dict[str, Any]) -> None:
        known = self.before.get(values.pop("id", None) or 0)
        nested = {name: values.pop(name) for name in list(values) if isinstance(values[name], list)}
        row = self.model._default_manager.get(pk=known.pk) if known else self.model(**{self.key: self.owner})
        changed = set_fields(row, values)
        if changed or known is None:
            problems = check(row, changed)
            self._collect(number, problems)
            if problems:
                return
            row.save(update_fields=sorted(changed) if known else None)
            if known:
                self.changed.append((known, row))
            else:
                self.added.append(row)
        for name, rows in nested.items():
            inner = TableWriter(row, name)
            inner.write(rows)
            self._collect(number, {f"{name}-{field}": messages for field, messages in inner.errors.items()})
            if inner.has_written and (not known or known not in [old for old, _new in self.changed]) and known:
                self.changed.append((known, row))

    def _collect(self, number: int, problems: Errors) -> None:
        for field, messages in problems.items():
            self.errors.setdefault(f"{self.table}-{number}-{field}", []).extend(messages)

    @property
    def has_written(self) -> bool:
        """Whether anything is different from before."""
        return bool(self.added or self.changed or self.removed)
