"""Pages that show data of every room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import render

from elbe_elster.participation.models import Dialogue
from elbe_elster.region.models import Municipality
from elbe_elster.region.tilemap import tile_map
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.models import ActionField, ProcessStep

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@transaction.non_atomic_requests  # only reads: no need for two more statements
@login_not_required
@finished_page
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what this is, what it is about, how it came about, who takes part (four queries)."""
    municipalities = list(Municipality.objects.on_map())
    return render(
        request,
        "home.html",
        {
            "fields": ActionField.objects.in_force(),
            "steps": ProcessStep.objects.in_force(),
            "talks": list(Dialogue.objects.talks()),
            "map": tile_map(municipalities),
            "municipality_count": len(municipalities),
            "town_count": sum(row.is_town for row in municipalities),
        },
    )
