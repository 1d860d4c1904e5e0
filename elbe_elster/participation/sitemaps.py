"""Pages about having a say, for search engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from elbe_elster.participation.models import Survey

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


SITEMAPS: dict[str, type[Sitemap[Any]]] = {"mitmachen": ParticipationSitemap, "umfragen": SurveySitemap}
