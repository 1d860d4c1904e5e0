"""``manage.py load_dialogues``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elbe_elster.content.files import ContentError
from elbe_elster.participation.actions.loading import load_dialogues


class Command(BaseCommand):
    """Loads the neighbourhood talks; can be repeated at any time."""

    help = "Lädt die Nachbarschaftsgespräche aus der Inhaltsdatei."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and say what changed."""
        try:
            report = load_dialogues()
        except ContentError as error:
            raise CommandError(str(error)) from error
        first, *rest = report.lines()
        self.stdout.write(f"Gespräche: {first}")
        for line in rest:
            self.stdout.write(line)
