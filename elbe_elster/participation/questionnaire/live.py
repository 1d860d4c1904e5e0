"""What the browser needs to show and hide while somebody fills in a page; read by static/umfrage.js."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .answers import answers_to_json
from .conditions import Expression, expression_to_json, questions_named
from .document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .answers import Given
    from .document import Item, Option, Page, Question


def live_page(page: Page, before: Mapping[str, Given]) -> dict[str, Any]:
    """The page's questions with their conditions but without words, and the answers of earlier pages they name.

    ``before`` are ``Path.answers``. Goes into ``<script type="application/json" data-conditions>``; what the markup must
    carry is said in ``filling``.
    """
    return {"questions": live_questions(page), "answers": live_answers(names_before(page), before)}


def live_questions(page: Page) -> list[dict[str, Any]]:
    """The questions that are asked, with conditions and without words."""
    return [_question(question) for question in page.questions if not question.retired]


def live_answers(names: frozenset[str], before: Mapping[str, Given]) -> dict[str, Any]:
    """Those of the answers that are named."""
    return answers_to_json({code: given for code, given in before.items() if code in names})


def names_before(page: Page) -> frozenset[str]:
    """The codes of questions of other pages that conditions of this page name."""
    own = {question.code for question in page.questions}
    return frozenset(code for expression in _conditions(page) for code in questions_named(expression)) - own


def is_live(page: Page) -> bool:
    """Whether an answer on this page shows or hides something on it."""
    own = {question.code for question in page.questions}
    return any(code in own for expression in _conditions(page) for code in questions_named(expression))


def _conditions(page: Page) -> Iterator[Expression]:
    for question in page.questions:
        things: tuple[Question | Option | Item, ...] = (question, *question.options, *question.items)
        for thing in things:
            if thing.condition is not None:
                yield thing.condition


def _question(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {"code": question.code, "kind": question.kind.value, **_condition(question)}
    if question.places:
        found["places"] = question.places
    if question.kind is Kind.RANKING:
        found["ranks"] = len(question.options)
    if question.options:
        found["options"] = [
            {"code": option.code, "number": option.number, **_condition(option)}
            for option in question.options
            if not option.retired
        ]
    if question.items:
        found["items"] = [{"code": item.code, **_condition(item)} for item in question.items if not item.retired]
    return found


def _condition(thing: Question | Option | Item) -> dict[str, Any]:
    return {} if thing.condition is None else {"condition": expression_to_json(thing.condition)}
