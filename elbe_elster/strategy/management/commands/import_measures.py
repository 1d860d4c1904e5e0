"""``manage.py import_measures``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from elbe_elster.strategy.actions.importing import ImportRefusedError, import_tables
from elbe_elster.strategy.exchange.cells import folded
from elbe_elster.strategy.exchange.grids import UnreadableError, read_grids
from elbe_elster.strategy.exchange.heads import (
    PREFIX,
    foreign_head,
    guessed,
    own_measure_head,
    refuse_mistyped,
    targets,
)

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from elbe_elster.strategy.exchange.grids import Grid
    from elbe_elster.strategy.exchange.plans import Plan


class Command(BaseCommand):
    """Takes measures over from a workbook or CSV by their number: everything or nothing, and as often as one likes."""

    help = "Übernimmt Maßnahmen aus einer Tabelle (.xlsx oder .csv), nach Nummer: alles oder nichts."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how."""
        parser.add_argument("file", metavar="DATEI")
        parser.add_argument("--json", action="store_true", help="Bericht als JSON")
        parser.add_argument("--dry-run", action="store_true", help="nur sagen, was geschähe")
        parser.add_argument(
            "--mapping",
            action="append",
            default=[],
            metavar="IHRE=UNSERE",
            help="Spalte einer fremden Tabelle, zum Beispiel „Federführung=Zuständig“; mehrfach möglich",
        )
        parser.add_argument(
            "--prefix", default="", metavar="M-", help="was vor bloßen Zahlen einer fremden Liste steht"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, say what changes, take over."""
        try:
            grids = read_grids(Path(options["file"]).read_bytes())
            mapping = _mapping(grids, options["mapping"])
            if mapping and options["prefix"]:
                mapping[PREFIX] = options["prefix"]
            plan = import_tables(grids=grids, mapping=mapping, actor=None, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"Die Datei lässt sich nicht öffnen: {error.strerror}.") from error
        except UnreadableError as error:
            raise CommandError(str(error)) from error
        except ImportRefusedError as error:
            raise CommandError("Nichts wurde übernommen.\n" + "\n".join(error.messages)) from error
        report = _report(plan, mapping)
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) if options["json"] else _text(report))


def _mapping(grids: list[Grid], given: list[str]) -> dict[str, str]:
    """What the headers of a foreign table mean: as told, otherwise guessed. Empty for a table of our own."""
    if not given and own_measure_head(grids):
        return {}
    if not given:
        refuse_mistyped(grids)
    keys = {folded(name): key for key, name in targets()}
    told: dict[str, str] = {}
    for pair in given:
        theirs, mark, ours = pair.rpartition("=")
        if not mark or folded(ours) not in keys:
            raise UnreadableError(f"„{pair}“: Eine Spalte „{ours}“ gibt es nicht. Möglich sind: {_names()}.")
        told[folded(theirs)] = keys[folded(ours)]
    headers = foreign_head(grids).headers
    places = guessed(headers, told)
    return {headers[place]: key for place, key in places.items()}


def _names() -> str:
    return ", ".join(name for _key, name in targets())


def _report(plan: Plan, mapping: dict[str, str]) -> dict[str, Any]:
    """Counts, and three lists: ``kept`` (as it was), ``changed`` (new, different or read otherwise), ``dropped``."""
    names = dict(targets())
    changed = [
        {
            "code": measure.number,
            "what": change.label,
            "why": f"{change.before or '(leer)'} → {change.after or '(leer)'}",
        }
        | {"where": change.where}
        for measure in plan.measures
        for change in measure.changes
    ]
    changed += [
        {"code": message.code, "what": message.what, "why": message.text, "where": message.where}
        for message in plan.read_as
    ]
    changed += [
        {"code": theirs, "what": "Spalte", "why": f"gelesen als „{names[key]}“"}
        for theirs, key in mapping.items()
        if theirs != PREFIX
    ]
    changed += [{"code": title, "what": "Ziel", "why": "wird angelegt"} for title in plan.new_goals]
    changed += [{"code": name, "what": "Stelle", "why": "wird angelegt"} for name in plan.new_bodies]
    kept = [{"code": measure.number, "what": "Maßnahme", "why": "ist schon so"} for measure in plan.unchanged]
    kept += [{"code": number, "what": "Maßnahme", "why": "steht nicht in der Datei"} for number in plan.missing]
    return {
        "measures": len(plan.measures),
        "created": len(plan.created),
        "updated": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "kept": kept,
        "changed": changed,
        "dropped": [
            {"code": message.what, "what": "Spalte", "why": message.text, "where": message.where}
            for message in plan.dropped
        ],
    }


def _text(report: dict[str, Any]) -> str:
    counts = "{measures} Maßnahmen: {created} neu, {updated} geändert, {unchanged} unverändert"
    lines = [counts.format(**report)]
    for title, name in (("Übernommen", "changed"), ("Bleibt", "kept"), ("Entfällt", "dropped")):
        for entry in report[name]:
            where = f" ({entry['where']})" if entry.get("where") else ""
            lines.append(f"{title}: {entry['code']} {entry['what']}: {entry['why']}{where}")
    return "\n".join(lines)
