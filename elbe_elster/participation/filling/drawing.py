"""Draws questions: their HTML once for each version and language with blanks in it, then only what fills the blanks.

A template is drawn with marks (``ui/blanks.py``) where something differs from person to person: whether an option is
chosen or hidden, what was typed, which error stands there. Filling in is joining texts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import override

from elbe_elster.participation.questionnaire.live import is_live, live_answers, live_questions, names_before
from elbe_elster.participation.reading import questionnaire_by_pk
from elbe_elster.ui.blanks import Pieces, data_script, joined

from .blanks import blank_question
from .wording import seconds_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.safestring import SafeString

    from elbe_elster.participation.questionnaire.answers import Given
    from elbe_elster.participation.questionnaire.document import Option, Page, Question, Questionnaire
    from elbe_elster.participation.questionnaire.path import ShownPage, ShownQuestion

    from .cleaning import Sent

ERROR_TEMPLATE = "participation/filling/questions/error.html"
KEPT = 60  # versions and languages


@dataclass(frozen=True)
class Asked:
    """How one person finds one question: what they sent, what is wrong with it, what is shown (None: hidden)."""

    sent: Sent
    shown: ShownQuestion | None
    errors: Sequence[str] = ()
    is_reminder: bool = False

    def has(self, name: str, value: str) -> bool:
        """Whether this value was sent."""
        return value in self.sent.getlist(name)

    def text(self, name: str) -> str:
        """What was typed."""
        return next((str(value) for value in self.sent.getlist(name)), "")


def _value(part: tuple[str, ...], asked: Asked, drawn: Mapping[str, str]) -> str:
    """What stands in a blank; ``drawn`` holds larger pieces by the name of their blank."""
    match part:
        case ("checked" | "selected" as word, name, value):
            return word if asked.has(name, value) else ""
        case ("value", name):
            return escape(asked.text(name))
        case ("option" | "item" as what, code) if asked.shown:
            visible = asked.shown.options if what == "option" else asked.shown.items
            return "" if any(part.code == code for part in visible) else "hidden"
        case (name,):
            return drawn.get(name, "")
    return ""


@dataclass(frozen=True)
class Blank:
    """A question with blanks, and its options each by itself where they may change places."""

    question: Question
    frame: Pieces
    options: tuple[tuple[Option, Pieces], ...]
    help_id: str

    def fill(self, asked: Asked, seed: str, *, has_focus: bool = False) -> SafeString:
        """The question for one person."""
        ordered = self.options if not self.question.shuffle else shuffled(self.options, f"{seed}{self.question.code}")
        described = [self.help_id] if self.help_id else []
        drawn = {
            "options": "".join([pieces.fill(lambda part: _value(part, asked, {})) for _, pieces in ordered]),
            "hidden": "" if asked.shown else "hidden",
            "focus": 'tabindex="-1" autofocus' if has_focus else "",
        }
        if asked.errors:
            described.append(f"e-{self.question.code}")
            texts = {"code": self.question.code, "texts": asked.errors, "is_reminder": asked.is_reminder}
            drawn["error"] = render_to_string(ERROR_TEMPLATE, texts)
            drawn["error_class"] = " has-reminder" if asked.is_reminder else " has-error"
            drawn["invalid"] = "" if asked.is_reminder else 'aria-invalid="true"'
        if described:
            drawn["described"] = f'aria-describedby="{" ".join(described)}"'
        return joined([self.frame.fill(lambda part: _value(part, asked, drawn))])


def shuffled(options: Sequence[tuple[Option, Pieces]], seed: str) -> list[tuple[Option, Pieces]]:
    """In an order that is random, but the same for the same seed; options of one's own and exclusive ones stay."""
    moving = [pair for pair in options if not (pair[0].other or pair[0].exclusive)]
    random.Random(seed).shuffle(moving)  # noqa: S311 - an order for the eye, no secret
    following = iter(moving)
    return [pair if pair[0].other or pair[0].exclusive else next(following) for pair in options]


