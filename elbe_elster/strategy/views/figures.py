"""Pages of numbers: how far the strategy is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from elbe_elster.region.figures import figures_by_administration
from elbe_elster.region.models import Administration, Municipality
from elbe_elster.region.tilemap import tile_map
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.figures import facts, tallies, tally
from elbe_elster.strategy.matrix import asked_matrix, legend
from elbe_elster.strategy.models import ActionField
from elbe_elster.strategy.overview import freshness, milestone_news, money_sums
from elbe_elster.strategy.picture import picture_key, roadmap_picture
from elbe_elster.strategy.roadmap import asked_roadmap

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
@finished_page
def overview(request: HttpRequest) -> HttpResponse:
    """How far the strategy is, in numbers (five queries)."""
    today = timezone.localdate()
    known = facts(today)
    return render(
        request,
        "strategy/overview.html",
        {
            "today": today,
            "all": tally(known),
            "fields": tallies(known, ActionField.objects.in_force()),
            "example": any(fact.example for fact in known),
            "milestones": milestone_news(today),
            "freshness": freshness(known, today),
            "money": money_sums(),
        },
    )


@login_not_required
@finished_page
def roadmap(request: HttpRequest) -> HttpResponse:
    """What happens in which quarter: table, list, picture (three queries)."""
    plan, choice = asked_roadmap(request)
    picture = roadmap_picture(plan) if plan.groups else ""
    shown = {"plan": plan, "choice": choice, "picture": picture, "key": picture_key()}
    return render(request, "strategy/roadmap.html", shown)


@login_not_required
@finished_page
def roadmap_file(request: HttpRequest) -> HttpResponse:
    """The picture of the roadmap, to keep or to print (three queries)."""
    plan, _choice = asked_roadmap(request)
    return HttpResponse(
        roadmap_picture(plan),
        content_type="image/svg+xml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="fahrplan-{plan.quarters[0].year}.svg"'},
    )


@login_not_required
@finished_page
def adoption_matrix(request: HttpRequest) -> HttpResponse:
    """The county on a map, who is how far with which measure, and how many people live where (six queries)."""
    municipalities = list(Municipality.objects.select_related("administration"))
    administrations = list(Administration.objects.all())
    told, choice = asked_matrix(request, administrations, list(ActionField.objects.in_force()))
    return render(
        request,
        "strategy/adoption_matrix.html",
        {
            "county": next((row for row in administrations if row.is_county), None),
            "map": tile_map(row for row in municipalities if row.tile_column is not None),
            "figures": figures_by_administration(municipalities),
            "municipality_count": len(municipalities),
            "town_count": sum(row.is_town for row in municipalities),
            "matrix": told,
            "choice": choice,
            "legend": legend(),
        },
    )
