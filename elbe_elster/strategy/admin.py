"""The strategy in the Django admin. pghistory keeps what was changed by whom.

What the public sees is changed on the pages of the editorial team, where dates and money need a reason and publishing
needs four eyes. So published measures and profiles can only be looked at here, and so can everything that was told,
resolved or frozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import URLField
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from elbe_elster.outbox.admin import ReadOnly
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.admin import ShownInPublic
from elbe_elster.strategy import models
from elbe_elster.strategy.models import (
    ActionField,
    Body,
    Curation,
    Goal,
    Measure,
    ProcessStep,
    ProjectProfile,
    Publication,
    Strategy,
    Subscription,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    Base = admin.ModelAdmin[Any]
    InlineBase = admin.TabularInline[Any, Any]
else:
    Base = InlineBase = object

WITH_HTTPS: Any = {URLField: {"assume_scheme": "https"}}


# The strategy itself --------------------------------------------------------------------------------------------------


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


class NamedByMeasures(ShownInPublic):
    """Measures are found by the words of these rows, so their entries in the search follow."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """After the row is saved."""
        super().save_related(request, form, formsets, change)
        refresh_entries(Measure)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """After one row is deleted."""
        super().delete_model(request, obj)
        refresh_entries(Measure)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """After chosen rows are deleted."""
        super().delete_queryset(request, queryset)
        refresh_entries(Measure)


@admin.register(Goal)
class GoalAdmin(NamedByMeasures, TranslationAdmin[Goal]):
    """Goals."""

    list_display = ["number", "title", "action_field", "set_on", "example"]
    list_display_links = ["title"]
    list_filter = ["action_field", "example"]
    list_select_related = ["action_field"]
    search_fields = ["title", "text"]


@admin.register(Body)
class BodyAdmin(NamedByMeasures, admin.ModelAdmin[Body]):
    """Offices and partners."""

    list_display = ["name", "administration", "email", "example"]
    list_filter = ["administration", "example"]
    list_select_related = ["administration"]
    search_fields = ["name", "email"]
    formfield_overrides = WITH_HTTPS


@admin.register(Curation)
class CurationAdmin(admin.ModelAdmin[Curation]):
    """Who looks after what."""

    list_display = ["user", "action_field", "measure"]
    list_filter = ["action_field"]
    list_select_related = ["user", "action_field", "measure"]
    search_fields = ["user__email", "user__name", "measure__number", "measure__title"]
    autocomplete_fields = ["user", "action_field", "measure"]


# Measures and profiles ------------------------------------------------------------------------------------------------


def is_draft(record: Any) -> bool:
    """Whether a measure or profile was never public. None: it is only being made."""
    return record is None or record.publication == Publication.DRAFT


class DraftRows(InlineBase):
    """Rows below a measure or profile: changed here only while it is a draft."""

    extra = 0
    formfield_overrides = WITH_HTTPS
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only to a draft."""
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of a draft."""
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of a draft."""
        return is_draft(obj) and super().has_delete_permission(request, obj)


class MilestoneInline(DraftRows, TranslationTabularInline[models.Milestone, Any]):
    """Steps."""

    model = models.Milestone


class IndicatorInline(DraftRows, TranslationTabularInline[models.Indicator, Measure]):
    """Numbers."""

    model = models.Indicator


class CostInline(DraftRows, admin.TabularInline[models.CostRow, Any]):
    """Costs."""

    model = models.CostRow


class FundingInline(DraftRows, admin.TabularInline[models.FundingRow, Any]):
    """Money."""

    model = models.FundingRow


class ResolutionInline(DraftRows, admin.TabularInline[models.Resolution, Any]):
    """Resolutions."""

    model = models.Resolution


class PartnerInline(DraftRows, admin.TabularInline[models.MeasurePartner, Measure]):
    """Partners."""

    model = models.MeasurePartner
    autocomplete_fields = ["body"]


class DeviationInline(ReadOnly, admin.TabularInline[models.Deviation, Any]):
    """What was changed after publication."""

    model = models.Deviation
    extra = 0


class ChronicleInline(ReadOnly, admin.TabularInline[models.ChronicleEntry, Measure]):
    """What was told."""

    model = models.ChronicleEntry
    fields = ["date", "kind", "text"]
    extra = 0


