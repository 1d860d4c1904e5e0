"""The region in the Django admin."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from elbe_elster.region.models import Administration, Municipality, Population, PopulationSeries
from elbe_elster.snapshots.admin import ShownInPublic


class PopulationInline(admin.TabularInline[Population, Municipality]):
    """How many people live there, one line for each count."""

    model = Population
    extra = 0


@admin.register(Administration)
class AdministrationAdmin(ShownInPublic, admin.ModelAdmin[Administration]):
    """Administrations and the county."""

    list_display = ["name", "kind", "seat"]
    list_filter = ["kind"]
    search_fields = ["name", "seat"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Municipality)
class MunicipalityAdmin(ShownInPublic, admin.ModelAdmin[Municipality]):
    """Municipalities with their place on the map and their inhabitants."""

    list_display = ["name", "key", "is_town", "administration", "tile_column", "tile_row"]
    list_filter = ["administration", "is_town"]
    list_select_related = ["administration"]
    search_fields = ["name", "key"]
    inlines = [PopulationInline]


@admin.register(PopulationSeries)
class PopulationSeriesAdmin(ShownInPublic, TranslationAdmin[PopulationSeries]):
    """Counts with their day and source."""

    list_display = ["name", "date", "source"]
    search_fields = ["name", "source"]


@admin.register(Population)
class PopulationAdmin(ShownInPublic, admin.ModelAdmin[Population]):
    """Single figures."""

    list_display = ["municipality", "series", "count"]
    list_filter = ["series"]
    search_fields = ["municipality__name"]
    autocomplete_fields = ["municipality"]
    list_select_related = ["municipality", "series"]
