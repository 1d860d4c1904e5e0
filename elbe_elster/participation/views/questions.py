"""One question in the editor: begin it, write it with its options and rows, ask it in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from elbe_elster.participation.actions import asking
from elbe_elster.participation.actions.building import ConditionsError, OutdatedError
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.building.kinds import kind_choices
from elbe_elster.participation.building.outline import outline_of
from elbe_elster.participation.building.published import published_of
from elbe_elster.participation.building.stamps import stamp_of_question
from elbe_elster.participation.forms.building import BeginQuestionForm, KindForm, PartsForm, QuestionForm
from elbe_elster.participation.models import Page, Question
from elbe_elster.participation.questionnaire.checking import conditional
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE, MATRICES, WITH_OPTIONS, Kind
from elbe_elster.participation.questionnaire.words import condition_in_words
from elbe_elster.participation.views.building import is_first, outline_at, tell_with_undo
from elbe_elster.participation.views.staff import CONFLICT, UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.participation.building.outline import QuestionRow
    from elbe_elster.participation.building.published import Published
    from elbe_elster.participation.models import Survey


@require_http_methods(["GET", "POST"])
@on_survey
def question_add(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Choose how it is answered and write the question; the rest on its own page."""
    page = get_object_or_404(Page, survey=survey, code=request.GET.get("teil", "").replace("\x00", ""))
    form = BeginQuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_first(request, str(form.cleaned_data["token"])):
            return redirect(outline_at(survey, f"teil-{page.code}"))
        try:
            question = asking.add_question(
                survey=survey,
                page=page.code,
                after=request.GET.get("nach", ""),
                kind=form.cleaned_data["kind"],
                label=form.cleaned_data["label"],
                actor=person(request),
            )
        except SurveyRefusedError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("participation:survey-structure", survey.slug)
        return redirect("participation:question-edit", survey.slug, question.code)
    context = {"survey": survey, "page": page, "form": form, "kinds": kind_choices()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/building/question_add.html", context, status=status)


class Editing:
    """A question in the form: its fields, its options, its rows, and what they began with."""

    def __init__(self, request: HttpRequest, survey: Survey, code: str) -> None:
        self.survey = survey
        self.question = get_object_or_404(Question, survey=survey, code=code)
        self.code, self.kind = code, Kind(self.question.kind)
        self.stamp = stamp_of_question(self.question)
        self.published: Published = published_of(survey)
        data = request.POST if request.method == "POST" else None
        self.is_published = code in self.published.questions
        self.form = QuestionForm(data, instance=self.question, published=self.is_published)
        rows: Any = self.question.options.order_by("order", "number") if self.kind in WITH_OPTIONS else []
        self.options = PartsForm("o", rows, self.published.options)
        rows = self.question.items.order_by("order", "number") if self.kind in MATRICES else []
        self.items = PartsForm("z", rows, self.published.items)
        if data is not None:
            self.options.read(data)
            self.items.read(data)

    def is_valid(self) -> bool:
        """Whether all of it can be stored."""
        valid = [self.form.is_valid(), self.options.is_valid(), self.items.is_valid()]
        return all(valid)

    def context(self, **more: Any) -> dict[str, Any]:
        """For the template, with every condition in words."""
        return {
            "survey": self.survey,
            "question": self.question,
            "code": self.code,
            "row": self._in_words(),
            "form": self.form,
            "options": self.options if self.kind in WITH_OPTIONS else None,
            "items": self.items if self.kind in MATRICES else None,
            "has_other": self.kind in {Kind.SINGLE, Kind.MULTIPLE},
            "has_exclusive": self.kind in {Kind.MULTIPLE, Kind.MATRIX_MULTIPLE},
            "has_help": self.kind not in MATRICES | {Kind.SCALE, Kind.MUNICIPALITY},
            "is_published": self.is_published,
            "stamp": self.stamp,
            "back": outline_at(self.survey, f"frage-{self.code}"),
            **more,
        }

    def _in_words(self) -> QuestionRow:
        """The stored question as the outline shows it; options and rows get their conditions in words."""
        document = draft_document(self.survey)
        language = get_language() or BASE_LANGUAGE
        said = {
            (place.option, place.item): condition_in_words(condition, document, language)
            for place, condition, _seen in conditional(document)
            if place.question == self.code and condition is not None
        }
        self._complete(said, document.question_by_code[self.code])
        outline = outline_of(document, self.published, language)
        return next(row for page in outline.pages for row in page.questions if row.code == self.code)

    def _complete(self, said: dict[tuple[str, str], str], stored: Any) -> None:
        """Give options and rows their conditions in words and the way to them; by the code that is stored."""
        codes = {option.number: option.code for option in stored.options}
        for row in self.options.rows:
            if row.number in codes:
                row.condition = said.get((codes[row.number], ""), "")
                row.address = reverse(
                    "participation:option-condition", args=[self.survey.slug, self.code, codes[row.number]]
                )
        codes = {item.number: item.code for item in stored.items}
        for row in self.items.rows:
            if row.number in codes:
                row.condition = said.get(("", codes[row.number]), "")
                row.address = reverse(
                    "participation:item-condition", args=[self.survey.slug, self.code, codes[row.number]]
                )


@require_http_methods(["GET", "POST"])
@on_survey
def question_edit(request: HttpRequest, survey: Survey, code: str) -> HttpResponse:
    """Everything about one question."""
    editing = Editing(request, survey, code)
    if request.method != "POST":
        return _show(request, editing)
    if not editing.is_valid():
        return _show(request, editing, UNPROCESSABLE)
    try:
        question = _change(request, editing)
    except OutdatedError:
        return _show(request, editing, CONFLICT, conflict=True)
    except ConditionsError as error:
        return _show(request, editing, UNPROCESSABLE, broken=error.lines)
    except SurveyRefusedError as error:
        return _show(request, editing, UNPROCESSABLE, refused=" ".join(error.messages))
    return _next_page(request, survey, question)


def _change(request: HttpRequest, editing: Editing) -> Question:
    form = editing.form
    return asking.change_question(
        survey=editing.survey,
        code=editing.code,
        values={name: form.cleaned_data[name] for name in form.fields},
        options=editing.options.parts(),
        items=editing.items.parts(),
        stamp=request.POST.get("stamp", ""),
        actor=person(request),
        drop=bool(request.POST.get("drop")),
    )


def _next_page(request: HttpRequest, survey: Survey, question: Question) -> HttpResponse:
    here = reverse("participation:question-edit", args=[survey.slug, question.code])
    if move := request.POST.get("move", ""):
        return redirect(f"{here}#{move.rpartition(':')[0].replace(':', '-')}")
    messages.success(request, _("Die Frage ist gespeichert."))
    return redirect(here if "stay" in request.POST else outline_at(survey, f"frage-{question.code}"))


def _show(request: HttpRequest, editing: Editing, status: int = 200, **more: Any) -> HttpResponse:
    context = editing.context(**more)
    if status == UNPROCESSABLE:
        context["stamp"] = request.POST.get("stamp", "")
    return render(request, "participation/building/question_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@on_survey
def kind_edit(request: HttpRequest, survey: Survey, code: str) -> HttpResponse:
    """Ask the same in another way; what does not fit the new kind goes, with a way back."""
    question = get_object_or_404(Question, survey=survey, code=code)
    form = KindForm(request.POST or None, initial={"kind": question.kind})
    context = {"survey": survey, "question": question, "form": form, "kinds": kind_choices()}
    if request.method == "POST" and form.is_valid():
        kind, drop = form.cleaned_data["kind"], bool(request.POST.get("drop"))
        try:
            with pghistory.context() as history:
                asking.change_kind(survey=survey, code=code, kind=kind, actor=person(request), drop=drop)
        except ConditionsError as error:
            context["broken"] = error.lines
        except SurveyRefusedError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("participation:question-edit", survey.slug, code)
        else:
            tell_with_undo(request, survey, _("Die Art der Frage ist geändert."), str(history.id))
            return redirect("participation:question-edit", survey.slug, code)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "participation/building/kind_edit.html", context, status=status)
