"""What somebody brings: looked at before it is opened, recognised by its content, never by its name."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import cast

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

MB = 1024 * 1024
LARGEST_FILE = 10 * MB
LARGEST_UNPACKED = 40 * MB
MOST_PARTS = 1000
MOST_ELEMENTS = 400_000
DEEPEST = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRUCTURE = re.compile(r"(?:^|/)[^/]*\.lss$", re.IGNORECASE)


class UnreadableError(ValueError):
    """A file that cannot be taken; the text is one sentence for people."""


@dataclass(slots=True)
class Element:
    """A piece of XML: its name, its text, its parts."""

    name: str
    text: str
    parts: list[Element]

    def part(self, name: str) -> Element | None:
        """The first part of that name."""
        return next((part for part in self.parts if part.name == name), None)


def kind_of(content: bytes) -> str:
    """``lss`` or ``xlsform``, by what is in the file. Raises UnreadableError for anything else."""
    refuse_at_sight(content)
    if content.startswith(ZIP):
        names = _package_names(content)
        if "xl/workbook.xml" in names:
            return "xlsform"
        if any(STRUCTURE.search(name) for name in names):
            return "lss"
        if "mimetype" in names and "content.xml" in names:
            raise UnreadableError("Das ist eine OpenDocument-Datei. Speichern Sie sie als „.xlsx“.")
        raise UnreadableError("Im Archiv steckt keine LimeSurvey-Struktur („.lss“) und keine Excel-Tabelle.")
    if _begins_like_xml(content):
        return "lss"
    raise UnreadableError("Das ist weder eine LimeSurvey-Struktur („.lss“) noch ein XLSForm („.xlsx“).")


def refuse_at_sight(content: bytes) -> None:
    """Refuse what is empty, too large or in an old format. Raises UnreadableError."""
    if not content.strip():
        raise UnreadableError("Die Datei ist leer.")
    if len(content) > LARGEST_FILE:
        raise UnreadableError("Die Datei ist zu groß. Erlaubt sind 10 MB.")
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableError("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort.")
        raise UnreadableError("Das ist eine Datei im alten Excel-Format. Speichern Sie sie als „.xlsx“.")


def _begins_like_xml(content: bytes) -> bool:
    head = content[:400]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _package_names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableError("Die Datei ist beschädigt.") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableError("Ausgepackt ist die Datei zu groß.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort.")
    return {part.filename for part in parts}


def structure_of_archive(content: bytes) -> tuple[bytes, list[str]]:
    """The ``.lss`` inside of a ``.lsa``, and the names of what is left alone (answers, participants, times).

    Raises UnreadableError. Nothing else of the archive is unpacked.
    """
    names = _package_names(content)
    found = sorted(name for name in names if STRUCTURE.search(name))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        try:
            with package.open(found[0]) as part:
                structure = part.read(LARGEST_UNPACKED + 1)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError) as error:
            raise UnreadableError("Die Datei ist beschädigt.") from error
    if len(structure) > LARGEST_FILE:
        raise UnreadableError("Ausgepackt ist die Datei zu groß.")
    return structure, sorted(names - {found[0]})


class _Tree:
    """Builds a small tree while parsing, and stops when it grows too deep or too wide."""

    def __init__(self) -> None:
        self.stack = [Element("", "", [])]
        self.texts: list[list[str]] = [[]]
        self.count = 0

    def start(self, tag: str, _attributes: object) -> None:
        self.count += 1
        if len(self.stack) > DEEPEST or self.count > MOST_ELEMENTS:
            raise UnreadableError("Die Datei ist zu tief verschachtelt oder zu lang für einen Fragebogen.")
        element = Element(tag, "", [])
        self.stack[-1].parts.append(element)
        self.stack.append(element)
        self.texts.append([])

    def data(self, text: str) -> None:
        self.texts[-1].append(text)

    def end(self, _tag: str) -> None:
        self.stack.pop().text = "".join(self.texts.pop())

    def close(self) -> Element:
        return self.stack[0].parts[0]


def read_xml(content: bytes) -> Element:
    """The XML without document types, entities or anything from outside. Raises UnreadableError."""
    parser = XMLParser(target=_Tree(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        root = cast("Element", parser.close())
    except UnreadableError:
        raise
    except DefusedXmlException as error:
        raise UnreadableError("Die Datei enthält verbotene Anweisungen (Dokumenttyp oder Entitäten).") from error
    except Exception as error:  # expat answers broken files with several kinds of error
        raise UnreadableError("Die Datei ist kein lesbares XML. Exportieren Sie sie noch einmal.") from error
    return root
