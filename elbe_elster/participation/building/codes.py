"""Codes: proposed from a text, unique among the others."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
LONGEST = 24  # of a proposal; people may write up to CODE_LENGTH


def proposed_code(text: str, taken: Collection[str], *, fallback: str, digits: bool = False) -> str:
    """A short code for a text that is not among ``taken``. ``digits``: it may begin with one (options, rows)."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LETTERS)).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if len(code) > LONGEST:
        code = code[:LONGEST].rpartition("_")[0] or code[:LONGEST]
    if not code or (code[0].isdigit() and not digits):
        code = f"{fallback}_{code}" if code else fallback
    return free_code(code.strip("_"), taken)


def free_code(code: str, taken: Collection[str]) -> str:
    """The code, with a number behind it where it is taken."""
    if code not in taken:
        return code
    stem = re.sub(r"_\d+$", "", code)
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
