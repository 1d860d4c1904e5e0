"""``manage.py import_survey``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from elbe_elster.participation.actions.importing import READERS, import_survey, read_survey
from elbe_elster.participation.exchange.files import LARGEST_FILE, UnreadableError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Brings a questionnaire from LimeSurvey or as XLSForm: everything that fits or nothing, and says what did not."""

    help = "Übernimmt einen Fragebogen aus LimeSurvey (.lss, .lsa) oder als XLSForm (.xlsx) als Entwurf."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how."""
        parser.add_argument("file", metavar="DATEI")
        parser.add_argument("--format", choices=sorted(READERS), help="sonst am Inhalt erkannt")
        parser.add_argument("--json", action="store_true", help="Bericht als JSON")
        parser.add_argument("--dry-run", action="store_true", help="nur sagen, was geschähe")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, write, say what was kept, changed and dropped."""
        try:
            with override("de"):
                brought = read_survey(_content(Path(options["file"])), file_format=options["format"])
                slug = "" if options["dry_run"] else import_survey(brought=brought, actor=None).slug
        except OSError as error:
            raise CommandError(f"Die Datei lässt sich nicht öffnen: {error.strerror}.") from error
        except UnreadableError as error:
            raise CommandError(str(error)) from error
        report = brought.summary()
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_text(report, brought.source, slug))


def _content(path: Path) -> bytes:
    """The file, as far as it may be taken."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _text(report: dict[str, Any], source: str, slug: str) -> str:
    counts = (
        "{pages} Teile, {questions} Fragen, {subquestions} Teilfragen, {options} Antworten, {conditions} Bedingungen"
    )
    lines = [f"„{report['title']}“ ({source}), Sprachen: {', '.join(report['languages'])}", counts.format(**report)]
    for title, name in (("Übernommen", "kept"), ("Geändert", "changed"), ("Entfällt", "dropped")):
        lines += [f"{title}: {entry['code'] or 'Umfrage'}, {entry['what']}: {entry['why']}" for entry in report[name]]
    lines.append(f"Entwurf angelegt: {slug}" if slug else "Probelauf: Nichts ist geschrieben.")
    return "\n".join(lines)
