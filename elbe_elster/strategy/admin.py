"""The strategy in the Django admin. pghistory keeps what was changed by whom."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from elbe_elster.snapshots.admin import ShownInPublic
from elbe_elster.strategy.models import ActionField, ProcessStep, Strategy


@admin.register(Strategy)
class StrategyAdmin(ShownInPublic, TranslationAdmin[Strategy]):
    """Editions of the strategy."""

    list_display = ["title", "edition", "valid_from", "valid_until", "successor"]
    search_fields = ["title", "edition"]


@admin.register(ProcessStep)
class ProcessStepAdmin(ShownInPublic, TranslationAdmin[ProcessStep]):
    """Steps of the way to the strategy."""

    list_display = ["number", "title", "with_people", "strategy"]
    list_display_links = ["title"]
    list_filter = ["strategy", "with_people"]
    list_select_related = ["strategy"]
    search_fields = ["title", "summary", "text"]


@admin.register(ActionField)
class ActionFieldAdmin(ShownInPublic, TranslationAdmin[ActionField]):
    """Action fields."""

    list_display = ["number", "name", "icon", "colour", "strategy"]
    list_display_links = ["name"]
    list_filter = ["strategy"]
    list_select_related = ["strategy"]
    search_fields = ["name", "summary", "text"]
