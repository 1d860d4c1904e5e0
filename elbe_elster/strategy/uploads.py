"""What may be uploaded. Files are judged by what is in them; every refusal is a sentence for the field."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

if TYPE_CHECKING:
    from django.core.files.base import File

LARGEST_DOCUMENT = 20 * 1024 * 1024  # bytes; the proxy lets 25 MB pass
LARGEST_IMAGE = 15 * 1024 * 1024
MOST_PIXELS = 60_000_000  # a good camera has 45 million
LONGEST_SIDE = 2400  # pixels of the large version
SMALL_WIDTH = 800  # pixels of the small one
QUALITY = 85
MOST_ENTRIES = 5000  # in the package of an office document
LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes
LONGEST_NAME = 120  # letters
CHECKED_STREAMS = 200  # in a PDF file

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
IMAGE_ENDINGS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
ENDING_OF = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
MACRO_PARTS = re.compile(r"vbaProject|macrosheets/|activeX/|(?:^|/)Basic/|(?:^|/)Scripts/", re.IGNORECASE)
MAIN_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}


class CheckedDocument(NamedTuple):
    """A document that may be kept: its name, its media type, and whether a PDF file has tags (others: None)."""

    name: str
    media_type: str
    tagged: bool | None


class FinishedImage(NamedTuple):
    """A picture drawn anew, without place, camera or anything else that was hidden in the file. Sizes in pixels."""

    name: str
    large: ContentFile[bytes]
    small: ContentFile[bytes]
    width: int
    height: int


def checked_document(file: File[bytes]) -> CheckedDocument:
    """Look into a document. Raises ValidationError with what to do instead."""
    name = _name(file)
    ending = PurePath(name).suffix.lower()
    if ending not in MEDIA_TYPES:
        raise ValidationError(
            _("Diese Art von Datei geht nicht. Möglich sind PDF, DOCX, XLSX, ODT, ODS, CSV und TXT, ohne Makros.")
        )
    data = _read(file, LARGEST_DOCUMENT)
    if ending == ".pdf":
        if not data.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
            raise _not_what_it_says("PDF")
        return CheckedDocument(name, MEDIA_TYPES[ending], is_tagged(data))
    if ending in (".csv", ".txt"):
        return CheckedDocument(name, f"{MEDIA_TYPES[ending]}; charset={_charset(data, ending)}", None)
    _check_package(data, ending)
    return CheckedDocument(name, MEDIA_TYPES[ending], None)


def is_tagged(data: bytes) -> bool:
    """Whether a PDF file seems to have tags. A hint, not a proof: it says nothing about how good they are."""
    if b"/StructTreeRoot" in data:
        return True
    streams = re.finditer(rb"/ObjStm.{0,300}?stream\r?\n", data, re.DOTALL)
    for _number, found in zip(range(CHECKED_STREAMS), streams, strict=False):
        try:
            if b"/StructTreeRoot" in zlib.decompressobj().decompress(
                data[found.end() : found.end() + 1_000_000], 2_000_000
            ):
                return True
        except zlib.error:
            continue
    return False


def finished_image(file: File[bytes]) -> FinishedImage:
    """Draw a picture anew, upright, large and small. Raises ValidationError with what to do instead."""
    name = _name(file)
    if PurePath(name).suffix.lower() not in IMAGE_ENDINGS:
        raise ValidationError(_("Diese Art von Bild geht nicht. Möglich sind JPEG, PNG und WebP."))
    data = _read(file, LARGEST_IMAGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count the pixels ourselves
            return _drawn(name, data)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _(
                "Diese Datei lässt sich nicht als Bild öffnen. Speichern Sie das Bild als JPEG und wählen Sie es neu aus."
            )
        ) from error


def _drawn(name: str, data: bytes) -> FinishedImage:
    with Image.open(io.BytesIO(data), formats=sorted(ENDING_OF)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValidationError(
                _("Das Bild hat zu viele Bildpunkte. Verkleinern Sie es auf höchstens 6000 Pixel je Seite.")
            )
        kind = opened.format or "JPEG"
        opened.load()
        picture = ImageOps.exif_transpose(_in_plain_colours(opened))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((SMALL_WIDTH, LONGEST_SIDE))
    stem = PurePath(name).stem
    large = _encoded(picture, kind)
    return FinishedImage(
        f"{stem}{ENDING_OF[kind]}", large, _encoded(small, "WEBP"), width=picture.width, height=picture.height
    )


def _in_plain_colours(opened: Image.Image) -> Image.Image:
    """The same colours without a profile of their own; see-through stays see-through."""
    see_through = "A" in opened.getbands() or "transparency" in opened.info
    profile = opened.info.get("icc_profile")
    orientation = opened.getexif().get(0x0112)
    if profile and opened.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if opened.mode == "RGBA" else "RGB"
            changed = ImageCms.profileToProfile(opened, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            opened = changed or opened  # None: drawn in place, which we do not ask for
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: the colours as they are
    plain = opened.convert("RGBA" if see_through else "RGB")
    plain.info.clear()
    if orientation:
        plain.getexif()[0x0112] = orientation
    return plain


def _encoded(picture: Image.Image, kind: str) -> ContentFile[bytes]:
    if kind == "JPEG" and picture.mode != "RGB":
        picture = picture.convert("RGB")
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    target = io.BytesIO()
    bare.save(target, kind, quality=QUALITY, optimize=True)  # each format takes what concerns it
    return ContentFile(target.getvalue(), name=f"bild{ENDING_OF[kind]}")


def _name(file: File[bytes]) -> str:
    """A harmless name that people still recognise."""
    given = PurePath(str(file.name or "").replace("\\", "/")).name
    stem, ending = PurePath(given).stem[:LONGEST_NAME], PurePath(given).suffix[:10]
    try:
        return str(get_valid_filename(f"{stem}{ending}"))
    except ValueError:  # of dots and nothing else
        return "datei"


def _read(file: File[bytes], largest: int) -> bytes:
    if file.size > largest:
        raise ValidationError(_("Die Datei ist zu groß. Höchstens %(size)s gehen.") % {"size": filesizeformat(largest)})
    file.seek(0)
    data: bytes = file.read(largest + 1)
    file.seek(0)
    if not data:
        raise ValidationError(_("Die Datei ist leer."))
    return data


def _charset(data: bytes, ending: str) -> str:
    if b"\0" in data or data.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8")):
        raise _not_what_it_says(ending[1:].upper())
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _check_package(data: bytes, ending: str) -> None:
    """An office document is a ZIP package with its parts, of reasonable size, and without programs in it."""
    kind = ending[1:].upper()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise ValidationError(_("Ausgepackt ist diese Datei zu groß."))
            names = [entry.filename for entry in entries]
            if any(entry.flag_bits & 1 for entry in entries):
                raise ValidationError(_("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne."))
            if not _is_of_kind(package, names, ending):
                raise _not_what_it_says(kind)
            if any(MACRO_PARTS.search(name) for name in names) or _says_macros(package, names):
                raise ValidationError(
                    _("In der Datei sind Makros. Speichern Sie sie ohne Makros und wählen Sie sie neu aus.")
                )
    except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError, OSError) as error:
        raise _not_what_it_says(kind) from error


def _is_of_kind(package: zipfile.ZipFile, names: list[str], ending: str) -> bool:
    if ending in MAIN_PARTS:
        return "[Content_Types].xml" in names and MAIN_PARTS[ending] in names
    return "mimetype" in names and _start(package, "mimetype").decode("ascii", "replace") == MEDIA_TYPES[ending]


def _says_macros(package: zipfile.ZipFile, names: list[str]) -> bool:
    return "[Content_Types].xml" in names and b"macroEnabled" in _start(package, "[Content_Types].xml")


def _start(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(1_000_000)


def _not_what_it_says(kind: str) -> ValidationError:
    return ValidationError(
        _("Diese Datei heißt zwar so, ist aber keine lesbare %(kind)s-Datei. Speichern Sie sie noch einmal neu.")
        % {"kind": kind}
    )
