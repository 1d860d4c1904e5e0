from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Looks: form renderer, icons, components, the style page."""

    name = "elbe_elster.ui"
    label = "ui"
    verbose_name = _("Aussehen")
