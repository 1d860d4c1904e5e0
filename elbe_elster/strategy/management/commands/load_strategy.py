"""``manage.py load_strategy``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elbe_elster.content.files import ContentError
from elbe_elster.strategy.actions.loading import load_strategy


class Command(BaseCommand):
    """Loads the strategy, its steps and action fields; can be repeated at any time."""

    help = "Lädt Strategie, Schritte und Handlungsfelder aus den Inhaltsdateien."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and say what changed."""
        try:
            report = load_strategy()
        except ContentError as error:
            raise CommandError(str(error)) from error
        first, *rest = report.lines()
        self.stdout.write(f"Strategie: {first}")
        for line in rest:
            self.stdout.write(line)
