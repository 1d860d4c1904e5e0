"""How dates and money of measures look: ``{% load strategy %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from elbe_elster.strategy import amounts
from elbe_elster.strategy.lines import entry_items, place_rows
from elbe_elster.strategy.models import COURSE_LOOKS, Course, Precision
from elbe_elster.strategy.money import sum_actual, sum_granted, sum_planned
from elbe_elster.strategy.overview import measure_of
from elbe_elster.strategy.periods import period_text, span_text
from elbe_elster.strategy.rows import table_body
from elbe_elster.ui.templatetags.ui import status

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from django.utils.safestring import SafeString

    from elbe_elster.strategy.models import PlannedRecord

register = template.Library()
register.filter("sum_planned", sum_planned)
register.filter("sum_actual", sum_actual)
register.filter("sum_granted", sum_granted)
register.filter("measure_of", measure_of)
register.filter("table_body", table_body)
register.filter("entry_items", entry_items)
register.filter("place_rows", place_rows)


@register.filter
def period(date: dt.date | None, precision: str = Precision.DAY) -> str:
    """``{{ milestone.due_on|period:milestone.due_precision }}``: „März 2026“, „3. Quartal 2026“, „2026“, „12.06.2025“."""
    return period_text(date, precision)


@register.filter
def span(record: PlannedRecord) -> str:
    """``{{ measure|span }}``: „2025 bis 2027“, „ab März 2026“, „seit 2024, auf Dauer“."""
    return span_text(record)


@register.filter
def euros(amount: Decimal | None) -> str:
    """``{{ row.planned|euros }}``: „12.000 €“; cents only where there are any. Nothing stays nothing."""
    return "" if amount is None else amounts.euros(amount)


@register.simple_tag
def course(record: PlannedRecord) -> SafeString | str:
    """``{% course measure %}``: icon and word of a record that came ``with_course()``; nothing for an ended one."""
    if not record.course:
        return ""
    known = Course(record.course)
    return status(COURSE_LOOKS[known], str(known.label))
