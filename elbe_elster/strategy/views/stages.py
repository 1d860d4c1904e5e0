"""The administrations: how far each is with the measures, and where it says so itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from elbe_elster.region.figures import figures_by_municipality
from elbe_elster.region.models import Administration, Municipality
from elbe_elster.region.tilemap import tile_map
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.actions.stages import tell_stage
from elbe_elster.strategy.forms.stages import sent_measures, stage_forms
from elbe_elster.strategy.models import STAGE_STEPS, Adoption, ChronicleEntry, Measure, Stage
from elbe_elster.strategy.permissions import can_tell_stage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.strategy.forms.stages import StageForms

UNPROCESSABLE = 422
PER_PAGE = 50  # measures on the page of stages: eight values each, below Django's limit of a thousand
NEWEST = 10  # entries of the Chronik on an administration's page
STAGE_ORDER = (Stage.IN_USE, Stage.PILOTING, Stage.PLANNED, Stage.INTERESTED, Stage.STOPPED, Stage.NOT_CONCERNED)


@login_not_required
@finished_page
@require_safe
def administration_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One administration: how far it is with the measures, its members, inhabitants and place on the map."""
    administration = get_object_or_404(Administration, slug=slug)
    municipalities = list(Municipality.objects.select_related("administration"))
    members = [row for row in municipalities if administration.is_county or row.administration == administration]
    entries = ChronicleEntry.objects.public().told_by(administration).for_list().newest_first()
    context = {
        "administration": administration,
        "members": members,
        "towns": [row for row in members if row.is_town],
        "figures": figures_by_municipality(members),
        "map": tile_map(row for row in municipalities if row.tile_column is not None),
        "entries": entries[:NEWEST],
    }
    return render(request, "strategy/administration_detail.html", context | _stages(administration))


def _stages(administration: Administration) -> dict[str, Any]:
    """What the administration has told of published measures, the furthest first, and how often each stage occurs."""
    told = Adoption.objects.filter(administration=administration, measure__in=Measure.objects.published())
    adoptions = sorted(
        told.select_related("measure__primary_field"),
        key=lambda row: (STAGE_ORDER.index(Stage(row.stage)), row.measure.number_order or 0, row.measure.number),
    )
    counts = Counter(row.stage for row in adoptions)
    return {
        "adoptions": [row for row in adoptions if row.stage != Stage.NOT_CONCERNED],
        "has_contacts": any(row.contact_email for row in adoptions),
        "not_concerned": [row for row in adoptions if row.stage == Stage.NOT_CONCERNED],
        "counts": [(stage.label, STAGE_STEPS[stage], counts[stage]) for stage in STAGE_ORDER if counts[stage]],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def stage_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Where an administration says of every published measure how far it is. Several at once."""
    administration = get_object_or_404(Administration, slug=slug)
    if not can_tell_stage(request.user, administration):
        raise PermissionDenied(_("Den Stand meldet jede Verwaltung selbst. Sie können nur Ihren eigenen Stand ändern."))
    measures = Measure.objects.published().select_related("primary_field")
    page = Paginator(measures, PER_PAGE).get_page(request.GET.get("seite"))
    if request.method == "POST":
        sent = measures.filter(pk__in=sent_measures(request.POST))
        formset = stage_forms(request.POST, measures=sent, administration=administration)
        if formset.is_valid():
            _save(request, administration, formset)
            return redirect(request.get_full_path())
    else:
        formset = stage_forms(None, measures=page.object_list, administration=administration)
    context = {"administration": administration, "formset": formset, "page": page}
    return render(
        request, "strategy/stage_edit.html", context, status=UNPROCESSABLE if formset.total_error_count else 200
    )


def _save(request: HttpRequest, administration: Administration, formset: StageForms) -> None:
    """All rows or none, and a sentence about it."""
    actor: Any = request.user
    try:
        with transaction.atomic():
            changed = sum(
                tell_stage(measure=form.measure, administration=administration, told=form.told, actor=actor)
                for form in formset
                if form.is_changed
            )
    except ValidationError as error:  # withdrawn a moment ago
        messages.error(request, " ".join(error.messages))
    else:
        _say(request, changed)


def _say(request: HttpRequest, changed: int) -> None:
    if not changed:
        messages.info(request, _("Es war nichts zu ändern."))
        return
    said = ngettext(
        "Gespeichert: %(count)d Maßnahme. Sie steht jetzt so auf den öffentlichen Seiten.",
        "Gespeichert: %(count)d Maßnahmen. Sie stehen jetzt so auf den öffentlichen Seiten.",
        changed,
    )
    messages.success(request, said % {"count": changed})
