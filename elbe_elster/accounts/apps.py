from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who uses the portal: people, their roles, their administration's seat in the circle."""

    name = "elbe_elster.accounts"
    label = "accounts"
    verbose_name = _("Konten")
