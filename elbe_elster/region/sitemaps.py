"""The region's pages for search engines."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from elbe_elster.region.models import Administration


class AdministrationSitemap(Sitemap["Administration | None"]):
    """The list, and one page for each administration."""

    def items(self) -> list[Administration | None]:
        """The list is None."""
        return [None, *Administration.objects.all()]

    def location(self, item: Administration | None) -> str:
        """Address of the page."""
        return item.get_absolute_url() if item else reverse("region:administration-list")


SITEMAPS = {"kommunen": AdministrationSitemap}
