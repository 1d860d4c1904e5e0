from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalConfig(AppConfig):
    """What the law asks of the site: imprint, privacy, accessibility, barrier reports."""

    name = "elbe_elster.legal"
    label = "legal"
    verbose_name = _("Rechtliches")
