"""Participation in the Django admin."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from elbe_elster.participation.models import Dialogue
from elbe_elster.snapshots.admin import ShownInPublic


@admin.register(Dialogue)
class DialogueAdmin(ShownInPublic, TranslationAdmin[Dialogue]):
    """Conversations on site."""

    list_display = ["host_event", "kind", "place", "date", "step"]
    list_filter = ["kind"]
    list_select_related = ["step"]
    search_fields = ["host_event", "place", "text"]
