"""Surveys, the versions of them that were published, and what happened to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.accounts.models import Role, User
from elbe_elster.content.models import LoadedModel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

GRACE = dt.timedelta(hours=1)  # who began in time may hand in this long after the end
SURVEY_TEAM = (Role.SURVEY_TEAM, Role.ADMIN)


class SurveyState(models.TextChoices):
    """Where a survey is in its life; computed from its version and its times, see ``with_state``."""

    DRAFT = "draft", _("Entwurf")
    SCHEDULED = "scheduled", _("geplant")
    OPEN = "open", _("läuft")
    CLOSED = "closed", _("beendet")


class Access(models.TextChoices):
    """Who may answer."""

    EVERYBODY = "everybody", _("alle")
    CODES = "codes", _("nur mit Zugangscode")


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Surveys, in the field's words."""

    def with_state(self, now: dt.datetime | None = None) -> SurveyQuerySet:
        """Each with ``state`` (a SurveyState) at the moment given."""
        now = now or timezone.now()
        return self.annotate(
            state=Case(
                When(current=None, then=Value(SurveyState.DRAFT)),
                When(opens_at__gt=now, then=Value(SurveyState.SCHEDULED)),
                When(closes_at__lte=now, then=Value(SurveyState.CLOSED)),
                default=Value(SurveyState.OPEN),
                output_field=models.CharField(),
            )
        )

    def public(self, now: dt.datetime | None = None) -> SurveyQuerySet:
        """Those the public may see: published and begun, running or over. Equals ``can_see_survey`` for visitors."""
        return self.filter(current__isnull=False, trashed_at=None).exclude(opens_at__gt=now or timezone.now())

    def running(self, now: dt.datetime | None = None) -> SurveyQuerySet:
        """Public ones that can be begun now."""
        now = now or timezone.now()
        return self.public(now).filter(Q(closes_at=None) | Q(closes_at__gt=now))

    def over(self, now: dt.datetime | None = None) -> SurveyQuerySet:
        """Public ones that have ended."""
        now = now or timezone.now()
        return self.public(now).filter(closes_at__lte=now)

    def visible_to(self, user: User | AnonymousUser) -> SurveyQuerySet:
        """All for the survey team, public ones for everybody else. Equals ``can_see_survey``."""
        if isinstance(user, User) and user.is_active and user.has_role(*SURVEY_TEAM):
            return self.filter(trashed_at=None)
        return self.public()

    def for_list(self) -> SurveyQuerySet:
        """With what a list shows."""
        return self.with_state().select_related("current")


