"""People, roles, seats and invitations for technicians. Daily work has its own page below /redaktion/personen/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils.translation import gettext_lazy as _

from .models import Invitation, RoleGrant, Seat, SeatHolder, User

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """To look at, not to change."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Never."""
        return False


class EventAdmin(ReadOnlyAdmin):
    """The history of one kind of row: when, what, who and why."""

    list_display = ("pgh_created_at", "pgh_label", "pgh_obj_id", "who_and_why")
    list_filter = ("pgh_label",)
    date_hierarchy = "pgh_created_at"
    ordering = ("-pgh_created_at",)
    list_select_related = ("pgh_context",)

    @admin.display(description=_("Person und Grund"))
    def who_and_why(self, event: Any) -> str:
        """What the context says."""
        context = event.pgh_context.metadata if event.pgh_context else {}
        return ", ".join(f"{key}: {value}" for key, value in sorted(context.items()))


class PersonCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]
    """A new person by hand. The usual way is an invitation."""

    class Meta:
        model = User
        fields = ("email", "name")


class RoleGrantInline(admin.TabularInline[RoleGrant, User]):
    """The roles of a person."""

    model = RoleGrant
    extra = 0


class SeatHolderInline(admin.TabularInline[SeatHolder, Any]):
    """Who sits there, or where the person sits."""

    model = SeatHolder
    extra = 0
    autocomplete_fields = ("user", "seat")


@admin.register(User)
class PersonAdmin(DjangoUserAdmin[User]):  # type: ignore[type-var]
    """People."""

    add_form = PersonCreationForm
    list_display = ("email", "name", "role_list", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "roles__role")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "joined_at")
    inlines = (RoleGrantInline, SeatHolderInline)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Rechte"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Zeiten"), {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With roles."""
        return super().get_queryset(request).prefetch_related("roles")

    @admin.display(description=_("Rollen"))
    def role_list(self, person: User) -> str:
        """In words."""
        return ", ".join(str(grant) for grant in person.roles.all())


@admin.register(RoleGrant)
class RoleGrantAdmin(admin.ModelAdmin[RoleGrant]):
    """Roles."""

    list_display = ("user", "role")
    list_filter = ("role",)
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user",)
    list_select_related = ("user",)


@admin.register(Seat)
class SeatAdmin(admin.ModelAdmin[Seat]):
    """Seats of the circle."""

    list_display = ("administration",)
    search_fields = ("administration__name",)
    list_select_related = ("administration",)
    inlines = (SeatHolderInline,)


@admin.register(SeatHolder)
class SeatHolderAdmin(admin.ModelAdmin[SeatHolder]):
    """Who sits where since when."""

    list_display = ("seat", "user", "part", "order", "starts_on", "ends_on")
    list_filter = ("part",)
    search_fields = ("user__email", "user__name", "seat__administration__name")
    autocomplete_fields = ("user", "seat")
    list_select_related = ("seat__administration", "user")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations; they are written and withdrawn on the page of people."""

    list_display = ("email", "name", "state", "created_at", "expires_at", "accepted_at", "withdrawn_at")
    search_fields = ("email", "name")
    date_hierarchy = "created_at"
    exclude = ("token_digest",)

    @admin.display(description=_("Stand"))
    def state(self, invitation: Invitation) -> str:
        """In a word."""
        return str(invitation.state.label)


for event_model in apps.get_app_config("accounts").get_models():
    if issubclass(event_model, pghistory.models.Event):
        admin.site.register(event_model, EventAdmin)
