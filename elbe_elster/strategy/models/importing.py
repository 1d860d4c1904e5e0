"""Spreadsheets on their way into the catalogue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

KEPT_FOR = dt.timedelta(hours=24)


class ImportState(models.TextChoices):
    """How far a file is."""

    MAPPING = "mapping", _("Spalten sind zuzuordnen")
    WAITING = "waiting", _("wird geprüft")
    CHECKED = "checked", _("geprüft")
    APPLYING = "applying", _("wird übernommen")
    APPLIED = "applied", _("übernommen")
    FAILED = "failed", _("abgebrochen")


class TableImportQuerySet(models.QuerySet["TableImport"]):
    """Imports, in the field's words."""

    def of(self, user: User) -> TableImportQuerySet:
        """Those of a person. Nobody sees the files of another."""
        return self.filter(owner=user)

    def expired(self) -> TableImportQuerySet:
        """Files that were looked at, but never taken over, for longer than a day."""
        return self.exclude(state=ImportState.APPLIED).filter(created_at__lt=timezone.now() - KEPT_FOR)


class TableImport(models.Model):
    """A file somebody uploaded, between the look at what it would change and the taking over (Tabellen-Import).

    ``content`` is emptied when it is taken over. ``mapping`` says by header of the file which column of ours it is;
    it is remembered for the next file. ``plan`` is what the person was shown, ``digest`` its mark: if the catalogue
    has changed meanwhile, the mark differs and the person is shown what would happen now.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("hochgeladen von")
    )
    name = models.CharField(_("Datei"), max_length=200)
    content = models.BinaryField(_("Inhalt"), blank=True, default=b"")
    mapping = models.JSONField(_("Zuordnung der Spalten"), default=dict, blank=True)
    state = models.CharField(_("Zustand"), max_length=8, choices=ImportState, default=ImportState.WAITING)
    plan = models.JSONField(_("Was sich ändern würde"), default=dict, blank=True)
    digest = models.CharField(_("Prüfwert"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("hochgeladen"), default=timezone.now)
    finished_at = models.DateTimeField(_("übernommen"), null=True, blank=True)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Tabellen-Import")
        verbose_name_plural = _("Tabellen-Importe")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
