from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipationConfig(AppConfig):
    """Room 2: what the citizens say."""

    name = "elbe_elster.participation"
    label = "participation"
    verbose_name = _("Beteiligung")
