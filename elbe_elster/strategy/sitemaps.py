"""The strategy's pages for search engines."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from elbe_elster.strategy.models import ActionField, Strategy


class StrategySitemap(Sitemap["ActionField | str"]):
    """The strategy and its action fields."""

    def items(self) -> list[ActionField | str]:
        """Pages of their own by URL name, then one page for each field."""
        pages = ["strategy:strategy-detail"] if Strategy.objects.current().exists() else []
        return [*pages, "strategy:action_field-list", *ActionField.objects.in_force()]

    def location(self, item: ActionField | str) -> str:
        """Address of the page."""
        return reverse(item) if isinstance(item, str) else item.get_absolute_url()


SITEMAPS = {"strategie": StrategySitemap}
