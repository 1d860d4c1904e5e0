"""Freezes period reports. What is frozen stays; the database refuses changes of rows as well."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from elbe_elster.strategy.exchange.catalogue import public_measure, read_public
from elbe_elster.strategy.exchange.tables import ROW_TABLES
from elbe_elster.strategy.models import Measure, PeriodReport, ReportRow
from elbe_elster.strategy.money import Money, money_by_measure

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.exchange.catalogue import Catalogue

MISTAKE_LASTS = dt.timedelta(days=1)  # for so long a report frozen by mistake may be thrown away


@transaction.atomic
def freeze_report(
    *,
    title: str,
    actor: User | None,
    foreword: str = "",
    previous: PeriodReport | None = None,
    today: dt.date | None = None,
) -> PeriodReport:
    """Write down every published measure as the public sees it now, in German, with course and money.

    ``today`` is the day the report is of; past days cannot be frozen any more. Raises ValidationError when nothing is
    published, or ``previous`` is later than today.
    """
    today = today or timezone.localdate()
    if previous and previous.as_of > today:
        raise ValidationError({"previous": _("Der Vergleichsbericht ist jünger als dieser.")})
    report = PeriodReport(title=title, as_of=today, foreword=foreword, previous=previous, created_by=actor)
    report.full_clean(exclude=["created_by"])
    with override("de"):
        catalogue = read_public(Measure.objects.published().with_course(today), with_rows=True)
        money = money_by_measure()
        if not catalogue.measures:
            raise ValidationError(_("Es ist noch keine Maßnahme veröffentlicht. Ein Bericht wäre leer."))
        report.save()
        ReportRow.objects.bulk_create(
            _frozen(report, measure, catalogue, money.get(measure.pk, Money())) for measure in catalogue.measures
        )
    return report


def _frozen(report: PeriodReport, measure: Measure, catalogue: Catalogue, money: Money) -> ReportRow:
    values = public_measure(measure, catalogue)
    for table in ROW_TABLES:
        stored = catalogue.rows[table.sheet].get(measure.pk, [])
        for row, said in zip(stored, values[table.table], strict=True):
            said["id"] = row.pk
    values["money"] = {
        "planned": str(money.planned),
        "actual": str(money.actual),
        "granted": str(money.granted),
    }
    return ReportRow(report=report, measure=measure, number=measure.number, title=measure.title, values=values)


def can_be_discarded(report: PeriodReport) -> bool:
    """Whether a report is so young that it may be a mistake."""
    return timezone.now() - report.created_at < MISTAKE_LASTS


@transaction.atomic
def discard_report(*, report: PeriodReport) -> None:
    """Throw a report away that was frozen by mistake. Raises ValidationError when it is too old or compared with."""
    if not can_be_discarded(report):
        raise ValidationError(_("Ein Bericht lässt sich nur am ersten Tag verwerfen. Danach bleibt er, wie er ist."))
    if PeriodReport.objects.filter(previous=report).exists():
        raise ValidationError(_("Ein anderer Bericht vergleicht sich mit diesem. Verwerfen Sie zuerst den anderen."))
    report.delete()
