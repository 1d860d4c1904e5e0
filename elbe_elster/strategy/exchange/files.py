"""The catalogue as CSV, XLSX, JSON and Atom. Only what publicity.py names, in the order of the page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import feedgenerator, timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from elbe_elster.strategy.exchange.catalogue import Catalogue, public_measure, read_public
from elbe_elster.strategy.exchange.tables import OWNER, PROJECT, PUBLIC_COLUMNS, ROW_TABLES, SHEET, RowTable
from elbe_elster.strategy.exchange.workbook import Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from elbe_elster.strategy.exchange.cells import Cell
    from elbe_elster.strategy.models import Measure, MeasureQuerySet

VERSION = 1  # of the shape of the JSON; raised when a key goes or changes its meaning
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
LICENCE = {
    "code": "dl-de-by-2.0",
    "name": "Datenlizenz Deutschland – Namensnennung – Version 2.0",
    "url": "https://www.govdata.de/dl-de/by-2-0",
}


def guarded(value: Cell) -> str:
    """A cell of CSV: text that a spreadsheet program would take for a formula gets an apostrophe before it.

    Numbers are numbers with a comma, days are ``2026-03-01``.
    """
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_csv(measures: MeasureQuerySet) -> bytes:
    """One line a measure: UTF-8 with BOM, semicolons, German column names."""
    catalogue = read_public(measures, with_rows=False)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.header for column in PUBLIC_COLUMNS])
    for row in _measure_rows(catalogue):
        writer.writerow([guarded(cell) for cell in row])
    return (BOM + stream.getvalue()).encode()


def _measure_rows(catalogue: Catalogue) -> Iterator[list[Cell]]:
    words = catalogue.words
    for measure in catalogue.measures:
        yield [column.cell(column.current(measure, words), words) for column in PUBLIC_COLUMNS]


def as_xlsx(measures: MeasureQuerySet) -> bytes:
    """Sheets for measures, milestones, costs, funding, goals, fields and offices."""
    catalogue = read_public(measures, with_rows=True)
    columns = [(column.header, column.width, column.choices(catalogue.words)) for column in PUBLIC_COLUMNS]
    sheets = [
        Sheet(SHEET, columns, _measure_rows(catalogue), len(catalogue.measures)),
        *(_row_sheet(table, catalogue) for table in ROW_TABLES),
        *_name_sheets(catalogue),
    ]
    return write_workbook(sheets, title=_("Maßnahmen"))


def _row_sheet(table: RowTable, catalogue: Catalogue) -> Sheet:
    words = catalogue.words
    head = [
        (OWNER, 10, []),
        (PROJECT, 26, []),
        *((column.header, column.width, column.choices(words)) for column in table.public_columns),
    ]
    rows = [
        [
            measure.number,
            row.profile.title if row.profile else None,
            *(column.cell(column.current(row, words), words) for column in table.public_columns),
        ]
        for measure in catalogue.measures
        for row in catalogue.rows[table.sheet].get(measure.pk, [])
    ]
    return Sheet(table.sheet, head, rows, len(rows))


def _name_sheets(catalogue: Catalogue) -> list[Sheet]:
    """Goals, fields and offices that the measures name."""
    words = catalogue.words
    goals = sorted({key for measure in catalogue.measures for key in _goal_keys(measure)})
    labels = sorted((words.fields[words.goals[key].action_field_id].number, words.goal_label(key)) for key in goals)
    bodies = {measure.lead.name for measure in catalogue.measures if measure.lead}
    bodies |= {name for measure in catalogue.measures for name in measure.partner_names}  # type: ignore[attr-defined]
    fields: list[Sequence[Cell]] = [[row.number, row.name, row.summary] for row in words.fields.values()]
    return [
        Sheet("Ziele", [("Ziel", 60, [])], [[label] for _number, label in labels]),
        Sheet("Handlungsfelder", [("Nummer", 10, []), ("Name", 40, []), ("In einem Satz", 80, [])], fields),
        Sheet("Stellen", [("Name", 60, [])], [[name] for name in sorted(bodies)]),
    ]


def _goal_keys(measure: Measure) -> list[int]:
    return measure.goal_keys  # type: ignore[attr-defined, no-any-return]  # annotated by with_links()


def as_json(measures: MeasureQuerySet, *, query: str = "") -> bytes:
    """An object with ``measures``; docs/exchange.md describes every key."""
    catalogue = read_public(measures, with_rows=True)
    page = f"{settings.BASE_URL}{reverse('strategy:measure-list')}"
    document: dict[str, Any] = {
        "version": VERSION,
        "title": f"{settings.SITE_NAME}: {_('Maßnahmen')}",
        "language": get_language(),
        "page": f"{page}?{query}" if query else page,
        "generated_at": timezone.localtime().isoformat(timespec="seconds"),
        "licence": LICENCE,
        "note": _("Einträge mit „example“ sind Beispiele und keine Beschlüsse des Landkreises."),
        "count": len(catalogue.measures),
        "measures": [public_measure(measure, catalogue) for measure in catalogue.measures],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_atom(measures: MeasureQuerySet, *, query: str = "") -> bytes:
    """A feed of the measures, the one that changed last first."""
    catalogue = read_public(measures, with_rows=False)
    page = f"{settings.BASE_URL}{reverse('strategy:measure-list')}"
    own = f"{settings.BASE_URL}{reverse('strategy:measure-atom')}"
    suffix = f"?{query}" if query else ""
    feed = feedgenerator.Atom1Feed(
        title=f"{settings.SITE_NAME}: {_('Maßnahmen')}",
        link=page + suffix,
        description=None,
        language=get_language(),
        author_name=settings.SITE_NAME,
        feed_url=own + suffix,
        subtitle=_("Was sich an den Maßnahmen zuletzt getan hat."),
    )
    newest_first = sorted(catalogue.measures, key=_told_at, reverse=True)
    for measure in newest_first:
        _add_entry(feed, measure, catalogue)
    return feed.writeString("utf-8").encode()


def _told_at(measure: Measure) -> dt.datetime:
    told: dt.datetime | None = measure.told_at  # type: ignore[attr-defined]  # annotated by with_links()
    return told or dt.datetime.min.replace(tzinfo=dt.UTC)


def _add_entry(feed: feedgenerator.Atom1Feed, measure: Measure, catalogue: Catalogue) -> None:
    with override("de"):
        identity = f"{settings.BASE_URL}{measure.get_absolute_url()}"
    feed.add_item(
        title=f"{measure.number} {measure.title}{' (' + _('Beispiel') + ')' if measure.example else ''}",
        link=f"{settings.BASE_URL}{measure.get_absolute_url()}",
        description=measure.summary,
        unique_id=identity,
        pubdate=measure.published_at,
        updateddate=_told_at(measure),
        categories=[
            catalogue.words.fields[measure.primary_field_id].name,
            measure.get_phase_display(),
            *filter(None, [catalogue.words.course_label(measure.course)]),
        ],
    )
