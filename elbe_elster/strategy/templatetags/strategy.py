"""How dates of measures look: ``{% load strategy %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from elbe_elster.strategy.models import Precision
from elbe_elster.strategy.periods import period_text, span_text

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.strategy.models import PlannedRecord

register = template.Library()


@register.filter
def period(date: dt.date | None, precision: str = Precision.DAY) -> str:
    """``{{ milestone.due_on|period:milestone.due_precision }}``: „März 2026“, „3. Quartal 2026“, „2026“, „12.06.2025“."""
    return period_text(date, precision)


@register.filter
def span(record: PlannedRecord) -> str:
    """``{{ measure|span }}``: „2025 bis 2027“, „ab März 2026“, „seit 2024, auf Dauer“."""
    return span_text(record)
