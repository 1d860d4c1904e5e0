"""Whether a questionnaire can be put before people: what stands against it, each with the place to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from elbe_elster.participation.questionnaire.changes import named
from elbe_elster.participation.questionnaire.checking import problem_in_words, problems
from elbe_elster.participation.questionnaire.document import MATRICES, WITH_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.participation.questionnaire.document import Item, Option, Page, Question, Questionnaire

BASE = "de"
LEAST_CHOICE = 2  # options


class Obstacle(NamedTuple):
    """A reason against publishing, and the code of the page or question it stands at."""

    text: str
    page: str = ""
    question: str = ""


def obstacles(questionnaire: Questionnaire) -> list[Obstacle]:
    """Everything that must be mended before the questionnaire can be published. Empty: it may go out."""
    asked = [question for question in questionnaire.questions() if question.asks and not question.retired]
    found = [] if asked else [Obstacle(_("Die Umfrage fragt noch nichts. Legen Sie mindestens eine Frage an."))]
    for page in questionnaire.pages:
        found += _of_page(page)
        for question in page.questions:
            if not question.retired:
                found += [Obstacle(text, question=question.code) for text in _of_question(question)]
    return found + [
        Obstacle(problem_in_words(problem, questionnaire, BASE), problem.place.page, problem.place.question)
        for problem in problems(questionnaire)
    ]


def _of_page(page: Page) -> Iterator[Obstacle]:
    if not page.title.get(BASE, "").strip():
        yield Obstacle(_("Der Teil %(name)s hat keine Überschrift.") % {"name": named(page)}, page.code)


def _of_question(question: Question) -> Iterator[str]:
    words = {"name": named(question)}
    options = [option for option in question.options if not option.retired]
    items = [item for item in question.items if not item.retired]
    if not question.label.get(BASE, "").strip():
        yield _("Die Frage %(name)s hat noch keinen Text.") % words
    if question.kind in WITH_OPTIONS and len(options) < LEAST_CHOICE:
        yield _("Die Frage %(name)s braucht mindestens zwei Antworten zum Auswählen.") % words
    if question.kind in MATRICES and not items:
        yield _("Die Tabelle %(name)s braucht mindestens eine Zeile.") % words
    parts: list[Option | Item] = [*options, *items]
    for part in parts:
        if not part.label.get(BASE, "").strip():
            yield _("In der Frage %(name)s hat %(part)s keinen Text.") % (words | {"part": named(part)})
    if question.most is not None and question.kind == "multiple" and question.most < 1:
        yield _("In der Frage %(name)s darf niemand etwas auswählen: Die obere Grenze ist kleiner als 1.") % words
    if question.least is not None and options and question.least > len(options):
        yield _("Die Frage %(name)s verlangt mehr Antworten, als es gibt.") % words
