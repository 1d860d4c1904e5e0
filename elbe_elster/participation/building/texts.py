"""Every text of a survey that is translated, by part, with what is missing in each language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Item, Option, QuestionKind
from elbe_elster.participation.questionnaire.document import BASE_LANGUAGE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from elbe_elster.participation.models import Question, Survey

    Fields = dict[str, tuple[_StrPromise, bool]]

ABOUT = "angaben"  # instead of the code of a page: what stands around the questions
SURVEY: Fields = {  # column without language: what it is, and whether it is long
    "title": (_("Titel"), False),
    "summary": (_("In einem Satz"), True),
    "purpose": (_("Wozu die Umfrage dient"), True),
    "thanks": (_("Dank am Ende"), True),
    "contact_text": (_("Wofür der Kontakt ist"), True),
}
PAGE: Fields = {"title": (_("Überschrift"), False), "intro": (_("Einleitung"), True)}
QUESTION: Fields = {"label": (_("Frage"), True), "help": (_("Hilfe zur Frage"), True), "unit": (_("Einheit"), False)}
OPTION: Fields = {"label": (_("Antwort"), False), "help": (_("Erläuterung"), False)}
ITEM: Fields = {"label": (_("Zeile"), False)}


@dataclass
class Text:
    """A German text and what stands for it in the other languages, by their codes."""

    model: str
    pk: int
    field: str
    what: str
    is_long: bool
    german: str
    others: dict[str, str]
    is_name: bool = False  # the same in every language

    @property
    def name(self) -> str:
        """The name of its box in the form."""
        return f"{self.model}-{self.pk}-{self.field}"

    def is_missing(self, language: str) -> bool:
        """Whether somebody still has to write it."""
        return not self.is_name and not self.others[language].strip()


@dataclass
class Part:
    """The texts of one page, or of what stands around the questions."""

    code: str
    title: str
    texts: list[Text] = field(default_factory=list)

    def missing(self, language: str) -> int:
        """How many are missing."""
        return sum(text.is_missing(language) for text in self.texts)


def other_languages(survey: Survey) -> list[str]:
    """The languages of a survey beside German, in the portal's order."""
    return [language for language in COLUMNS if language != BASE_LANGUAGE and language in survey.languages]


def texts_of(survey: Survey) -> list[Part]:
    """Every part of a survey with its German texts that are not empty (four queries)."""
    parts = [Part(ABOUT, str(_("Angaben")), _texts("survey", survey, SURVEY))]
    by_page: dict[int, Part] = {}
    for page in survey.pages.all():
        by_page[page.pk] = Part(page.code, _german(page, "title"), _texts("page", page, PAGE))
    options, items = _by_question(Option, survey), _by_question(Item, survey)
    for question in survey.questions.asked().in_order():
        texts = by_page[question.page_id].texts
        texts += _texts("question", question, QUESTION)
        texts += [text for option in options.get(question.pk, []) for text in _option(question, option)]
        texts += [text for item in items.get(question.pk, []) for text in _texts("item", item, ITEM)]
    return [*parts, *by_page.values()]


def _by_question(model: Any, survey: Survey) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in model.objects.filter(question__survey=survey, retired=False).order_by("order", "number"):
        found.setdefault(row.question_id, []).append(row)
    return found


def _option(question: Question, option: Option) -> list[Text]:
    texts = _texts("option", option, OPTION)
    is_place = question.kind == QuestionKind.MUNICIPALITY and option.code.isdecimal()
    for text in texts:
        text.is_name = is_place or text.german.strip().isdecimal()
    return texts


def _german(row: Any, name: str) -> str:
    return getattr(row, f"{name}_de") or ""


def _texts(model: str, row: Any, fields: Fields) -> list[Text]:
    others = {language: column for language, column in COLUMNS.items() if language != BASE_LANGUAGE}
    return [
        Text(
            model,
            row.pk,
            name,
            str(what),
            is_long,
            _german(row, name),
            {language: getattr(row, f"{name}_{column}") or "" for language, column in others.items()},
        )
        for name, (what, is_long) in fields.items()
        if _german(row, name).strip()
    ]
