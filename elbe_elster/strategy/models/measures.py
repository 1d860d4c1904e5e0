"""What was decided: the measures of the strategy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Func, Prefetch, Q, Value
from django.db.models.functions import Cast, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.accounts.models import Role, User
from elbe_elster.region.models import Administration, Municipality
from elbe_elster.search.finding import ids_with

from .bodies import Body
from .choices import (
    CONCERNED_STAGES,
    PHASE_STEPS,
    RUNNING_PHASES,
    Mandate,
    MilestoneState,
    Origin,
    Participation,
    Phase,
    Priority,
    Publication,
)
from .courses import OPEN_STATES, course_rule, milestones, next_due
from .fields import ActionField, Goal
from .records import PlannedRecord, planned_record_constraints
from .strategy import Strategy

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser

    from elbe_elster.search.words import Words

SEARCH_KIND = "massnahmen"
NUMBER = re.compile(r"(?P<letters>[A-Za-z]{0,3})[- ]?(?P<digits>[0-9]{1,4})")  # „M-03“, and how people type it
EDITORS = (Role.CURATOR, Role.PUBLISHER, Role.ADMIN)
EVERYWHERE = (Role.PUBLISHER, Role.ADMIN)


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Measures, in the field's words."""

    def published(self) -> MeasureQuerySet:
        """Those the public sees. Every public page, feed, file and suggestion starts here."""
        return self.filter(publication=Publication.PUBLISHED, trashed_at=None)

    def formerly_at(self, slug: str) -> MeasureQuerySet:
        """The one whose address this was before."""
        return self.filter(former_addresses__slug=slug)

    def kept(self) -> MeasureQuerySet:
        """Those not in the trash."""
        return self.filter(trashed_at=None)

    def running(self) -> MeasureQuerySet:
        """Those not ended."""
        return self.filter(phase__in=RUNNING_PHASES)

    def trashed(self) -> MeasureQuerySet:
        """Those in the trash, the latest first."""
        return self.filter(trashed_at__isnull=False).order_by("-trashed_at")

    def visible_to(self, user: User | AnonymousUser) -> MeasureQuerySet:
        """The public ones; for people who edit measures, drafts and withdrawn ones as well. Nobody sees the trash."""
        if isinstance(user, User) and user.is_active and user.has_role(*EDITORS):
            return self.kept()
        return self.published()

    def entrusted_to(self, user: User | AnonymousUser) -> MeasureQuerySet:
        """Publishers and admins look after all, curators after what was entrusted to them; the trash included."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.has_role(*EVERYWHERE):
            return self.all()
        if not user.has_role(Role.CURATOR):
            return self.none()
        mine = Q(curations__user=user) | Q(primary_field__curations__user=user)
        return self.filter(pk__in=Measure.objects.filter(mine).values("pk"))

    def editable_by(self, user: User | AnonymousUser) -> MeasureQuerySet:
        """What is entrusted to them, without the trash, which is not edited."""
        return self.kept().entrusted_to(user)

    def with_course(self, today: dt.date | None = None) -> MeasureQuerySet:
        """With ``next_due`` and ``course`` as of a day (default: today in the county)."""
        rows = self.annotate(next_due=next_due("measure"))  # type: ignore[no-redef]  # PlannedRecord declares it
        return rows.annotate(course=course_rule(today or timezone.localdate()))  # type: ignore[no-redef]

    def in_course(self, *courses: str) -> MeasureQuerySet:
        """After ``with_course()``: those whose course is one of these. The empty text means ended."""
        return self.filter(Q(("course__in", courses)))

    def in_field(self, *fields: ActionField | int) -> MeasureQuerySet:
        """Those of one of the action fields (or their ids), be it the primary or a further one."""
        further = Measure.further_fields.through.objects.filter(actionfield__in=fields).values("measure")
        return self.filter(Q(primary_field__in=fields) | Q(pk__in=further))

    def serving(self, *goals: Goal | int) -> MeasureQuerySet:
        """Those that serve one of the goals (or their ids)."""
        return self.filter(pk__in=Measure.goals.through.objects.filter(goal__in=goals).values("measure"))

    def concerning(self, *administrations: Administration | int) -> MeasureQuerySet:
        """Those for which one of the administrations (or their ids) has told a stage other than "not concerned"."""
        told = apps.get_model("strategy", "Adoption")._default_manager.filter(
            administration__in=administrations, stage__in=CONCERNED_STAGES
        )
        return self.filter(pk__in=told.values("measure"))

    def matching(self, words: Words) -> MeasureQuerySet:
        """Those in whose texts every word stands, or whose number it is. Without a telling word: all of them.

        „M-03“ is found as „m-3“, „M3“ and „3“, too.
        """
        number = NUMBER.fullmatch(words.text)
        found = Q(pk__in=ids_with(SEARCH_KIND, words)) if words else Q()
        if number:
            letters = number["letters"] or "[A-Z]{1,3}"
            found |= Q(number__iregex=f"^{letters}-?0*{int(number['digits'])}$")
        return self.filter(found)

    def planned_between(self, first: dt.date, last: dt.date) -> MeasureQuerySet:
        """Those planned to run on at least one of the days, both included; permanent ones run without end."""
        begins = Q(starts_on__isnull=True) | Q(starts_on__lte=last)
        ends = (
            Q(ends_on__gte=first)
            | Q(ends_on__isnull=True, permanent=True)
            | Q(ends_on__isnull=True, starts_on__gte=first)
        )
        return self.filter(begins, ends).exclude(starts_on=None, ends_on=None, permanent=False)

    def with_milestone_counts(self) -> MeasureQuerySet:
        """With ``milestones_done`` and ``milestones_total`` (dropped ones do not count) of the measure itself."""
        own = Q(milestones__state=MilestoneState.DONE)
        return self.annotate(
            milestones_done=Count("milestones", filter=own, distinct=True),
            milestones_total=Count("milestones", filter=~Q(milestones__state=MilestoneState.DROPPED), distinct=True),
        )

    def for_list(self, today: dt.date | None = None) -> MeasureQuerySet:
        """Everything a list shows: course, field, lead, open milestones in order (``open_milestones``)."""
        open_steps = milestones().filter(state__in=OPEN_STATES).order_by(F("due_on").asc(nulls_last=True), "pk")
        steps = Prefetch("milestones", queryset=open_steps, to_attr="open_milestones")
        return self.with_course(today).select_related("primary_field", "lead").prefetch_related(steps)


class Measure(PlannedRecord):
    """A measure of the strategy: what was decided, by whom, for what, and how far it is.

    Texts: ``title`` and ``summary`` plain, the longer ones Markdown. Fields marked internal are never shown in public;
    ``PUBLIC_FIELDS`` in ``strategy/publicity.py`` names the others, and every channel goes by that list.
    """

    strategy = models.ForeignKey(
        Strategy, on_delete=models.PROTECT, related_name="measures", verbose_name=_("Strategie")
    )
    number = models.CharField(
        _("Nummer"), max_length=12, unique=True, help_text=_("Bleibt für immer. Zum Beispiel „M-03“.")
    )
    number_order = models.GeneratedField(
        expression=Cast(
            NullIf(Func(F("number"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace"), Value("")),
            output_field=models.BigIntegerField(),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True)
    title = models.CharField(_("Titel"), max_length=120)
    decided_title = models.CharField(
        _("Beschlossener Titel"),
        max_length=250,
        blank=True,
        help_text=_("Wortlaut des Beschlusses, falls er anders ist."),
    )
    summary = models.CharField(_("In einem Satz"), max_length=300)
    primary_field = models.ForeignKey(
        ActionField, on_delete=models.PROTECT, related_name="measures", verbose_name=_("Handlungsfeld")
    )
    further_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="further_measures", verbose_name=_("Weitere Handlungsfelder")
    )
    goals = models.ManyToManyField(Goal, blank=True, related_name="measures", verbose_name=_("Ziele"))
    description = models.TextField(_("Beschreibung"), blank=True)
    need = models.TextField(_("Warum es gebraucht wird"), blank=True)
    origin = models.CharField(_("Herkunft"), max_length=14, choices=Origin, blank=True)
    origin_note = models.CharField(_("Genauer zur Herkunft"), max_length=300, blank=True)
    benefit = models.TextField(_("Was es bringt"), blank=True)
    target_groups = models.CharField(_("Für wen"), max_length=300, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="+", verbose_name=_("Orte"), help_text=_("Leer: im ganzen Landkreis.")
    )
    mandate = models.CharField(_("Spielraum"), max_length=8, choices=Mandate, blank=True)
    lead = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="led_measures", verbose_name=_("Zuständig")
    )
    partners: models.ManyToManyField[Body, MeasurePartner] = models.ManyToManyField(
        Body, through="MeasurePartner", blank=True, related_name="partnered_measures", verbose_name=_("Partner")
    )
    contact_email = models.EmailField(
        _("E-Mail-Adresse"), blank=True, help_text=_("Leer: die Adresse der zuständigen Stelle.")
    )
    contact_name = models.CharField(_("Ansprechperson"), max_length=120, blank=True)
    contact_public = models.BooleanField(_("Name der Ansprechperson öffentlich"), default=False)
    priority = models.CharField(_("Priorität"), max_length=6, choices=Priority, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_measures",
        verbose_name=_("Aufgegangen in"),
    )
    related = models.ManyToManyField("self", blank=True, verbose_name=_("Verwandte Maßnahmen"))
    depends_on = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="needed_by", verbose_name=_("Setzt voraus")
    )
    participation = models.CharField(_("Bürgerbeteiligung"), max_length=8, choices=Participation, blank=True)
    participation_note = models.CharField(
        _("Wie, oder warum nicht"), max_length=500, blank=True, help_text=_("Ohne Beteiligung: der Grund.")
    )
    added_on = models.DateField(_("aufgenommen am"), default=timezone.localdate)
    internal_note = models.TextField(_("Interne Notiz"), blank=True, help_text=_("Nie öffentlich."))

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Maßnahme")
        verbose_name_plural = _("Maßnahmen")
        ordering = ["number_order", "number"]
        constraints = [
            *planned_record_constraints("strategy_measure"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z]{1,3}-?[0-9]{1,4}$"),
                name="strategy_measure_number",
                violation_error_code="number",
                violation_error_message=_("Eine Nummer sieht aus wie „M-03“: Buchstaben, Bindestrich, Ziffern."),
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.MERGED, merged_into__isnull=False)
                | (~Q(phase=Phase.MERGED) & Q(merged_into__isnull=True)),
                name="strategy_measure_merged_has_target",
                violation_error_code="merged_into",
                violation_error_message=_("„Aufgegangen“ und die aufnehmende Maßnahme gehören zusammen."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="strategy_measure_not_into_itself",
                violation_error_code="merged_into",
                violation_error_message=_("Eine Maßnahme kann nicht in sich selbst aufgehen."),
            ),
            models.CheckConstraint(
                condition=~Q(participation=Participation.NONE) | ~Q(participation_note=""),
                name="strategy_measure_no_participation_reason",
                violation_error_code="participation_note",
                violation_error_message=_("Schreiben Sie, warum keine Beteiligung geplant ist."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The page of the measure in the current language."""
        return reverse("strategy:measure-detail", args=[self.slug])

    @property
    def phase_step(self) -> int:
        """Squares out of five; 0 for discontinued and merged."""
        return PHASE_STEPS.get(Phase(self.phase), 0)

    @property
    def contact_address(self) -> str:
        """Where people write: the measure's own address, else that of its lead."""
        return self.contact_email or (self.lead.email if self.lead else "")


class MeasurePartner(models.Model):
    """Who takes part in a measure, and as what."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="partnerships")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", verbose_name=_("Stelle"))
    role = models.CharField(_("Aufgabe"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("Partner einer Maßnahme")
        verbose_name_plural = _("Partner von Maßnahmen")
        ordering = ["body__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "body"],
                name="strategy_partner_once",
                violation_error_message=_("Diese Stelle ist schon Partner."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.body} ({self.role})" if self.role else str(self.body)
