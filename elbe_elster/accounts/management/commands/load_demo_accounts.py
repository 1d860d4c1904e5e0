"""``manage.py load_demo_accounts``: the eight accounts of the demo. Can be repeated."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from elbe_elster.accounts.demo import ACCOUNTS, load_demo_accounts


class Command(BaseCommand):
    """Makes the demo's accounts; refuses outside the demo, because their password is public."""

    help = "Legt die acht Konten der Demo an. Nur mit DEMO=1, denn ihr Passwort ist öffentlich."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Raises CommandError outside the demo."""
        if not settings.DEMO:
            raise CommandError("Demo-Konten gibt es nur mit DEMO=1: Ihr Passwort ist öffentlich bekannt.")
        missing = load_demo_accounts()
        self.stdout.write(f"Demo-Konten: {len(ACCOUNTS)} sind da.")
        for slug in missing:
            self.stderr.write(f"Die Verwaltung {slug} fehlt noch. Führen Sie load_region aus und dann diesen Befehl.")
