"""Bring a questionnaire from elsewhere: upload, look at what would be lost, take over; and take one away."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.participation.actions import importing
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.exchange.files import UnreadableError
from elbe_elster.participation.exchange.xlsform_writing import write_xlsform
from elbe_elster.participation.forms.importing import SurveyFileForm
from elbe_elster.participation.models import QuestionKind, SurveyImport
from elbe_elster.participation.models.files import KEPT_FOR
from elbe_elster.participation.questionnaire.words import condition_in_words
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey, person, survey_team_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.document import Page, Question, Questionnaire

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 300  # entries of each list


def on_own_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For the survey team; takes ``pk`` and gives the person's own file. What is older than a day leads back."""

    @never_cache
    @survey_team_only
    @wraps(view)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
        brought = get_object_or_404(SurveyImport.objects.of(person(request)).select_related("survey"), pk=pk)
        if brought.survey is None and (not brought.content or brought.created_at < timezone.now() - KEPT_FOR):
            messages.warning(request, _("Die Datei ist nach einem Tag gelöscht. Laden Sie sie noch einmal hoch."))
            return redirect("participation:survey-import")
        return view(request, brought)

    return wrapped


@require_http_methods(["GET", "POST"])
@never_cache
@survey_team_only
def survey_import(request: HttpRequest) -> HttpResponse:
    """Choose a file."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SurveyFileForm(*given)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            brought = importing.upload_survey(name=file.name, content=file.read(), owner=person(request))
        except UnreadableError as error:
            form.add_error("file", str(error))
        else:
            return redirect("participation:survey-import-detail", pk=brought.pk)
    taken = SurveyImport.objects.of(person(request)).exclude(survey=None).select_related("survey").defer("content")[:5]
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/importing/home.html", {"form": form, "taken": taken}, status=status)


@require_GET
@on_own_file
def survey_import_detail(request: HttpRequest, brought: SurveyImport) -> HttpResponse:
    """What would come over, what would change, what would be lost; or what did."""
    lists = [
        {"name": name, "title": title, "text": text, "entries": entries[:SHOWN], "more": max(0, len(entries) - SHOWN)}
        for name, title, text in (
            ("dropped", _("Entfällt"), _("Das kommt nicht mit. Ergänzen Sie von Hand, was Ihnen fehlt.")),
            ("changed", _("Ist jetzt anders"), _("Sehen Sie sich diese Stellen im Entwurf an.")),
            ("kept", _("Kommt mit"), _("Frage für Frage, mit Antworten und Texten.")),
        )
        if (entries := brought.report[name])
    ]
    context = {"brought": brought, "report": brought.report, "lists": lists}
    return render(request, "participation/importing/detail.html", context)


@require_GET
@on_own_file
def survey_import_preview(request: HttpRequest, brought: SurveyImport) -> HttpResponse:
    """Page by page what would be asked."""
    if brought.survey is not None:
        return redirect("participation:survey-structure", brought.survey.slug)
    document = importing.read_survey(bytes(brought.content)).questionnaire
    context = {"brought": brought, "report": brought.report, "pages": _pages(document)}
    return render(request, "participation/importing/preview.html", context)


def _pages(document: Questionnaire) -> list[dict[str, Any]]:
    with override("de"):
        return [_page(page, document) for page in document.pages]


def _page(page: Page, document: Questionnaire) -> dict[str, Any]:
    when = condition_in_words(page.condition, document, "de") if page.condition else ""
    return {"page": page, "when": when, "questions": [_question(question, document) for question in page.questions]}


def _question(question: Question, document: Questionnaire) -> dict[str, Any]:
    return {
        "question": question,
        "kind": QuestionKind(question.kind).label,
        "when": condition_in_words(question.condition, document, "de") if question.condition else "",
        "options": [option.label["de"] for option in question.options],
        "items": [item.label["de"] for item in question.items],
    }


@require_POST
@on_own_file
def survey_import_apply(request: HttpRequest, brought: SurveyImport) -> HttpResponse:
    """Make the draft."""
    survey = importing.take_over(brought_file=brought)
    messages.success(request, _("Der Fragebogen ist übernommen. Er ist ein Entwurf; öffentlich ist noch nichts."))
    return redirect("participation:survey-structure", survey.slug)


@require_GET
@on_survey
def survey_xlsform(request: HttpRequest, survey: Survey) -> HttpResponse:  # noqa: ARG001
    """The questions as XLSForm, as they stand in the editor."""
    titles = {"de": survey.title_de, "en": survey.title_en, "de-simple": survey.title_de_simple}  # type: ignore[attr-defined]
    response = HttpResponse(write_xlsform(draft_document(survey), titles, form_id=survey.slug), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{survey.slug}-xlsform.xlsx"'
    return response
