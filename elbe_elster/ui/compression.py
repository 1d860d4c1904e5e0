"""Compresses the pages made for one visitor less tightly than the finished ones, at a third of the price."""

from __future__ import annotations

import gzip
import secrets
from typing import TYPE_CHECKING, cast

from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LEVEL = 3  # Django's 6 takes 0.8 ms for a long list, this 0.3 ms for a tenth more bytes
SHORTEST = 1000  # bytes; Django decides about what is shorter
HEADER = 10  # bytes
FLAGS, HAS_NAME = 3, 8  # place in the header, and the flag that says a name follows
LONGEST_NAME = 100  # bytes


class QuickGZipMiddleware(GZipMiddleware):
    """Django's, with a quicker way for plain pages; streams and short answers go Django's way."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        """Compress a page for a browser that can read it."""
        accepts = re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        plain = not response.streaming and "Content-Encoding" not in response.headers and "ETag" not in response.headers
        if not accepts or not plain or len(response.content) < SHORTEST:
            return cast("HttpResponse", super().process_response(request, response))
        patch_vary_headers(response, ["Accept-Encoding"])
        compressed = compress(response.content)
        if len(compressed) < len(response.content):
            response.content = compressed
            response.headers["Content-Length"] = str(len(compressed))
            response.headers["Content-Encoding"] = "gzip"
        return response


def compress(content: bytes) -> bytes:
    """The content as gzip, with a name of random length, so that sizes betray no secret (BREACH)."""
    packed = gzip.compress(content, LEVEL, mtime=0)
    header = bytearray(packed[:HEADER])
    header[FLAGS] |= HAS_NAME
    name = b"a" * (1 + secrets.randbelow(LONGEST_NAME))
    return bytes(header) + name + b"\0" + packed[HEADER:]