class ChangedAsDraft(Base):
    """A measure or profile: made and changed here as a draft, then only looked at; editors publish and delete."""

    readonly_fields = ["publication", "published_at", "trashed_at"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft."""
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a single draft; the rest goes through the trash, where it can be taken back."""
        return obj is not None and is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(Measure)
class MeasureAdmin(ChangedAsDraft, ShownInPublic, TranslationAdmin[Measure]):
    """Measures."""

    list_display = ["number", "title", "primary_field", "phase", "publication", "lead", "example", "trashed_at"]
    list_display_links = ["title"]
    list_filter = ["primary_field", "phase", "publication", "priority", "example"]
    list_select_related = ["primary_field", "lead"]
    search_fields = ["number", "title", "decided_title", "summary", "lead__name"]
    autocomplete_fields = ["lead", "merged_into", "related", "depends_on", "municipalities", "goals"]
    filter_horizontal = ["further_fields"]
    inlines = [
        *(PartnerInline, MilestoneInline, IndicatorInline, CostInline, FundingInline, ResolutionInline),
        *(DeviationInline, ChronicleInline),
    ]


@admin.register(ProjectProfile)
class ProjectProfileAdmin(ChangedAsDraft, ShownInPublic, TranslationAdmin[ProjectProfile]):
    """Project profiles."""

    list_display = ["title", "measure", "phase", "publication", "lead", "example", "trashed_at"]
    list_filter = ["phase", "publication", "example", "measure__primary_field"]
    list_select_related = ["measure", "lead"]
    search_fields = ["title", "summary", "measure__number", "measure__title"]
    autocomplete_fields = ["measure", "lead", "administrations"]
    inlines = [MilestoneInline, CostInline, FundingInline, ResolutionInline, DeviationInline]


# To look at only ------------------------------------------------------------------------------------------------------


class RowAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """A row of a measure or profile, to be found and looked at."""

    list_select_related = ["measure", "profile"]
    search_fields = ["measure__number", "measure__title", "profile__title"]


class MeasureRowAdmin(RowAdmin):
    """A row that only measures have."""

    list_select_related = ["measure"]
    search_fields = ["measure__number", "measure__title"]


@admin.register(models.Milestone)
class MilestoneAdmin(RowAdmin):
    """Steps."""

    list_display = ["title", "measure", "profile", "state", "due_on", "done_on"]
    list_filter = ["state"]
    date_hierarchy = "due_on"


@admin.register(models.CostRow)
class CostRowAdmin(RowAdmin):
    """Costs."""

    list_display = ["__str__", "measure", "profile", "planned", "actual"]
    list_filter = ["year", "kind"]


@admin.register(models.FundingRow)
class FundingRowAdmin(RowAdmin):
    """Money."""

    list_display = ["__str__", "measure", "profile", "amount", "state", "deadline"]
    list_filter = ["kind", "state"]


@admin.register(models.Resolution)
class ResolutionAdmin(RowAdmin):
    """Resolutions."""

    list_display = ["__str__", "measure", "profile", "text"]
    date_hierarchy = "date"


@admin.register(models.Deviation)
class DeviationAdmin(RowAdmin):
    """Changes after publication."""

    list_display = ["__str__", "measure", "profile", "before", "after", "changed_on"]
    list_filter = ["kind"]
    date_hierarchy = "changed_on"


@admin.register(models.Document, models.Image)
class FileAdmin(RowAdmin):
    """Files; they are uploaded where they are checked."""

    exclude = ["file", "small"]
    list_display = ["__str__", "file_name", "measure", "profile", "size", "public"]
    list_filter = ["public", "licence"]


@admin.register(models.ChronicleEntry)
class ChronicleEntryAdmin(MeasureRowAdmin):
    """What was told."""

    list_display = ["date", "kind", "text", "measure"]
    list_display_links = ["text"]
    list_filter = ["kind"]
    search_fields = ["text", "measure__number", "measure__title"]
    date_hierarchy = "date"


@admin.register(models.Adoption)
class AdoptionAdmin(MeasureRowAdmin):
    """Stages; each administration tells its own."""

    list_display = ["administration", "measure", "stage", "since", "told_at"]
    list_filter = ["stage", "administration"]
    list_select_related = ["administration", "measure"]


@admin.register(models.Indicator)
class IndicatorAdmin(MeasureRowAdmin):
    """Numbers."""

    list_display = ["__str__", "measure", "baseline", "target", "headline"]


@admin.register(models.MeasurePartner)
class MeasurePartnerAdmin(MeasureRowAdmin):
    """Partners."""

    list_display = ["body", "measure", "role"]
    list_select_related = ["body", "measure"]
    search_fields = ["body__name", "measure__number", "measure__title"]


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin[Subscription]):
    """Who follows what. Deleted on demand; never written here, and the key of the letters stays hidden."""

    list_display = ["email", "measure", "action_field", "frequency", "created_at", "confirmed_at"]
    list_filter = ["frequency", "action_field"]
    list_select_related = ["measure", "action_field"]
    search_fields = ["email", "measure__number"]
    exclude = ["token"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Only the owner of an address subscribes."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Only the owner of an address changes it."""
        return False


class ToLookAtAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Drafts, remarks, former addresses, reports: written by their own pages."""

    exclude = ["content"]
    show_full_result_count = False


admin.site.register(
    [
        *(models.Reading, models.Draft, models.DraftVersion, models.Remark, models.FormerAddress),
        *(models.PeriodReport, models.ReportRow, models.TableImport),
    ],
    ToLookAtAdmin,
)
