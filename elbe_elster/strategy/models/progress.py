"""What happened and what is to happen: milestones, indicators, resolutions, deviations, and the Chronik."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel
from elbe_elster.strategy.amounts import number

from .choices import DeviationKind, EntryKind, MilestoneState, Precision, Publication
from .measures import Measure
from .projects import ProjectProfile
from .records import OwnedRow, not_in_future, owned_row_constraint

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.region.models import Administration

    from .fields import ActionField


STILL_TO_DO = Q(state__in=(MilestoneState.OPEN, MilestoneState.UNDER_WAY))  # what every course is computed from


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Milestones, in the field's words."""

    def public(self) -> MilestoneQuerySet:
        """Those of a visible measure or a visible profile."""
        measures, profiles = Measure.objects.published(), ProjectProfile.objects.published()
        return self.filter(Q(measure__in=measures) | Q(profile__in=profiles))

    def still_to_do(self) -> MilestoneQuerySet:
        """Open or under way, the next first; those without a date last."""
        open_states = (MilestoneState.OPEN, MilestoneState.UNDER_WAY)
        return self.filter(state__in=open_states).order_by(F("due_on").asc(nulls_last=True), "pk")

    def due_between(self, first: dt.date, last: dt.date) -> MilestoneQuerySet:
        """Not dropped, promised for a day between the two, both included."""
        return self.filter(due_on__gte=first, due_on__lte=last).exclude(state=MilestoneState.DROPPED)


