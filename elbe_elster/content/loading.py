"""Loads rows from content files: repeatable, never deletes, never overwrites what staff have changed.

Each field is merged on its own. ``loaded`` holds the digest of the value that was loaded last; a field whose value in
the database still has that digest follows the file, any other field has been edited by staff and stays.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from elbe_elster.content.files import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from elbe_elster.content.models import LoadedModel


class FileRow(dict[str, Any]):
    """Values of a row, and the words that report and errors call it by: file, number, part."""

    label = ""


@dataclass
class LoadReport:
    """What one loading did, in words for people. ``kept`` names fields where the edits of staff won."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0

    def __add__(self, other: LoadReport) -> LoadReport:
        return LoadReport(
            self.created + other.created,
            self.updated + other.updated,
            self.kept + other.kept,
            self.unchanged + other.unchanged,
        )

    def __bool__(self) -> bool:
        """Whether anything was written that shows."""
        return bool(self.created or self.updated)

    def lines(self) -> list[str]:
        """One line with the counts, then one line for each change and each kept edit."""
        counts = f"{len(self.created)} neu, {len(self.updated)} geändert, {self.unchanged} unverändert"
        if self.kept:
            counts += f", {len(self.kept)} von der Redaktion bearbeitet und behalten"
        return [
            counts,
            *(f"  geändert: {name}" for name in self.updated),
            *(f"  behalten: {name}" for name in self.kept),
        ]


def load_rows(
    model: type[LoadedModel],
    keys: tuple[str, ...],
    rows: Iterable[Mapping[str, Any]],
    name: str = "",
    among: QuerySet[Any] | None = None,
) -> LoadReport:
    """Create or update one row of ``model`` for each mapping; ``keys`` are the fields that identify a row.

    Foreign keys are given by their column (``administration_id``); ``name`` is the field the report calls a row by,
    unless it is a ``FileRow`` with words of its own. Rows without a name of their own are identified by ``file_key``.
    ``among`` are the rows that can be meant (default: all). Needs an open transaction to be all or nothing. Raises
    ContentError with the row's words for what the model or the database refuses.
    """
    report = LoadReport()
    there = model._default_manager.all() if among is None else among
    existing = {tuple(getattr(row, key) for key in keys): row for row in there}
    new: list[tuple[str, LoadedModel]] = []
    changed: list[tuple[str, LoadedModel]] = []
    fields: set[str] = {"loaded"}
    for values in rows:
        row = existing.get(tuple(values[key] for key in keys))
        label = getattr(values, "label", "") or f"{model._meta.verbose_name} {values[name or keys[0]]}"
        if row is None:
            row = model(**values, loaded={name: digest(value) for name, value in values.items()})
            new.append((label, row))
            report.created.append(label)
            _check_fields(label, row, values)
        elif _merge(row, values, label, report):
            changed.append((label, row))
            fields.update(values)
            _check_fields(label, row, values)
    columns = sorted({name.removesuffix("_id") for name in fields} & {each.name for each in model._meta.fields})
    try:
        with transaction.atomic():
            model._default_manager.bulk_create([row for _label, row in new])
            model._default_manager.bulk_update([row for _label, row in changed], columns)
    except IntegrityError as error:
        raise _refusal(error, new + changed) from error
    return report


def _check_fields(label: str, row: LoadedModel, values: Mapping[str, Any]) -> None:
    """What each field says to its value."""
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.name not in values})
    except ValidationError as error:
        found = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise ContentError(f"{label}: {found}") from error


def _refusal(error: IntegrityError, rows: Iterable[tuple[str, LoadedModel]]) -> ContentError:
    """Which row the database refuses, in the constraint's own words. Asked only when something was refused."""
    for label, row in rows:
        try:
            row.validate_constraints()
        except ValidationError as found:
            return ContentError(f"{label}: {' '.join(found.messages)}")
    return ContentError(str(error).splitlines()[0])


def _merge(row: LoadedModel, values: Mapping[str, Any], label: str, report: LoadReport) -> bool:
    """Take over into ``row`` what staff have not edited. Returns whether the row must be written."""
    write = False
    updated: list[str] = []
    for name, value in values.items():
        current, wanted = digest(getattr(row, name)), digest(value)
        if current != wanted:
            if current != row.loaded.get(name, digest(None)):
                report.kept.append(f"{label}: {name}")
                continue
            setattr(row, name, value)
            updated.append(name)
        if row.loaded.get(name) != wanted:
            row.loaded[name] = wanted
            write = True
    if updated:
        report.updated.append(f"{label}: {', '.join(updated)}")
    else:
        report.unchanged += 1
    return write


def digest(value: object) -> str:
    """A short fingerprint of a value; nothing and an empty text are the same."""
    text = "" if value is None else str(value)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
