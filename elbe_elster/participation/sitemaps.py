"""Pages about having a say, for search engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from elbe_elster.participation.models import PublishedTable, Survey

if TYPE_CHECKING:
    from elbe_elster.participation.models.surveys import SurveyQuerySet


class ParticipationSitemap(Sitemap[str]):
    """How to take part, the talks, and the way to the strategy."""

    def items(self) -> list[str]:
        """URL names."""
        return [
            "participation:overview",
            "participation:survey-list",
            "participation:talk-list",
            "participation:process-detail",
        ]

    def location(self, item: str) -> str:
        """Address of the page."""
        return reverse(item)


class SurveySitemap(Sitemap[Survey]):
    """The first page of every survey that has begun."""

    def items(self) -> SurveyQuerySet:
        """What the public may see."""
        return Survey.objects.public().order_by("pk")


class ResultsSitemap(Sitemap[Survey]):
    """Results of surveys of which something is published."""

    def items(self) -> SurveyQuerySet:
        """What the public may see."""
        published = PublishedTable.objects.public().exclude(values={})
        return Survey.objects.public().filter(pk__in=published.values("survey")).order_by("pk")

    def location(self, item: Survey) -> str:
        """Address of the page."""
        return reverse("participation:survey-results", args=[item.slug])


SITEMAPS: dict[str, type[Sitemap[Any]]] = {
    "mitmachen": ParticipationSitemap,
    "umfragen": SurveySitemap,
    "ergebnisse": ResultsSitemap,
}
