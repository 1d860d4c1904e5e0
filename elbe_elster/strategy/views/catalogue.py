"""The catalogue of measures, and each measure's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.catalogue import Catalogue
from elbe_elster.strategy.dossier import read_dossier
from elbe_elster.strategy.measure_page import MeasurePage
from elbe_elster.strategy.models import Measure

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_GET
@finished_page
def measure_list(request: HttpRequest) -> HttpResponse:
    """``/massnahmen/``: every published measure, narrowed by the query string."""
    catalogue = Catalogue(request.GET)
    return render(request, "strategy/measure_list.html", {"catalogue": catalogue, "page": catalogue.page})


@login_not_required
@require_GET
@finished_page
def measure_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """``/massnahmen/…/``: what is published of one measure (one query). A former address leads to the new one."""
    dossier = read_dossier(slug)
    if dossier is None:
        return redirect(get_object_or_404(Measure.objects.published().formerly_at(slug)), permanent=True)
    return render(request, "strategy/measure_detail.html", {"page": MeasurePage(dossier)})