@dataclass
class Drawer:
    """Draws the pages of one questionnaire in one language; keeps what it has drawn."""

    questionnaire: Questionnaire
    language: str
    _blanks: dict[str, Blank] = field(default_factory=dict)
    _conditions: dict[str, tuple[list[dict[str, Any]], frozenset[str]]] = field(default_factory=dict)
    _seconds: dict[str, int] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each question by its code. Fixed, so that it is the same on paper and after every answer."""
        asking = [question for question in self.questionnaire.questions() if question.asks and not question.retired]
        return {question.code: number for number, question in enumerate(asking, start=1)}

    def question(self, code: str) -> Question:
        """The question with this code."""
        return self.questionnaire.question_by_code[code]

    def seconds(self, question: Question) -> int:
        """How long it takes, estimated once."""
        if question.code not in self._seconds:
            self._seconds[question.code] = seconds_for(question, self.language)
        return self._seconds[question.code]

    def blank(self, question: Question) -> Blank:
        """The question with blanks."""
        found = self._blanks.get(question.code)
        if found is None:
            with override(self.language):
                drawn = blank_question(question, self.numbers.get(question.code, 0), self.language)
            pairs = tuple((option, Pieces(html)) for option, html in drawn.options)
            found = Blank(question, Pieces(drawn.frame), pairs, drawn.help_id)
            self._blanks[question.code] = found
        return found

    def page(self, page: Page, asked: Mapping[str, Asked], seed: str, *, focus: str = "") -> SafeString:
        """Every question of a page, hidden ones too. ``asked`` by code; the one with code ``focus`` is begun with."""
        drawn = [
            self.blank(question).fill(asked[question.code], seed, has_focus=question.code == focus)
            for question in page.questions
            if not question.retired
        ]
        return joined(drawn)

    def conditions(self, page: Page, earlier: Mapping[str, Given]) -> SafeString:
        """The data a script needs to show and hide on this page; empty where nothing depends on anything."""
        if page.code not in self._conditions:
            self._conditions[page.code] = live_questions(page) if is_live(page) else [], names_before(page)
        questions, names = self._conditions[page.code]
        if not questions:
            return joined(())
        return data_script("conditions", {"questions": questions, "answers": live_answers(names, earlier)})


@lru_cache(maxsize=KEPT)
def drawer_of(version_pk: int, language: str) -> Drawer:
    """The drawer of a published version, one in a process."""
    return Drawer(questionnaire_by_pk(version_pk), language)


def asked_on(
    page: Page,
    shown_page: ShownPage | None,
    sent: Mapping[str, Sent],
    errors: Mapping[str, Sequence[str]],
    *,
    reminders: Mapping[str, Sequence[str]],
) -> dict[str, Asked]:
    """How the person finds each question of a page; everything by the question's code."""
    shown = {found.question.code: found for found in (shown_page.questions if shown_page else ())}
    return {
        question.code: Asked(
            sent[question.code],
            shown.get(question.code),
            errors.get(question.code) or reminders.get(question.code, ()),
            is_reminder=question.code not in errors,
        )
        for question in page.questions
    }


def first_field(blank: Blank, asked: Asked, seed: str) -> str:
    """The id of the first control of a question, where the error summary leads."""
    question = blank.question
    if question.items and asked.shown:
        rows = [item for item in asked.shown.items if not asked.sent.getlist(f"q-{question.code}-{item.code}")]
        row = (rows or list(asked.shown.items))[0]
        return f"f-{question.code}-{row.code}-{asked.shown.options[0].code}"
    if question.options and question.kind != "municipality" and asked.shown:
        visible = {option.code for option in asked.shown.options}
        pairs = shuffled(blank.options, f"{seed}{question.code}") if question.shuffle else blank.options
        return next((f"f-{question.code}-{option.code}" for option, _ in pairs if option.code in visible), "")
    return f"f-{question.code}"
