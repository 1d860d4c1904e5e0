"""Pages about having a say, for search engines."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class ParticipationSitemap(Sitemap[str]):
    """How to take part, the talks, and the way to the strategy."""

    def items(self) -> list[str]:
        """URL names."""
        return ["participation:overview", "participation:talk-list", "participation:process-detail"]

    def location(self, item: str) -> str:
        """Address of the page."""
        return reverse(item)


SITEMAPS = {"mitmachen": ParticipationSitemap}
