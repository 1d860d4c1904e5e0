"""What a row remembers about the content file it came from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedModel(models.Model):
    """A row that may come from a content file. Remembers a digest of each field as it was last loaded."""

    loaded = models.JSONField(_("zuletzt geladener Stand"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True
