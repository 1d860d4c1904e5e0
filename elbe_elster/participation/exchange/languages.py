"""Languages of files and of the portal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .reports import LossReport

PORTAL = ("de", "en", "de-simple")
WORDS = {"de": "Deutsch", "en": "Englisch", "de-simple": "Leichte Sprache"}
KNOWN = {
    **dict.fromkeys(("de", "deu", "ger", "german", "deutsch", "de-de", "de-at", "de-ch"), "de"),
    **dict.fromkeys(("de-informal", "de-formal", "de-du", "de-sie", "deutsch (du)", "deutsch (sie)"), "de"),
    **dict.fromkeys(("en", "eng", "english", "englisch", "en-gb", "en-us", "en-ca", "en-au"), "en"),
    **dict.fromkeys(("de-easy", "de-simple", "de-ls", "de-leicht", "leichte sprache", "deutsch leicht"), "de-simple"),
    **dict.fromkeys(("einfache sprache", "leichte-sprache", "easy german", "deutsch (leichte sprache)"), "de-simple"),
}
PLAIN = {"de", "en", "de-simple"}
VARIANTS = {"de-informal", "de-formal", "de-easy", "deutsch (du)", "deutsch (sie)", "einfache sprache"}
LONGEST_NAME = 100


def portal_language(name: str) -> str:
    """Which language of the portal a name or code of a file means; empty for none."""
    folded = " ".join(name.strip().replace("_", "-").casefold().split())[:LONGEST_NAME]
    in_brackets = re.fullmatch(r"(.*?)\s*\(\s*([a-z]{2,3}(?:-[a-z0-9]+)*)\s*\)", folded)
    if folded in KNOWN:
        return KNOWN[folded]
    if in_brackets:
        return KNOWN.get(in_brackets[2]) or KNOWN.get(in_brackets[1], "")
    return ""


@dataclass(frozen=True)
class Languages:
    """The languages of one file: ``sources`` says for each of the portal from which of the file, best first."""

    base: str  # as the file calls it
    sources: Mapping[str, tuple[str, ...]]

    @property
    def taken(self) -> tuple[str, ...]:
        """The languages of the file that were taken, the base first; one the portal does not have by its own name."""
        names = [portal_language(self.base) or self.base, *self.sources]
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def of_document(self) -> tuple[str, ...]:
        """The languages of the document, in the order of the portal; German is always there."""
        return tuple(name for name in PORTAL if name == "de" or name in self.sources)

    def pick(self, raw: Mapping[str, str]) -> dict[str, str]:
        """A text in the languages of the portal. German falls back to the base, then to whatever there is."""
        found = {}
        for name, files in self.sources.items():
            text = next((raw[file] for file in files if raw.get(file, "").strip()), "")
            if text:
                found[name] = text
        if "de" not in found:
            instead = raw.get(self.base, "") or next((text for text in raw.values() if text.strip()), "")
            if instead.strip():
                found["de"] = instead
        return found

    def missing(self, raw: Mapping[str, str]) -> list[str]:
        """In which of the languages taken this text is missing although another has it."""
        if not any(text.strip() for text in raw.values()):
            return []
        return [name for name, files in self.sources.items() if not any(raw.get(file, "").strip() for file in files)]


def choose_languages(base: str, others: Sequence[str], report: LossReport) -> Languages:
    """Which languages of a file are taken; what is not is said."""
    names = list(dict.fromkeys([base, *others]))
    sources: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: name.casefold() not in PLAIN):
        found = portal_language(name)
        if found:
            sources.setdefault(found, []).append(name)
        elif name and name != base:
            report.drop("", "Sprache", f"„{name}“ gibt es im Portal nicht. Diese Texte sind nicht übernommen.")
    for found, files in sources.items():
        if files[0].casefold() in VARIANTS:
            report.change("", "Sprache", f"„{files[0]}“ steht jetzt unter {WORDS[found]}.")
        for name in files[1:]:
            why = f"„{name}“ gibt es im Portal nicht neben „{files[0]}“. Nur was dort fehlt, kommt aus „{name}“."
            report.drop("", "Sprache", why)
    if "de" not in sources:
        words = f"Deutsch fehlt. An seiner Stelle steht der Text auf „{base}“; bitte übersetzen Sie ihn."
        report.change("", "Sprache", words)
    return Languages(base, {name: tuple(sources[name]) for name in PORTAL if name in sources})
