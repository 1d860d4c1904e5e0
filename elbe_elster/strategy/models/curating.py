"""How staff work on the catalogue: who looks after what, drafts beside what is published, remarks, former addresses."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import ActionField
from .measures import Measure
from .projects import ProjectProfile


class Curation(models.Model):
    """An action field or a single measure is entrusted to a person of the editorial team."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("Person")
    )
    action_field = models.ForeignKey(
        ActionField,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="curations",
        verbose_name=_("Handlungsfeld"),
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="curations", verbose_name=_("Maßnahme")
    )

    class Meta:
        verbose_name = _("Betreuung")
        verbose_name_plural = _("Betreuungen")
        ordering = ["user", "action_field", "measure"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action_field__isnull=False, measure__isnull=True)
                | Q(action_field__isnull=True, measure__isnull=False),
                name="strategy_curation_one_scope",
                violation_error_message=_("Eine Betreuung gilt entweder einem Handlungsfeld oder einer Maßnahme."),
            ),
            models.UniqueConstraint(
                fields=["user", "action_field", "measure"],
                name="strategy_curation_once",
                nulls_distinct=False,
                violation_error_message=_("Das betreut diese Person schon."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.action_field or self.measure}"


class DraftState(models.TextChoices):
    """Where a draft is between writing and publication."""

    EDITING = "editing", _("in Arbeit")
    SUBMITTED = "submitted", _("wartet auf Freigabe")
    RETURNED = "returned", _("mit Änderungswunsch zurück")
    SCHEDULED = "scheduled", _("freigegeben, wird geplant veröffentlicht")


class Draft(models.Model):
    """What somebody is writing, beside what is published (Entwurf).

    ``values`` holds what stands in the form, valid or not, as text: one entry for each field, one list of rows for
    each table. ``base`` holds the same of the published record when the draft began, so that three versions can be
    merged. ``revision`` grows with every saving; whoever saves an older one gets both to see. A draft of something new
    has neither measure nor profile; ``kind`` says which it becomes.
    """

    class Kind(models.TextChoices):
        """What a draft becomes."""

        MEASURE = "measure", _("Maßnahme")
        PROFILE = "profile", _("Projektsteckbrief")

    token = models.UUIDField(_("Kennung"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Art"), max_length=7, choices=Kind)
    measure = models.OneToOneField(
        Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="draft", verbose_name=_("Maßnahme")
    )
    profile = models.OneToOneField(
        ProjectProfile,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="draft",
        verbose_name=_("Projektsteckbrief"),
    )
    values = models.JSONField(_("Inhalt"), default=dict)
    base = models.JSONField(_("Ausgangsstand"), default=dict)
    revision = models.PositiveIntegerField(_("Stand"), default=1)
    state = models.CharField(_("Zustand"), max_length=9, choices=DraftState, default=DraftState.EDITING)
    publish_at = models.DateTimeField(_("veröffentlichen am"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("begonnen von")
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("zuletzt von")
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vorgelegt von"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )
    created_at = models.DateTimeField(_("begonnen"), default=timezone.now)
    updated_at = models.DateTimeField(_("zuletzt gespeichert"), default=timezone.now)

    class Meta:
        verbose_name = _("Entwurf")
        verbose_name_plural = _("Entwürfe")
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="measure", profile__isnull=True) | Q(kind="profile", measure__isnull=True),
                name="strategy_draft_one_record",
                violation_error_message=_("Ein Entwurf gehört zu einer Maßnahme oder zu einem Projektsteckbrief."),
            ),
            models.CheckConstraint(
                condition=Q(state="scheduled", publish_at__isnull=False) | ~Q(state="scheduled"),
                name="strategy_scheduled_draft_has_date",
                violation_error_message=_("Wann soll veröffentlicht werden?"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.measure or self.profile or self.values.get("title_de") or _("Neuer Entwurf"))


class DraftVersion(models.Model):
    """What somebody wrote on a draft that another had changed meanwhile; waits until both are compared.

    ``values`` is what they wrote, ``opened`` what stood there when they began. ``page`` is the mark of the page in
    their browser: it saves again over its own version; a page opened later or beside it begins another.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions", verbose_name=_("Entwurf"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("von")
    )
    values = models.JSONField(_("Inhalt"), default=dict)
    opened = models.JSONField(_("Ausgangsstand"), default=dict)
    page = models.CharField(_("Kennung der Seite"), max_length=40, blank=True)
    written_at = models.DateTimeField(_("geschrieben"), default=timezone.now)

    class Meta:
        verbose_name = _("Zweite Fassung eines Entwurfs")
        verbose_name_plural = _("Zweite Fassungen von Entwürfen")
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"{self.draft} ({self.author})"


class Remark(models.Model):
    """What was said about a draft on its way to publication. Internal; stays when the draft is published."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks")
    profile = models.ForeignKey(ProjectProfile, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks")
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="remarks")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("von")
    )
    step = models.CharField(_("Schritt"), max_length=9, choices=DraftState, blank=True)
    text = models.TextField(_("Bemerkung"), blank=True)
    written_at = models.DateTimeField(_("geschrieben"), default=timezone.now)

    class Meta:
        verbose_name = _("Bemerkung")
        verbose_name_plural = _("Bemerkungen")
        ordering = ["written_at"]

    def __str__(self) -> str:
        return self.text[:80]


class FormerAddress(models.Model):
    """An address a published record had before. It leads on to the new one for ever."""

    slug = models.SlugField(_("frühere Adresse"), max_length=80)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, related_name="former_addresses")
    profile = models.ForeignKey(ProjectProfile, on_delete=models.CASCADE, null=True, related_name="former_addresses")

    class Meta:
        verbose_name = _("Frühere Adresse")
        verbose_name_plural = _("Frühere Adressen")
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(measure__isnull=False), name="strategy_former_measure_address"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(profile__isnull=False), name="strategy_former_profile_address"
            ),
        ]

    def __str__(self) -> str:
        return self.slug
