"""``manage.py load_region``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elbe_elster.content.files import ContentError
from elbe_elster.region.actions import load_region


class Command(BaseCommand):
    """Loads the county, its administrations and municipalities; can be repeated at any time."""

    help = "Lädt Landkreis, Verwaltungen, Gemeinden und Einwohnerzahlen aus den Inhaltsdateien."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and say what changed."""
        try:
            report = load_region()
        except ContentError as error:
            raise CommandError(str(error)) from error
        first, *rest = report.lines()
        self.stdout.write(f"Region: {first}")
        for line in rest:
            self.stdout.write(line)
