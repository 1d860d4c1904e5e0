"""``manage.py load_content``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elbe_elster.content.files import ContentError
from elbe_elster.coordination.actions import load_content


class Command(BaseCommand):
    """Loads the content of every room; can be repeated at any time, keeps what staff have edited."""

    help = "Lädt Region, Sitze, Strategie, Gespräche und Rechtstexte aus den Inhaltsdateien."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load part by part and say what changed."""
        try:
            for name, report in load_content():
                first, *rest = report.lines()
                self.stdout.write(f"{name}: {first}")
                for line in rest:
                    self.stdout.write(line)
        except ContentError as error:
            raise CommandError(str(error)) from error
