"""The strategy's pages for search engines."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from elbe_elster.strategy.models import ActionField, Measure, ProjectProfile, Strategy

PAGES = ("action_field-list", "measure-list", "profile-list", "roadmap", "overview", "adoption-matrix", "news")

Record = ActionField | Measure | ProjectProfile


class StrategySitemap(Sitemap["Record | str"]):
    """The strategy, its action fields, and the measures and projects everybody may see."""

    def items(self) -> list[Record | str]:
        """Pages of their own by URL name, then one page for each record."""
        pages = ["strategy:strategy-detail"] if Strategy.objects.current().exists() else []
        return [
            *pages,
            *(f"strategy:{page}" for page in PAGES),
            *ActionField.objects.in_force(),
            *Measure.objects.published(),
            *ProjectProfile.objects.published(),
        ]

    def location(self, item: Record | str) -> str:
        """Address of the page."""
        return reverse(item) if isinstance(item, str) else item.get_absolute_url()


SITEMAPS = {"strategie": StrategySitemap}
