"""Writes the circle, and the content of every room below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from elbe_elster.accounts.models import Seat
from elbe_elster.content.loading import LoadReport
from elbe_elster.legal.loading import load_texts
from elbe_elster.participation.actions.loading import load_dialogues
from elbe_elster.region.actions import load_region
from elbe_elster.region.models import Administration
from elbe_elster.strategy.actions.loading import load_strategy

if TYPE_CHECKING:
    from collections.abc import Iterator


@transaction.atomic
def load_seats() -> LoadReport:
    """Give every administration and the county its seat in the circle (14). Never takes one away."""
    report = LoadReport(unchanged=Seat.objects.count())
    for administration in Administration.objects.exclude(pk__in=Seat.objects.values("administration")):
        Seat.objects.create(administration=administration)
        report.created.append(str(administration))
    return report


def load_content() -> Iterator[tuple[str, LoadReport]]:
    """Load every content file, part by part, each part all or nothing."""
    yield "Region", load_region()
    yield "Sitze im Koordinierungskreis", load_seats()
    yield "Strategie", load_strategy()
    yield "Gespräche", load_dialogues()
    yield "Rechtstexte", _load_texts()


def _load_texts() -> LoadReport:
    report = LoadReport()
    for name, what in load_texts().items():
        if what == "neu":
            report.created.append(name)
        elif what == "geändert":
            report.updated.append(name)
        elif "Redaktion" in what:
            report.kept.append(name)
        else:
            report.unchanged += 1
    return report
