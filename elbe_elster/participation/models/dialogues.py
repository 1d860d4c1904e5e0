"""How citizens and partners have a say. First: the conversations on site."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel


class DialogueKind(models.TextChoices):
    """What sort of conversation it is."""

    TALK = "talk", _("Nachbarschaftsgespräch")
    WORKSHOP = "workshop", _("Workshop")
    INTERVIEW = "interview", _("Interview")


class DialogueQuerySet(models.QuerySet["Dialogue"]):
    """Conversations, in the field's words."""

    def talks(self) -> DialogueQuerySet:
        """The neighbourhood talks."""
        return self.filter(kind=DialogueKind.TALK)


class Dialogue(LoadedModel):
    """A conversation with people on site: a neighbourhood talk, a workshop or an interview."""

    slug = models.SlugField(_("Adresse"), unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=DialogueKind, default=DialogueKind.TALK)
    order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=1)
    host_event = models.CharField(
        _("Veranstaltung"), max_length=200, blank=True, help_text=_("In welcher Veranstaltung das Gespräch stattfand.")
    )
    venue = models.CharField(_("Veranstaltungsort"), max_length=200, blank=True)
    place = models.CharField(_("Ort"), max_length=120)
    date = models.DateField(_("Tag"), null=True, blank=True, help_text=_("Leer, wenn der Tag nicht bekannt ist."))
    text = models.TextField(_("Text"), blank=True)
    step = models.ForeignKey(
        "strategy.ProcessStep",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Schritt zur Strategie"),
        help_text=_("Der Schritt, zu dem das Gespräch gehört."),
    )

    objects = DialogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gespräch")
        verbose_name_plural = _("Gespräche")
        ordering = ["kind", "order", "slug"]

    def __str__(self) -> str:
        return f"{self.host_event}, {self.place}" if self.host_event else self.place
