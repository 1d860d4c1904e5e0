"""What may be uploaded."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image as Picture

from elbe_elster.strategy.uploads import checked_document, finished_image, is_tagged
from tests.strategy.made_files import PDF, package, picture, upload

DOCX = {"types": b"<Types/>", "word__document_xml": b"<w/>"}
ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content_xml": b"<c/>"}


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("Bericht 2026.pdf", PDF, "application/pdf"),
        ("a.docx", package(**DOCX), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", package(types=b"", xl__workbook_xml=b""), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.ods", package(**ODS), "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.csv", "Ort;Zahl\nDöbern;3".encode(), "text/csv; charset=utf-8"),
        ("a.TXT", "Döbern".encode("cp1252"), "text/plain; charset=windows-1252"),
    ],
)  # fmt: skip
def test_documents_are_known_by_their_content(name: str, data: bytes, media_type: str) -> None:
    assert checked_document(upload(name, data)).media_type == media_type


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.exe", b"MZ", "Diese Art von Datei geht nicht"),
        ("a.svg", b"<svg/>", "Diese Art von Datei geht nicht"),
        ("a.html", b"<p>", "Diese Art von Datei geht nicht"),
        ("a.docm", package(**DOCX), "Diese Art von Datei geht nicht"),
        ("a.pdf", b"<html>", "keine lesbare PDF-Datei"),
        ("a.pdf", b"", "leer"),
        ("a.docx", PDF, "keine lesbare DOCX-Datei"),
        ("a.docx", package(**ODS), "keine lesbare DOCX-Datei"),
        ("a.docx", package(**DOCX)[:-30], "keine lesbare DOCX-Datei"),
        ("a.docx", package(**DOCX, word__vbaProject_bin=b"x"), "Makros"),
        ("a.docx", package(**{**DOCX, "types": b"application/vnd.ms-word.document.macroEnabled.main+xml"}), "Makros"),
        ("a.ods", package(**ODS, Basic__script_xml=b"x"), "Makros"),
        ("a.xlsx", package(types=b"", xl__workbook_xml=b"\0" * 210_000_000), "Ausgepackt ist diese Datei zu groß"),
        ("a.csv", b"a\0b", "keine lesbare CSV-Datei"),
        ("a.txt", PDF, "keine lesbare TXT-Datei"),
        ("a.pdf", PDF + b" " * (20 * 1024 * 1024) + b"%%EOF", "Die Datei ist zu groß. Höchstens 20"),
    ],
)
def test_other_documents_are_refused_with_a_sentence(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked_document(upload(name, data))
    assert said in refused.value.messages[0]


def test_tags_of_a_pdf_file_are_seen() -> None:
    import zlib

    packed = b"<</Type /ObjStm>> stream\n" + zlib.compress(b"/Type /StructTreeRoot") + b"\nendstream"
    assert [is_tagged(data) for data in (PDF, PDF + b"/StructTreeRoot", PDF + packed)] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.svg", b"<svg/>", "Möglich sind JPEG, PNG und WebP"),
        ("a.jpg", b"<html>", "nicht als Bild öffnen"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 50, "nicht als Bild öffnen"),
        ("a.jpg", picture()[:2000], "nicht als Bild öffnen"),
        ("a.jpg", picture("GIF"), "nicht als Bild öffnen"),
        ("a.png", picture("PNG", (12000, 9000), mode="1"), "zu viele Bildpunkte"),
        ("a.jpg", b"", "leer"),
    ],
)
def test_other_images_are_refused_with_a_sentence(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        finished_image(upload(name, data))
    assert said in refused.value.messages[0]


def test_an_image_is_drawn_anew_upright_and_without_its_place() -> None:
    exif = Picture.Exif()
    exif[0x0112] = 6  # turned by the camera
    exif[0x010F] = "GeheimKamera"
    exif.get_ifd(0x8825)[1] = "N"
    finished = finished_image(upload("Foto vom Bus.JPG", picture(size=(3000, 1500), exif=exif, comment=b"GeheimOrt")))
    assert (finished.name, finished.width, finished.height) == ("Foto_vom_Bus.jpg", 1200, 2400)
    for data, kind, size in ((finished.large, "JPEG", (1200, 2400)), (finished.small, "WEBP", (800, 1600))):
        content = data.read()
        with Picture.open(io.BytesIO(content)) as drawn:
            assert (drawn.format, drawn.size, dict(drawn.getexif()), b"Geheim" in content) == (kind, size, {}, False)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("PNG", "LA")])  # fmt: skip
def test_images_of_every_colour_can_be_drawn(kind: str, mode: str) -> None:
    target = io.BytesIO()
    Picture.new(mode, (30, 20)).save(target, kind)
    assert finished_image(upload(f"a.{kind.lower()}".replace("jpeg", "jpg"), target.getvalue())).width == 30
