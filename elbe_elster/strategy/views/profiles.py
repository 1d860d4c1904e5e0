"""Project profiles: how measures are carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render

from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.choosing import chosen_field, field_chips
from elbe_elster.strategy.models import ActionField, ProjectProfile
from elbe_elster.strategy.profiles import profile_sheet

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@finished_page
def profile_list(request: HttpRequest) -> HttpResponse:
    """Every public project profile, of one action field if asked (two queries)."""
    fields = list(ActionField.objects.in_force())
    field = chosen_field(fields, request.GET.get("feld", ""))
    profiles = list(ProjectProfile.objects.published().for_list())
    shown = [row for row in profiles if field is None or row.measure.primary_field_id == field.pk]
    counts = {one.pk: sum(row.measure.primary_field_id == one.pk for row in profiles) for one in fields}
    return render(
        request,
        "strategy/profile_list.html",
        {
            "profiles": shown,
            "field": field,
            "chips": field_chips(request, fields, field, counts),
        },
    )


@login_not_required
@finished_page
def profile_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One project on one page. A former address leads to the new one; what is not public is not there."""
    shown = ProjectProfile.objects.published()
    profile = shown.for_list().filter(slug=slug).first()
    if profile is None:
        return redirect(get_object_or_404(shown.formerly_at(slug)), permanent=True)
    return render(request, "strategy/profile_detail.html", {"sheet": profile_sheet(profile)})
