"""``manage.py load_texts``."""

from typing import Any

from django.core.management.base import BaseCommand

from elbe_elster.legal.loading import load_texts
from elbe_elster.legal.models import LegalText


class Command(BaseCommand):
    """Loads Impressum, Datenschutz, Leichte Sprache and the accessibility statement; can be repeated at any time."""

    help = "Lädt die Rechtstexte aus den Inhaltsdateien. Was die Redaktion bearbeitet hat, bleibt."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and say what happened to each text."""
        for name, what in load_texts().items():
            self.stdout.write(f"{name}: {what}")
        for text in LegalText.objects.order_by("slug"):
            if text.placeholders:
                self.stdout.write(f"Noch einzutragen in {text.slug}: {', '.join(text.placeholders)}")
