"""Action fields and the goals in them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel

from .strategy import Strategy


class FieldIcon(models.TextChoices):
    """The signs of the action fields in the icon sheet."""

    BUS = "f1", _("Bus")
    TOWN_HALL = "f2", _("Rathaus")
    BOOK = "f3", _("Buch")
    SHIELD = "f4", _("Schild mit Keim")
    HOUSE = "f5", _("Haus mit Herz")
    CROSS = "f6", _("Kreuz")
    BRIEFCASE = "f7", _("Aktentasche")


class ActionFieldQuerySet(models.QuerySet["ActionField"]):
    """Action fields, in the field's words."""

    def in_force(self) -> ActionFieldQuerySet:
        """Those of the edition in force."""
        return self.filter(strategy__in=Strategy.objects.current())


class ActionField(LoadedModel):
    """One of the fields in which the strategy acts (Handlungsfeld)."""

    strategy = models.ForeignKey(
        Strategy, on_delete=models.PROTECT, related_name="action_fields", verbose_name=_("Strategie")
    )
    number = models.PositiveSmallIntegerField(_("Nummer"))
    slug = models.SlugField(_("Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    short_name = models.CharField(_("Kurzer Name"), max_length=40)
    summary = models.CharField(_("In einem Satz"), max_length=300)
    text = models.TextField(_("Worum es geht"))
    examples = models.TextField(_("Stichworte"), help_text=_("Eines je Zeile."))
    questions = models.TextField(_("Fragen"), help_text=_("Eine Frage je Zeile."))
    icon = models.CharField(_("Zeichen"), max_length=2, choices=FieldIcon)
    colour = models.PositiveSmallIntegerField(_("Farbe"), help_text=_("Nummer der Farbe im Stilbuch, 1 bis 7."))

    objects = ActionFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("Handlungsfeld")
        verbose_name_plural = _("Handlungsfelder")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"],
                name="strategy_one_field_per_number",
                violation_error_message=_("Diese Nummer hat schon ein anderes Handlungsfeld."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="strategy_field_counts_from_one",
                violation_error_message=_("Die Handlungsfelder werden ab 1 gezählt."),
            ),
            models.CheckConstraint(
                condition=models.Q(colour__gte=1, colour__lte=7),
                name="strategy_field_colour_exists",
                violation_error_message=_("Es gibt die Farben 1 bis 7."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the field in the current language."""
        return reverse("strategy:action_field-detail", args=[self.slug])

    @property
    def example_list(self) -> list[str]:
        """The keywords, one each."""
        return self.examples.splitlines()

    @property
    def question_list(self) -> list[str]:
        """The questions, one each."""
        return self.questions.splitlines()


class GoalQuerySet(models.QuerySet["Goal"]):
    """Goals, in the field's words."""

    def in_force(self) -> GoalQuerySet:
        """Those of the edition in force."""
        return self.filter(action_field__strategy__in=Strategy.objects.current())


class Goal(LoadedModel):
    """What is to be reached in an action field (Ziel). Measures serve goals. Texts are plain, in every language."""

    action_field = models.ForeignKey(
        ActionField, on_delete=models.PROTECT, related_name="goals", verbose_name=_("Handlungsfeld")
    )
    number = models.PositiveSmallIntegerField(_("Nummer"), help_text=_("Zählt in jedem Handlungsfeld ab 1."))
    title = models.CharField(_("Ziel"), max_length=200)
    text = models.TextField(_("Erläuterung"), blank=True)
    set_on = models.DateField(_("gesetzt am"), null=True, blank=True)
    example = models.BooleanField(_("Beispiel"), default=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ziel")
        verbose_name_plural = _("Ziele")
        ordering = ["action_field__number", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["action_field", "number"],
                name="strategy_one_goal_per_number",
                violation_error_message=_("Diese Nummer hat schon ein anderes Ziel des Handlungsfelds."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
