"""Loads rows from content files: repeatable, never deletes, never overwrites what staff have changed.

Each field is merged on its own. ``loaded`` holds the digest of the value that was loaded last; a field whose value in
the database still has that digest follows the file, any other field has been edited by staff and stays.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from elbe_elster.content.models import LoadedModel


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
    model: type[LoadedModel], keys: tuple[str, ...], rows: Iterable[Mapping[str, Any]], name: str = ""
) -> LoadReport:
    """Create or update one row of ``model`` for each mapping; ``keys`` are the fields that identify a row.

    Foreign keys are given by their column (``administration_id``); ``name`` is the field the report calls a row by.
    Needs an open transaction to be all or nothing.
    """
    report = LoadReport()
    existing = {tuple(getattr(row, key) for key in keys): row for row in model._default_manager.all()}
    new: list[LoadedModel] = []
    changed: list[LoadedModel] = []
    fields: set[str] = {"loaded"}
    for values in rows:
        row = existing.get(tuple(values[key] for key in keys))
        label = f"{model._meta.verbose_name} {values[name or keys[0]]}"
        if row is None:
            row = model(**values, loaded={name: digest(value) for name, value in values.items()})
            row.clean_fields(exclude=[name for name in (f.name for f in model._meta.fields) if name not in values])
            new.append(row)
            report.created.append(label)
        elif _merge(row, values, label, report):
            changed.append(row)
            fields.update(values)
    model._default_manager.bulk_create(new)
    model._default_manager.bulk_update(changed, sorted(name.removesuffix("_id") for name in fields))
    return report


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
