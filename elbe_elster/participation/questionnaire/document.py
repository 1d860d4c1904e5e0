"""The questionnaire as a document: what a published version freezes and what is filled in, printed and exported.

Texts are mappings from language (``de``, ``en``, ``de-simple``) to text; German is always there. ``code`` is the name
of a thing in conditions, files and the codebook, ``number`` its name in stored answers; both never change once a
version was published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .conditions import Expression, expression_from_json, expression_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Texts = Mapping[str, str]

BASE_LANGUAGE = "de"


class Kind(StrEnum):
    """What a question asks for."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    SCALE = "scale"
    MATRIX_SINGLE = "matrix_single"
    MATRIX_MULTIPLE = "matrix_multiple"
    RANKING = "ranking"
    NUMBER = "number"
    DATE = "date"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    MUNICIPALITY = "municipality"
    INFORMATION = "information"


ONE_OPTION = frozenset({Kind.SINGLE, Kind.YES_NO, Kind.SCALE, Kind.MUNICIPALITY})
MANY_OPTIONS = frozenset({Kind.MULTIPLE, Kind.RANKING})
MATRICES = frozenset({Kind.MATRIX_SINGLE, Kind.MATRIX_MULTIPLE})
TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})
WITH_OPTIONS = ONE_OPTION | MANY_OPTIONS | MATRICES


class Duty(StrEnum):
    """Whether an answer is asked for: not at all, once (soft), or as a condition of going on (hard)."""

    FREE = "free"
    SOFT = "soft"
    HARD = "hard"


def in_language(texts: Texts, language: str) -> str:
    """The text in the language, else in German, else empty."""
    return texts.get(language) or texts.get(BASE_LANGUAGE, "")


@dataclass(frozen=True)
class Option:
    """Something that can be chosen: an answer, a point of a scale, a column of a matrix, a municipality."""

    code: str
    number: int  # 1 and up; the value in stored answers and statistics files
    label: Texts
    help: Texts = field(default_factory=dict)
    other: bool = False  # asks for a text of one's own
    exclusive: bool = False  # chosen alone
    retired: bool = False  # once asked, no longer shown
    condition: Expression | None = None


@dataclass(frozen=True)
class Item:
    """A row of a matrix. ``number`` counts from 1; 0 in stored answers means the question itself."""

    code: str
    number: int
    label: Texts
    retired: bool = False
    condition: Expression | None = None


@dataclass(frozen=True)
class Question:
    """One question. ``least`` and ``most`` bound the number, the count of choices or the length of a text."""

    pk: int
    code: str
    kind: Kind
    label: Texts
    help: Texts = field(default_factory=dict)
    duty: Duty = Duty.FREE
    no_answer: bool = False  # offers "keine Angabe"
    shuffle: bool = False  # options in random order, except other and exclusive ones
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 0  # decimals of a number
    unit: Texts = field(default_factory=dict)
    earliest: str = ""  # ISO dates
    latest: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    retired: bool = False
    condition: Expression | None = None

    @cached_property
    def option_by_code(self) -> dict[str, Option]:
        """The options, also retired ones."""
        return {option.code: option for option in self.options}

    @cached_property
    def item_by_code(self) -> dict[str, Item]:
        """The rows of a matrix, also retired ones."""
        return {item.code: item for item in self.items}

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer."""
        return self.kind is not Kind.INFORMATION


@dataclass(frozen=True)
class Page:
    """One part of the questionnaire, with an introduction."""

    code: str
    title: Texts
    intro: Texts = field(default_factory=dict)
    condition: Expression | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    """Everything that is asked. Equal documents are equal values."""

    languages: tuple[str, ...]
    pages: tuple[Page, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in order, also information texts and retired ones."""
        for page in self.pages:
            yield from page.questions

    @cached_property
    def question_by_code(self) -> dict[str, Question]:
        """Every question by its code."""
        return {question.code: question for question in self.questions()}

    @cached_property
    def page_by_question(self) -> dict[str, int]:
        """On which page (counted from 0) a question stands, by its code."""
        return {question.code: index for index, page in enumerate(self.pages) for question in page.questions}


