"""Rows become a document, and a document becomes rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Item, Option, Page, Question, Survey
from elbe_elster.participation.questionnaire import document
from elbe_elster.participation.questionnaire.conditions import expression_from_json, expression_to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import Model

    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Questionnaire


def draft_document(survey: Survey) -> Questionnaire:
    """What the survey would ask if it were published now (four queries)."""
    pages = list(survey.pages.all())
    questions = list(survey.questions.in_order())
    options = _by_question(Option, survey)
    items = _by_question(Item, survey)
    asked: dict[int, list[document.Question]] = {page.pk: [] for page in pages}
    for row in questions:
        asked[row.page_id].append(_question(row, options.get(row.pk, []), items.get(row.pk, [])))
    return document.Questionnaire(
        languages=languages_of(survey),
        pages=tuple(
            document.Page(
                code=page.code,
                title=_texts(page, "title"),
                intro=_texts(page, "intro"),
                condition=_expression(page.condition),
                questions=tuple(asked[page.pk]),
            )
            for page in pages
        ),
    )


def languages_of(survey: Survey) -> tuple[str, ...]:
    """The languages of a survey in the portal's order; German is always there."""
    return tuple(name for name in COLUMNS if name == document.BASE_LANGUAGE or name in survey.languages)


def _by_question(model: type[Model], survey: Survey) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in model._default_manager.filter(question__survey=survey).order_by("order", "number"):
        found.setdefault(row.question_id, []).append(row)  # type: ignore[attr-defined]  # options and items have one
    return found


def _texts(row: Model, field: str) -> dict[str, str]:
    found = {language: getattr(row, f"{field}_{column}") for language, column in COLUMNS.items()}
    return {language: text for language, text in found.items() if text}


def _expression(tree: Any) -> Expression | None:
    return expression_from_json(tree) if tree else None


def _question(row: Question, options: list[Option], items: list[Item]) -> document.Question:
    return document.Question(
        pk=row.pk,
        code=row.code,
        kind=document.Kind(row.kind),
        label=_texts(row, "label"),
        help=_texts(row, "help"),
        duty=document.Duty(row.duty),
        no_answer=row.no_answer,
        shuffle=row.shuffle,
        least=row.least,
        most=row.most,
        places=row.places,
        unit=_texts(row, "unit"),
        earliest=row.earliest.isoformat() if row.earliest else "",
        latest=row.latest.isoformat() if row.latest else "",
        options=tuple(_option(option) for option in options),
        items=tuple(_item(item) for item in items),
        retired=row.retired,
        condition=_expression(row.condition),
    )


def _option(row: Option) -> document.Option:
    return document.Option(
        code=row.code,
        number=row.number,
        label=_texts(row, "label"),
        help=_texts(row, "help"),
        other=row.other,
        exclusive=row.exclusive,
        retired=row.retired,
        condition=_expression(row.condition),
    )


def _item(row: Item) -> document.Item:
    return document.Item(
        code=row.code,
        number=row.number,
        label=_texts(row, "label"),
        retired=row.retired,
        condition=_expression(row.condition),
    )


@transaction.atomic
def write_pages(*, survey: Survey, questionnaire: Questionnaire) -> None:
    """Write the pages of a document as rows of a survey that has none yet. Keys of the document are not kept."""
    for order, page in enumerate(questionnaire.pages):
        row = Page.objects.create(
            survey=survey,
            code=page.code,
            order=order,
            condition=_tree(page.condition),
            **_columns("title", page.title),
            **_columns("intro", page.intro),
        )
        for position, question in enumerate(page.questions):
            _write_question(row, position, question)


def _tree(expression: Expression | None) -> Any:
    return None if expression is None else expression_to_json(expression)


def _columns(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{COLUMNS[language]}": text for language, text in texts.items() if language in COLUMNS}


def _write_question(page: Page, order: int, question: document.Question) -> None:
    row = Question.objects.create(
        survey_id=page.survey_id,
        page=page,
        order=order,
        code=question.code,
        kind=question.kind,
        duty=question.duty,
        no_answer=question.no_answer,
        shuffle=question.shuffle,
        least=question.least,
        most=question.most,
        places=question.places,
        earliest=question.earliest or None,
        latest=question.latest or None,
        retired=question.retired,
        condition=_tree(question.condition),
        **_columns("label", question.label),
        **_columns("help", question.help),
        **_columns("unit", question.unit),
    )
    _write_options(row, question.options)
    _write_items(row, question.items)


def _write_options(question: Question, options: Iterable[document.Option]) -> None:
    Option.objects.bulk_create(
        Option(
            question=question,
            order=position,
            code=option.code,
            number=option.number,
            other=option.other,
            exclusive=option.exclusive,
            retired=option.retired,
            condition=_tree(option.condition),
            **_columns("label", option.label),
            **_columns("help", option.help),
        )
        for position, option in enumerate(options)
    )


def _write_items(question: Question, items: Iterable[document.Item]) -> None:
    Item.objects.bulk_create(
        Item(
            question=question,
            order=position,
            code=item.code,
            number=item.number,
            retired=item.retired,
            condition=_tree(item.condition),
            **_columns("label", item.label),
        )
        for position, item in enumerate(items)
    )
