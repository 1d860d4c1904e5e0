"""Django's admin for technicians: German names, every model, history to read and not to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _

from elbe_elster.outbox.admin import ReadOnly

if TYPE_CHECKING:
    from django.db.models import Model

# What would let a technician act as somebody else, or is only Django's own bookkeeping.
NOT_SHOWN = {
    "sessions.Session": "its key signs in as its owner",
    "usersessions.UserSession": "its key signs in as its owner",
    "account.EmailConfirmation": "its key confirms an address",
    "mfa.Authenticator": "its data are secrets",
    "socialaccount.SocialToken": "it signs in as its owner",
    "contenttypes.ContentType": "Django's own bookkeeping",
    "auth.Permission": "Django's own bookkeeping; roles decide here",
    "auth.Group": "roles decide here",
    **dict.fromkeys(
        (
            *("participation.Envelope", "participation.Response", "participation.Answer", "participation.FreeText"),
            *("participation.Draft", "participation.SubmissionKey", "participation.PaperSheet"),
            *("participation.AccessCode", "participation.ContactWish", "participation.Kiosk"),
        ),
        "what citizens answered is seen in counts, or by the survey team in its own pages",
    ),
}
WRITTEN_BY_DJANGO = (LogEntry,)  # what happened in this admin: to read only
COLUMNS = 5
TEXTS = (models.CharField, models.TextField, models.EmailField, models.SlugField)
LONG = (models.TextField, models.JSONField, models.BinaryField)


class PlainAdmin(admin.ModelAdmin[Any]):
    """The list every model gets that says nothing else: its first short fields, search in its texts."""


class HistoryAdmin(ReadOnly, PlainAdmin):
    """Rows the database itself wrote when something changed."""


def columns(model: type[Model]) -> list[str]:
    """The first fields that fit into a list; translated ones once."""
    short = [field for field in model._meta.fields if not isinstance(field, LONG) and not field.auto_created]
    named = [field.name for field in short if not field.name.endswith(("_de", "_en", "_de_simple"))]
    return ["__str__", *named][:COLUMNS]


def searched(model: type[Model]) -> list[str]:
    """Every text of the model itself."""
    return [field.name for field in model._meta.fields if isinstance(field, TEXTS) and not field.choices]


def is_history(model: type[Model]) -> bool:
    """Whether triggers write the model."""
    return issubclass(model, pghistory.models.Event | pghistory.models.Context)


def register_the_rest() -> None:
    """Give every model a list that no room has registered itself. Called once, when the addresses are read."""
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed or model._meta.label in NOT_SHOWN:
            continue
        if admin.site.is_registered(model):
            continue
        related = [field.name for field in model._meta.fields if field.is_relation and field.name in columns(model)]
        listed = {
            "list_display": columns(model),
            "search_fields": searched(model),
            "list_select_related": related or False,
            "show_full_result_count": False,
        }
        base = HistoryAdmin if is_history(model) or model in WRITTEN_BY_DJANGO else PlainAdmin
        admin.site.register(model, type(f"{model.__name__}Admin", (base,), listed))


def hide_secrets() -> None:
    """Take out what libraries have registered and nobody should see."""
    for label in NOT_SHOWN:
        model = apps.get_model(label)
        if admin.site.is_registered(model):
            admin.site.unregister(model)


def prepare_site() -> None:
    """Names of the site, every model, no secrets."""
    admin.site.site_header = _("Elbe-Elster digital: Technik")
    admin.site.site_title = _("Technik")
    admin.site.index_title = _("Tabellen des Portals")
    admin.site.enable_nav_sidebar = False
    hide_secrets()
    register_the_rest()
