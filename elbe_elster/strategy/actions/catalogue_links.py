"""Links between loaded measures, profiles, goals, places and partners. Links that staff have changed stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from elbe_elster.content.loading import digest
from elbe_elster.strategy.models import Measure, MeasurePartner, ProjectProfile

from .catalogue_files import told

if TYPE_CHECKING:
    from .catalogue_files import Entry, Places

    Owners = list[tuple[Entry, Any]]


def link_measures(owners: Owners, places: Places) -> bool:
    """Further fields, goals, places, related measures, those needed before, and partners. Whether any changed."""
    names = ("further_fields", "goals", "municipalities", "related", "depends_on")
    prefetch_related_objects([row for _entry, row in owners], *names, "partnerships")
    related = _related(owners)
    changed = []
    for entry, measure in owners:
        given = entry.values
        with told(entry):
            goals = [
                f"{entry.action_field}/{goal}" if isinstance(goal, int) else goal for goal in given.get("goals", [])
            ]
            wanted = {
                "further_fields": [places.fields[slug] for slug in given.get("further_fields", [])],
                "goals": [places.goals[goal] for goal in goals if goal in places.goals],
                "municipalities": [places.municipalities[key] for key in given.get("municipalities", [])],
                "related": [places.measures[n] for n in related[given["number"]] if n in places.measures],
                "depends_on": [places.measures[n] for n in given.get("depends_on", []) if n in places.measures],
            }
        written = [_set_links(measure, name, keys) for name, keys in wanted.items()]
        if any([*written, _set_partners(measure, given.get("partners", {}), places.bodies)]):
            changed.append(measure)
    Measure.objects.bulk_update(changed, ["loaded"])
    return bool(changed)


def link_profiles(owners: Owners, places: Places) -> bool:
    """Administrations that take part. Whether any changed."""
    prefetch_related_objects([row for _entry, row in owners], "administrations")
    changed = []
    for entry, profile in owners:
        with told(entry):
            wanted = [places.administrations[slug] for slug in entry.values.get("administrations", [])]
        if _set_links(profile, "administrations", wanted):
            changed.append(profile)
    ProjectProfile.objects.bulk_update(changed, ["loaded"])
    return bool(changed)


def _related(owners: Owners) -> dict[str, set[str]]:
    """Related measures name each other, whichever file says so."""
    related: dict[str, set[str]] = {entry.values["number"]: set() for entry, _owner in owners}
    for entry, _owner in owners:
        for other in entry.values.get("related", []):
            related[entry.values["number"]].add(other)
            related.setdefault(other, set()).add(entry.values["number"])
    return related


def _set_links(row: Any, name: str, wanted: list[int]) -> bool:
    """Whether what the row remembers must be written."""
    current = digest(sorted(each.pk for each in getattr(row, name).all()))
    if not _follows(row, f"@{name}", current, digest(sorted(wanted))):
        return False
    getattr(row, name).set(wanted)
    return True


def _set_partners(measure: Measure, given: dict[str, str], bodies: dict[str, int]) -> bool:
    wanted = sorted((bodies[key], role) for key, role in given.items() if key in bodies)
    partnerships = measure.partnerships.all()
    current = digest(sorted((row.body_id, row.role) for row in partnerships))
    if not _follows(measure, "@partners", current, digest(wanted)):
        return False
    measure.partnerships.all().delete()
    rows = [MeasurePartner(measure=measure, body_id=body, role=role) for body, role in wanted]
    MeasurePartner.objects.bulk_create(rows)
    return True


def _follows(row: Any, name: str, current: str, wanted: str) -> bool:
    """Whether the links must be set to what the file says: it has changed, and staff have not."""
    if wanted == row.loaded.get(name, digest([])) or current != row.loaded.get(name, digest([])):
        return False
    row.loaded[name] = wanted
    return True
