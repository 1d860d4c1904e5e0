"""Legal's pages for search engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from elbe_elster.legal.models import AccessibilityStatement, LegalText

if TYPE_CHECKING:
    import datetime as dt


class LegalSitemap(Sitemap["LegalText | AccessibilityStatement"]):
    """Texts and the accessibility statement."""

    def items(self) -> list[LegalText | AccessibilityStatement]:
        """All of them are public."""
        return [*LegalText.objects.all(), *AccessibilityStatement.objects.all()]

    def location(self, item: LegalText | AccessibilityStatement) -> str:
        """Address of the page."""
        return item.get_absolute_url()

    def lastmod(self, item: LegalText | AccessibilityStatement) -> dt.date:
        """Day of the last change."""
        return item.updated_at.date() if isinstance(item, LegalText) else item.reviewed_on


class ReportSitemap(Sitemap[str]):
    """The form for barriers."""

    def items(self) -> list[str]:
        """One page."""
        return ["legal:report-create"]

    def location(self, item: str) -> str:
        """Its address."""
        return reverse(item)


SITEMAPS = {"rechtliches": LegalSitemap, "barriere-melden": ReportSitemap}
