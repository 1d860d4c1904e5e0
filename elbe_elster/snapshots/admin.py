"""What staff change in the Django admin must show on finished pages and in the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    Base = ModelAdmin[Any]
else:
    Base = object


class ShownInPublic(Base):
    """For a ModelAdmin, first of its bases: every change of such a row shows at once."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """After the row and its lines are saved."""
        super().save_related(request, form, formsets, change)
        refresh_entries(self.model, [form.instance.pk])
        mark_stale()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """After one row is deleted."""
        gone = obj.pk
        super().delete_model(request, obj)
        refresh_entries(self.model, [gone])
        mark_stale()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """After chosen rows are deleted."""
        super().delete_queryset(request, queryset)
        refresh_entries(self.model)
        mark_stale()
