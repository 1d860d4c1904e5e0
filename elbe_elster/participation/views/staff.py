"""Who works on surveys: lets them in, and says who it is."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from elbe_elster.participation.models import Survey
from elbe_elster.participation.permissions import is_survey_team

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from elbe_elster.accounts.models import User

CONFLICT, UNPROCESSABLE = 409, 422  # of HTTP


def person(request: HttpRequest) -> User:
    """Whoever is signed in."""
    return cast("User", request.user)


def survey_team_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets in the survey team and admins; others who are signed in get a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_survey_team(request.user):
            raise PermissionDenied(_("An den Umfragen arbeiten das Beteiligungsteam und die Administration."))
        return view(request, *args, **kwargs)

    return guarded


def on_survey(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For the survey team; takes ``slug`` and gives the survey. 404 for one in the trash."""

    @never_cache
    @survey_team_only
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        survey = get_object_or_404(Survey.objects.visible_to(person(request)), slug=slug)
        return view(request, survey, **kwargs)

    return wrapped
