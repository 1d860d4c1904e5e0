"""``manage.py load_examples``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elbe_elster.content.files import ContentError
from elbe_elster.participation.actions.examples import count_survey_examples, load_survey_examples
from elbe_elster.strategy.actions.examples import count_examples, load_examples


class Command(BaseCommand):
    """Loads the example catalogue and the example surveys; can be repeated, keeps what staff have edited, brings back what was removed."""

    help = "Lädt die Beispiele: Ziele, Maßnahmen, Projektsteckbriefe und Umfragen, alle als Beispiel gekennzeichnet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and say what changed."""
        try:
            report = load_examples(restore=True)
            load_survey_examples(restore=True)
        except ContentError as error:
            raise CommandError(str(error)) from error
        first, *rest = report.lines()
        self.stdout.write(f"Beispiele: {first}")
        for line in rest:
            self.stdout.write(line)
        there = ", ".join(f"{count} {name}" for name, count in count_examples().items())
        there += f", {count_survey_examples()} Umfragen"
        self.stdout.write(f"Es gibt jetzt als Beispiel: {there}. Entfernen: manage.py remove_examples")
