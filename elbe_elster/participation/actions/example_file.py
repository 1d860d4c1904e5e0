"""Reads the example survey: one file for its questions, in every language."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from elbe_elster.content.files import ContentError, read_yaml
from elbe_elster.participation.questionnaire.conditions import expression_from_json
from elbe_elster.participation.questionnaire.document import Duty, Item, Kind, Option, Page, Question, Questionnaire
from elbe_elster.region.models import Municipality

FILE = Path(__file__).parent.parent / "content" / "surveys" / "digital-leben.yaml"
LANGUAGES = settings.MODELTRANSLATION_LANGUAGES
YES_NO = {"yes": ("Ja", "Yes", "Ja"), "no": ("Nein", "No", "Nein")}
OUTSIDE = ("außerhalb des Landkreises", "outside the county", "nicht im Land-Kreis")


def read_example() -> dict[str, Any]:
    """The file as it stands. Raises ContentError."""
    found: dict[str, Any] = read_yaml(FILE)
    return found


def texts(entry: dict[str, Any], name: str) -> dict[str, str]:
    """The text in each language, empty when the entry has none. Raises ContentError when a language is missing."""
    found = entry.get(name)
    if found is None:
        return {}
    if not isinstance(found, list) or len(found) != len(LANGUAGES):
        raise ContentError(f"{FILE.name}: „{name}“ braucht {len(LANGUAGES)} Sprachen: {entry!r:.80}")
    return {language: str(text).strip() for language, text in zip(LANGUAGES, found, strict=True)}


def read_questionnaire(entry: dict[str, Any]) -> Questionnaire:
    """The questions of the file."""
    return Questionnaire(
        tuple(entry["languages"]),
        tuple(
            Page(
                page["code"],
                texts(page, "title"),
                texts(page, "intro"),
                questions=tuple(_question(question) for question in page["questions"]),
            )
            for page in entry["pages"]
        ),
    )


def _question(entry: dict[str, Any]) -> Question:
    kind = Kind(entry["kind"])
    return Question(
        pk=0,
        code=entry["code"],
        kind=kind,
        label=texts(entry, "label"),
        help=texts(entry, "help"),
        duty=Duty(entry.get("duty", Duty.FREE)),
        no_answer=entry.get("no_answer", False),
        shuffle=entry.get("shuffle", False),
        least=None if "least" not in entry else Decimal(entry["least"]),
        most=None if "most" not in entry else Decimal(entry["most"]),
        unit=texts(entry, "unit"),
        earliest=entry.get("earliest", ""),
        latest=entry.get("latest", ""),
        options=_options(kind, entry.get("options", ())),
        items=tuple(
            Item(item["code"], number, texts(item, "label"))
            for number, item in enumerate(entry.get("items", ()), start=1)
        ),
        condition=expression_from_json(entry["condition"]) if "condition" in entry else None,
    )


def _options(kind: Kind, entries: Any) -> tuple[Option, ...]:
    if entries == "municipalities":
        return municipality_options()
    if kind is Kind.YES_NO:
        entries = [{"code": code, "label": list(label)} for code, label in YES_NO.items()]
    return tuple(
        Option(
            entry["code"],
            number,
            texts(entry, "label"),
            other=entry.get("other", False),
            exclusive=entry.get("exclusive", False),
        )
        for number, entry in enumerate(entries, start=1)
    )


def municipality_options() -> tuple[Option, ...]:
    """Every municipality of the region by its official key, and the world outside."""
    found = [
        Option(municipality.key, number, {"de": municipality.name})
        for number, municipality in enumerate(Municipality.objects.order_by("name"), start=1)
    ]
    outside = dict(zip(LANGUAGES, OUTSIDE, strict=True))
    return (*found, Option("outside", len(found) + 1, outside))
