from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoordinationConfig(AppConfig):
    """Room 3, members only: the circle of county and municipalities."""

    name = "elbe_elster.coordination"
    label = "coordination"
    verbose_name = _("Koordination")
