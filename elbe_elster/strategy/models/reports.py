"""Period reports: how far every measure was on one day, frozen."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .measures import Measure


class PeriodReport(models.Model):
    """A report for the Kreistag. Its rows never change, whatever becomes of the measures."""

    title = models.CharField(_("Titel"), max_length=160)
    as_of = models.DateField(_("Stand vom"), default=timezone.localdate)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Vergleich mit")
    )
    foreword = models.TextField(_("Vorwort"), blank=True)
    created_at = models.DateTimeField(_("angelegt"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("angelegt von")
    )

    class Meta:
        verbose_name = _("Bericht")
        verbose_name_plural = _("Berichte")
        ordering = ["-as_of", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="report_keeps_its_day",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("as_of", "created_at"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | ~Q(previous=models.F("id")),
                name="strategy_report_not_with_itself",
                violation_error_message=_("Ein Bericht kann nicht mit sich selbst verglichen werden."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportRow(models.Model):
    """One published measure as it was: number and title in the clear, everything else in ``values``."""

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="rows")
    measure = models.ForeignKey(Measure, on_delete=models.SET_NULL, null=True, related_name="+")
    number = models.CharField(_("Nummer"), max_length=12)
    title = models.CharField(_("Titel"), max_length=120)
    values = models.JSONField(_("Stand"))

    class Meta:
        verbose_name = _("Zeile eines Berichts")
        verbose_name_plural = _("Zeilen eines Berichts")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(
                name="report_row_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("report", "number", "title", "values"),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="strategy_one_report_row_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
