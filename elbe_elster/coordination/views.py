"""Pages of the circle. Members only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _

from elbe_elster.coordination.directory import seat_directory
from elbe_elster.coordination.permissions import can_enter_circle

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def circle_overview(request: HttpRequest) -> HttpResponse:
    """What the circle is, and who sits in it."""
    if not can_enter_circle(request.user):
        raise PermissionDenied(_("Diese Seiten sind für die Mitglieder des Koordinierungskreises."))
    return render(request, "coordination/circle_overview.html", {"places": seat_directory(request.user)})
