"""The county's digital strategy: its editions and how it came about."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel


class StrategyQuerySet(models.QuerySet["Strategy"]):
    """Editions of the strategy, in the field's words."""

    def current(self) -> StrategyQuerySet:
        """The edition in force: the newest that no other has succeeded."""
        return self.filter(successor=None).order_by("-valid_from", "-pk")[:1]


class Strategy(LoadedModel):
    """One edition of the strategy. Texts are Markdown."""

    edition = models.SlugField(_("Ausgabe"), unique=True, help_text=_("Kürzel, zum Beispiel „erste“."))
    title = models.CharField(_("Titel"), max_length=200)
    summary = models.TextField(_("In einem Absatz"))
    subject = models.TextField(_("Was sie ist"))
    reason = models.TextField(_("Warum es sie gibt"))
    medium_term = models.TextField(_("Was mittelfristig erreicht werden soll"))
    long_term = models.TextField(_("Was langfristig erreicht werden soll"))
    people = models.TextField(_("Wer daran arbeitet"))
    funding = models.TextField(_("Förderung"))
    valid_from = models.DateField(_("gilt ab"), null=True, blank=True)
    valid_until = models.DateField(_("gilt bis"), null=True, blank=True)
    successor = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessor",
        verbose_name=_("abgelöst durch"),
    )

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Strategie")
        verbose_name_plural = _("Strategien")
        ordering = ["-valid_from", "edition"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="strategy_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("id")),
                name="strategy_not_its_own_successor",
                violation_error_message=_("Eine Ausgabe kann sich nicht selbst ablösen."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the strategy in the current language."""
        return reverse("strategy:strategy-detail")


class ProcessStepQuerySet(models.QuerySet["ProcessStep"]):
    """Steps, in the field's words."""

    def in_force(self) -> ProcessStepQuerySet:
        """Those that led to the edition in force."""
        return self.filter(strategy__in=Strategy.objects.current())

    def with_people(self) -> ProcessStepQuerySet:
        """Those in which people outside the administration were heard."""
        return self.filter(with_people=True)


class ProcessStep(LoadedModel):
    """One step of the way to the strategy."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="steps", verbose_name=_("Strategie"))
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = models.CharField(_("Titel"), max_length=200)
    summary = models.CharField(_("In einem Satz"), max_length=300)
    text = models.TextField(_("Text"))
    with_people = models.BooleanField(
        _("mit Beteiligung"),
        default=False,
        help_text=_("Menschen außerhalb der Verwaltung wurden gehört. Der Schritt steht dann auch unter „Mitmachen“."),
    )

    objects = ProcessStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("Schritt zur Strategie")
        verbose_name_plural = _("Schritte zur Strategie")
        ordering = ["strategy", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"],
                name="strategy_one_step_per_number",
                violation_error_message=_("Diese Nummer hat schon ein anderer Schritt."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="strategy_step_counts_from_one",
                violation_error_message=_("Die Schritte werden ab 1 gezählt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
