"""``manage.py apply_retention``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from elbe_elster.legal.retention import apply_retention


class Command(BaseCommand):
    """Deletes what is over its time, as the privacy page says. Runs by itself every day."""

    help = "Löscht, was seine Frist überschritten hat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--dry-run`` only counts."""
        parser.add_argument("--dry-run", action="store_true", help="Nur zählen, nichts löschen.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Apply the rules and say how many rows each model lost."""
        for label, number in apply_retention(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{label}: {number}")
