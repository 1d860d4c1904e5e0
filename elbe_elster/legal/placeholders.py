"""Placeholders: ``[[Telefonnummer]]`` in a text stands for something that is still to be filled in."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\[\[([^\[\]\n]{1,80})\]\]")


def find_placeholders(text: str) -> list[str]:
    """Names of what is missing, each once, in order."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))
