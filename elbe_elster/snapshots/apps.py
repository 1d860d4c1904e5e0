from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SnapshotsConfig(AppConfig):
    """Finished public pages: rendered ahead, served without work."""

    name = "elbe_elster.snapshots"
    label = "snapshots"
    verbose_name = _("Fertige Seiten")
