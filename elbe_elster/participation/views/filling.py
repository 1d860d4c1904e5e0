"""Filling in a survey: one address takes every step. No cookie, no session, nothing about answers outside the form."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from elbe_elster.participation.actions.drafts import (
    KEPT_DAYS,
    delete_draft,
    digest_of,
    keep_draft,
    kept_token,
    new_code,
    plain_code,
)
from elbe_elster.participation.actions.urn import Outcome, Submission, cast
from elbe_elster.participation.filling.counting import too_many
from elbe_elster.participation.filling.guards import check_guards
from elbe_elster.participation.filling.pages import answers_by_page, check_context, page_context
from elbe_elster.participation.filling.state import (
    CHECK,
    Filling,
    TokenError,
    TokenExpiredError,
    begin_filling,
    from_token,
    to_token,
)
from elbe_elster.participation.filling.steps import Taken, first_step, take_step
from elbe_elster.participation.models import Access, Channel, Survey, SurveyState
from elbe_elster.participation.reading import public_survey, questionnaire_by_pk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.utils.safestring import SafeString

DRAFTS_AN_HOUR = 60  # codes tried or made from one range of addresses; a library or school is one
LARGEST_FILE = 1_000_000  # bytes
FORM = "participation/filling/form.html"
MARKER = 'name="token" value="'  # before the token in the file a person keeps


def leaves_no_trace(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages with answers: nobody keeps them, no other site learns of them, no error report shows what was sent.

    The signed token takes the place of the token against forgery, which would need a cookie.
    """

    @login_not_required
    @csrf_exempt
    @transaction.non_atomic_requests
    @sensitive_post_parameters()
    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent):
            response = render(
                request, "participation/filling/too_large.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return marked


def _survey(slug: str) -> Survey:
    try:
        return public_survey(slug)
    except Survey.DoesNotExist as error:
        raise Http404 from error


def _language() -> str:
    return get_language() or "de"


@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def survey_fill(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Begin (GET) or take a step (POST)."""
    survey = _survey(slug)
    if request.method != "POST":
        if survey.state_at(timezone.now()) != SurveyState.OPEN or survey.access == Access.CODES:
            return redirect(survey)
        return begin(request, survey)
    try:
        filling = from_token(request.POST.get("token", ""), survey_pk=survey.pk)
    except TokenExpiredError as expired:
        return _refused(request, survey, "expired", expired.filling)
    except TokenError:
        return _refused(request, survey, "broken")
    return _step(request, survey, filling)


def begin(
    request: HttpRequest, survey: Survey, *, channel: Channel = Channel.ONLINE, code: str = "", kiosk: str = ""
) -> HttpResponse:
    """The first page of a survey that is open, for somebody who begins now. Kiosks and access codes begin here too."""
    assert survey.current_id is not None  # noqa: S101 - open surveys have a version
    filling = begin_filling(
        survey_pk=survey.pk,
        version_pk=survey.current_id,
        now=timezone.now(),
        channel=channel,
        code=code,
        kiosk=kiosk,
    )
    return show(request, survey, first_step(questionnaire_by_pk(survey.current_id), filling))


def _step(request: HttpRequest, survey: Survey, filling: Filling) -> HttpResponseBase:
    step, accepts = request.POST.get("step", "next"), survey.accepts_at(timezone.now())
    if not accepts and step != "file":
        step = "save"  # what was just sent belongs to the answers that are given back
    taken = take_step(questionnaire_by_pk(filling.version_pk), filling, request.POST, step, _language())
    if not accepts:
        return _gives_back(request, survey, taken)
    if taken.submits:
        return _submit(request, survey, taken)
    if step in {"save", "file", "code"}:
        return SAVING[step](request, survey, taken)
    return show(request, survey, taken)


def show(request: HttpRequest, survey: Survey, taken: Taken, held_up: SafeString | None = None) -> HttpResponse:
    """The page where somebody is: questions, or every answer to look through."""
    if taken.filling.page == CHECK:
        context = check_context(survey, taken, _language(), held_up=held_up)
        status = HTTPStatus.OK if held_up is None else HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "participation/filling/check.html", context, status=status)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if taken.errors else HTTPStatus.OK
    return render(request, FORM, page_context(survey, taken, _language()), status=status)


def _submit(request: HttpRequest, survey: Survey, taken: Taken) -> HttpResponseBase:
    filling = taken.filling
    held_up = check_guards(request, filling)
    if held_up is not None:
        return show(request, survey, replace(taken, filling=filling.at(CHECK)), held_up)
    outcome = cast(
        Submission(survey, filling.version_pk, filling.draft, filling.key, filling.channel, code=filling.code)
    )
    if outcome is Outcome.TOO_LATE:
        return _gives_back(request, survey, taken)
    if outcome is Outcome.CODE_REFUSED:
        return _refused(request, survey, "code", filling)
    if filling.saved:
        delete_draft(survey=survey, digest=filling.saved)
    if filling.kiosk:
        return redirect("participation:kiosk-thanks", filling.kiosk)
    return redirect("participation:survey-thanks", survey.slug)


@require_safe
@leaves_no_trace
def survey_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, and when there will be results. Knows nothing about who sees it."""
    survey = get_object_or_404(Survey.objects.public(), slug=slug)
    return render(request, "participation/filling/thanks.html", {"survey": survey})


# Where it does not go on --------------------------------------------------------------------------------------------


def _refused(request: HttpRequest, survey: Survey, why: str, filling: Filling | None = None) -> HttpResponse:
    """The form cannot be used any more: says why, gives back what was answered, and how to go on."""
    status = {"expired": HTTPStatus.GONE, "code": HTTPStatus.CONFLICT}.get(why, HTTPStatus.BAD_REQUEST)
    context = {"survey": survey, "why": why, **_answers(filling)}
    return render(request, "participation/filling/refused.html", context, status=status)


def _gives_back(request: HttpRequest, survey: Survey, taken: Taken) -> HttpResponse:
    """The survey ended more than an hour ago. What was sent is not lost: the person gets it back."""
    if request.POST.get("step") == "file":
        return _file(request, survey, taken)
    context = {"survey": survey, **_answers(taken.filling)}
    return render(request, "participation/filling/given_back.html", context, status=HTTPStatus.GONE)


def _answers(filling: Filling | None) -> dict[str, Any]:
    """Answers to read and the token to go on with."""
    if filling is None:
        return {"pages": [], "token": "", "kiosk": ""}
    path = first_step(questionnaire_by_pk(filling.version_pk), filling).path
    return {"pages": answers_by_page(filling, path, _language()), "token": to_token(filling), "kiosk": filling.kiosk}


# Later ----------------------------------------------------------------------------------------------------------------


def _save(request: HttpRequest, survey: Survey, taken: Taken) -> HttpResponse:
    context = {"survey": survey, "token": to_token(taken.filling), "code": "", "days": KEPT_DAYS, "too_many": False}
    return render(request, "participation/filling/save.html", context)


def _file(request: HttpRequest, survey: Survey, taken: Taken) -> HttpResponse:
    """A readable file with the answers so far, which can also be loaded again."""
    html = render_to_string(
        "participation/filling/file.html",
        {
            "survey": survey,
            "language": _language(),
            "day": timezone.localdate(),
            "address": request.build_absolute_uri(reverse("participation:survey-resume", args=[survey.slug])),
            **_answers(taken.filling),
        },
    )
    disposition = f'attachment; filename="{survey.slug}.html"'
    return HttpResponse(html, headers={"Content-Disposition": disposition})


def _code(request: HttpRequest, survey: Survey, taken: Taken) -> HttpResponse:
    """Store the answers, because the person asked for it, and show the code. An earlier code ends."""
    if too_many("survey-drafts", request.META["REMOTE_ADDR"], an_hour=DRAFTS_AN_HOUR):
        context = {"survey": survey, "token": to_token(taken.filling), "code": "", "days": KEPT_DAYS, "too_many": True}
        return render(request, "participation/filling/save.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    code, before = new_code(), taken.filling.saved
    token = to_token(replace(taken.filling, saved=digest_of(code)))
    keep_draft(survey=survey, token=token, code=code)
    if before:
        delete_draft(survey=survey, digest=before)
    context = {
        "survey": survey,
        "token": token,
        "code": f"{code[:4]}-{code[4:]}",
        "days": KEPT_DAYS,
        "replaced": bool(before),
        "too_many": False,
    }
    return render(request, "participation/filling/save.html", context)


SAVING = {"save": _save, "file": _file, "code": _code}


@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def survey_resume(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Go on with a file or a code; also forget what was kept under a code."""
    survey = get_object_or_404(Survey.objects.public(), slug=slug)
    if request.method != "POST":
        return render(request, "participation/filling/resume.html", {"survey": survey, "wrong": "", "typed": ""})
    if too_many("survey-drafts", request.META["REMOTE_ADDR"], an_hour=DRAFTS_AN_HOUR):
        return _resume_again(request, survey, "too_many", HTTPStatus.TOO_MANY_REQUESTS)
    code = plain_code(request.POST.get("code", ""))
    if code and request.POST.get("step") == "forget":
        found = delete_draft(survey=survey, digest=digest_of(code))
        return _resume_again(request, survey, "forgotten" if found else "code", HTTPStatus.OK if found else HTTPStatus.UNPROCESSABLE_ENTITY)  # fmt: skip
    try:
        filling = from_token(_brought(request, survey, code), survey_pk=survey.pk, lasts=None)
    except TokenError:
        wrong = "file" if "file" in request.FILES or request.POST.get("token") else "code"
        return _resume_again(request, survey, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    taken = first_step(questionnaire_by_pk(filling.version_pk), filling)
    return show(request, survey, taken) if survey.accepts_at(timezone.now()) else _gives_back(request, survey, taken)


def _resume_again(request: HttpRequest, survey: Survey, wrong: str, status: HTTPStatus) -> HttpResponse:
    context = {"survey": survey, "wrong": wrong, "typed": request.POST.get("code", "")[:40]}
    return render(request, "participation/filling/resume.html", context, status=status)


def _brought(request: HttpRequest, survey: Survey, code: str) -> str:
    """The token somebody brought: by the button in their file, as the file, or by their code."""
    if token := request.POST.get("token", ""):
        return token
    file = request.FILES.get("file")
    if file is None:
        return kept_token(survey=survey, code=code) if code else ""
    if file.size is None or file.size > LARGEST_FILE:
        return ""
    _before, found, after = file.read().decode(errors="replace").partition(MARKER)
    return after.partition('"')[0] if found else ""
