"""Who does it: offices and partners, as records, so that a name is corrected in one place."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from elbe_elster.content.models import LoadedModel
from elbe_elster.region.models import Administration
from elbe_elster.region.sorting import sort_key


def visible_line(name: str) -> str:
    """The name in one line; ValidationError if signs in it cannot be seen. Tables know a body by its name alone."""
    line = " ".join(name.split())
    if not line.isprintable():
        raise ValidationError(_("Im Namen stehen unsichtbare Zeichen. Schreiben Sie ihn bitte neu."))
    return line


class Body(LoadedModel):
    """An office of an administration, or a partner outside (Stelle). The address is that of the post, not of a person."""

    name = models.CharField(_("Name"), max_length=160, unique=True)
    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Verwaltung"),
        help_text=_("Leer bei Partnern außerhalb der Verwaltungen."),
    )
    email = models.EmailField(_("E-Mail-Adresse der Stelle"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    url = models.URLField(_("Internetseite"), blank=True)
    example = models.BooleanField(_("Beispiel"), default=False)
    sort_key = sort_key("name")

    class Meta:
        verbose_name = _("Stelle")
        verbose_name_plural = _("Stellen")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The name in one visible line."""
        super().clean()
        try:
            self.name = visible_line(self.name)
        except ValidationError as error:
            raise ValidationError({"name": error}) from error
