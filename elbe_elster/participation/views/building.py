"""The editor of a questionnaire: the outline with its moves, pages, questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.participation.actions import building
from elbe_elster.participation.actions.building import ConditionsError, OutdatedError
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.actions.undoing import undo_change
from elbe_elster.participation.building.outline import outline_of
from elbe_elster.participation.building.published import published_of
from elbe_elster.participation.building.stamps import stamp_of
from elbe_elster.participation.forms.building import BeginPageForm, PageForm
from elbe_elster.participation.models import Page
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE
from elbe_elster.participation.run_page import placed_hints
from elbe_elster.participation.views.staff import CONFLICT, UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.checking import Place

UNDO = "survey_undo"  # key of the session: the last step and what it left behind
ONCE = 600  # seconds in which a second click is known as such


def anchor_of(survey: Survey, place: Place) -> str:
    """Where the outline shows a thing; options and rows on the page of their question."""
    if place.option or place.item:
        return reverse("participation:question-edit", args=[survey.slug, place.question])
    return outline_at(survey, f"teil-{place.page}" if place.page else f"frage-{place.question}")


def outline_at(survey: Survey, anchor: str) -> str:
    """The outline, at a thing."""
    return f"{reverse('participation:survey-structure', args=[survey.slug])}#{anchor}"


def is_first(request: HttpRequest, *mark: str) -> bool:
    """Whether this person sends this for the first time: the second of a double click is not."""
    return bool(cache.add(f"building:{person(request).pk}:{request.path}:{':'.join(mark)}"[:200], 1, ONCE))


@require_GET
@on_survey
def survey_home(request: HttpRequest, survey: Survey) -> HttpResponse:  # noqa: ARG001
    """The survey's own address among the staff pages leads to its questions."""
    return redirect("participation:survey-structure", survey.slug)


