"""Devices at events: staff open them, many people answer on them one after the other."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elbe_elster.participation.actions.kiosks import close_kiosk, kiosk_with_key, open_kiosk
from elbe_elster.participation.codes.labels import drawn
from elbe_elster.participation.forms.kiosks import KioskForm
from elbe_elster.participation.models import Channel, Survey, SurveyState
from elbe_elster.participation.views.filling import begin, leaves_no_trace
from elbe_elster.participation.views.staff import on_survey, person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE, NOT_FOUND = 422, 404


@require_http_methods(["GET", "POST"])
@on_survey
def survey_kiosks(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The devices of a survey; opening one shows its address, once."""
    form = KioskForm(request.POST or None)
    context: dict[str, Any] = {"survey": survey, "form": form, "address": ""}
    if request.method == "POST" and form.is_valid():
        name, open_until = form.cleaned_data["name"], form.open_until
        key = open_kiosk(survey=survey, name=name, open_until=open_until, actor=person(request))
        path = reverse("participation:kiosk-start", args=[key])
        address = request.build_absolute_uri(path)
        context = {**context, "form": KioskForm(), "address": address, "qr": _picture(address), "opened": name}
    status = UNPROCESSABLE if form.is_bound and not form.is_valid() else 200
    now = timezone.now()
    context["kiosks"] = survey.kiosks.select_related("opened_by")
    context["now"] = now
    context["running"] = survey.state_at(now) == SurveyState.OPEN
    return render(request, "participation/gates/survey_kiosks.html", context, status=status)


def _picture(address: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn(address).encode()).decode()}"


@require_POST
@on_survey
def kiosk_close(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:
    """Close a device now."""
    kiosk = get_object_or_404(survey.kiosks, pk=pk)
    close_kiosk(kiosk=kiosk)
    messages.success(request, _("„%(name)s“ nimmt keine Antworten mehr an.") % {"name": kiosk.name})
    return redirect("participation:survey-kiosks", survey.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def kiosk_start(request: HttpRequest, key: str) -> HttpResponse:
    """What the device shows between two people; POST begins."""
    kiosk = kiosk_with_key(key)
    if kiosk is None or kiosk.survey.state_at(timezone.now()) != SurveyState.OPEN:
        return render(request, "participation/gates/kiosk_closed.html", status=NOT_FOUND)
    if request.method == "POST":
        return begin(request, kiosk.survey, channel=Channel.KIOSK, kiosk=key)
    return render(request, "participation/gates/kiosk_start.html", {"survey": kiosk.survey, "kiosk": key})


@require_safe
@leaves_no_trace
def kiosk_thanks(request: HttpRequest, key: str) -> HttpResponse:
    """Thanks; goes back to the start by itself."""
    kiosk = kiosk_with_key(key)
    if kiosk is None:
        return render(request, "participation/gates/kiosk_closed.html", status=NOT_FOUND)
    return render(request, "participation/gates/kiosk_thanks.html", {"survey": kiosk.survey, "kiosk": key})
