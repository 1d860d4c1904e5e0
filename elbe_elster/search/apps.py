from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Words: German full text for every room."""

    name = "elbe_elster.search"
    label = "search"
    verbose_name = _("Suche")
