"""Turns entries of the catalogue's files into columns of bodies, goals, measures and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elbe_elster.strategy.models import Publication

from .catalogue_files import begin, end, noon, texts

if TYPE_CHECKING:
    from .catalogue_files import Entry, Places

MEASURE_TEXTS = ("title", "summary", "description", "need", "benefit", "target_groups", "origin_note")
PROFILE_TEXTS = ("title", "summary", "situation", "aims", "plan")
PLAIN = ("decided_title", "origin", "mandate", "priority", "participation", "participation_note")


def body_row(entry: Entry, places: Places) -> dict[str, Any]:
    """An office or a partner."""
    given = entry.values
    slug = given.get("administration")
    return {
        "file_key": given["key"],
        "name": given["name"],
        "administration_id": places.administrations.get(slug) if slug else None,
        "email": given.get("email", ""),
        "url": given.get("url", ""),
    }


def goal_row(entry: Entry, places: Places) -> dict[str, Any]:
    """A goal of the file's field."""
    given = entry.values
    return {
        "file_key": f"{entry.action_field}/{given['number']}",
        "action_field_id": places.fields[entry.action_field],
        "number": given["number"],
        "set_on": given.get("set_on"),
        **texts(given, "title", "text"),
    }


def _life(given: dict[str, Any]) -> dict[str, Any]:
    """Publication, phase, dates and course, as measures and profiles have them."""
    planned = given.get("period") or {}
    override, reason = given.get("course") or ("", "")
    return {
        "publication": Publication.PUBLISHED.value,
        "published_at": noon(given["published"]),
        "phase": given["phase"],
        **begin(planned, "from", "starts"),
        **end(planned, "until", "ends"),
        "permanent": planned.get("permanent", False),
        "started_on": given.get("started"),
        "done_on": given.get("done"),
        "ending_reason": given.get("ending_reason", ""),
        "course_override": override,
        "course_reason": reason,
        "reviewed_on": given.get("reviewed"),
        "next_review_on": end(given, "next_review", "next")["next_on"],
    }


def measure_row(entry: Entry, places: Places) -> dict[str, Any] | None:
    """A measure of the file's field; none where the one it merged into was not loaded."""
    given = entry.values
    merged = given.get("merged_into")
    if merged and merged not in places.measures:
        return None
    return {
        "file_key": given["number"],
        "number": given["number"],
        "slug": given["slug"],
        "strategy_id": places.strategy,
        "primary_field_id": places.fields[entry.action_field],
        "lead_id": places.bodies.get(given["lead"]) if "lead" in given else None,
        "merged_into_id": places.measures[merged] if merged else None,
        "added_on": given["added"],
        **texts(given, *MEASURE_TEXTS),
        **{name: given.get(name, "") for name in PLAIN},
        **_life({"published": given["added"], **given}),
    }


def profile_row(entry: Entry, places: Places) -> dict[str, Any] | None:
    """A profile; none where its measure was not loaded."""
    given = entry.values
    measure = places.measures.get(given["measure"])
    if measure is None:
        return None
    return {
        "file_key": given["slug"],
        "slug": given["slug"],
        "measure_id": measure,
        "lead_id": places.bodies.get(given["lead"]) if "lead" in given else None,
        **texts(given, *PROFILE_TEXTS),
        **{name: given.get(name, "") for name in ("legal_conditions", "resources", "technical_conditions", "risks")},
        "risk_level": given.get("risk_level", ""),
        "cases": given.get("cases"),
        "core_process": given.get("core_process"),
        **_life(given),
    }