class Milestone(OwnedRow):
    """One step with a day to measure it by. ``due_on`` is the last day of the period promised."""

    title = models.CharField(_("Schritt"), max_length=160)
    text = models.CharField(_("Was dann erreicht ist"), max_length=500, blank=True)
    state = models.CharField(_("Stand"), max_length=9, choices=MilestoneState, default=MilestoneState.OPEN)
    due_on = models.DateField(_("geplant bis"), null=True, blank=True)
    due_precision = models.CharField(_("genau auf"), max_length=7, choices=Precision, default=Precision.MONTH)
    done_on = models.DateField(_("erreicht am"), null=True, blank=True, validators=[not_in_future])
    late_reason = models.CharField(_("Grund der Verspätung"), max_length=300, blank=True)
    proof = models.CharField(_("Nachweis"), max_length=300, blank=True)
    proof_url = models.URLField(_("Adresse des Nachweises"), blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("Meilenstein")
        verbose_name_plural = _("Meilensteine")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            owned_row_constraint("strategy_milestone"),
            models.CheckConstraint(
                condition=Q(state=MilestoneState.DONE, done_on__isnull=False)
                | (~Q(state=MilestoneState.DONE) & Q(done_on__isnull=True)),
                name="strategy_milestone_done_has_date",
                violation_error_code="done_on",
                violation_error_message=_("„Erreicht“ und der Tag, an dem es so weit war, gehören zusammen."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="strategy_milestone_due"),
            models.Index(fields=["measure", "due_on"], name="strategy_milestone_measure", condition=STILL_TO_DO),
            models.Index(fields=["profile", "due_on"], name="strategy_milestone_profile", condition=STILL_TO_DO),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def came_late(self) -> bool:
        """Reached after the last day promised."""
        return bool(self.done_on and self.due_on and self.done_on > self.due_on)

    def is_overdue(self, today: dt.date | None = None) -> bool:
        """Still to do although the last day promised is over."""
        still_open = self.state in (MilestoneState.OPEN, MilestoneState.UNDER_WAY)
        return bool(still_open and self.due_on and self.due_on < (today or timezone.localdate()))


class Indicator(LoadedModel):
    """A number that shows what a measure brings, with its unit, where it began, and where it is to get."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField(_("Was gezählt wird"), max_length=160)
    unit = models.CharField(_("Einheit"), max_length=40)
    baseline = models.DecimalField(_("Ausgangswert"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_on = models.DateField(_("Ausgangswert am"), null=True, blank=True)
    target = models.DecimalField(_("Zielwert"), max_digits=14, decimal_places=2, null=True, blank=True)
    target_on = models.DateField(_("Zielwert bis"), null=True, blank=True)
    source = models.CharField(_("Quelle"), max_length=200, blank=True)
    headline = models.BooleanField(_("Groß oben auf der Seite"), default=False)

    class Meta:
        verbose_name = _("Kennzahl")
        verbose_name_plural = _("Kennzahlen")
        ordering = ["-headline", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(headline=True),
                name="strategy_one_headline_indicator",
                violation_error_code="headline",
                violation_error_message=_("Nur eine Kennzahl kann groß oben stehen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})"


class Reading(models.Model):
    """What an indicator read at the end of a period."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="readings")
    date = models.DateField(_("Stand vom"))
    precision = models.CharField(_("genau auf"), max_length=7, choices=Precision, default=Precision.MONTH)
    value = models.DecimalField(_("Wert"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("Messwert")
        verbose_name_plural = _("Messwerte")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "date"],
                name="strategy_one_reading_per_day",
                violation_error_message=_("Für diesen Tag gibt es schon einen Wert."),
            ),
        ]

    def __str__(self) -> str:
        return f"{number(Decimal(self.value))} ({self.date:%d.%m.%Y})"


class Resolution(OwnedRow):
    """What an elected or joint body resolved. The paper itself is in the council's system."""

    body_name = models.CharField(_("Gremium"), max_length=160)
    date = models.DateField(_("Tag"))
    reference = models.CharField(_("Vorlage"), max_length=80, blank=True)
    text = models.CharField(_("Was beschlossen wurde"), max_length=300)
    url = models.URLField(_("Adresse im Ratsinformationssystem"), blank=True)

    class Meta:
        verbose_name = _("Beschluss")
        verbose_name_plural = _("Beschlüsse")
        ordering = ["-date"]
        constraints = [owned_row_constraint("strategy_resolution")]

    def __str__(self) -> str:
        return f"{self.body_name}, {self.date:%d.%m.%Y}"


class Deviation(OwnedRow):
    """A change of date, cost or scope after publication, and why. Always public."""

    kind = models.CharField(_("Was"), max_length=5, choices=DeviationKind)
    subject = models.CharField(_("Worum es geht"), max_length=200)
    before = models.CharField(_("vorher"), max_length=200, blank=True)
    after = models.CharField(_("jetzt"), max_length=200, blank=True)
    reason = models.CharField(_("Grund"), max_length=500)
    changed_on = models.DateField(_("geändert am"), default=timezone.localdate)

    class Meta:
        verbose_name = _("Abweichung")
        verbose_name_plural = _("Abweichungen")
        ordering = ["-changed_on", "-pk"]
        constraints = [
            owned_row_constraint("strategy_deviation"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="strategy_deviation_has_reason",
                violation_error_code="reason",
                violation_error_message=_("Schreiben Sie den Grund. Er ist öffentlich."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"


def followable(url: str) -> str:
    """The address if it is a path of the portal or a web address; empty for anything else a browser might run."""
    own = url.startswith("/") and not url.startswith("//")
    return url if own or url.startswith(("https://", "http://")) else ""


class ChronicleEntryQuerySet(models.QuerySet["ChronicleEntry"]):
    """Entries of the Chronik, in the field's words."""

    def public(self) -> ChronicleEntryQuerySet:
        """Those of visible measures; entries about a profile only while the profile is visible."""
        profile_shows = Q(profile__isnull=True) | Q(
            profile__publication=Publication.PUBLISHED, profile__trashed_at=None
        )
        return self.filter(profile_shows, measure__publication=Publication.PUBLISHED, measure__trashed_at=None)

    def happened(self, today: dt.date | None = None) -> ChronicleEntryQuerySet:
        """Those that are not still ahead."""
        return self.filter(date__lte=today or timezone.localdate())

    def ahead(self, today: dt.date | None = None) -> ChronicleEntryQuerySet:
        """Announced for a day to come, the next first."""
        return self.filter(date__gt=today or timezone.localdate()).order_by("date", "pk")

    def in_field(self, field: ActionField) -> ChronicleEntryQuerySet:
        """Those of measures in an action field, be it their primary or a further one."""
        further = Measure.further_fields.through.objects.filter(actionfield=field).values("measure")
        return self.filter(Q(measure__primary_field=field) | Q(measure__in=further))

    def told_by(self, administration: Administration) -> ChronicleEntryQuerySet:
        """What an administration has told about its own stage."""
        return self.filter(kind=EntryKind.ADOPTION, key__startswith=f"adoption:{administration.pk}:")

    def newest_first(self) -> ChronicleEntryQuerySet:
        """By the day it happened, then by when it was written."""
        return self.order_by("-date", "-pk")

    def for_list(self) -> ChronicleEntryQuerySet:
        """With number, title and field of the measure at hand; its long texts stay where they are."""
        long = ("description", "need", "benefit", "target_groups", "origin_note", "internal_note")
        of_field = ("text", "examples", "questions", "summary")
        return self.select_related("measure__primary_field").defer(
            *(f"measure__{name}" for name in long), *(f"measure__primary_field__{name}" for name in of_field)
        )


class ChronicleEntry(LoadedModel):
    """One dated sentence of a measure's story, from the first remark of a citizen to the result. Plain text.

    Entries are facts and stay. ``key`` names what they were written for, so that nothing is told twice. ``url`` may be
    a path of the portal or a web address.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="chronicle")
    profile = models.ForeignKey(
        ProjectProfile, on_delete=models.CASCADE, null=True, blank=True, related_name="chronicle"
    )
    key = models.CharField(_("Kennung"), max_length=120, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(_("Art"), max_length=12, choices=EntryKind, default=EntryKind.NEWS)
    date = models.DateField(_("Tag"), default=timezone.localdate)
    precision = models.CharField(_("genau auf"), max_length=7, choices=Precision, default=Precision.DAY)
    text = models.CharField(_("Was geschah"), max_length=500)
    url = models.CharField(_("Adresse dazu"), max_length=300, blank=True)
    url_label = models.CharField(_("Worte für die Adresse"), max_length=80, blank=True)
    written_at = models.DateTimeField(_("geschrieben"), default=timezone.now)

    objects = ChronicleEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Eintrag der Chronik")
        verbose_name_plural = _("Einträge der Chronik")
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(fields=["measure", "-date", "-id"], name="strategy_chronicle_measure"),
            models.Index(fields=["-date", "-id"], name="strategy_chronicle_date"),
            models.Index(fields=["written_at"], name="strategy_chronicle_written"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.get_kind_display()}: {self.text}"

    @property
    def link_url(self) -> str:
        """The address, where it is one to follow."""
        return followable(self.url)
