"""What the pages of filling in show: contexts for templates/participation/filling/."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from elbe_elster.participation.questionnaire.document import in_language
from elbe_elster.participation.reading import questionnaire_by_pk
from elbe_elster.ui.markdown import render_markdown

from .drawing import asked_on, drawer_of, first_field
from .guards import guard_fields
from .state import CHECK, to_token
from .steps import parts_of, values_to_show
from .wording import answers_in_rows, seconds_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.path import Path, ShownPage

    from .drawing import Drawer
    from .state import Filling
    from .steps import Taken


def page_context(survey: Survey, taken: Taken, language: str, drawer: Drawer | None = None) -> dict[str, Any]:
    """One page of questions. ``drawer``: of a questionnaire that is no published version (a rehearsal)."""
    filling, drawer = taken.filling, drawer or drawer_of(taken.filling.version_pk, language)
    shown = next(page for page in taken.path.pages if page.index == filling.page)
    part, parts = parts_of(taken)
    sent = {question.code: values_to_show(question, filling) for question in shown.page.questions}
    asked = asked_on(shown.page, shown, sent, taken.errors, reminders=taken.reminders)
    numbers, here = drawer.numbers, {question.code for question in shown.page.questions}
    earlier = {code: given for code, given in taken.path.answers.items() if code not in here}

    def entry(code: str) -> dict[str, Any]:
        anchor = first_field(drawer.blank(drawer.question(code)), asked[code], filling.key)
        return {
            "number": numbers.get(code, 0),
            "anchor": anchor,
            "texts": (taken.errors or taken.reminders).get(code, ()),
        }

    return {
        "survey": survey,
        "kiosk": filling.kiosk,
        "token": to_token(filling),
        "heading": in_language(shown.page.title, language),
        "intro": render_markdown(in_language(shown.page.intro, language)),
        "part": part,
        "parts": parts,
        "steps": ["done"] * (part - 1) + ["now"] + [""] * (parts - part),
        "minutes": minutes_left(survey, drawer, taken.path, filling.page),
        "can_go_back": part > 1,
        "returns": filling.to_check,
        "questions": drawer.page(shown.page, asked, filling.key, focus=taken.focus),
        "conditions": drawer.conditions(shown.page, earlier),
        "presented": " ".join(found.question.code for found in shown.questions),
        "form": {"errors": taken.errors},
        "problems": [entry(code) for code in taken.errors or taken.reminders],
        "has_news": bool(taken.news),
        "news": [entry(found.question.code) for found in shown.questions if found.question.code in taken.news],
        "is_reminder": not taken.errors,
    }


def minutes_left(survey: Survey, drawer: Drawer, path: Path, page: int) -> int:
    """Estimated minutes from this page to the end, at least one; in proportion where the survey says how long it is."""
    here = sum(
        drawer.seconds(found.question) for shown in path.pages if shown.index >= page for found in shown.questions
    )
    if survey.minutes:
        whole = sum(drawer.seconds(found.question) for found in path.questions())
        return max(1, math.ceil(survey.minutes * here / whole)) if whole else 1
    return max(1, math.ceil(here / 60))


def check_context(
    survey: Survey, taken: Taken, language: str, drawer: Drawer | None = None, *, held_up: SafeString | None = None
) -> dict[str, Any]:
    """The last page: every answer with a way to change it. ``held_up`` is what is still to do before handing in."""
    return {
        "survey": survey,
        "kiosk": taken.filling.kiosk,
        "token": to_token(taken.filling.at(CHECK)),
        "pages": answers_by_page(taken.filling, taken.path, language, drawer),
        "guards": held_up or guard_fields(taken.filling),
    }


def answers_by_page(filling: Filling, path: Path, language: str, drawer: Drawer | None = None) -> list[dict[str, Any]]:
    """Every shown question with its answer in words."""
    drawer = drawer or drawer_of(filling.version_pk, language)
    return [
        {"heading": in_language(shown.page.title, language), "rows": list(_rows(drawer, shown, path, language))}
        for shown in path.pages
    ]


def _rows(drawer: Drawer, page: ShownPage, path: Path, language: str) -> Iterable[dict[str, Any]]:
    for shown in page.questions:
        if shown.question.asks:
            code = shown.question.code
            given = path.answers.get(code)
            yield {
                "code": code,
                "number": drawer.numbers[code],
                "label": in_language(shown.question.label, language),
                "answer": answers_in_rows(shown, given, language),
                "is_open": given is None,
            }


def estimated_minutes(survey: Survey, language: str) -> int:
    """How long the survey takes: what staff say, else the sum of the questions without any condition, rounded up."""
    if survey.minutes:
        return survey.minutes
    if survey.current_id is None:
        return 0
    questionnaire = questionnaire_by_pk(survey.current_id)
    always = [
        question
        for page in questionnaire.pages
        for question in page.questions
        if not (page.condition or question.condition or question.retired)
    ]
    return max(1, math.ceil(sum(seconds_for(question, language) for question in always) / 60))
