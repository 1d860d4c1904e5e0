"""The texts of a survey in the other languages, one part and one language at a time, beside the German ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from elbe_elster.participation.actions.wording import translate_survey
from elbe_elster.participation.building.stamps import digest
from elbe_elster.participation.building.texts import other_languages, texts_of
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Item, Option, Page, Question, Survey
from elbe_elster.participation.views.staff import CONFLICT, UNPROCESSABLE, on_survey, person
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.participation.building.texts import Part

MODELS = {"survey": Survey, "page": Page, "question": Question, "option": Option, "item": Item}
LONGEST = 20_000  # characters of a text without a limit of its own


@require_http_methods(["GET", "POST"])
@on_survey
def survey_translations(request: HttpRequest, survey: Survey) -> HttpResponse:
    """One part in one language; the switch says what is missing where."""
    languages, parts = other_languages(survey), texts_of(survey)
    if not languages:
        return render(request, "participation/building/translations.html", {"survey": survey, "languages": []})
    language = request.GET.get("sprache", "") if request.GET.get("sprache") in languages else languages[0]
    part = next((part for part in parts if part.code == request.GET.get("teil")), parts[0])
    stamp = digest([[text.name, text.german, text.others[language]] for text in part.texts])
    typed, errors = _typed(request, part, language)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE if errors else CONFLICT
        if not errors and request.POST.get("stamp") == stamp:
            _save(request, survey, part, language, typed)
            return redirect(_address(survey, part, language))
    context = {
        **_switch(survey, parts, part, language),
        "rows": [(text, typed[text.name], errors.get(text.name, "")) for text in part.texts],
        "stamp": stamp,
        "errors": errors,
        "conflict": status == CONFLICT,
    }
    return render(request, "participation/building/translations.html", context, status=status)


def _switch(survey: Survey, parts: list[Part], part: Part, language: str) -> dict[str, Any]:
    """Between languages and parts, with what is missing in each."""
    return {
        "survey": survey,
        "languages": [
            {
                "code": code,
                "name": LANGUAGE_NAMES[code],
                "missing": sum(there.missing(code) for there in parts),
                "url": _address(survey, part, code),
                "current": code == language,
            }
            for code in other_languages(survey)
        ],
        "parts": [(there, there.missing(language), _address(survey, there, language)) for there in parts],
        "part": part,
        "language": language,
        "language_name": LANGUAGE_NAMES[language],
    }


def _address(survey: Survey, part: Part, language: str) -> str:
    address = reverse("participation:survey-translations", args=[survey.slug])
    return f"{address}?teil={part.code}&sprache={language}"


def _typed(request: HttpRequest, part: Part, language: str) -> tuple[dict[str, str], dict[str, str]]:
    """What stands in each box, and what is wrong with it."""
    stored = {text.name: text.others[language] for text in part.texts}
    if request.method != "POST":
        return stored, {}
    typed = {
        name: request.POST.get(name, text).replace("\x00", "").replace("\r\n", "\n").strip()
        for name, text in stored.items()
    }
    errors = {}
    for text in part.texts:
        most = MODELS[text.model]._meta.get_field(text.field).max_length or LONGEST  # type: ignore[union-attr]
        if len(typed[text.name]) > most:
            errors[text.name] = _("Höchstens %(n)d Zeichen.") % {"n": most}
    return typed, errors


def _save(request: HttpRequest, survey: Survey, part: Part, language: str, typed: dict[str, str]) -> None:
    changed: dict[tuple[str, int], dict[str, Any]] = {}
    for text in part.texts:
        if typed[text.name] != text.others[language]:
            changed.setdefault((text.model, text.pk), {})[f"{text.field}_{COLUMNS[language]}"] = typed[text.name]
    if changed:
        translate_survey(survey=survey, texts=changed, actor=person(request))
    messages.success(request, _("Gespeichert."))
