"""Writes the region."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from elbe_elster.content.files import ContentError, read_csv, read_yaml, translated
from elbe_elster.content.loading import LoadReport, load_rows
from elbe_elster.region.models import Administration, Municipality, Population, PopulationSeries
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = Path(__file__).parent / "content"


@transaction.atomic
def load_region() -> LoadReport:
    """Load county, administrations, municipalities and both population series from the content files.

    All or nothing, repeatable; never deletes, and what staff have edited stays.
    """
    report = load_rows(Administration, ("slug",), read_csv(CONTENT / "administrations.csv"))
    report += load_rows(Municipality, ("key",), _municipalities())
    report += load_rows(PopulationSeries, ("key",), _series())
    report += load_rows(Population, ("series_id", "municipality_id"), _populations(), name="municipality_id")
    if report:
        refresh_entries(Administration)
        mark_stale()
    return report


def _municipalities() -> Iterator[dict[str, Any]]:
    ids = dict(Administration.objects.values_list("slug", "pk"))
    for row in read_csv(CONTENT / "municipalities.csv"):
        if row["administration"] not in ids:
            raise ContentError(f"municipalities.csv nennt eine unbekannte Verwaltung: {row['administration']}")
        yield {
            "key": row["key"],
            "name": row["name"],
            "is_town": row["is_town"] == "yes",
            "administration_id": ids[row["administration"]],
            "tile_column": int(row["tile_column"]),
            "tile_row": int(row["tile_row"]),
            "tile_label": row["tile_label"],
        }


def _series() -> Iterator[dict[str, Any]]:
    for entry in read_yaml(CONTENT / "population_series.yaml"):
        yield {
            "key": entry["key"],
            "date": entry["date"],
            "source": entry["source"],
            **translated(entry, "name", "explanation"),
        }


def _populations() -> Iterator[dict[str, Any]]:
    municipalities = dict(Municipality.objects.values_list("key", "pk"))
    series = dict(PopulationSeries.objects.values_list("key", "pk"))
    for row in read_csv(CONTENT / "population.csv"):
        for key in series.keys() & row.keys():
            yield {
                "series_id": series[key],
                "municipality_id": municipalities[row["key"]],
                "count": int(row[key]),
            }
