"""Pages about having a say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render

from elbe_elster.participation.invitations import invitations
from elbe_elster.participation.models import Dialogue, Survey
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.models import ProcessStep

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@finished_page
def participation_overview(request: HttpRequest) -> HttpResponse:
    """How people can take part, and where they were heard so far."""
    return render(
        request,
        "participation/participation_overview.html",
        {
            "invitations": invitations(),
            "over": Survey.objects.over().order_by("-closes_at"),
            "steps": ProcessStep.objects.in_force().with_people(),
            "talks": Dialogue.objects.talks(),
        },
    )


@login_not_required
@finished_page
def talk_list(request: HttpRequest) -> HttpResponse:
    """The neighbourhood talks."""
    return render(request, "participation/talk_list.html", {"talks": Dialogue.objects.talks()})


@login_not_required
@finished_page
def process_detail(request: HttpRequest) -> HttpResponse:
    """The way to the strategy, step by step, with the conversations that belong to each.

    Lives in this room because it shows conversations (docs/house.md: the highest room whose data a page shows).
    """
    steps = list(ProcessStep.objects.in_force())
    dialogues = list(Dialogue.objects.filter(step__in=steps))
    return render(
        request,
        "participation/process_detail.html",
        {"steps": [(step, [talk for talk in dialogues if talk.step_id == step.pk]) for step in steps]},
    )
