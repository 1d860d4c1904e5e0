"""The table in which staff work on the catalogue outside of the portal. Import reads exactly these columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from elbe_elster.strategy.exchange.catalogue import read_own_rows
from elbe_elster.strategy.exchange.tables import (
    DELETE,
    MEASURE_COLUMNS,
    OWNER,
    REASON,
    ROW_KEY,
    ROW_TABLES,
    SHEET,
    RowTable,
)
from elbe_elster.strategy.exchange.words import Words, staff_words, with_links
from elbe_elster.strategy.exchange.workbook import Sheet, write_workbook
from elbe_elster.strategy.models import Measure

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User


def working_file(user: User) -> bytes:
    """Every measure the person may see, drafts included, with milestones, costs and funding. German in any language."""
    with override("de"):
        words = staff_words()
        measures = list(with_links(Measure.objects.editable_by(user).with_course(), public=False))
        head = [(column.header, column.width, column.choices(words)) for column in MEASURE_COLUMNS]
        rows = [
            [*(column.cell(column.current(measure, words), words) for column in MEASURE_COLUMNS), None]
            for measure in measures
        ]
        sheets = [Sheet(SHEET, [*head, (REASON, 40, [])], rows, len(rows))]
        sheets += [_row_sheet(table, measures, words) for table in ROW_TABLES]
        return write_workbook(sheets, title=SHEET, strict=frozenset({SHEET, *(table.sheet for table in ROW_TABLES)}))


def _row_sheet(table: RowTable, measures: list[Measure], words: Words) -> Sheet:
    stored = read_own_rows(table, measures)
    head = [
        (OWNER, 10, []),
        (ROW_KEY, 10, []),
        *((column.header, column.width, column.choices(words)) for column in table.columns),
        (DELETE, 10, ["ja"]),
    ]
    rows = [
        [
            measure.number,
            row.pk,
            *(column.cell(column.current(row, words), words) for column in table.columns),
            None,
        ]
        for measure in measures
        for row in stored.get(measure.pk, [])
    ]
    return Sheet(table.sheet, head, rows, len(rows))
