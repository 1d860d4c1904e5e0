"""Loads measures and project profiles with all their rows from content files.

A row is found again by what its file calls it (``file_key``), whatever staff have changed in it. What staff have deleted,
given another meaning or made themselves under the same number stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction

from elbe_elster.content.files import ContentError
from elbe_elster.content.loading import LoadReport, load_rows
from elbe_elster.region.models import Administration, Municipality
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.models import ActionField, Body, Goal, Measure, ProjectProfile, Strategy

from .catalogue_files import Places, told
from .catalogue_links import link_measures, link_profiles
from .catalogue_records import body_row, goal_row, measure_row, profile_row
from .catalogue_rows import load_owned_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.content.loading import FileRow

    from .catalogue_files import Catalogue, Entry


@transaction.atomic
def load_catalogue(catalogue: Catalogue, *, example: bool, restore: bool = False) -> LoadReport:
    """Load everything the files say, all or nothing. Repeatable.

    What had been there and was deleted comes back only with ``restore``. Raises ContentError with file and number.
    """
    places = _places()
    report = _load(Body, catalogue.bodies, places, example=example, restore=restore)
    places.bodies = _keys(Body)
    report += _load(Goal, catalogue.goals, places, example=example, restore=restore)
    places.goals = _keys(Goal)
    for merged in (False, True):
        entries = [entry for entry in catalogue.measures if ("merged_into" in entry.values) is merged]
        report += _load(Measure, entries, places, example=example, restore=restore)
        places.measures = _keys(Measure)
    report += _load(ProjectProfile, catalogue.profiles, places, example=example, restore=restore)
    measures = _owners(Measure, "number", catalogue.measures, example=example)
    profiles = _owners(ProjectProfile, "slug", catalogue.profiles, example=example)
    linked = [link_measures(measures, places), link_profiles(profiles, places)]
    report += load_owned_rows(measures, profiles, places.administrations)
    if report or any(linked):
        refresh_entries(Measure)
        refresh_entries(ProjectProfile)
        mark_stale()
    return report


def _places() -> Places:
    strategy = Strategy.objects.current().first()
    if strategy is None:
        raise ContentError("Zuerst muss die Strategie geladen sein: manage.py load_content")
    return Places(
        strategy=strategy.pk,
        fields=dict(ActionField.objects.in_force().values_list("slug", "pk")),
        administrations=dict(Administration.objects.values_list("slug", "pk")),
        municipalities=dict(Municipality.objects.values_list("key", "pk")),
        bodies={},
        goals={},
        measures=_keys(Measure),
    )


def _keys(model: Any) -> dict[str, int]:
    return {row.file_key: row.pk for row in model.objects.only("pk", "loaded") if row.file_key}


ROWS = {Body: body_row, Goal: goal_row, Measure: measure_row, ProjectProfile: profile_row}
NAMES = {Body: ("name",), Goal: ("action_field_id", "number"), Measure: ("number",), ProjectProfile: ("slug",)}


def _load(model: Any, entries: Iterable[Entry], places: Places, *, example: bool, restore: bool) -> LoadReport:
    rows = []
    for entry in entries:
        with told(entry):
            values = ROWS[model](entry, places)
            if values is not None:
                rows.append(entry.row({**values, "example": example}))
    kept: list[str] = []
    usable = _usable(model, rows, kept, restore=restore)
    return LoadReport(kept=kept) + load_rows(model, ("file_key",), usable)


def _usable(model: Any, rows: list[FileRow], kept: list[str], *, restore: bool) -> list[FileRow]:
    """Rows that may be loaded: not those that staff have deleted, made their own, or made before."""
    there = list(model.objects.all())
    ours = {row.file_key: row for row in there if row.file_key}
    names = NAMES[model]
    taken = {tuple(getattr(row, name) for name in names): row for row in there}
    events = apps.get_model("strategy", f"{model.__name__}Event")._default_manager
    deleted = set() if restore else set(events.values_list(*names))
    usable = []
    for row in rows:
        name = tuple(row[part] for part in names)
        mine = ours.get(row["file_key"])
        if mine is not None and mine.example == row["example"]:
            usable.append(row)
        elif mine is not None:
            kept.append(f"{row.label}: gehört jetzt der Redaktion")
        elif name in taken:
            kept.append(f"{row.label}: gibt es schon, von der Redaktion angelegt")
        elif name not in deleted:
            usable.append(row)
    return usable


def _owners(model: Any, name: str, entries: list[Entry], *, example: bool) -> list[tuple[Entry, Any]]:
    """Every entry with the row made from it, as far as it is still ours."""
    rows = {row.file_key: row for row in model.objects.filter(example=example) if row.file_key}
    return [(entry, rows[entry.values[name]]) for entry in entries if entry.values[name] in rows]
