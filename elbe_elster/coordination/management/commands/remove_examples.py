"""``manage.py remove_examples``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from elbe_elster.participation.actions.examples import count_survey_examples, remove_survey_examples
from elbe_elster.strategy.actions.examples import RemovalRefusedError, count_examples, remove_examples


class Command(BaseCommand):
    """Removes every example with its rows, files and Chronik, and nothing else."""

    help = "Entfernt alle Beispiele mit Zeilen, Dateien, Antworten und Chronik. Alles andere bleibt."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--yes``: do not ask."""
        parser.add_argument("--yes", action="store_true", help="Nicht nachfragen.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, remove, say what went."""
        there = {
            name: count for name, count in {**count_examples(), "Umfragen": count_survey_examples()}.items() if count
        }
        if not there:
            self.stdout.write("Es gibt keine Beispiele.")
            return
        self.stdout.write("Als Beispiel gibt es: " + ", ".join(f"{count} {name}" for name, count in there.items()))
        if not options["yes"] and not self._is_sure():
            self.stdout.write("Es bleibt alles, wie es ist.")
            return
        try:
            with transaction.atomic():
                removal = remove_examples()
                removal.counts["Umfragen"] = remove_survey_examples()
        except RemovalRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Entfernt:")
        for line in removal.lines():
            self.stdout.write(line)

    def _is_sure(self) -> bool:
        try:
            return input("Alle Beispiele entfernen? Dann schreiben Sie „ja“: ").strip().lower() == "ja"
        except EOFError as error:
            raise CommandError("Hier kann niemand gefragt werden. Mit --yes geht es ohne Frage.") from error
