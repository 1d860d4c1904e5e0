"""The questionnaire as citizens will see it, and a rehearsal whose answers are looked at and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from elbe_elster.participation.actions.freezing import languages_of
from elbe_elster.participation.actions.running import SurveyRefusedError, readable_draft, stamp_of
from elbe_elster.participation.filling.drawing import Drawer
from elbe_elster.participation.filling.pages import answers_by_page, check_context, page_context
from elbe_elster.participation.filling.state import CHECK, TokenError, begin_filling, from_token
from elbe_elster.participation.filling.steps import first_step, take_step
from elbe_elster.participation.previewing import sheet_pages, unseen
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.participation.filling.state import Filling
    from elbe_elster.participation.filling.steps import Taken
    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.document import Questionnaire

WIDTHS = {"320": gettext_lazy("kleines Telefon"), "390": gettext_lazy("Telefon"), "": gettext_lazy("Bildschirm")}
KEEPING = {"save", "file", "code"}  # steps that store something in earnest
STAMP_DIGITS = 12


@require_GET
@csp_update({"frame-src": [SELF]})
@on_survey
def survey_preview(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The whole questionnaire in a frame: in every language, as wide as a phone or a screen."""
    languages = languages_of(survey)
    language = request.GET.get("sprache", "de")
    language = language if language in languages else "de"
    width = request.GET.get("breite", "390")
    width = width if width in WIDTHS else "390"
    with override(language):
        sheet = reverse("participation:survey-preview-sheet", args=[survey.slug])
    context = {
        "survey": survey,
        "sheet": sheet,
        "width": width,
        "language": language,
        "languages": [
            {"label": LANGUAGE_NAMES[code], "url": _query(code, width), "current": code == language}
            for code in languages
        ],
        "widths": [
            {"label": label, "url": _query(language, name), "current": name == width} for name, label in WIDTHS.items()
        ],
    }
    return render(request, "participation/running/preview.html", context)


def _query(language: str, width: str) -> str:
    return f"?sprache={language}&breite={width}"


@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@on_survey
def survey_preview_sheet(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Every page one below the other, with conditions in words. Nothing in it can be sent."""
    language = get_language() or "de"
    try:
        pages = sheet_pages(readable_draft(survey), language)
    except SurveyRefusedError as error:
        return render(
            request, "participation/running/sheet.html", {"survey": survey, "refused": error.messages, "pages": []}
        )
    return render(request, "participation/running/sheet.html", {"survey": survey, "pages": pages, "refused": []})


# Rehearsal --------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@on_survey
def survey_test(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Answer the draft like a citizen. Everything is checked, nothing is stored."""
    try:
        draft = readable_draft(survey)
    except SurveyRefusedError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("participation:survey-structure", survey.slug)
    stamp = int(stamp_of(survey, draft)[:STAMP_DIGITS], 16)
    step = request.POST.get("step", "next")
    filling = _carried(request, survey, stamp)
    if filling is None or step in KEEPING:
        if filling is not None:
            messages.info(request, _("In der Probe wird nichts gespeichert, auch kein Zwischenstand."))
        filling = filling or begin_filling(survey_pk=-survey.pk, version_pk=stamp, now=timezone.now())
        return _show(request, survey, draft, first_step(draft, filling))
    return _show(request, survey, draft, take_step(draft, filling, request.POST, step, get_language() or "de"))


def _carried(request: HttpRequest, survey: Survey, stamp: int) -> Filling | None:
    """Where the rehearsal is. Its token is no token of the survey: the sign before the key is another one."""
    if request.method != "POST":
        return None
    try:
        filling = from_token(request.POST.get("token", ""), survey_pk=-survey.pk)
    except TokenError:
        messages.warning(request, _("Die Probe begann von vorn."))
        return None
    if filling.version_pk != stamp:
        messages.warning(request, _("Der Fragebogen wurde inzwischen geändert. Die Probe begann von vorn."))
        return None
    return filling


def _show(request: HttpRequest, survey: Survey, draft: Questionnaire, taken: Taken) -> HttpResponse:
    language = get_language() or "de"
    drawer = Drawer(draft, language)
    context: dict[str, Any]
    if taken.submits or not taken.path.pages:
        pages = answers_by_page(taken.filling, taken.path, language, drawer)
        context = {"survey": survey, "pages": pages, "unseen": unseen(draft, taken.path, language)}
        return render(request, "participation/running/test_done.html", context)
    if taken.filling.page == CHECK:
        return render(request, "participation/running/test_check.html", check_context(survey, taken, language, drawer))
    status = UNPROCESSABLE if taken.errors else 200
    context = page_context(survey, taken, language, drawer)
    return render(request, "participation/running/test_form.html", context, status=status)
