"""Seals what must not be read from the database alone: AES-256-GCM with keys made from SECRET_KEY.

A key for each purpose is derived with HKDF-SHA256 (RFC 5869); ``extra`` binds a code that only a person knows, so that
without it nobody opens the seal. Sealed bytes carry no time.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes
LARGEST = 2_000_000  # bytes after unpacking


class SealBrokenError(Exception):
    """Not sealed by us, or with a key we no longer have."""


def seal(content: bytes, *, purpose: str, extra: str = "") -> bytes:
    """Pack and encrypt."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(settings.SECRET_KEY, purpose, extra).encrypt(nonce, zlib.compress(content), None)


def unseal(sealed: bytes, *, purpose: str, extra: str = "") -> bytes:
    """The content of ``seal``, also with a key of SECRET_KEY_FALLBACKS. Raises SealBrokenError."""
    for secret in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        try:
            packed = _cipher(secret, purpose, extra).decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except (InvalidTag, ValueError):
            continue
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, LARGEST)
        if unpacker.unconsumed_tail:
            raise SealBrokenError
        return content
    raise SealBrokenError


def fingerprint(secret: str, *, purpose: str) -> bytes:
    """What is stored instead of a secret: 32 bytes that find it again, useless without SECRET_KEY."""
    return hmac.new(f"{purpose}:{settings.SECRET_KEY}".encode(), secret.encode(), hashlib.sha256).digest()


def _cipher(secret: str, purpose: str, extra: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"{purpose}\0{extra}".encode())
    return AESGCM(derived.derive(secret.encode()))
