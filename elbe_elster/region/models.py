"""The county: its administrations, the municipalities they run, and dated, sourced populations."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AdministrationKind(models.TextChoices):
    """What sort of administration it is, after the municipal law of Brandenburg."""

    COUNTY = "county", _("Landkreis")
    TOWN = "town", _("Stadt")
    MUNICIPALITY = "municipality", _("Gemeinde")
    AMT = "amt", _("Amt")
    VERBANDSGEMEINDE = "verbandsgemeinde", _("Verbandsgemeinde")


class AdministrationQuerySet(models.QuerySet["Administration"]):
    """Administrations, in the field's words."""

    def municipal(self) -> AdministrationQuerySet:
        """The 13 administrations without the county."""
        return self.exclude(kind=AdministrationKind.COUNTY)


class Administration(models.Model):
    """An administration with a seat in the circle: the county, or one that runs one or more municipalities."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    slug = models.SlugField(_("Adresse"), unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=AdministrationKind)
    seat = models.CharField(_("Sitz"), max_length=120, help_text=_("Ort, an dem die Verwaltung arbeitet."))
    sort_key = models.CharField(_("Sortierung"), max_length=120, editable=False, default="")

    objects = AdministrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Verwaltung")
        verbose_name_plural = _("Verwaltungen")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind="county"),
                name="region_one_county",
                violation_error_message=_("Es gibt schon einen Landkreis."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A town or municipality. The official key (AGS) has eight digits: state 12, county 062, municipality."""

    key = models.CharField(_("Amtlicher Gemeindeschlüssel"), max_length=8, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    is_town = models.BooleanField(_("Stadt"), default=False)
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("Verwaltung")
    )
    sort_key = models.CharField(_("Sortierung"), max_length=120, editable=False, default="")

    class Meta:
        verbose_name = _("Gemeinde")
        verbose_name_plural = _("Gemeinden")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[0-9]{8}$"),
                name="region_municipality_key",
                violation_error_message=_("Der amtliche Gemeindeschlüssel hat acht Ziffern."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """How many people live in a municipality on one day after one source (persons)."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="populations", verbose_name=_("Gemeinde")
    )
    date = models.DateField(_("Stichtag"))
    source = models.CharField(_("Quelle"), max_length=200)
    count = models.PositiveIntegerField(_("Einwohnerinnen und Einwohner"))

    class Meta:
        verbose_name = _("Einwohnerzahl")
        verbose_name_plural = _("Einwohnerzahlen")
        ordering = ["-date", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date", "source"],
                name="region_one_count_per_source",
                violation_error_message=_("Für diesen Stichtag und diese Quelle gibt es schon eine Zahl."),
            ),
            models.CheckConstraint(
                condition=models.Q(date__lte=Now()),
                name="region_population_not_in_future",
                violation_error_message=_("Der Stichtag liegt in der Zukunft."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.count} ({self.date:%d.%m.%Y})"
