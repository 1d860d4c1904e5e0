"""A sum in words, for people whose browser cannot do the proof of work. The answer stands nowhere on the page."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from elbe_elster.participation.filling.proof import LASTS, first_use
from elbe_elster.participation.sealing import fingerprint

MOST = 9
LONGEST = 100  # characters of the field


@dataclass(frozen=True)
class PlainQuestion:
    """The question and the field that finds out whether the answer is right."""

    text: str
    ticket: str


def number_words() -> tuple[str, ...]:
    """The numbers from 0 to 18 in words."""
    return (
        _("null"), _("eins"), _("zwei"), _("drei"), _("vier"), _("fünf"), _("sechs"), _("sieben"), _("acht"), _("neun"),
        _("zehn"), _("elf"), _("zwölf"), _("dreizehn"), _("vierzehn"), _("fünfzehn"), _("sechzehn"), _("siebzehn"),
        _("achtzehn"),
    )  # fmt: skip


def ask() -> PlainQuestion:
    """A new question in the current language."""
    left, right = secrets.randbelow(MOST) + 1, secrets.randbelow(MOST) + 1
    words = number_words()
    begun = f"{secrets.token_hex(8)}.{int(time.time()) + LASTS}"
    text = _("Wie viel ist %(left)s plus %(right)s?") % {"left": words[left], "right": words[right]}
    return PlainQuestion(text, f"{begun}.{_mark(begun, left + right)}")


def is_right(ticket: str, answer: str) -> bool:
    """Whether the answer, as a number or in words, belongs to the question. A ticket is good once."""
    begun, _dot, mark = ticket[:LONGEST].rpartition(".")
    try:
        expires = int(begun.partition(".")[2])
    except ValueError:
        return False
    said = answer.strip().lower()
    words = number_words()
    number = words.index(said) if said in words else int(said) if said.isdecimal() and len(said) < len("123") else -1
    right = number >= 0 and expires > time.time() and hmac.compare_digest(mark.encode(), _mark(begun, number).encode())
    return right and first_use(begun)


def _mark(begun: str, number: int) -> str:
    return fingerprint(f"{begun}={number}", purpose="plain question").hex()
