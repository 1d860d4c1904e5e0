"""A questionnaire drawn as a whole: every question, shown or not, with the conditions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.participation.filling.cleaning import SentValues
from elbe_elster.participation.filling.drawing import Asked, Drawer
from elbe_elster.participation.questionnaire.document import in_language
from elbe_elster.participation.questionnaire.path import ShownQuestion
from elbe_elster.participation.questionnaire.words import condition_in_words
from elbe_elster.ui.markdown import render_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Item, Option, Question, Questionnaire
    from elbe_elster.participation.questionnaire.path import Path

SEED = "vorschau"


def sheet_pages(questionnaire: Questionnaire, language: str) -> list[dict[str, Any]]:
    """Every page with its questions drawn; options in random order stand in one of the orders."""
    drawer = Drawer(questionnaire, language)
    return [
        {
            "heading": in_language(page.title, language),
            "intro": render_markdown(in_language(page.intro, language)),
            "conditions": [_said(page.condition, questionnaire, language)] if page.condition else [],
            "questions": [
                {
                    "html": drawer.blank(question).fill(_untouched(question), SEED),
                    "conditions": list(_conditions(question, questionnaire, language)),
                }
                for question in page.questions
                if not question.retired
            ],
        }
        for page in questionnaire.pages
    ]


def _untouched(question: Question) -> Asked:
    """The question with everything in it that is not retired, and nothing answered."""
    options = tuple(option for option in question.options if not option.retired)
    items = tuple(item for item in question.items if not item.retired)
    return Asked(SentValues(), ShownQuestion(question, options, items))


def _said(condition: Expression, questionnaire: Questionnaire, language: str) -> str:
    return f"{condition_in_words(condition, questionnaire, language)}."


def _conditions(question: Question, questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """When the question, its options and its rows are shown, as far as they are not always."""
    if question.condition:
        yield _said(question.condition, questionnaire, language)
    parts: list[Option | Item] = [*question.options, *question.items]
    for part in parts:
        if part.condition and not part.retired:
            words = {"part": in_language(part.label, language), "when": _said(part.condition, questionnaire, language)}
            yield _("„%(part)s“: %(when)s") % words


def unseen(questionnaire: Questionnaire, path: Path, language: str) -> list[tuple[int, str, str]]:
    """Questions that a person on this path did not see: number, text, and when they are shown."""
    drawer = Drawer(questionnaire, language)
    shown = {found.question.code for found in path.questions()}
    found = []
    for page in questionnaire.pages:
        for question in page.questions:
            condition = question.condition or page.condition
            if question.asks and not question.retired and question.code not in shown:
                when = _said(condition, questionnaire, language) if condition else ""
                found.append((drawer.numbers[question.code], in_language(question.label, language), when))
    return found
