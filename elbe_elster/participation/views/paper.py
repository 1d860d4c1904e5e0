"""The printable form: for everybody while a survey runs, in every version and type for the survey team."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from elbe_elster.participation.actions.freezing import draft_document, languages_of
from elbe_elster.participation.actions.paper import describe_return
from elbe_elster.participation.forms.paper import ReturnForm
from elbe_elster.participation.models import Access, PublishedTable, Survey, SurveyVersion
from elbe_elster.participation.paper.form import TEMPLATE, Print, printed_form
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey
from elbe_elster.strategy.views.papers import paper_response
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from django.http import HttpRequest

    from elbe_elster.strategy.pdf.blocks import Data

DRAFT = 0


@login_not_required
@require_safe
@transaction.non_atomic_requests
def survey_form(request: HttpRequest, slug: str, *, large: bool = False) -> HttpResponse:
    """The form of a survey that runs, for people who prefer paper (not where codes are asked for), or has results."""
    running = Survey.objects.running().filter(access=Access.EVERYBODY)
    told = Survey.objects.public().filter(pk__in=PublishedTable.objects.public().values("survey"))
    survey = get_object_or_404((running | told).select_related("current"), slug=slug)
    if survey.current is None:
        raise Http404
    wanted = get_language() or BASE_LANGUAGE
    return _answer(request, survey, survey.current, language=wanted, large=large)


@require_GET
@transaction.non_atomic_requests
@on_survey
def paper_pdf(request: HttpRequest, survey: Survey, *, language: str) -> HttpResponse:
    """A form for the survey team: ``fassung`` (0: as it stands in the editor) and ``schrift=gross``."""
    asked = request.GET.get("fassung", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else DRAFT  # noqa: PLR2004  # far more than versions
    version = get_object_or_404(SurveyVersion, survey=survey, number=number) if number else None
    if language not in LANGUAGE_NAMES:
        raise Http404
    response = _answer(request, survey, version, language=language, large=request.GET.get("schrift") == "gross")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(
    request: HttpRequest, survey: Survey, version: SurveyVersion | None, *, language: str, large: bool
) -> HttpResponse:
    """The finished file. What is printed names it, so that drafts are never mixed up."""
    document = questionnaire_of(version) if version else draft_document(survey)
    language = language if language in document.languages else BASE_LANGUAGE
    number = version.number if version else DRAFT
    with override(language):
        data = printed_form(Print(survey, document, language, number, large=large))

    def gather() -> Data:
        return data

    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    parts = ["fragebogen", survey.slug, f"fassung-{number}" if number else "entwurf", language, *(["gross"] if large else [])]  # fmt: skip
    return paper_response(request, f"{'-'.join(parts)}.pdf", TEMPLATE, gather, name=f"survey:{digest}")


@require_http_methods(["GET", "POST"])
@on_survey
def survey_paper(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Which forms there are to print, and where they come back."""
    form = ReturnForm(request.POST or None, instance=survey)
    if request.method == "POST" and form.is_valid():
        describe_return(survey=survey, texts={name: form.cleaned_data[name] for name in form.fields})
        messages.success(request, _("Das steht jetzt auf dem Bogen."))
        return redirect("participation:survey-paper", survey.slug)
    context = {
        "survey": survey,
        "form": form,
        "languages": [(code, LANGUAGE_NAMES[code]) for code in languages_of(survey)],
        "versions": survey.versions.only("number", "published_at"),
        "is_public": survey.access == Access.EVERYBODY,
    }
    return render(request, "participation/paper/paper.html", context, status=UNPROCESSABLE if form.errors else 200)
