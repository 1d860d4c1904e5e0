"""The tests' browser without a screen: it runs what waits for the commit and distrusts every page it gets."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client, TestCase

STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")
DATA_SCRIPTS = {"application/json", "application/ld+json"}


class PortalClient(Client):
    """Django's test client that runs on-commit callbacks and refuses markup the content policy would block."""

    def request(self, **request: Any) -> Any:
        """One request, its on-commit work included. Raises AssertionError for a page with bad markup."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = super().request(**request)
        caged = "sandbox" in response.get("Content-Security-Policy", "")  # a letter's own design in its frame
        if response.get("Content-Type", "").startswith("text/html") and not (response.streaming or caged):
            found = complaints(_text(response))
            assert found == [], f"{request.get('PATH_INFO')}: {found}"
        return response


def _text(response: Any) -> str:
    content: bytes = response.content
    if response.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    return content.decode()


def complaints(html: str) -> list[str]:
    """What is wrong with the markup of a page: inline code, stray template code, ids used twice."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.complaints


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.complaints: list[str] = []
        self.ids: set[str] = set()
        self.verbatim = 0  # inside an element that shows code on purpose

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.verbatim += tag in {"pre", "code"}
        self.complaints += [f"<{tag} {name}=…>" for name in values if name == "style" or name.startswith("on")]
        told = [(name, value or "") for name, value in attrs if name != "data-inline-formset"]  # the admin's JSON
        self.complaints += [f"stray {value!r} in <{tag} {name}>" for name, value in told if STRAY.search(value)]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") not in DATA_SCRIPTS):
            self.complaints.append(f"inline <{tag}>")
        identity = values.get("id")
        if identity in self.ids:
            self.complaints.append(f"id {identity!r} twice")
        if identity is not None:
            self.ids.add(identity)

    def handle_endtag(self, tag: str) -> None:
        self.verbatim -= tag in {"pre", "code"}

    def handle_data(self, data: str) -> None:
        if not self.verbatim and self.cdata_elem is None and STRAY.search(data):
            self.complaints.append(f"stray {data.strip()!r}")
