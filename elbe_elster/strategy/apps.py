from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategyConfig(AppConfig):
    """Room 1, public: the digital strategy, its fields, goals and measures."""

    name = "elbe_elster.strategy"
    label = "strategy"
    verbose_name = _("Strategie")
