from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from elbe_elster.legal.loading import load_texts

if TYPE_CHECKING:
    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LINK = "{http://www.w3.org/1999/xhtml}link"


def test_robots_name_the_sitemap_or_close_the_door(visitor: PortalClient, settings: Any) -> None:
    assert "Sitemap: http://localhost:8000/sitemap.xml" in visitor.get("/robots.txt").content.decode()
    settings.ROBOTS_DISALLOW = True
    assert visitor.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_security_txt_expires_within_a_year(visitor: PortalClient, settings: Any) -> None:
    said = visitor.get("/.well-known/security.txt").content.decode()
    assert said.startswith("Contact: http://localhost:8000/impressum/\n")
    settings.SECURITY_CONTACT = "sicherheit@example.org"
    lines = dict(line.split(": ", 1) for line in visitor.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == "mailto:sicherheit@example.org"
    left = dt.datetime.fromisoformat(lines["Expires"]) - timezone.now()
    assert dt.timedelta(days=30) < left < dt.timedelta(days=365)


def test_the_sitemap_names_public_pages_in_three_languages(visitor: PortalClient) -> None:
    load_texts()
    root = ET.fromstring(visitor.get("/sitemap.xml").content)  # noqa: S314 -- our own answer
    found = {str(url.findtext(LOC)): [link.get("hreflang") for link in url.findall(LINK)] for url in root}
    for path in ("/", "/impressum/", "/en/impressum/", "/de-simple/barrierefreiheit/", "/barriere-melden/"):
        assert found[f"http://localhost:8000{path}"] == ["de", "en", "de-simple"]
    for address in found:
        assert visitor.get(address.removeprefix("http://localhost:8000")).status_code == 200, address
    assert not [address for address in found if "/redaktion/" in address or "/koordination/" in address]


def test_opensearch_leads_to_the_search(visitor: PortalClient) -> None:
    root = ET.fromstring(visitor.get("/opensearch.xml").content)  # noqa: S314 -- our own answer
    assert [each.get("template") for each in root if each.get("template")] == [
        "http://localhost:8000/suche/?q={searchTerms}"
    ]
