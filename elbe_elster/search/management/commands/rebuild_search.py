"""``manage.py rebuild_search``."""

from typing import Any

from django.core.management.base import BaseCommand

from elbe_elster.search.actions import rebuild_entries


class Command(BaseCommand):
    """Makes the index of the search anew from what every room offers; can be repeated at any time."""

    help = "Baut das Verzeichnis der Suche aus allem neu auf, was das Portal zeigt."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild and say how many entries there are."""
        self.stdout.write(f"{rebuild_entries()} Sucheinträge")
