"""What somebody typed into a search box, made safe to ask the database with."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

LONGEST_QUERY = 200  # characters; the rest is cut off
MOST_WORDS = 8
SHORTEST_PART = 4  # letters; shorter words are not looked for inside of compounds
SHORTEST_PREFIX = 3  # letters; shorter words match whole words only

SPELLED_OUT = re.compile(r"(?<![aeiouq])([aou])e")  # an umlaut on keyboards without any

CONFIGS = {"en": "english"}
GERMAN_CONFIG = "german_portal"


def config_for(language: str) -> str:
    """Name of the text search configuration of a language; Leichte Sprache is German."""
    return CONFIGS.get(language, GERMAN_CONFIG)


def cleaned(text: str) -> str:
    """The text without control characters, soft hyphens and Mediopunkte, in single spaces, at most 200 characters."""
    kept = "".join(char for char in text if char not in "\u00ad·‧" and (char.isspace() or char.isprintable()))
    return " ".join(unicodedata.normalize("NFC", kept).split())[:LONGEST_QUERY].strip()


def folded(text: str) -> str:
    """The text in small letters without accents: „Mühlberg“ becomes „muhlberg“, „Straße“ „strasse“."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def foldings(text: str) -> tuple[str, ...]:
    """The folded text, and how it folds if „ae“, „oe“, „ue“ stand for umlauts: „buerger“ also as „burger“.

    After a vowel or a q they do not: „neue“, „Bauer“, „Quelle“. The stems of whole words know this by themselves.
    """
    typed = folded(text)
    return tuple(dict.fromkeys((typed, SPELLED_OUT.sub(r"\1", typed))))


def long_words(text: str) -> list[str]:
    """The folded words that are long enough to have another one inside, each once."""
    every = dict.fromkeys(re.findall(r"[^\W_]+", folded(text)))
    return [word for word in every if len(word) > SHORTEST_PART]


@dataclass(frozen=True)
class Words:
    """A search: the cleaned text, the language, and the words that carry meaning (no stop words)."""

    text: str
    language: str
    parts: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.parts)

    @staticmethod
    def term(word: str) -> str:
        """The word as PostgreSQL's raw tsquery reads it; long enough words also match as a beginning."""
        return f"'{word}':*" if len(word) >= SHORTEST_PREFIX else f"'{word}'"


def read_words(text: str, language: str) -> Words:
    """Clean the text and drop stop words, as PostgreSQL knows them (one query for words not asked for lately)."""
    text = cleaned(text)
    found = tuple(dict.fromkeys(re.findall(r"[^\W_]+", text)))[:MOST_WORDS]
    return Words(text=text, language=language, parts=_telling(found, config_for(language)) if found else ())


@lru_cache(maxsize=1024)
def _telling(words: tuple[str, ...], config: str) -> tuple[str, ...]:
    """The words without stop words; what is one does not change while the portal runs."""
    sql = "SELECT word FROM unnest(%s::text[]) AS word WHERE to_tsvector(%s::regconfig, word) <> ''::tsvector"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(words), config])
        telling = {row[0] for row in cursor.fetchall()}
    return tuple(word for word in words if word in telling)
