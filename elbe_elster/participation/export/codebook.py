"""The codebook: what every variable means, for people as a workbook and for programs as JSON."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _

from elbe_elster.participation.export.variables import Sort
from elbe_elster.participation.export.xlsx_writing import Book
from elbe_elster.participation.questionnaire.conditions import Both
from elbe_elster.participation.questionnaire.words import condition_in_short, condition_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from elbe_elster.participation.export.variables import Edition, Variable
    from elbe_elster.participation.models import Survey, SurveyVersion
    from elbe_elster.participation.questionnaire.conditions import Expression

SHAPE = 1  # of the JSON; raised when a key goes or changes its meaning
BOOK, VALUES = "codebuch.xlsx", "codebuch.json"


def sort_words(sort: Sort) -> str:
    """What the values of a variable are, in words."""
    return {
        Sort.NUMBERING: _("laufende Nummer"),
        Sort.VERSION: _("Fassung"),
        Sort.CHANNEL: _("Auswahl"),
        Sort.DAY: _("Datum"),
        Sort.CHOICE: _("Auswahl"),
        Sort.CHOSEN: _("gewählt oder nicht"),
        Sort.PLACE: _("Rang, 1 ist der beste"),
        Sort.NUMBER: _("Zahl"),
        Sort.DATE: _("Datum"),
        Sort.GIVEN: _("freier Text vorhanden"),
    }[sort]


def codebook_json(survey: Survey, variables: Sequence[Variable], editions: Sequence[Edition]) -> dict[str, Any]:
    """Everything the workbook says, with conditions in short."""
    return {
        "format": SHAPE,
        "survey": survey.slug,
        "title": survey.title,
        "versions": [_version_json(version) for version in survey.versions.order_by("number")],
        "variables": [
            {
                "name": one.name,
                "label": one.label,
                "type": one.sort.value,
                "places": one.places,
                "codes": [{"value": value, "label": label} for value, label in one.codes],
                "missing": [{"value": value, "label": label} for value, label in one.missing],
                "condition": condition_in_short(condition) if (condition := _whole(one)) else None,
                "since_version": one.since,
                "until_version": one.until,
                "earlier_labels": [{"version": number, "label": label} for number, label in one.earlier],
            }
            for one in variables
        ],
        "languages": list(editions[-1].questionnaire.languages),
    }


def _version_json(version: SurveyVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "published_on": version.published_at.date().isoformat(),
        "reason": version.reason,
    }


def _whole(variable: Variable) -> Expression | None:
    """The conditions of page, question, row and option as one."""
    if len(variable.conditions) > 1:
        return Both(variable.conditions)
    return variable.conditions[0] if variable.conditions else None


def condition_words(variable: Variable, editions: Sequence[Edition], language: str = "de") -> str:
    """When the question was shown, in the words of the newest version that asked it."""
    condition = _whole(variable)
    asked = [edition for edition in editions if edition.number in variable.asked_in] or list(editions)
    return condition_in_words(condition, asked[-1].questionnaire, language) if condition else ""


def add_codebook(book: Book, survey: Survey, variables: Sequence[Variable], editions: Sequence[Edition]) -> None:
    """The sheets of the codebook: variables, values, versions, and how to read it all."""
    book.table(
        _("Variablen"),
        [
            (_("Variable"), 24),
            (_("Bedeutung"), 60),
            (_("Art"), 20),
            (_("Werte"), 40),
            (_("Fehlende Werte"), 30),
            (_("Wann gefragt"), 40),
            (_("seit Fassung"), 12),
            (_("bis Fassung"), 12),
            (_("Frühere Wortlaute"), 40),
        ],
        (_variable_row(variable, editions) for variable in variables),
    )
    book.table(
        _("Werte"),
        [(_("Variable"), 24), (_("Wert"), 10), (_("Bedeutung"), 60), (_("fehlend"), 10)],
        (
            (one.name, value, label, missing)
            for one in variables
            for values, missing in ((one.codes, ""), (one.missing, _("ja")))
            for value, label in values
        ),
    )
    book.table(
        _("Fassungen"),
        [(_("Fassung"), 10), (_("veröffentlicht am"), 20), (_("Was berichtigt wurde"), 60)],
        (
            (version.number, f"{version.published_at:%d.%m.%Y}", version.reason)
            for version in survey.versions.order_by("number")
        ),
    )
    book.table(_("Hinweise"), [(_("Hinweise"), 100)], ((note,) for note in _notes(survey)))


def _variable_row(variable: Variable, editions: Sequence[Edition]) -> tuple[str | int, ...]:
    def listed(values: tuple[tuple[int, str], ...]) -> str:
        return "\n".join(f"{value} = {label}" for value, label in values)

    return (
        variable.name,
        variable.label,
        sort_words(variable.sort),
        listed(variable.codes),
        listed(variable.missing),
        condition_words(variable, editions) or _("immer"),
        variable.since,
        "" if variable.until is None else variable.until,
        "\n".join(
            _("Fassung %(number)d: %(label)s") % {"number": number, "label": label}
            for number, label in variable.earlier
        ),
    )


def _notes(survey: Survey) -> list[str]:
    found = [
        _("Umfrage: %(title)s") % {"title": survey.title},
        _("Jede Zeile ist ein Antwortbogen. Die Reihenfolge ist zufällig und sagt nicht, wer wann geantwortet hat."),
        _(
            "„nicht gezeigt“ heißt: Eine Bedingung traf nicht zu, oder die Frage gab es in dieser Fassung nicht. "
            "„übersprungen“ heißt: gezeigt und leer gelassen."
        ),
        _(
            "Bei mehreren Antworten ist jede Antwort eine Variable mit 0 und 1. Eine Antwort, die selbst eine Bedingung "
            "hat, ist 0, wenn sie nicht gewählt wurde, auch wo sie nicht zu sehen war."
        ),
        _("Bei einer Rangfolge ist „übersprungen“, was nicht eingeordnet wurde."),
        _(
            "Freie Texte stehen ohne Verbindung zu den Antwortbögen in einer eigenen Liste, nach Frage und sonst zufällig."
        ),
        _("Wer antwortete, tat das freiwillig. Die Ergebnisse sind nicht repräsentativ."),
        _("Versuchen Sie nicht, Menschen zu erkennen. Zeigen Sie keine Gruppen unter 10 und keine Zellen unter 3."),
    ]
    if survey.generated:
        found.append(_("Diese Antworten hat ein Programm erfunden."))
    return found


def write_codebook(
    stream: IO[bytes], survey: Survey, variables: Sequence[Variable], editions: Sequence[Edition]
) -> None:
    """A zip with the workbook and the JSON."""
    content = io.BytesIO()
    book = Book(content)
    add_codebook(book, survey, variables, editions)
    book.close()
    values = json.dumps(codebook_json(survey, variables, editions), ensure_ascii=False, indent=2)
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr(BOOK, content.getvalue())
        package.writestr(VALUES, values + "\n")
