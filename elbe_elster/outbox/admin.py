"""Letters in the Django admin: to look at, not to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from .models import Letter, LetterEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ReadOnly:
    """Nobody adds, changes or deletes here; letters follow rules of their own."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False


class LetterEventInline(ReadOnly, admin.TabularInline[LetterEvent, Letter]):
    """The history of a letter."""

    model = LetterEvent
    extra = 0


@admin.register(Letter)
class LetterAdmin(ReadOnly, admin.ModelAdmin[Letter]):
    """Metadata only: the content may hold sign-in links."""

    list_display = ["created_at", "kind", "recipient", "subject", "state", "attempts"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient", "subject", "key"]
    date_hierarchy = "created_at"
    exclude = ["message", "text", "html"]
    inlines = [LetterEventInline]

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Letter]:
        """Without the content, which may be megabytes."""
        return Letter.objects.without_content()


@admin.register(LetterEvent)
class LetterEventAdmin(ReadOnly, admin.ModelAdmin[LetterEvent]):
    """What happened to letters, over all of them."""

    list_display = ["at", "letter", "kind", "attempt", "user"]
    list_filter = ["kind"]
    search_fields = ["letter__recipient", "letter__subject", "note"]
    list_select_related = ["letter", "user"]
