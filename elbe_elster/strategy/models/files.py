"""Documents and images. The files lie outside of what the web server serves; a view asks who may see them."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.accounts.models import User

from .choices import Licence
from .measures import EDITORS, Measure
from .projects import ProjectProfile
from .records import OwnedRow, owned_row_constraint

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def stored_name(_row: object, name: str) -> str:
    """A name nobody can guess, with the ending of the file."""
    return f"strategy/{uuid.uuid4().hex}{PurePath(name).suffix.lower()[:10]}"


class FileQuerySet(models.QuerySet["models.Model"]):
    """Files, in the field's words."""

    def public(self) -> FileQuerySet:
        """Those released, of a visible measure or a visible profile."""
        shows = Q(measure__in=Measure.objects.published()) | Q(profile__in=ProjectProfile.objects.published())
        return self.filter(shows, public=True)

    def waiting(self) -> FileQuerySet:
        """Those never released yet. What was hidden again does not come back with the next release of its record."""
        return self.filter(public=False).exclude(events__public=True)

    def uploaded_by(self, user: User | AnonymousUser) -> FileQuerySet:
        """Those a person has uploaded, as the history says."""
        return self.filter(events__pgh_label="insert", events__pgh_context__metadata__user=user.pk)

    def visible_to(self, user: User | AnonymousUser) -> FileQuerySet:
        """The public ones; for people who edit measures, those not released as well. Nobody sees those of the trash."""
        if isinstance(user, User) and user.is_active and user.has_role(*EDITORS):
            return self.filter(Q(measure__in=Measure.objects.kept()) | Q(profile__in=ProjectProfile.objects.kept()))
        return self.public()

    def editable_by(self, user: User | AnonymousUser) -> FileQuerySet:
        """Those of the measures and profiles a person edits."""
        measures, profiles = Measure.objects.editable_by(user), ProjectProfile.objects.editable_by(user)
        return self.filter(Q(measure__in=measures) | Q(profile__in=profiles))


class StoredFile(OwnedRow):
    """What documents and images have in common. Public only when released together with its record."""

    file = models.FileField(_("Datei"), upload_to=stored_name)
    file_name = models.CharField(_("Dateiname"), max_length=160)
    size = models.PositiveIntegerField(_("Größe (Byte)"))
    credit = models.CharField(_("Urheber"), max_length=160)
    licence = models.CharField(_("Lizenz"), max_length=16, choices=Licence, default=Licence.DL_DE_BY)
    public = models.BooleanField(_("öffentlich"), default=False)
    uploaded_at = models.DateTimeField(_("hochgeladen"), default=timezone.now)

    class Meta:
        abstract = True

    @property
    def record(self) -> Measure | ProjectProfile:
        """What the file belongs to."""
        owner = self.measure or self.profile
        assert owner is not None  # noqa: S101 -- a constraint of the database
        return owner


class Document(StoredFile):
    """A file to download, and whether people with a screen reader can read it."""

    title = models.CharField(_("Titel"), max_length=160)
    accessible = models.BooleanField(_("barrierefrei"), default=False)
    media_type = models.CharField(_("Art"), max_length=100)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Dokument")
        verbose_name_plural = _("Dokumente")
        ordering = ["title", "pk"]
        constraints = [owned_row_constraint("strategy_document")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the file is handed out."""
        return reverse("strategy:document", args=[self.pk, self.file_name])


class Image(StoredFile):
    """A picture; without a text for those who do not see it there is no picture. Width and height in pixels."""

    alt = models.CharField(_("Bildbeschreibung"), max_length=300)
    caption = models.CharField(_("Unterschrift"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("Breite"))
    height = models.PositiveIntegerField(_("Höhe"))
    small = models.FileField(_("Kleine Fassung"), upload_to=stored_name)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Bild")
        verbose_name_plural = _("Bilder")
        ordering = ["pk"]
        constraints = [
            owned_row_constraint("strategy_image"),
            models.CheckConstraint(
                condition=~Q(alt="") & ~Q(credit=""),
                name="strategy_image_has_alt_and_credit",
                violation_error_code="alt",
                violation_error_message=_("Ein Bild braucht eine Beschreibung und den Namen des Urhebers."),
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        """Where the large version is handed out."""
        return reverse("strategy:image", args=[self.pk])

    @property
    def small_url(self) -> str:
        """Where the small version is handed out."""
        return reverse("strategy:image-small", args=[self.pk])
