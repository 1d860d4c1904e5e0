"""Pages of the strategy and its action fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.field_page import field_page
from elbe_elster.strategy.models import ActionField, Strategy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@finished_page
def strategy_detail(request: HttpRequest) -> HttpResponse:
    """What the strategy is, why, and what it is to achieve."""
    strategy = get_object_or_404(Strategy.objects.current())
    return render(
        request,
        "strategy/strategy_detail.html",
        {"strategy": strategy, "fields": ActionField.objects.filter(strategy=strategy)},
    )


@login_not_required
@finished_page
def action_field_list(request: HttpRequest) -> HttpResponse:
    """The action fields of the strategy in force."""
    return render(request, "strategy/action_field_list.html", {"fields": ActionField.objects.in_force()})


@login_not_required
@finished_page
def action_field_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One action field: its texts, goals and measures, and its neighbours to go on to (five queries)."""
    fields = list(ActionField.objects.in_force())
    place = next((index for index, field in enumerate(fields) if field.slug == slug), None)
    if place is None:
        raise Http404
    return render(
        request,
        "strategy/action_field_detail.html",
        {
            "field": fields[place],
            "page": field_page(fields[place]),
            "fields": fields,
            "previous": fields[place - 1] if place else None,
            "next": fields[place + 1] if place + 1 < len(fields) else None,
        },
    )
