"""What staff change in the Django admin must show on finished pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    Base = ModelAdmin[Any]
else:
    Base = object


class ShownInPublic(Base):
    """For a ModelAdmin, first of its bases: every change of such a row makes finished pages stale."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """After the row and its lines are saved."""
        super().save_related(request, form, formsets, change)
        mark_stale()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """After one row is deleted."""
        super().delete_model(request, obj)
        mark_stale()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """After chosen rows are deleted."""
        super().delete_queryset(request, queryset)
        mark_stale()
