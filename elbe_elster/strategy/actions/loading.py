"""Loads the strategy from the content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from elbe_elster.content.files import read_yaml, translated
from elbe_elster.content.loading import LoadReport, load_rows
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.models import ActionField, ProcessStep, Strategy

from .catalogue import load_catalogue
from .catalogue_files import read_catalogue

CONTENT = Path(__file__).parent.parent / "content"
STRATEGY_TEXTS = ("title", "summary", "subject", "reason", "medium_term", "long_term", "people", "funding")
STEP_TEXTS = ("title", "summary", "text")
FIELD_TEXTS = ("name", "short_name", "summary", "text", "examples", "questions")


@transaction.atomic
def load_strategy() -> LoadReport:
    """Load the strategy, its steps, its action fields and the coordination circle from the content files.

    All or nothing, repeatable; never deletes, and what staff have edited stays.
    """
    edition = read_yaml(CONTENT / "strategy.yaml")
    row = {"edition": edition["edition"], **translated(edition, *STRATEGY_TEXTS)}
    report = load_rows(Strategy, ("edition",), [row])
    strategy = Strategy.objects.get(edition=edition["edition"])
    report += load_rows(ProcessStep, ("strategy_id", "number"), _steps(strategy), name="number")
    report += load_rows(ActionField, ("slug",), _fields(strategy))
    report += load_catalogue(read_catalogue([CONTENT / "circle.yaml"]), example=False)
    if report:
        refresh_entries(Strategy)
        refresh_entries(ProcessStep)
        refresh_entries(ActionField)
        mark_stale()
    return report


def _steps(strategy: Strategy) -> list[dict[str, Any]]:
    return [
        {
            "strategy_id": strategy.pk,
            "number": entry["number"],
            "with_people": entry["with_people"],
            **translated(entry, *STEP_TEXTS),
        }
        for entry in read_yaml(CONTENT / "steps.yaml")
    ]


def _fields(strategy: Strategy) -> list[dict[str, Any]]:
    return [
        {
            "strategy_id": strategy.pk,
            **{name: entry[name] for name in ("number", "slug", "icon", "colour")},
            **translated(entry, *FIELD_TEXTS),
        }
        for entry in map(read_yaml, sorted((CONTENT / "fields").glob("*.yaml")))
    ]
