"""Clicking a condition together: under which answers a page, a question, an option or a row is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from elbe_elster.participation.actions.building import ConditionsError, OutdatedError
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.actions.wording import set_condition
from elbe_elster.participation.building.lines import Choosing, answer_sorts
from elbe_elster.participation.building.nodes import (
    Line,
    LineError,
    Node,
    add_part,
    expression_of,
    node_from,
    node_of,
    remove_part,
)
from elbe_elster.participation.building.stamps import digest
from elbe_elster.participation.questionnaire.checking import (
    Place,
    condition_problems,
    conditional,
    place_in_words,
    problem_in_words,
)
from elbe_elster.participation.questionnaire.conditions import expression_to_json
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE
from elbe_elster.participation.questionnaire.words import condition_in_words
from elbe_elster.participation.views.building import anchor_of
from elbe_elster.participation.views.staff import CONFLICT, UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Questionnaire


class Editing:
    """The condition of one thing, with everything its page needs."""

    def __init__(self, survey: Survey, place: Place) -> None:
        self.survey, self.place = survey, place
        self.questionnaire: Questionnaire = draft_document(survey)
        found = {there: (condition, seen) for there, condition, seen in conditional(self.questionnaire)}
        if place not in found:
            raise Http404
        self.condition, self.seen = found[place]
        self.language = get_language() or BASE_LANGUAGE
        self.choosing = Choosing(self.questionnaire, self.seen, self.language)

    @property
    def stamp(self) -> str:
        """The mark of the stored condition."""
        return digest(expression_to_json(self.condition) if self.condition else None)

    def wrong(self, expression: Expression | None) -> list[str]:
        """Why the condition cannot work, in sentences."""
        if expression is None:
            return []
        found = condition_problems(expression, self.questionnaire, self.place, self.seen)
        return [problem_in_words(problem, self.questionnaire, self.language) for problem in found]

    def context(self, node: Node, **more: Any) -> dict[str, Any]:
        """For the template."""
        said = condition_in_words(self.condition, self.questionnaire, self.language) if self.condition else ""
        return {
            "survey": self.survey,
            "thing": place_in_words(self.place, self.questionnaire, self.language),
            "said": said,
            "root": self.choosing.draw(node),
            "subjects": self.choosing.subjects(),
            "summable": self.choosing.summable(),
            "stamp": self.stamp,
            "back": anchor_of(self.survey, self.place),
            **more,
        }


@require_http_methods(["GET", "POST"])
@on_survey
def condition_edit(request: HttpRequest, survey: Survey, **place: str) -> HttpResponse:
    """Groups and lines; every button but „Speichern“ only shows the page with one line more or less."""
    editing = Editing(survey, Place(**place))
    if request.method != "POST":
        return _show(request, editing, node_of(editing.condition))
    node = node_from(request.POST)
    do, _colon, at = request.POST.get("do", "save").partition(":")
    if do == "save":
        return _save(request, editing, node)
    if do in {"line", "group"}:
        add_part(node, at, Line() if do == "line" else Node(any_of=True, parts=[Line()]))
    elif do == "remove":
        remove_part(node, at)
    return _show(request, editing, node, stamp=request.POST.get("stamp", ""))


def _save(request: HttpRequest, editing: Editing, node: Node) -> HttpResponse:
    stamp = request.POST.get("stamp", "")
    try:
        expression = expression_of(node, answer_sorts(editing.questionnaire))
    except LineError:
        return _show(request, editing, node, UNPROCESSABLE, stamp=stamp)
    if wrong := editing.wrong(expression):
        return _show(request, editing, node, UNPROCESSABLE, stamp=stamp, wrong=wrong)
    try:
        set_condition(
            survey=editing.survey, place=editing.place, expression=expression, actor=person(request), stamp=stamp
        )
    except OutdatedError:
        fresh = Editing(editing.survey, editing.place)
        return _show(request, fresh, node, CONFLICT, conflict=True)
    except ConditionsError as error:
        return _show(request, editing, node, UNPROCESSABLE, stamp=stamp, wrong=error.lines)
    messages.success(request, _("Die Bedingung ist gespeichert."))
    return redirect(anchor_of(editing.survey, editing.place))


def _show(request: HttpRequest, editing: Editing, node: Node, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "participation/building/condition.html", editing.context(node, **more), status=status)
