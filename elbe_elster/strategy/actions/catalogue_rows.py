"""Loads the rows of measures and profiles: steps, money, numbers, what was resolved and changed, and the Chronik."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from elbe_elster.content.loading import LoadReport, load_rows
from elbe_elster.strategy.models import (
    Adoption,
    ChronicleEntry,
    CostRow,
    Deviation,
    FundingRow,
    Indicator,
    Measure,
    Milestone,
    ProjectProfile,
    Reading,
    Resolution,
)

from . import catalogue_files as files

if TYPE_CHECKING:
    from collections.abc import Callable

    from .catalogue_files import Entry, Rows

    Owners = list[tuple[Entry, Any]]

OWNED: dict[Any, Callable[[dict[str, Any]], Rows]] = {
    Milestone: files.milestone_rows,
    CostRow: files.cost_rows,
    FundingRow: files.funding_rows,
    Resolution: files.resolution_rows,
    Deviation: files.deviation_rows,
}
MEMORY = "#rows"  # in ``loaded`` of the owner: every row ever loaded, so that one deleted by staff stays deleted


def load_owned_rows(measures: Owners, profiles: Owners, administrations: dict[str, int]) -> LoadReport:
    """All tables below these measures and profiles."""
    loading = _Loading([*measures, *profiles])
    report = LoadReport()
    for model, rows_of in OWNED.items():
        both = Q(measure__in=[row for _e, row in measures]) | Q(profile__in=[row for _e, row in profiles])
        keys = ("measure_id", "profile_id", "file_key")
        report += loading.load(model, keys, model.objects.filter(both), rows_of, _owner_columns)
    mine = {"measure__in": [row for _entry, row in measures]}
    loading.owners = measures
    report += loading.load(
        Adoption,
        ("measure_id", "administration_id"),
        Adoption.objects.filter(**mine),
        lambda values: files.adoption_rows(values, administrations),
        lambda owner, _key: {"measure_id": owner.pk},
    )
    report += loading.load(
        ChronicleEntry,
        ("key",),
        ChronicleEntry.objects.filter(**mine),
        files.chronicle_rows,
        lambda owner, key: {"measure_id": owner.pk, "key": f"katalog:{owner.file_key}:{key}"},
    )
    report += loading.load(
        Indicator,
        ("measure_id", "file_key"),
        Indicator.objects.filter(**mine),
        files.indicator_rows,
        lambda owner, key: {"measure_id": owner.pk, "file_key": key},
    )
    report += _load_readings(loading, measures)
    loading.remember()
    return report


def _owner_columns(owner: Any, key: str) -> dict[str, Any]:
    if isinstance(owner, Measure):
        return {"measure_id": owner.pk, "profile_id": None, "file_key": key}
    return {"measure_id": None, "profile_id": owner.pk, "file_key": key}


def _load_readings(loading: _Loading, measures: Owners) -> LoadReport:
    """Values of the indicators. They are written once and then stay: a reading remembers no file."""
    indicators = {
        (row.measure_id, row.file_key): row
        for row in Indicator.objects.filter(measure__in=[row for _entry, row in measures])
    }
    there = set(Reading.objects.filter(indicator__in=indicators.values()).values_list("indicator", "date"))
    new: list[Reading] = []
    for entry, owner in measures:
        memory = loading.memory[id(owner)]
        for item in entry.values.get("indicators", []):
            indicator = indicators.get((owner.pk, item["key"]))
            with files.told(entry):
                rows = files.reading_rows(item)
            for key, columns in rows:
                name = f"reading/{item['key']}/{key}"
                if indicator and name not in memory and (indicator.pk, columns["date"]) not in there:
                    new.append(Reading(indicator=indicator, **columns))
                memory.add(name)
    Reading.objects.bulk_create(new)
    return LoadReport(created=[str(reading) for reading in new])


class _Loading:
    """One loading: knows which rows each owner ever had."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners
        self.memory = {id(row): set(row.loaded.get(MEMORY, [])) for _entry, row in owners}
        self.every = owners

    def load(
        self,
        model: Any,
        keys: tuple[str, ...],
        among: Any,
        rows_of: Callable[[dict[str, Any]], Rows],
        owner_columns: Callable[[Any, str], dict[str, Any]],
    ) -> LoadReport:
        """One table; ``keys`` identify a row, ``owner_columns`` say whose it is and what the file calls it."""
        there = {tuple(getattr(row, key) for key in keys) for row in among}
        rows = []
        for entry, owner in self.owners:
            with files.told(entry):
                given = rows_of(entry.values)
            for key, columns in given:
                row = entry.row({**owner_columns(owner, key), **columns}, f"{model._meta.verbose_name} {key}")
                name, memory = f"{model._meta.model_name}/{key}", self.memory[id(owner)]
                if name not in memory or tuple(row[part] for part in keys) in there:
                    memory.add(name)
                    rows.append(row)
        return load_rows(model, keys, rows, among=among)

    def remember(self) -> None:
        """Write down which rows there were, where that is news."""
        for model in (Measure, ProjectProfile):
            changed = []
            for _entry, row in self.every:
                memory = sorted(self.memory[id(row)])
                if isinstance(row, model) and memory != row.loaded.get(MEMORY, []):
                    row.loaded[MEMORY] = memory
                    changed.append(row)
            model._default_manager.bulk_update(changed, ["loaded"])
