"""One way to keep the history of a model: triggers of the database write it, so no change escapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pghistory
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Model

    M = TypeVar("M", bound=type[Model])


def keep_history(model: M, *, exclude: tuple[str, ...] = ()) -> M:
    """Keep every version of a row, deletion included, under a name people can read. ``exclude`` is not kept.

    Call it when the model has all its columns: translated models after their registration.
    """
    every_change = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    name = format_lazy(_("Verlauf: {name}"), name=model._meta.verbose_name_plural or model._meta.verbose_name)
    names = {"verbose_name": name, "verbose_name_plural": name}
    kept: M = pghistory.track(*every_change, append_only=True, exclude=list(exclude) or None, meta=names)(model)
    return kept
