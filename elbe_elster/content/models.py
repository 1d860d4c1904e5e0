"""What a row remembers about the content file it came from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

FILE_KEY = "#"  # no field can be called so


class LoadedModel(models.Model):
    """A row that may come from a content file. Remembers a digest of each field as it was last loaded."""

    loaded = models.JSONField(_("zuletzt geladener Stand"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def file_key(self) -> str:
        """What the content file calls a row that has no name of its own. Empty for rows that staff have made."""
        return str(self.loaded.get(FILE_KEY, ""))

    @file_key.setter
    def file_key(self, value: str) -> None:
        self.loaded[FILE_KEY] = value
