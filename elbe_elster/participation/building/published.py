"""What stands in any published version: it keeps its code and its number, and is retired instead of deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from elbe_elster.participation.reading import questionnaire_by_pk

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey


@dataclass(frozen=True)
class Published:
    """Codes of what was published; options and rows together with the code of their question."""

    pages: frozenset[str]
    questions: frozenset[str]
    options: frozenset[tuple[str, str]]
    items: frozenset[tuple[str, str]]


def published_of(survey: Survey) -> Published:
    """Everything that was published of a survey (one query; the versions are kept in the process)."""
    documents = [questionnaire_by_pk(pk) for pk in survey.versions.order_by("number").values_list("pk", flat=True)]
    questions = [question for document in documents for question in document.questions()]
    return Published(
        pages=frozenset(page.code for document in documents for page in document.pages),
        questions=frozenset(question.code for question in questions),
        options=frozenset((question.code, option.code) for question in questions for option in question.options),
        items=frozenset((question.code, item.code) for question in questions for item in question.items),
    )
