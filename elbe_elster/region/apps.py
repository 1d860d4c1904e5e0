from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionConfig(AppConfig):
    """Where: the county, its administrations and municipalities, and how many people live there."""

    name = "elbe_elster.region"
    label = "region"
    verbose_name = _("Region")
