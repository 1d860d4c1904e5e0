"""Files as people upload them, made for the tests."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer\n%%EOF\n"


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 1000), mode: str = "RGB", **saved: Any) -> bytes:
    target = io.BytesIO()
    Picture.new(mode, size, "#0b5361" if mode == "RGB" else 0).save(target, kind, **saved)
    return target.getvalue()


def package(**parts: bytes) -> bytes:
    """An office document of these parts, ``__`` for the stroke and ``_`` for the dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(
                {"types": "[Content_Types].xml"}.get(name, name.replace("__", "/").replace("_", ".")), data
            )
    return target.getvalue()
