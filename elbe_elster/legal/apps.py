from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalConfig(AppConfig):
    """What the law asks of the site."""

    name = "elbe_elster.legal"
    label = "legal"
    verbose_name = _("Rechtliches")

    def ready(self) -> None:
        """Register the deployment check."""
        from elbe_elster.legal import checks  # noqa: F401
