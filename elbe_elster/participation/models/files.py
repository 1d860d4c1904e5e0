"""Long work on files: exports that are written in the background, imports that are looked at before they count."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .surveys import Survey

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

KEPT_FOR = dt.timedelta(hours=24)


class JobState(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting", _("wartet")
    RUNNING = "running", _("läuft")
    DONE = "done", _("fertig")
    FAILED = "failed", _("abgebrochen")
    CANCELLED = "cancelled", _("angehalten")


class ExportFormat(models.TextChoices):
    """What analysts can have."""

    CSV = "csv", _("CSV-Datei")
    XLSX = "xlsx", _("Excel-Datei")
    SAV = "sav", _("SPSS-Datei")
    CODEBOOK = "codebook", _("Codebuch")
    XLSFORM = "xlsform", _("Fragebogen als XLSForm")


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Exports, in the field's words."""

    def of(self, user: User) -> ExportJobQuerySet:
        """Those of a person. Nobody sees the files of another."""
        return self.filter(owner=user)


class ExportJob(models.Model):
    """A file of responses that is being written (Ausfuhr). ``done`` of ``of_all`` responses are in it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="exports", verbose_name=_("Umfrage"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_format = models.CharField(_("Format"), max_length=8, choices=ExportFormat)
    with_texts = models.BooleanField(_("mit freien Texten"), default=False)
    state = models.CharField(_("Zustand"), max_length=9, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    of_all = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    file = models.FileField(_("Datei"), upload_to="exports/", blank=True)
    created_at = models.DateTimeField(_("angefordert"), default=timezone.now)
    expires_at = models.DateTimeField(_("abrufbar bis"), null=True, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ausfuhr von Antworten")
        verbose_name_plural = _("Ausfuhren von Antworten")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.survey_id}, {self.file_format}"


class SurveyImportQuerySet(models.QuerySet["SurveyImport"]):
    """Imports of questionnaires, in the field's words."""

    def of(self, user: User) -> SurveyImportQuerySet:
        """Those of a person."""
        return self.filter(owner=user)

    def expired(self) -> SurveyImportQuerySet:
        """Files nobody took over for more than a day."""
        return self.filter(survey=None, created_at__lt=timezone.now() - KEPT_FOR)


class SurveyImport(models.Model):
    """A questionnaire somebody brought from LimeSurvey or as XLSForm (Übernahme), with its loss report."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Datei"), max_length=200)
    content = models.BinaryField(_("Inhalt"), blank=True, default=b"")
    report = models.JSONField(_("Bericht"), default=dict, blank=True)
    survey = models.ForeignKey(Survey, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("hochgeladen"), default=timezone.now)

    objects = SurveyImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Übernahme eines Fragebogens")
        verbose_name_plural = _("Übernahmen von Fragebögen")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
