"""The region's pages for search engines."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap

from elbe_elster.region.models import Administration


class AdministrationSitemap(Sitemap[Administration]):
    """One page for each administration."""

    def items(self) -> list[Administration]:
        """Every administration."""
        return list(Administration.objects.all())

    def location(self, item: Administration) -> str:
        """Address of the page."""
        return item.get_absolute_url()


SITEMAPS = {"kommunen": AdministrationSitemap}