@require_GET
@on_survey
def survey_structure(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Every page with its questions."""
    draft = draft_document(survey)
    context = {
        "survey": survey,
        "outline": outline_of(draft, published_of(survey), get_language() or BASE_LANGUAGE),
        "hints": placed_hints(survey, draft),
        "stamp": building.stamp_of_structure(survey),
        "page_form": BeginPageForm(),
    }
    return render(request, "participation/building/structure.html", context)


@require_POST
@on_survey
def survey_rearrange(request: HttpRequest, survey: Survey) -> HttpResponse:
    """A button of the outline: ``do`` = ``verb:thing:code``. Answers with the outline at that thing."""
    verb, _colon, rest = request.POST.get("do", "").partition(":")
    thing, _colon, code = rest.partition(":")
    move = MOVES.get((verb, thing))
    if move is None:
        return redirect("participation:survey-structure", survey.slug)
    stamp, drop = request.POST.get("stamp", ""), bool(request.POST.get("drop"))
    first = is_first(request, stamp, verb, thing, code)
    try:
        with pghistory.context() as history:
            said, anchor = move(request, survey, code, stamp=stamp, drop=drop)
    except OutdatedError:
        if first:
            messages.warning(request, _("Der Fragebogen hat sich inzwischen geändert. Hier steht der neue Stand."))
        return redirect(outline_at(survey, f"{'teil' if thing == 'page' else 'frage'}-{code}"))
    except ConditionsError as error:
        context = {"survey": survey, "lines": error.lines, "sent": _sent(request), "at": f"{thing}-{code}"}
        return render(request, "participation/building/refused.html", context, status=UNPROCESSABLE)
    except SurveyRefusedError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("participation:survey-structure", survey.slug)
    tell_with_undo(request, survey, said, str(history.id))
    return redirect(outline_at(survey, anchor))


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to send it again with one word more."""
    wanted = ("do", "stamp", "page", "before")
    code = request.POST.get("do", "").rpartition(":")[2]
    return [(name, request.POST[name]) for name in (*wanted, f"to-{code}") if name in request.POST]


def tell_with_undo(request: HttpRequest, survey: Survey, said: str, context: str) -> None:
    """Say what was done, with a button that takes it back."""
    survey.refresh_from_db()
    stamp = building.stamp_of_structure(survey)
    request.session[UNDO] = {"survey": survey.pk, "context": context, "stamp": stamp}
    messages.success(request, undo_message(said, stamp))


def undo_message(said: str, stamp: str) -> SafeString:
    """The sentence with its button; the button belongs to the form ``undo`` at the end of the page."""
    return format_html(
        '{} <button class="link-btn" form="undo" name="stamp" value="{}">{}</button>', said, stamp, _("Rückgängig")
    )


@require_POST
@on_survey
def survey_undo(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Take the last step back, if it is still the last."""
    last = request.session.pop(UNDO, {})
    if last.get("survey") == survey.pk and last.get("stamp") == request.POST.get("stamp"):
        try:
            undo_change(survey=survey, context=last["context"], stamp=last["stamp"], actor=person(request))
            messages.success(request, _("Rückgängig gemacht."))
        except OutdatedError:
            messages.warning(request, _("Inzwischen hat sich etwas geändert. Rückgängig geht nur der letzte Schritt."))
        except SurveyRefusedError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("participation:survey-structure", survey.slug)


# The moves of the outline ---------------------------------------------------------

Done = tuple[str, str]  # what was done, and the thing to show


def _shift_page(by: int) -> Callable[..., Done]:
    def shift(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:
        building.move_page(survey=survey, code=code, by=by, actor=person(request), stamp=stamp, drop=drop)
        return _("Der Teil ist verschoben."), f"teil-{code}"

    return shift


def _shift_question(by: int) -> Callable[..., Done]:
    def shift(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:
        building.move_question(survey=survey, code=code, by=by, actor=person(request), stamp=stamp, drop=drop)
        return _("Die Frage ist verschoben."), f"frage-{code}"

    return shift


def _place_question(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:
    page, before = request.POST.get("page") or request.POST.get(f"to-{code}", ""), request.POST.get("before", "")
    building.move_question(
        survey=survey, code=code, page=page, before=before, actor=person(request), stamp=stamp, drop=drop
    )
    return _("Die Frage ist verschoben."), f"frage-{code}"


def _copy_page(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:  # noqa: ARG001
    copy = building.copy_page(survey=survey, code=code, actor=person(request), stamp=stamp)
    return _("Der Teil ist verdoppelt."), f"teil-{copy.code}"


def _copy_question(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:  # noqa: ARG001
    copy = building.copy_question(survey=survey, code=code, actor=person(request), stamp=stamp)
    return _("Die Frage ist verdoppelt."), f"frage-{copy.code}"


def _remove_page(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:
    building.remove_page(survey=survey, code=code, actor=person(request), stamp=stamp, drop=drop)
    return _("Der Teil ist gelöscht."), "aufbau"


def _remove_question(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:
    deleted = building.remove_question(survey=survey, code=code, actor=person(request), stamp=stamp, drop=drop)
    return (_("Die Frage ist gelöscht."), "aufbau") if deleted else (_("Die Frage ist zurückgezogen."), f"frage-{code}")


def _revive_question(request: HttpRequest, survey: Survey, code: str, *, stamp: str, drop: bool) -> Done:  # noqa: ARG001
    building.revive_question(survey=survey, code=code, actor=person(request), stamp=stamp)
    return _("Die Frage wird wieder gestellt."), f"frage-{code}"


MOVES: dict[tuple[str, str], Callable[..., Done]] = {
    ("up", "page"): _shift_page(-1),
    ("down", "page"): _shift_page(1),
    ("copy", "page"): _copy_page,
    ("remove", "page"): _remove_page,
    ("up", "question"): _shift_question(-1),
    ("down", "question"): _shift_question(1),
    ("place", "question"): _place_question,
    ("copy", "question"): _copy_question,
    ("remove", "question"): _remove_question,
    ("revive", "question"): _revive_question,
}


# Pages ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@on_survey
def page_add(request: HttpRequest, survey: Survey) -> HttpResponse:
    """A new page at the end."""
    form = BeginPageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_first(request, str(form.cleaned_data["token"])):
            return redirect("participation:survey-structure", survey.slug)
        try:
            page = building.add_page(survey=survey, title=form.cleaned_data["title"], actor=person(request))
        except SurveyRefusedError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("participation:survey-structure", survey.slug)
        return redirect(outline_at(survey, f"teil-{page.code}"))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/building/page_add.html", {"survey": survey, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@on_survey
def page_edit(request: HttpRequest, survey: Survey, code: str) -> HttpResponse:
    """Heading and introduction of a page."""
    page = get_object_or_404(Page, survey=survey, code=code)
    stamp = stamp_of(page, PageForm.Meta.fields)
    form = PageForm(request.POST or None, instance=page, initial={"stamp": stamp})
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid() and form.cleaned_data["stamp"] == stamp:
            values: dict[str, Any] = {name: form.cleaned_data[name] for name in PageForm.Meta.fields}
            building.change_page(survey=survey, page=page, values=values, actor=person(request))
            messages.success(request, _("Der Teil ist gespeichert."))
            return redirect(outline_at(survey, f"teil-{code}"))
        if form.is_valid():
            typed = request.POST.copy()
            typed["stamp"] = stamp
            status, form = CONFLICT, PageForm(typed, instance=page)
    context = {"survey": survey, "page": page, "form": form, "conflict": status == CONFLICT}
    return render(request, "participation/building/page_edit.html", context, status=status)
