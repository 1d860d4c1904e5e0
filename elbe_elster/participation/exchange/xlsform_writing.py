"""XLSForm out: a questionnaire as a workbook for KoboToolbox, ODK and for this portal.

What XLSForm has no word for stands in columns that begin with ``portal_``; other programs pass over them. Lost there,
kept here: soft duty, „keine Angabe“, numbers of options, texts beside options (others ask a text of its own), retired
options (filtered), conditions of options. Lost everywhere: the order of retired questions' conditions, which become
``false()``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.document import (
    BASE_LANGUAGE,
    MATRICES,
    Duty,
    Kind,
)
from elbe_elster.strategy.exchange.workbook import Sheet, write_workbook

from .xpath_writing import Writer, constraint_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Item, Option, Page, Question, Questionnaire, Texts

    Row = dict[str, str]

HEADERS = {"de": "Deutsch (de)", "en": "English (en)", "de-simple": "Leichte Sprache (de-simple)"}
BY_LANGUAGE = ("label", "hint", "unit", "help")
OF_SURVEY = (
    *("type", "name", "label", "hint", "required", "relevant", "constraint", "appearance", "parameters"),
    *(
        "choice_filter",
        "unit",
        "portal_kind",
        "portal_duty",
        "portal_no_answer",
        "portal_places",
        "portal_code",
        "portal_part",
    ),
)
OF_CHOICES = (
    *("list_name", "name", "label", "help", "portal_number", "portal_other", "portal_exclusive"),
    *("portal_retired", "portal_condition"),
)
ALWAYS = ("type", "name", "label", "list_name")
NOT_RETIRED = "portal_retired != 'yes'"
TYPES = {
    **dict.fromkeys((Kind.SINGLE, Kind.YES_NO, Kind.SCALE, Kind.MUNICIPALITY, Kind.MATRIX_SINGLE), "select_one"),
    **dict.fromkeys((Kind.MULTIPLE, Kind.MATRIX_MULTIPLE), "select_multiple"),
    Kind.RANKING: "rank",
    Kind.DATE: "date",
    **dict.fromkeys((Kind.SHORT_TEXT, Kind.LONG_TEXT), "text"),
    Kind.INFORMATION: "note",
}
APPEARANCES = {Kind.SCALE: "likert", Kind.LONG_TEXT: "multiline", Kind.MUNICIPALITY: "minimal autocomplete"}
SAID_KINDS = {Kind.YES_NO, Kind.MUNICIPALITY, Kind.SCALE}


def write_xlsform(questionnaire: Questionnaire, title: Texts, *, form_id: str = "umfrage") -> bytes:
    """The workbook. Every cell is text: nothing in it can be a formula."""
    book = _Book(questionnaire)
    for page in questionnaire.pages:
        book.page(page)
    settings = {
        "form_title": title.get(BASE_LANGUAGE, "") or form_id,
        "form_id": form_id,
        "default_language": HEADERS[BASE_LANGUAGE],
        "style": "pages",
    }
    sheets = [
        _sheet("survey", book.survey, OF_SURVEY, questionnaire.languages),
        _sheet("choices", book.choices, OF_CHOICES, questionnaire.languages),
        Sheet("settings", [(name, 24, []) for name in settings], [list(settings.values())], 1),
    ]
    return write_workbook(sheets, title=settings["form_title"])


def _sheet(name: str, rows: list[Row], columns: tuple[str, ...], languages: tuple[str, ...]) -> Sheet:
    """A sheet with the columns that hold something."""
    wanted = []
    for column in columns:
        wanted += [f"{column}::{HEADERS[language]}" for language in languages] if column in BY_LANGUAGE else [column]
    used = {key for row in rows for key, value in row.items() if value}
    kept = [key for key in wanted if key in used or key.partition("::")[0] in ALWAYS]
    table = [[row.get(key) or None for key in kept] for row in rows]
    return Sheet(name, [(key, 40 if "label" in key or "hint" in key else 18, []) for key in kept], table, len(table))


class _Book:
    """Collects the rows of both sheets."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.writer = Writer(questionnaire)
        self.survey: list[Row] = []
        self.choices: list[Row] = []

    def page(self, page: Page) -> None:
        """A part of the questionnaire is a group that stands on one screen."""
        head = {"type": "begin_group", "name": self.writer.page_name(page.code), "appearance": "field-list"}
        head |= {"relevant": self._when(page.condition), "portal_code": page.code}
        self.survey.append(head | self._texts("label", page.title) | self._texts("hint", page.intro))
        for question in page.questions:
            if question.kind in MATRICES:
                self._matrix(question)
            else:
                self._question(question)
            if question.options:
                self._options(question)
        self.survey.append({"type": "end_group"})

    def _question(self, question: Question) -> None:
        row = self._basics(question)
        row |= {
            "name": question.code,
            "relevant": self._relevant(question),
            "constraint": constraint_of(question),
            "appearance": APPEARANCES.get(question.kind, ""),
        }
        if question.kind is Kind.NUMBER:
            row["type"] = "decimal" if question.places else "integer"
            row["portal_places"] = str(question.places) if question.places else ""
        self.survey.append(row | self._texts("unit", question.unit))
        for option in question.options:
            if option.other and not option.retired:
                self._beside(question, option)

    def _basics(self, question: Question) -> Row:
        named = f"{TYPES[question.kind]} {question.code}" if question.options else TYPES.get(question.kind, "")
        row = {
            "type": named or "integer",
            "required": "yes" if question.duty is Duty.HARD else "",
            "parameters": "randomize=true" if question.shuffle else "",
            "choice_filter": NOT_RETIRED if any(option.retired for option in question.options) else "",
            "portal_kind": question.kind.value if question.kind in SAID_KINDS else "",
            "portal_duty": "soft" if question.duty is Duty.SOFT else "",
            "portal_no_answer": "yes" if question.no_answer else "",
        }
        return row | self._texts("label", question.label) | self._texts("hint", question.help)

    def _matrix(self, question: Question) -> None:
        """A grid: a head with the columns, and one row below it for each row."""
        group = {"type": "begin_group", "name": self.writer.grid_name(question.code), "appearance": "field-list"}
        self.survey.append(group | {"relevant": self._relevant(question)})
        self.survey.append(self._basics(question) | {"name": question.code, "required": "", "appearance": "label"})
        for item in question.items:
            self.survey.append(self._row(question, item))
        self.survey.append({"type": "end_group"})

    def _row(self, question: Question, item: Item) -> Row:
        row = {
            "type": f"{TYPES[question.kind]} {question.code}",
            "name": self.writer.row_name(question.code, item.code),
            "required": "yes" if question.duty is Duty.HARD else "",
            "relevant": "false()" if item.retired else self._when(item.condition),
            "appearance": "list-nolabel",
            "portal_code": item.code,
        }
        return row | self._texts("label", item.label)

    def _beside(self, question: Question, option: Option) -> None:
        """The text beside an option, for programs that know no such thing; our own reader passes over it."""
        row = {
            "type": "text",
            "name": self.writer.beside_name(question.code, option.code),
            "relevant": self.writer.selected(question.code, option.code, ""),
            "portal_part": "yes",
        }
        self.survey.append(row | self._texts("label", option.label))

    def _options(self, question: Question) -> None:
        for option in question.options:
            row = {
                "list_name": question.code,
                "name": option.code,
                "portal_number": str(option.number),
                "portal_other": "yes" if option.other else "",
                "portal_exclusive": "yes" if option.exclusive else "",
                "portal_retired": "yes" if option.retired else "",
                "portal_condition": self._when(option.condition),
            }
            self.choices.append(row | self._texts("label", option.label) | self._texts("help", option.help))

    def _relevant(self, question: Question) -> str:
        return "false()" if question.retired else self._when(question.condition)

    def _when(self, condition: Expression | None) -> str:
        return self.writer.xpath(condition) if condition else ""

    def _texts(self, column: str, texts: Mapping[str, str]) -> Row:
        return {
            f"{column}::{HEADERS[language]}": texts[language].replace("${", "$ {")
            for language in self.questionnaire.languages
            if texts.get(language)
        }
