"""What it costs and who pays. Amounts are euros, whole cents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .choices import CostKind, FundingKind, FundingState
from .records import OwnedRow, owned_row_constraint

YEARS = Q(year__gte=2000, year__lte=2100)


class CostRow(OwnedRow):
    """The costs of one kind in one year (euros)."""

    kind = models.CharField(_("Wofür"), max_length=10, choices=CostKind)
    year = models.PositiveSmallIntegerField(_("Jahr"))
    planned = models.DecimalField(_("geplant (Euro)"), max_digits=12, decimal_places=2)
    actual = models.DecimalField(_("ausgegeben (Euro)"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("Bemerkung"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Kosten")
        verbose_name_plural = _("Kosten")
        ordering = ["year", "kind", "pk"]
        constraints = [
            owned_row_constraint("strategy_cost"),
            models.CheckConstraint(
                condition=YEARS,
                name="strategy_cost_year",
                violation_error_code="year",
                violation_error_message=_("Das Jahr hat vier Ziffern."),
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(actual__isnull=True) | Q(actual__gte=0)),
                name="strategy_cost_not_negative",
                violation_error_code="planned",
                violation_error_message=_("Kosten sind nicht negativ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class FundingRow(OwnedRow):
    """One source of money (euros)."""

    kind = models.CharField(_("Woher"), max_length=5, choices=FundingKind)
    programme = models.CharField(_("Programm oder Geber"), max_length=160, blank=True)
    amount = models.DecimalField(_("Betrag (Euro)"), max_digits=12, decimal_places=2)
    own_share = models.PositiveSmallIntegerField(_("Eigenanteil (Prozent)"), null=True, blank=True)
    state = models.CharField(_("Stand"), max_length=7, choices=FundingState, default=FundingState.PLANNED)
    deadline = models.DateField(_("Frist"), null=True, blank=True)
    internal_note = models.CharField(_("Interne Notiz"), max_length=300, blank=True, help_text=_("Nie öffentlich."))

    class Meta:
        verbose_name = _("Finanzierung")
        verbose_name_plural = _("Finanzierung")
        ordering = ["kind", "pk"]
        constraints = [
            owned_row_constraint("strategy_funding"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="strategy_funding_not_negative",
                violation_error_code="amount",
                violation_error_message=_("Ein Betrag ist nicht negativ."),
            ),
            models.CheckConstraint(
                condition=Q(own_share__isnull=True) | Q(own_share__lte=100),
                name="strategy_own_share_is_percent",
                violation_error_code="own_share",
                violation_error_message=_("Der Eigenanteil liegt zwischen 0 und 100 Prozent."),
            ),
        ]

    def __str__(self) -> str:
        return self.programme or self.get_kind_display()
