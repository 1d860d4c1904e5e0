"""Pages of the region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render

from elbe_elster.region.figures import figures_by_administration
from elbe_elster.region.models import Administration, Municipality
from elbe_elster.region.tilemap import tile_map
from elbe_elster.snapshots.decorators import finished_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@finished_page
def administration_list(request: HttpRequest) -> HttpResponse:
    """The county on a map, its administrations, and how many people live there."""
    municipalities = list(Municipality.objects.select_related("administration"))
    return render(
        request,
        "region/administration_list.html",
        {
            "county": Administration.objects.county().first(),
            "map": tile_map(row for row in municipalities if row.tile_column is not None),
            "figures": figures_by_administration(municipalities),
            "municipality_count": len(municipalities),
            "town_count": sum(row.is_town for row in municipalities),
        },
    )
