"""The county: its administrations, the municipalities they run, and dated, sourced populations."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel
from elbe_elster.region.sorting import sort_key


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

    def county(self) -> AdministrationQuerySet:
        """The county alone."""
        return self.filter(kind=AdministrationKind.COUNTY)


class Administration(LoadedModel):
    """An administration with a seat in the circle: the county, or one that runs one or more municipalities."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    slug = models.SlugField(_("Adresse"), unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=AdministrationKind)
    seat = models.CharField(_("Sitz"), max_length=120, help_text=_("Ort, an dem die Verwaltung arbeitet."))
    sort_key = sort_key("name")

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

    def get_absolute_url(self) -> str:
        """The page of the administration in the current language."""
        return reverse("strategy:administration-detail", args=[self.slug])

    @property
    def is_county(self) -> bool:
        """Whether this is the county itself."""
        return self.kind == AdministrationKind.COUNTY


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Municipalities, in the field's words."""

    def on_map(self) -> MunicipalityQuerySet:
        """Those with a place on the tile map, each with its administration at hand."""
        return self.exclude(tile_column=None).select_related("administration")


class Municipality(LoadedModel):
    """A town or municipality. The official key (AGS) has eight digits: state 12, county 062, municipality."""

    key = models.CharField(_("Amtlicher Gemeindeschlüssel"), max_length=8, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    is_town = models.BooleanField(_("Stadt"), default=False)
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("Verwaltung")
    )
    tile_column = models.PositiveSmallIntegerField(
        _("Spalte auf der Karte"), null=True, blank=True, help_text=_("Gezählt von West nach Ost, die erste ist 0.")
    )
    tile_row = models.PositiveSmallIntegerField(
        _("Zeile auf der Karte"), null=True, blank=True, help_text=_("Gezählt von Nord nach Süd, die erste ist 0.")
    )
    tile_label = models.CharField(
        _("Name auf der Karte"),
        max_length=120,
        blank=True,
        help_text=_("Ein senkrechter Strich beginnt eine neue Zeile: „Doberlug-|Kirchhain“."),
    )
    sort_key = sort_key("name")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gemeinde")
        verbose_name_plural = _("Gemeinden")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[0-9]{8}$"),
                name="region_municipality_key",
                violation_error_message=_("Der amtliche Gemeindeschlüssel hat acht Ziffern."),
            ),
            models.UniqueConstraint(
                fields=["tile_column", "tile_row"],
                name="region_one_municipality_per_tile",
                violation_error_message=_("Auf diesem Feld der Karte liegt schon eine Gemeinde."),
            ),
            models.CheckConstraint(
                condition=models.Q(tile_column__isnull=True, tile_row__isnull=True)
                | models.Q(tile_column__isnull=False, tile_row__isnull=False),
                name="region_tile_whole",
                violation_error_message=_("Geben Sie Spalte und Zeile an oder keines von beiden."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PopulationSeries(LoadedModel):
    """One official count of the inhabitants: its day, its source, and how it was made."""

    key = models.SlugField(_("Kürzel"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    date = models.DateField(_("Stichtag"))
    source = models.CharField(_("Quelle"), max_length=300)
    explanation = models.TextField(_("Wie gezählt wurde"), blank=True)

    class Meta:
        verbose_name = _("Einwohnerzählung")
        verbose_name_plural = _("Einwohnerzählungen")
        ordering = ["-date", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(date__lte=Now()),
                name="region_population_not_in_future",
                violation_error_message=_("Der Stichtag liegt in der Zukunft."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.date:%d.%m.%Y})"


class Population(LoadedModel):
    """How many people live in a municipality after one count (persons)."""

    series = models.ForeignKey(
        PopulationSeries, on_delete=models.CASCADE, related_name="populations", verbose_name=_("Zählung")
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="populations", verbose_name=_("Gemeinde")
    )
    count = models.PositiveIntegerField(_("Einwohnerinnen und Einwohner"))

    class Meta:
        verbose_name = _("Einwohnerzahl")
        verbose_name_plural = _("Einwohnerzahlen")
        ordering = ["series", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "municipality"],
                name="region_one_count_per_series",
                violation_error_message=_("In dieser Zählung gibt es für die Gemeinde schon eine Zahl."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.count}"
