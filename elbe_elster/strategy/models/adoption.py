"""How far each administration is with a measure; told by the administration itself."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel
from elbe_elster.region.models import Administration

from .choices import STAGE_STEPS, Stage
from .measures import Measure


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    """Adoptions, in the field's words."""

    def concerned(self) -> AdoptionQuerySet:
        """Those whose administration has to do with the measure."""
        return self.exclude(stage=Stage.NOT_CONCERNED)


class Adoption(LoadedModel):
    """The stage of one administration with one measure (Stand in der Kommune). No row: nothing told yet."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="adoptions")
    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(_("Stand"), max_length=13, choices=Stage)
    since = models.DateField(_("seit"), default=timezone.localdate)
    note = models.CharField(_("Bemerkung"), max_length=300, blank=True)
    contact_email = models.EmailField(
        _("Kontakt"), blank=True, help_text=_("Adresse einer Stelle, möglichst nicht einer Person. Steht öffentlich.")
    )
    told_at = models.DateTimeField(_("gemeldet"), default=timezone.now)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stand in einer Kommune")
        verbose_name_plural = _("Stand in den Kommunen")
        ordering = ["administration__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "administration"],
                name="strategy_one_stage_per_administration",
                violation_error_message=_("Diese Verwaltung hat ihren Stand schon gemeldet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.administration}: {self.get_stage_display()}"

    @property
    def step(self) -> int:
        """Squares out of four."""
        return STAGE_STEPS[Stage(self.stage)]
