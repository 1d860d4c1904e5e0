"""Pages that show data of every room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone

from elbe_elster.participation.invitations import invitations
from elbe_elster.participation.models import Dialogue
from elbe_elster.region.models import Municipality
from elbe_elster.region.tilemap import tile_map
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.figures import facts, tallies, tally
from elbe_elster.strategy.models import ActionField, ChronicleEntry, ProcessStep

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NEWEST = 3  # entries of the Chronik on the first page


@transaction.non_atomic_requests  # only reads: no need for two more statements
@login_not_required
@finished_page
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what this is, how far it is, what is new, how it came about, who takes part (seven queries)."""
    municipalities = list(Municipality.objects.on_map())
    fields, known = list(ActionField.objects.in_force()), facts()
    return render(
        request,
        "home.html",
        {
            "today": timezone.localdate(),
            "fields": fields,
            "all": tally(known),
            "tallies": tallies(known, fields),
            "example": any(fact.example for fact in known),
            "entries": list(ChronicleEntry.objects.public().happened().for_list().newest_first()[:NEWEST]),
            "steps": ProcessStep.objects.in_force(),
            "invitation": next(iter(invitations()), None),
            "talks": list(Dialogue.objects.talks()),
            "map": tile_map(municipalities),
            "municipality_count": len(municipalities),
            "town_count": sum(row.is_town for row in municipalities),
        },
    )