class Survey(LoadedModel):
    """A survey of citizens (Umfrage). What is edited are its pages; what is answered is its current version.

    ``shown_as_of``: until when the heartbeat has noticed that it began or ended, see ``actions.turning``.
    """

    slug = models.SlugField(
        _("Adresse"),
        unique=True,
        max_length=80,
        error_messages={"unique": _("Diese Adresse hat schon eine andere Umfrage.")},
    )
    title = models.CharField(_("Titel"), max_length=120)
    summary = models.CharField(_("In einem Satz"), max_length=300, blank=True)
    purpose = models.TextField(_("Wozu die Umfrage dient"), blank=True, help_text=_("Steht auf der ersten Seite."))
    thanks = models.TextField(_("Dank am Ende"), blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("Dauer in Minuten"), null=True, blank=True, help_text=_("Leer: wird aus den Fragen geschätzt.")
    )
    languages = models.JSONField(_("Sprachen"), default=list, blank=True, help_text=_("Deutsch ist immer dabei."))
    access = models.CharField(_("Wer antworten darf"), max_length=10, choices=Access, default=Access.EVERYBODY)
    contact_wish = models.BooleanField(
        _("Kontakt oder Verlosung anbieten"),
        default=False,
        help_text=_("Nach dem Absenden, in einem eigenen Formular ohne Verbindung zu den Antworten."),
    )
    contact_text = models.TextField(_("Wofür der Kontakt ist"), blank=True)
    paper_return = models.TextField(
        _("Wohin der Papierbogen zurückkommt"),
        blank=True,
        help_text=_("Anschrift, Rathaus, Bücherei: Steht auf dem gedruckten Fragebogen."),
    )
    expected_responses = models.PositiveIntegerField(
        _("Erwartete Antworten"), null=True, blank=True, help_text=_("Für die Warnung vor zu kleinen Gruppen.")
    )
    opens_at = models.DateTimeField(_("beginnt"), null=True, blank=True)
    closes_at = models.DateTimeField(_("endet"), null=True, blank=True)
    current = models.ForeignKey(
        "participation.SurveyVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("gültige Fassung"),
    )
    results_from = models.DateTimeField(
        _("Ergebnisse ab"), null=True, blank=True, help_text=_("Leer: nach dem Ende der Umfrage.")
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    example = models.BooleanField(_("Beispiel"), default=False)
    generated = models.BooleanField(
        _("erzeugte Antworten"), default=False, help_text=_("Die Antworten hat ein Programm erfunden.")
    )
    changed_at = models.DateTimeField(_("geändert"), default=timezone.now, editable=False)
    trashed_at = models.DateTimeField(_("gelöscht am"), null=True, blank=True, editable=False)
    shown_as_of = models.DateTimeField(_("Seiten auf dem Stand von"), default=timezone.now, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Umfrage")
        verbose_name_plural = _("Umfragen")
        ordering = ["-opens_at", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="participation_survey_ends_after_it_begins",
                violation_error_message=_("Das Ende muss nach dem Anfang liegen."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The first page of the survey in the current language."""
        return reverse("participation:survey-detail", args=[self.slug])

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it can be answered; an end at midnight belongs to the day before."""
        return timezone.localdate(self.closes_at - dt.timedelta(seconds=1)) if self.closes_at else None

    @property
    def last_time(self) -> dt.time | None:
        """Until when on its last day it can be answered; nothing: until midnight, or without an end."""
        time = timezone.localtime(self.closes_at).time() if self.closes_at else None
        return None if time == dt.time() else time

    def state_at(self, now: dt.datetime) -> SurveyState:
        """Its state at a moment. Equals the annotation ``state`` of ``with_state``."""
        if self.current_id is None:
            return SurveyState.DRAFT
        if self.opens_at and self.opens_at > now:
            return SurveyState.SCHEDULED
        return SurveyState.CLOSED if self.closes_at and self.closes_at <= now else SurveyState.OPEN

    def accepts_at(self, now: dt.datetime) -> bool:
        """Whether answers begun in time are still taken: until an hour after the end."""
        if self.trashed_at or self.state_at(now) in {SurveyState.DRAFT, SurveyState.SCHEDULED}:
            return False
        return self.closes_at is None or now < self.closes_at + GRACE


class SurveyVersion(models.Model):
    """A questionnaire as it was published (Fassung); never changes. The first has number 1.

    ``document`` is ``questionnaire.document.to_json``. ``reason`` says what was corrected during the run.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions", verbose_name=_("Umfrage"))
    number = models.PositiveSmallIntegerField(_("Nummer"))
    document = models.JSONField(_("Fragebogen"))
    reason = models.CharField(_("Was berichtigt wurde"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("veröffentlicht"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("von")
    )

    class Meta:
        verbose_name = _("Fassung einer Umfrage")
        verbose_name_plural = _("Fassungen von Umfragen")
        ordering = ["survey", "-number"]
        triggers = [
            pgtrigger.Protect(
                name="survey_version_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("survey", "number", "document", "published_at"),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="participation_one_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}, {self.number}"


class StepKind(models.TextChoices):
    """What was done to a survey."""

    PUBLISHED = "published", _("veröffentlicht")
    CORRECTED = "corrected", _("berichtigt")
    SCHEDULED = "scheduled", _("Zeiten geändert")
    CLOSED = "closed", _("beendet")
    REOPENED = "reopened", _("wieder geöffnet")
    WITHDRAWN = "withdrawn", _("vor dem Beginn zurückgenommen")
    COPIED = "copied", _("aus einer anderen Umfrage übernommen")
    TRASHED = "trashed", _("in den Papierkorb gelegt")
    RESTORED = "restored", _("aus dem Papierkorb geholt")
    RESULTS = "results", _("Ergebnisse veröffentlicht")
    RESULTS_WITHDRAWN = "results_withdrawn", _("Ergebnisse zurückgenommen")
    EXPORTED = "exported", _("Antworten ausgeführt")
    TEXTS_BLANKED = "texts_blanked", _("freie Texte gelöscht")
    COUNTED_IN = "counted_in", _("Papierbögen übernommen")


class SurveyStep(models.Model):
    """Something staff did to a survey, with the reason they gave. Kept like minutes."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="steps", verbose_name=_("Umfrage"))
    kind = models.CharField(_("Was"), max_length=20, choices=StepKind)
    note = models.CharField(_("Grund"), max_length=300, blank=True)
    at = models.DateTimeField(_("wann"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("wer")
    )

    class Meta:
        verbose_name = _("Schritt einer Umfrage")
        verbose_name_plural = _("Schritte von Umfragen")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.survey_id}"
