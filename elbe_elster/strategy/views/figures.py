"""Pages of numbers: how far the strategy is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone

from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.figures import facts, tallies, tally
from elbe_elster.strategy.models import ActionField
from elbe_elster.strategy.overview import freshness, milestone_news, money_sums

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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
