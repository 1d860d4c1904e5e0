"""How the outbox is put into the portal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Letters: every mail is a row first and is claimed before it is sent."""

    name = "elbe_elster.outbox"
    label = "outbox"
    verbose_name = _("Postausgang")

    def ready(self) -> None:
        """Register the checks."""
        from . import checks  # noqa: F401
