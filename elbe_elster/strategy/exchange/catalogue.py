"""Reads the catalogue for files: a number of queries that does not depend on the number of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from elbe_elster.strategy.exchange.tables import PUBLIC_COLUMNS, ROW_TABLES, RowTable
from elbe_elster.strategy.exchange.words import Words, public_words, with_links
from elbe_elster.strategy.models import ProjectProfile

if TYPE_CHECKING:
    from elbe_elster.strategy.models import Measure, MeasureQuerySet

Rows = dict[int, list[Any]]


@dataclass
class Catalogue:
    """Measures in the order of the page, what they refer to, and their rows by sheet and measure."""

    measures: list[Measure]
    words: Words
    rows: dict[str, Rows]


def read_public(measures: MeasureQuerySet, *, with_rows: bool) -> Catalogue:
    """What everybody may see of the measures, and with ``with_rows`` of their rows (three queries, with rows six)."""
    found = list(with_links(measures, public=True))
    tables = ROW_TABLES if with_rows else ()
    rows = {table.sheet: _public_rows(table, found) for table in tables}
    return Catalogue(found, public_words(), rows)


def _public_rows(table: RowTable, measures: list[Measure]) -> Rows:
    """Rows of the measures and of their visible profiles, with ``project``, the title of the profile."""
    wanted = {measure.pk for measure in measures}
    shown = Q(measure__in=wanted) | Q(profile__in=ProjectProfile.objects.published().filter(measure__in=wanted))
    found: Rows = {}
    for row in table.model._default_manager.filter(shown).select_related("profile"):
        owner = row.measure_id or (row.profile.measure_id if row.profile else 0)
        found.setdefault(owner, []).append(row)
    return found


def read_own_rows(table: RowTable, measures: list[Measure]) -> Rows:
    """Rows of the measures themselves, by measure."""
    found: Rows = {}
    for row in table.model._default_manager.filter(measure__in=[measure.pk for measure in measures]).order_by(
        F("measure__number_order"), "pk"
    ):
        found.setdefault(row.measure_id or 0, []).append(row)
    return found


def public_measure(measure: Measure, catalogue: Catalogue) -> dict[str, Any]:
    """A measure for JSON: stable keys, codes instead of words."""
    words = catalogue.words
    values = {column.key: column.plain(column.current(measure, words), words) for column in PUBLIC_COLUMNS}
    for table in ROW_TABLES:
        values[table.table] = [
            {
                "project": row.profile.title if row.profile else None,
                **{column.key: column.plain(column.current(row, words), words) for column in table.public_columns},
            }
            for row in catalogue.rows.get(table.sheet, {}).get(measure.pk, [])
        ]
    return values
