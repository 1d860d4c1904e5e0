"""Reads content files. A broken file stops the loading with a sentence that names it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # written in C where the wheel has it: ten times as fast


class ContentError(Exception):
    """A content file cannot be read or lacks something. The text is a German sentence for the terminal."""


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_yaml(path: Path) -> Any:
    """Contents of a YAML file."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are the safe loader
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name} ist kein gültiges YAML: {error}") from error


def translated(entry: dict[str, Any], *names: str) -> dict[str, str]:
    """The columns of translated fields: ``{"title": {"de": …}}`` becomes ``{"title_de": …, "title_en": …}``.

    A list becomes a text with one line for each item.
    """
    values: dict[str, str] = {}
    for name in names:
        for language in settings.MODELTRANSLATION_LANGUAGES:
            try:
                text = entry[name][language]
            except (KeyError, TypeError) as error:
                raise ContentError(f"Es fehlt „{name}“ in der Sprache {language}: {entry!r:.80}") from error
            if isinstance(text, list):
                text = "\n".join(text)
            values[f"{name}_{language.replace('-', '_')}"] = text.strip()
    return values
