"""Writes the conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from elbe_elster.content.files import read_yaml, translated
from elbe_elster.content.loading import LoadReport, load_rows
from elbe_elster.participation.models import Dialogue, DialogueKind
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale
from elbe_elster.strategy.models import ProcessStep, Strategy

CONTENT = Path(__file__).parent.parent / "content"


@transaction.atomic
def load_dialogues() -> LoadReport:
    """Load the neighbourhood talks from the content file. Repeatable; what staff have edited stays."""
    steps = dict(ProcessStep.objects.filter(strategy__in=Strategy.objects.current()).values_list("number", "pk"))
    rows = [_row(entry, steps) for entry in read_yaml(CONTENT / "dialogues.yaml")]
    report = load_rows(Dialogue, ("slug",), rows)
    if report:
        refresh_entries(Dialogue)
        mark_stale()
    return report


def _row(entry: dict[str, Any], steps: dict[int, int]) -> dict[str, Any]:
    texts = [name for name in ("host_event", "venue", "text") if name in entry]
    return {
        **{name: entry[name] for name in ("slug", "order", "place")},
        "kind": DialogueKind.TALK,
        "step_id": steps.get(entry["step"]),
        **translated(entry, *texts),
    }
