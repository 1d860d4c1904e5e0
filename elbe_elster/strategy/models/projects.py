"""How a measure is carried out: the project profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.accounts.models import User
from elbe_elster.region.models import Administration

from .bodies import Body
from .choices import PHASE_STEPS, Phase, Publication
from .courses import course_rule, next_due
from .measures import EDITORS, Measure
from .records import PlannedRecord, planned_record_constraints

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser


class RiskLevel(models.TextChoices):
    """How grave the risks are in all."""

    LOW = "low", _("Gering")
    MEDIUM = "medium", _("Mittel")
    HIGH = "high", _("Hoch")


class ProjectProfileQuerySet(models.QuerySet["ProjectProfile"]):
    """Project profiles, in the field's words."""

    def published(self) -> ProjectProfileQuerySet:
        """Those the public sees: published themselves, and of a measure that is."""
        return self.filter(
            publication=Publication.PUBLISHED,
            trashed_at=None,
            measure__publication=Publication.PUBLISHED,
            measure__trashed_at=None,
        )

    def formerly_at(self, slug: str) -> ProjectProfileQuerySet:
        """The one whose address this was before."""
        return self.filter(former_addresses__slug=slug)

    def kept(self) -> ProjectProfileQuerySet:
        """Those not in the trash, nor with a measure in the trash."""
        return self.filter(trashed_at=None, measure__trashed_at=None)

    def trashed(self) -> ProjectProfileQuerySet:
        """Those in the trash, the latest first."""
        return self.filter(trashed_at__isnull=False).order_by("-trashed_at")

    def visible_to(self, user: User | AnonymousUser) -> ProjectProfileQuerySet:
        """The public ones; for people who edit measures, drafts and withdrawn ones as well."""
        if isinstance(user, User) and user.is_active and user.has_role(*EDITORS):
            return self.kept()
        return self.published()

    def entrusted_to(self, user: User | AnonymousUser) -> ProjectProfileQuerySet:
        """Those of the measures entrusted to the person, the trash included."""
        return self.filter(measure__in=Measure.objects.entrusted_to(user))

    def editable_by(self, user: User | AnonymousUser) -> ProjectProfileQuerySet:
        """Whoever edits the measure edits its profiles."""
        return self.kept().filter(measure__in=Measure.objects.editable_by(user))

    def with_course(self, today: dt.date | None = None) -> ProjectProfileQuerySet:
        """With ``next_due`` and ``course`` as of a day (default: today in the county)."""
        rows = self.annotate(next_due=next_due("profile"))  # type: ignore[no-redef]  # PlannedRecord declares it
        return rows.annotate(course=course_rule(today or timezone.localdate()))  # type: ignore[no-redef]

    def for_list(self, today: dt.date | None = None) -> ProjectProfileQuerySet:
        """Everything a list shows: course, measure with its field, lead."""
        return self.with_course(today).select_related("measure__primary_field", "measure__lead", "lead")


class ProjectProfile(PlannedRecord):
    """A Projektsteckbrief: one project that carries out a measure, short enough for one page. Texts are Markdown."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("Maßnahme"))
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True)
    title = models.CharField(_("Titel"), max_length=120)
    summary = models.CharField(_("In einem Satz"), max_length=300)
    situation = models.TextField(_("Ausgangslage"), blank=True)
    aims = models.TextField(_("Ziele und Nutzen"), blank=True)
    plan = models.TextField(_("Vorgehen"), blank=True)
    lead = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_profiles",
        verbose_name=_("Zuständig"),
        help_text=_("Leer: wie bei der Maßnahme."),
    )
    administrations = models.ManyToManyField(
        Administration, blank=True, related_name="+", verbose_name=_("Beteiligte Verwaltungen")
    )
    legal_conditions = models.TextField(_("Rechtliche Voraussetzungen"), blank=True)
    cases = models.PositiveIntegerField(_("Fälle im Jahr"), null=True, blank=True)
    core_process = models.BooleanField(_("Kernaufgabe"), null=True, blank=True)
    resources = models.TextField(_("Personal und Sachmittel"), blank=True, help_text=_("Nie öffentlich."))
    technical_conditions = models.TextField(_("Technische Voraussetzungen"), blank=True, help_text=_("Nie öffentlich."))
    risks = models.TextField(_("Risiken"), blank=True, help_text=_("Nie öffentlich."))
    risk_level = models.CharField(_("Risiko insgesamt"), max_length=6, choices=RiskLevel, blank=True)
    internal_note = models.TextField(_("Interne Notiz"), blank=True, help_text=_("Nie öffentlich."))

    objects = ProjectProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Projektsteckbrief")
        verbose_name_plural = _("Projektsteckbriefe")
        ordering = ["measure__number_order", "slug"]
        constraints = [
            *planned_record_constraints("strategy_profile"),
            models.CheckConstraint(
                condition=~Q(phase=Phase.MERGED),
                name="strategy_profile_is_not_merged",
                violation_error_code="phase",
                violation_error_message=_("Nur Maßnahmen gehen in anderen auf."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the profile in the current language."""
        return reverse("strategy:profile-detail", args=[self.slug])

    @property
    def phase_step(self) -> int:
        """Squares out of five; 0 for discontinued."""
        return PHASE_STEPS.get(Phase(self.phase), 0)
