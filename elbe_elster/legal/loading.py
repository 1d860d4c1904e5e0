"""Loads the texts a new portal starts with. Never touches what staff have edited."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pghistory
from django.db import transaction

from elbe_elster.content.files import read_yaml, translated
from elbe_elster.legal.models import TRANSLATIONS, AccessibilityStatement, Finding, LegalText, LegalTextSlug
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

CONTENT = Path(__file__).parent / "content"
STATEMENT_WORDS = ("body", "scope", "law", "standard", "assessment", "contact", "enforcement")
REASON = "load_texts"
DAYS_A_MONTH = 30


def read_text(slug: str, language: str) -> tuple[str, str]:
    """Title (first line, ``# …``) and body of a content file."""
    title, _newline, body = (CONTENT / f"{slug}.{language}.md").read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("#").strip(), body.strip()


def text_values(slug: str) -> dict[str, str]:
    """Title and body in every language, by column."""
    values: dict[str, str] = {}
    for language, suffix in {"de": "de", **TRANSLATIONS}.items():
        values[f"title_{suffix}"], values[f"body_{suffix}"] = read_text(slug, language)
    return values


@transaction.atomic
def load_texts() -> dict[str, str]:
    """Create or refresh every text and the statement. Says for each: new, changed, same, or edited by staff."""
    with pghistory.context(reason=REASON):
        said = {slug: _load_text(slug) for slug in LegalTextSlug.values}
        said["barrierefreiheit"] = _load_statement()
    refresh_entries(LegalText)
    mark_stale()
    return said


def _load_text(slug: str) -> str:
    values = text_values(slug)
    text = LegalText.objects.select_for_update().filter(slug=slug).first()
    if text is None:
        LegalText.objects.create(slug=slug, en_revision=1, de_simple_revision=1, **values)
        return "neu"
    if text.edited:
        return "von der Redaktion bearbeitet, bleibt"
    if all(getattr(text, name) == value for name, value in values.items()):
        return "unverändert"
    for name, value in values.items():
        setattr(text, name, value)
    text.revision += 1
    text.german_revision += 1
    text.en_revision = text.de_simple_revision = text.german_revision
    text.save()
    return "geändert"


def _load_statement() -> str:
    if AccessibilityStatement.objects.exists():
        return "schon da, bleibt"
    given = read_yaml(CONTENT / "erklaerung.yaml")
    statement = AccessibilityStatement.objects.create(
        created_on=given["created_on"],
        reviewed_on=given["created_on"],
        conformity=given["conformity"],
        assessment_kind=given["assessment_kind"],
        **translated(given, *STATEMENT_WORDS),
    )
    for row in given["findings"]:
        Finding.objects.create(
            statement=statement,
            criterion=row["criterion"],
            reason=row["reason"],
            due_on=given["created_on"] + dt.timedelta(days=DAYS_A_MONTH * row["due_in_months"]),
            **translated(row, "what", "where", "alternative"),
        )
    return "neu"