def to_json(questionnaire: Questionnaire) -> dict[str, Any]:
    """The document as plain values; ``from_json`` gives it back."""
    return {
        "languages": list(questionnaire.languages),
        "pages": [_page_to_json(page) for page in questionnaire.pages],
    }


def from_json(values: Mapping[str, Any]) -> Questionnaire:
    """The document of ``to_json``. Raises KeyError or ValueError for anything else."""
    return Questionnaire(
        languages=tuple(values["languages"]), pages=tuple(_page_from_json(page) for page in values["pages"])
    )


def _slim(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: a long questionnaire is read often."""
    return {name: value for name, value in values.items() if value not in ("", None, False, [], {}, ())}


def _condition(expression: Expression | None) -> Any:
    return None if expression is None else expression_to_json(expression)


def _page_to_json(page: Page) -> dict[str, Any]:
    return _slim(
        {
            "code": page.code,
            "title": dict(page.title),
            "intro": dict(page.intro),
            "condition": _condition(page.condition),
            "questions": [_question_to_json(question) for question in page.questions],
        }
    )


def _question_to_json(question: Question) -> dict[str, Any]:
    return _slim(
        {
            "pk": question.pk,
            "code": question.code,
            "kind": question.kind.value,
            "label": dict(question.label),
            "help": dict(question.help),
            "duty": question.duty.value,
            "no_answer": question.no_answer,
            "shuffle": question.shuffle,
            "least": None if question.least is None else str(question.least),
            "most": None if question.most is None else str(question.most),
            "places": question.places or None,
            "unit": dict(question.unit),
            "earliest": question.earliest,
            "latest": question.latest,
            "options": [_option_to_json(option) for option in question.options],
            "items": [_item_to_json(item) for item in question.items],
            "retired": question.retired,
            "condition": _condition(question.condition),
        }
    )


def _option_to_json(option: Option) -> dict[str, Any]:
    return _slim(
        {
            "code": option.code,
            "number": option.number,
            "label": dict(option.label),
            "help": dict(option.help),
            "other": option.other,
            "exclusive": option.exclusive,
            "retired": option.retired,
            "condition": _condition(option.condition),
        }
    )


def _item_to_json(item: Item) -> dict[str, Any]:
    return _slim(
        {
            "code": item.code,
            "number": item.number,
            "label": dict(item.label),
            "retired": item.retired,
            "condition": _condition(item.condition),
        }
    )


def _condition_from(values: Mapping[str, Any]) -> Expression | None:
    return expression_from_json(values["condition"]) if values.get("condition") else None


def _page_from_json(values: Mapping[str, Any]) -> Page:
    return Page(
        code=values["code"],
        title=values.get("title", {}),
        intro=values.get("intro", {}),
        condition=_condition_from(values),
        questions=tuple(_question_from_json(question) for question in values.get("questions", ())),
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _question_from_json(values: Mapping[str, Any]) -> Question:
    return Question(
        pk=values["pk"],
        code=values["code"],
        kind=Kind(values["kind"]),
        label=values.get("label", {}),
        help=values.get("help", {}),
        duty=Duty(values.get("duty", Duty.FREE)),
        no_answer=values.get("no_answer", False),
        shuffle=values.get("shuffle", False),
        least=_decimal(values.get("least")),
        most=_decimal(values.get("most")),
        places=values.get("places", 0),
        unit=values.get("unit", {}),
        earliest=values.get("earliest", ""),
        latest=values.get("latest", ""),
        options=tuple(_option_from_json(option) for option in values.get("options", ())),
        items=tuple(_item_from_json(item) for item in values.get("items", ())),
        retired=values.get("retired", False),
        condition=_condition_from(values),
    )


def _option_from_json(values: Mapping[str, Any]) -> Option:
    return Option(
        code=values["code"],
        number=values["number"],
        label=values.get("label", {}),
        help=values.get("help", {}),
        other=values.get("other", False),
        exclusive=values.get("exclusive", False),
        retired=values.get("retired", False),
        condition=_condition_from(values),
    )


def _item_from_json(values: Mapping[str, Any]) -> Item:
    return Item(
        code=values["code"],
        number=values["number"],
        label=values.get("label", {}),
        retired=values.get("retired", False),
        condition=_condition_from(values),
    )
