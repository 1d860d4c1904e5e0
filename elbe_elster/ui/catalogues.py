"""The interface's translations: ``python -m elbe_elster.ui.catalogues compile|update|missing``.

German is the msgid. ``update`` collects every text of code and templates into ``locale/<language>/LC_MESSAGES``,
``compile`` turns the catalogues into what Django reads, ``missing`` says what is still to be translated.
Works without GNU gettext: Django's own template reader feeds Babel's reader for Python.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale"
LANGUAGES = {"en": "en", "de_Simple": "de"}  # folder after Django's rule: language whose plural forms hold
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")


def main(arguments: list[str]) -> int:
    """Carry out one of the three commands; return the exit code."""
    commands = {"compile": compile_all, "update": update_all, "missing": _print_complaints}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]]() or 0


def catalogue_path(folder: str) -> Path:
    """Where a language's translations stand."""
    return LOCALE / folder / "LC_MESSAGES" / "django.po"


def compile_all() -> None:
    """Write a .mo beside every .po that is newer."""
    for source in LOCALE.glob("*/LC_MESSAGES/django.po"):
        folder, target = source.parent.parent.name, source.with_suffix(".mo")
        newest = max(path.stat().st_mtime_ns for path in (source, catalogue_path("de")) if path.exists())
        if not target.exists() or target.stat().st_mtime_ns < newest:
            with target.open("wb") as file:
                write_mo(file, _with_german_libraries(folder))


def _with_german_libraries(folder: str) -> Catalog:
    """A catalogue to compile. Leichte Sprache is German: our German words for libraries hold there, too.

    Django takes them from ``locale/de`` only where a language has no catalogue of its own.
    """
    catalogue = read_catalogue(folder)
    if LANGUAGES.get(folder) == "de":
        for message in read_catalogue("de"):
            if message.id and not catalogue.get(message.id, message.context):
                catalogue.add(message.id, message.string, context=message.context)
    return catalogue


def update_all() -> None:
    """Bring every catalogue up to date with the texts in code and templates; drop what nobody uses."""
    template = collect()
    for folder in LANGUAGES:
        catalogue = read_catalogue(folder)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = catalogue_path(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=True)
        text = path.read_text(encoding="utf-8")
        path.write_text(_header(folder) + text, encoding="utf-8")
        print(f"{folder}: {sum(1 for message in catalogue if message.id)} Texte, {len(untranslated(folder))} fehlen")


def _header(folder: str) -> str:
    lines = (
        f"Language: {folder}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "Plural-Forms: nplurals=2; plural=(n != 1);",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def read_catalogue(folder: str) -> Catalog:
    """The translations of one language; an empty catalogue where there are none yet."""
    path = catalogue_path(folder)
    if not path.exists():
        return Catalog(locale=LANGUAGES[folder])
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGES.get(folder, folder), domain="django", abort_invalid=True)
    # Babel takes the locale from the header; it does not know "de_Simple", nor needs to.
    catalogue.locale = LANGUAGES.get(folder, folder)
    return catalogue


def collect() -> Catalog:
    """Every text of the portal that can be translated."""
    catalogue = Catalog()
    for path in sorted(_sources()):
        place = str(path.relative_to(ROOT))
        text = path.read_text(encoding="utf-8")
        if path.suffix in TEMPLATE_SUFFIXES:
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
        for line, message, _comments, context in found:
            catalogue.add(message, None, [(place, line)], context=context)
    return catalogue


def _sources() -> Iterator[Path]:
    for path in (ROOT / "elbe_elster").rglob("*"):
        is_template = "templates" in path.parts and path.suffix in TEMPLATE_SUFFIXES
        if (path.suffix == ".py" and "migrations" not in path.parts) or is_template:
            yield path
    yield from (path for path in (ROOT / "templates").rglob("*") if path.suffix in TEMPLATE_SUFFIXES)


# Checking ---------------------------------------------------------------------


def untranslated(folder: str) -> list[str]:
    """Texts without a finished translation in one language."""
    catalogue = read_catalogue(folder)
    return [
        _forms(wanted)[0]
        for wanted in collect()
        if wanted.id and not _is_translated(catalogue.get(_forms(wanted)[0], wanted.context))
    ]


def _is_translated(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(_strings(message))


def unused(folder: str) -> list[str]:
    """Translations of texts the portal no longer has."""
    known = collect()
    return [
        _forms(message)[0]
        for message in read_catalogue(folder)
        if message.id and known.get(_forms(message)[0], message.context) is None
    ]


def broken(folder: str) -> list[str]:
    """Translations that lost or invented a placeholder or a tag."""
    return [
        f"{_forms(message)[0]!r} → {translation!r}"
        for message in read_catalogue(folder)
        if message.id
        for form, translation in zip(_forms(message), _strings(message), strict=False)
        if translation and sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(translation))
    ]


def _forms(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def _print_complaints() -> int:
    found = [
        f"{folder}: {what}: {text}"
        for folder in LANGUAGES
        for what, check in (("fehlt", untranslated), ("überzählig", unused), ("Platzhalter", broken))
        for text in check(folder)
    ]
    print("\n".join(found) or "Alle Texte sind übersetzt.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
