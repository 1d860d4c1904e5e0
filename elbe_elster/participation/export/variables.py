"""What a file of responses has as columns, from the frozen documents of every version of a survey.

A choice is one variable whose values are the numbers of the options. Several choices are one variable 0/1 for each
option, a ranking one variable with the place for each option, a matrix one for each row (and option). A free text is
1 where somebody wrote one; the words stand in a file of their own without any tie to the responses.

An item of a questionnaire is its number, in every version: what was asked once stays a variable, retired or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from elbe_elster.participation.models import AnswerState, Channel
from elbe_elster.participation.questionnaire.document import (
    MATRICES,
    ONE_OPTION,
    TEXTS,
    Kind,
    in_language,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from elbe_elster.participation.questionnaire.conditions import Expression
    from elbe_elster.participation.questionnaire.document import Item, Option, Page, Question, Questionnaire

SKIPPED, NO_ANSWER, NOT_LEGIBLE, NOT_SHOWN = -1, -2, -3, -9
MISSING_BY_STATE = {
    AnswerState.SKIPPED: SKIPPED,
    AnswerState.NO_ANSWER: NO_ANSWER,
    AnswerState.NOT_LEGIBLE: NOT_LEGIBLE,
}
FAR = -99_999_990  # added to a missing code where the answer itself may be below zero
CHANNEL_CODES = {Channel.ONLINE: 1, Channel.KIOSK: 2, Channel.PAPER: 3}
LONGEST_NAME = 64  # bytes, in SPSS
NOT_A_NAME = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})  # of SPSS


class Sort(StrEnum):
    """What the values of a variable are."""

    NUMBERING = "numbering"  # counts the responses of this file; says nothing outside of it
    VERSION = "version"
    CHANNEL = "channel"
    DAY = "day"
    CHOICE = "choice"
    CHOSEN = "chosen"
    PLACE = "place"
    NUMBER = "number"
    DATE = "date"
    GIVEN = "given"


ABOUT_RESPONSE = (Sort.NUMBERING, Sort.VERSION, Sort.CHANNEL, Sort.DAY)
DATES = frozenset({Sort.DAY, Sort.DATE})


class Edition(NamedTuple):
    """A version of the survey: number, primary key, and what it asks."""

    number: int
    pk: int
    questionnaire: Questionnaire


class Slot(NamedTuple):
    """Where the answers of a variable are stored; ``item`` and ``option`` are 0 for none."""

    question: int
    item: int
    option: int


@dataclass(frozen=True)
class Variable:
    """One column. ``codes`` are values with labels; ``far`` says that the missing codes are those far below zero."""

    name: str
    label: str
    sort: Sort
    codes: tuple[tuple[int, str], ...] = ()
    slot: Slot | None = None
    places: int = 0
    far: bool = False
    conditions: tuple[Expression, ...] = ()
    since: int = 1
    until: int | None = None
    earlier: tuple[tuple[int, str], ...] = ()  # wording in versions where it was another
    asked_in: frozenset[int] = field(default=frozenset(), repr=False)  # numbers of versions

    @property
    def missing(self) -> tuple[tuple[int, str], ...]:
        """The missing codes with labels; those about the response itself have none."""
        if self.sort in ABOUT_RESPONSE:
            return ()
        shift = FAR if self.far else 0
        return tuple((shift + code, label) for code, label in _missing_words())

    def missing_code(self, code: int) -> int:
        """The value that stands for a missing code in this variable."""
        return FAR + code if self.far else code


def _missing_words() -> tuple[tuple[int, str], ...]:
    return (
        (SKIPPED, _("übersprungen")),
        (NO_ANSWER, _("keine Angabe")),
        (NOT_LEGIBLE, _("nicht lesbar")),
        (NOT_SHOWN, _("nicht gezeigt")),
    )


def variables_of(editions: Sequence[Edition], language: str = "de") -> list[Variable]:
    """Every column, in the order of the newest version; what only older ones asked stands at the end."""
    newest_first = sorted(editions, key=lambda edition: -edition.number)
    names = _Names()
    found: dict[Slot, list[_Seen]] = {}
    for edition in newest_first:
        for seen in _slots(edition):
            found.setdefault(seen.slot, []).append(seen)
    labels = _Labels(newest_first, language)
    return [
        *(names.named(variable) for variable in _about_response(editions)),
        *(names.named(_variable(seen, labels, newest_first[0].number)) for seen in found.values()),
    ]


@dataclass(frozen=True)
class _Seen:
    """A slot in one version."""

    edition: int
    page: Page
    question: Question
    item: Item | None = None
    option: Option | None = None

    @property
    def slot(self) -> Slot:
        return Slot(self.question.pk, self.item.number if self.item else 0, self.option.number if self.option else 0)

    @property
    def asked(self) -> bool:
        parts = (self.question, self.item, self.option)
        return not any(part.retired for part in parts if part)

    @property
    def sort(self) -> Sort:
        kind = self.question.kind
        if kind in ONE_OPTION or kind is Kind.MATRIX_SINGLE:
            return Sort.CHOICE
        if kind is Kind.RANKING:
            return Sort.PLACE
        if kind in TEXTS:
            return Sort.GIVEN
        return {Kind.NUMBER: Sort.NUMBER, Kind.DATE: Sort.DATE}.get(kind, Sort.CHOSEN)


def _slots(edition: Edition) -> Iterator[_Seen]:
    for page in edition.questionnaire.pages:
        for question in page.questions:
            if not question.asks:
                continue
            for item in question.items if question.kind in MATRICES else (None,):
                whole = question.kind in ONE_OPTION or question.kind is Kind.MATRIX_SINGLE or not question.options
                for option in (None,) if whole else question.options:
                    yield _Seen(edition.number, page, question, item, option)


class _Labels:
    """The wording of things, newest first."""

    def __init__(self, newest_first: Sequence[Edition], language: str) -> None:
        self.language = language
        self.options: dict[int, dict[int, list[tuple[int, Option]]]] = {}
        for edition in newest_first:
            for question in edition.questionnaire.questions():
                for option in question.options:
                    ways = self.options.setdefault(question.pk, {}).setdefault(option.number, [])
                    ways.append((edition.number, option))

    def of(self, seen: _Seen) -> str:
        """Question, row and option in one line."""
        parts = [seen.question, seen.item, seen.option]
        return " – ".join(" ".join(in_language(part.label, self.language).split()) for part in parts if part)

    def values(self, question: int, newest: int) -> tuple[tuple[int, str], ...]:
        """The options of every version with their numbers; retired ones say until when they were asked."""
        found = []
        for number, ways in sorted(self.options.get(question, {}).items()):
            label = in_language(ways[0][1].label, self.language)
            asked = [edition for edition, option in ways if not option.retired]
            if asked and max(asked) < newest:
                label = _("%(label)s (bis Fassung %(number)d)") % {"label": label, "number": max(asked)}
            found.append((number, label))
        return tuple(found)


def _about_response(editions: Sequence[Edition]) -> list[Variable]:
    versions = tuple((edition.number, _("Fassung %(number)d") % {"number": edition.number}) for edition in editions)
    channels = tuple((code, str(channel.label)) for channel, code in CHANNEL_CODES.items())
    return [
        Variable("nr", _("Laufende Nummer in dieser Datei, ohne Bedeutung außerhalb"), Sort.NUMBERING),
        Variable("fassung", _("Fassung des Fragebogens"), Sort.VERSION, versions),
        Variable("weg", _("Weg der Antwort"), Sort.CHANNEL, channels),
        Variable("tag", _("Tag der Antwort"), Sort.DAY),
    ]


def _variable(ways: Sequence[_Seen], labels: _Labels, newest: int) -> Variable:
    seen = ways[0]
    asked = {way.edition for way in ways if way.asked} or {way.edition for way in ways}
    wording = labels.of(seen)
    question = seen.question
    parts = (seen.page, question, seen.item, seen.option)
    return Variable(
        name="_".join(part.code for part in (question, seen.item, seen.option) if part),
        label=wording,
        sort=seen.sort,
        codes=_codes(seen, labels, newest),
        slot=seen.slot,
        places=question.places if seen.sort is Sort.NUMBER else 0,
        far=seen.sort is Sort.NUMBER and (question.least is None or question.least < 0),
        conditions=tuple(part.condition for part in parts if part and part.condition is not None),
        since=min(asked),
        until=max(asked) if max(asked) < newest else None,
        earlier=tuple((way.edition, labels.of(way)) for way in ways if labels.of(way) != wording),
        asked_in=frozenset(way.edition for way in ways if way.asked),
    )


def _codes(seen: _Seen, labels: _Labels, newest: int) -> tuple[tuple[int, str], ...]:
    if seen.sort is Sort.CHOICE:
        return labels.values(seen.question.pk, newest)
    if seen.sort is Sort.CHOSEN:
        return ((0, _("nicht gewählt")), (1, _("gewählt")))
    return ((1, _("hat geschrieben")),) if seen.sort is Sort.GIVEN else ()


class _Names:
    """Gives every variable a name that SPSS allows and that no other has."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def named(self, variable: Variable) -> Variable:
        """The variable with its final name."""
        from dataclasses import replace

        slot = variable.slot
        name = variable.name
        if len(name) > LONGEST_NAME and slot:
            numbers = [str(number) for number in (slot.item, slot.option) if number]
            name = "_".join([name[:40], *numbers])
        name = f"v_{name}" if name in NOT_A_NAME else name.rstrip("_")
        free, count = name, 1
        while free in self.taken:
            count += 1
            free = f"{name[: LONGEST_NAME - 6]}_{count}"
        self.taken.add(free)
        return replace(variable, name=free)
