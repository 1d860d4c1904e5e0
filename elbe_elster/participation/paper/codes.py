"""What a clerk types for one question, and back: the codes printed beside the boxes.

One option: ``2``. Several: ``1 3 4``. A matrix has one place for each row from the top: ``2 1 - 3`` (``-`` for an empty
row), with several crosses in a row separated by strokes: ``1 3 / 2 / -``. A ranking has the number written before each
option from the top: ``2 1 - 3``. Numbers as people write them (``1.200`` or ``12,5``), days as ``1.5.2026`` or
``01052026``. ``?`` is "nicht lesbar", ``k`` "keine Angabe", nothing is skipped. A text that looks like one of these
signs stands in quotation marks: ``"?"``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, Kind
from elbe_elster.participation.questionnaire.path import ShownQuestion, only_shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.participation.questionnaire.document import Item, Option, Question

NO_ANSWER = "k"
NOT_LEGIBLE = "?"
EMPTY = "-"
BETWEEN_ROWS = "/"
MOST_TYPED = 5_000  # letters in one field
GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")  # 1.200 and 1.200,5
DAY = re.compile(r"(\d{1,2})[.\- ](\d{1,2})[.\- ](\d{4})|(\d{2})(\d{2})(\d{4})")
LARGEST_NUMBER = Decimal(10) ** 11  # what a stored number can hold


class TypingError(ValueError):
    """What was typed means nothing here; the message says so in German and what to do."""


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of one question: the codes, and texts beside options by the option's code."""

    answer: str = ""
    others: Mapping[str, str] = field(default_factory=dict)


def offered(question: Question) -> ShownQuestion:
    """The question as it is printed: every option and row that is not retired."""
    return ShownQuestion(
        question,
        tuple(option for option in question.options if not option.retired),
        tuple(item for item in question.items if not item.retired),
    )


def read_typed(question: Question, typed: Typed) -> Given:
    """The answer that was typed. Raises TypingError."""
    words = typed.answer.strip()
    others = {code: text.strip() for code, text in typed.others.items() if text.strip()}
    given = _read(question, words)
    for code in others:
        if code not in given.options:
            number = question.option_by_code[code].number
            raise TypingError(gettext("Zu %(number)s steht ein Text, aber kein Kreuz.") % {"number": number})
    found = Given(given.options, given.items, others, given.number, given.date, given.text, given.missing)
    return only_shown(offered(question), found)


def as_typed(question: Question, given: Given) -> Typed:
    """What a clerk types for an answer; ``read_typed`` gives it back."""
    return Typed(_written(question, given), dict(given.others))


def _read(question: Question, words: str) -> Given:
    if not words:
        return Given()
    if words == NOT_LEGIBLE:
        return Given(missing=Missing.NOT_LEGIBLE)
    if words.casefold() == NO_ANSWER:
        if not question.no_answer:
            raise TypingError(gettext("Bei dieser Frage gibt es kein „keine Angabe“. Nicht lesbar ist „?“."))
        return Given(missing=Missing.NO_ANSWER)
    return _matrix(question, words) if question.kind in MATRICES else _value(question, words)


def _value(question: Question, words: str) -> Given:
    kind = question.kind
    if kind in TEXTS:
        return Given(text=_text(question, words))
    if kind is Kind.NUMBER:
        return Given(number=_number(question, words))
    if kind is Kind.DATE:
        return Given(date=_date(question, words))
    if kind is Kind.RANKING:
        return Given(options=_ranking(question, words))
    codes = _parts(words)
    if kind is Kind.MULTIPLE:
        return Given(options=_several(question, words))
    if len(codes) > 1:
        raise TypingError(gettext("Hier gilt nur ein Kreuz. Sind es auf dem Bogen mehrere, tippen Sie „?“."))
    return Given(options=(_option(question, codes[0]).code,))


def _parts(words: str) -> list[str]:
    parts = re.split(r"[\s,;+]+", words.strip(" ,;+\t\n"))
    if parts == [""]:
        raise TypingError(gettext("Hier fehlt die Nummer."))
    return parts


def _option(question: Question, typed: str) -> Option:
    for option in offered(question).options:
        if str(option.number) == typed:
            return option
    words = {"typed": typed[:20], "numbers": _numbers(question)}
    raise TypingError(gettext("Die Nummer %(typed)s gibt es hier nicht. Möglich: %(numbers)s.") % words)


def _numbers(question: Question) -> str:
    numbers = [option.number for option in offered(question).options]
    if numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 1:
        return gettext("1 bis %(last)s") % {"last": numbers[-1]}
    return ", ".join(map(str, numbers))


def _several(question: Question, words: str) -> tuple[str, ...]:
    chosen = [_option(question, part) for part in _parts(words)]
    codes = tuple(option.code for option in offered(question).options if option in chosen)
    if len(codes) != len(chosen):
        raise TypingError(gettext("Eine Nummer steht zweimal da."))
    alone = next((option for option in chosen if option.exclusive), None)
    if alone and len(codes) > 1:
        words = gettext("%(number)s gilt nur allein. Steht es so auf dem Bogen, tippen Sie „?“.")
        raise TypingError(words % {"number": alone.number})
    if question.kind is Kind.MULTIPLE:
        _check_count(question, len(codes))
    return codes


def _check_count(question: Question, count: int) -> None:
    if question.most is not None and count > question.most:
        words = ngettext(
            "Erlaubt ist höchstens %(most)s Kreuz. Sind es auf dem Bogen mehr, tippen Sie „?“.",
            "Erlaubt sind höchstens %(most)s Kreuze. Sind es auf dem Bogen mehr, tippen Sie „?“.",
            int(question.most),
        )
        raise TypingError(words % {"most": int(question.most)})


def _ranking(question: Question, words: str) -> tuple[str, ...]:
    options = offered(question).options
    parts = _parts(words)
    if len(parts) > len(options):
        raise TypingError(_count_words(len(parts), len(options)))
    ranks: dict[int, str] = {}
    for option, part in zip(options, parts, strict=False):
        if part == EMPTY:
            continue
        rank = int(part) if re.fullmatch(r"[0-9]{1,6}", part) else 0  # int() fails at thousands of digits
        if not 1 <= rank <= len(options):
            raise TypingError(gettext("%(typed)s ist kein Platz in dieser Rangfolge.") % {"typed": part[:20]})
        if rank in ranks:
            raise TypingError(gettext("Platz %(rank)s steht zweimal da. Steht es so auf dem Bogen, tippen Sie „?“.") % {"rank": rank})  # fmt: skip
        ranks[rank] = option.code
    if sorted(ranks) != list(range(1, len(ranks) + 1)):
        raise TypingError(gettext("In der Rangfolge fehlt ein Platz. Steht es so auf dem Bogen, tippen Sie „?“."))
    _check_count(question, len(ranks))
    return tuple(ranks[rank] for rank in sorted(ranks))


def _matrix(question: Question, words: str) -> Given:
    rows = offered(question).items
    single = question.kind is Kind.MATRIX_SINGLE
    parts = _parts(words) if single else [part.strip() for part in words.split(BETWEEN_ROWS)]
    if single and len(parts) == 1 and len(rows) > 1 and len(words) == len(rows) and len(question.options) < 10:  # noqa: PLR2004  # one digit each
        parts = list(words)
    if len(parts) > len(rows):
        raise TypingError(_count_words(len(parts), len(rows)))
    items: dict[str, tuple[str, ...]] = {}
    unread = False
    for row, part in zip(rows, parts, strict=False):
        if part == NOT_LEGIBLE:
            unread = True
        elif part not in {EMPTY, ""}:
            items[row.code] = (_option(question, part).code,) if single else _several(question, part)
    return Given(items=items, missing=Missing.NOT_LEGIBLE if unread else None)


def _count_words(typed: int, places: int) -> str:
    words = {"typed": typed, "places": places}
    return gettext("Hier stehen %(typed)s Angaben, die Frage hat aber nur %(places)s Zeilen.") % words


def _number(question: Question, words: str) -> Decimal:
    plain = words.replace(" ", "")
    plain = plain.replace(".", "") if GROUPED.fullmatch(plain) else plain
    try:
        number = (
            Decimal(plain.replace(",", ".", 1)) if re.fullmatch(r"-?[0-9]{1,20}([.,][0-9]{1,20})?", plain) else None
        )
    except InvalidOperation:
        number = None
    if number is None or abs(number) >= LARGEST_NUMBER:
        raise TypingError(gettext("Das ist keine Zahl. Nicht lesbar ist „?“."))
    if number != round(number, question.places):
        raise TypingError(
            gettext("Zu viele Stellen nach dem Komma: höchstens %(places)s.") % {"places": question.places}
        )
    if (question.least is not None and number < question.least) or (
        question.most is not None and number > question.most
    ):
        raise TypingError(gettext("Die Zahl liegt außerhalb der Grenzen. Steht sie so auf dem Bogen, tippen Sie „?“."))
    return number


def _date(question: Question, words: str) -> dt.date:
    match = DAY.fullmatch(words)
    try:
        if match is None:
            day = dt.date.fromisoformat(words)
        else:
            parts = [int(part) for part in match.groups() if part]
            day = dt.date(parts[2], parts[1], parts[0])
    except ValueError as error:
        raise TypingError(gettext("Das ist kein Tag. Tippen Sie zum Beispiel 1.5.2026.")) from error
    if (question.earliest and day.isoformat() < question.earliest) or (question.latest and day.isoformat() > question.latest):  # fmt: skip
        raise TypingError(gettext("Der Tag liegt außerhalb der Grenzen. Steht er so auf dem Bogen, tippen Sie „?“."))
    return day


def _text(question: Question, words: str) -> str:
    text = words.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1].strip()
    if question.most is not None and len(text) > question.most:
        raise TypingError(
            gettext("Der Text hat %(count)s Zeichen, erlaubt sind %(most)s. Kürzen Sie ihn.")
            % {"count": len(text), "most": int(question.most)}
        )
    return text


# And back --------------------------------------------------------------------------


def _written(question: Question, given: Given) -> str:
    if given.missing and not given.is_answer:
        return NO_ANSWER if given.missing is Missing.NO_ANSWER else NOT_LEGIBLE
    if given.number is not None:
        return f"{given.number:f}".replace(".", ",")
    if given.date is not None:
        return f"{given.date.day}.{given.date.month}.{given.date.year:04}"
    return _written_text(given.text) if given.text else _written_options(question, given)


def _written_text(text: str) -> str:
    """In quotation marks where it looks like a sign or stands in such marks itself."""
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return f'"{text}"' if quoted or text.casefold() in {NOT_LEGIBLE, NO_ANSWER} else text


def _written_options(question: Question, given: Given) -> str:
    numbers = {option.code: str(option.number) for option in question.options}
    if question.kind in MATRICES:
        return _written_rows(question, given, numbers)
    if question.kind is Kind.RANKING and given.options:
        ranks = {code: str(rank) for rank, code in enumerate(given.options, start=1)}
        return " ".join(ranks.get(option.code, EMPTY) for option in offered(question).options)
    return " ".join(numbers[code] for code in given.options)


def _written_rows(question: Question, given: Given, numbers: Mapping[str, str]) -> str:
    if not any(given.items.values()):
        return ""
    empty = NOT_LEGIBLE if given.missing else EMPTY

    def row(item: Item) -> str:
        return " ".join(numbers[code] for code in given.items.get(item.code, ())) or empty

    between = " " if question.kind is Kind.MATRIX_SINGLE else f" {BETWEEN_ROWS} "
    return between.join(row(item) for item in offered(question).items)


def explained(question: Question) -> str:
    """What can be typed, short, in the current language, for the line under the field."""
    match question.kind:
        case Kind.RANKING:
            return gettext("die Plätze von oben nach unten, leere als -")
        case Kind.MATRIX_SINGLE:
            return gettext("je Zeile eine Nummer von oben nach unten, leere Zeilen als -")
        case Kind.MATRIX_MULTIPLE:
            return gettext("je Zeile die Nummern, Zeilen mit / getrennt, leere Zeilen als -")
        case Kind.DATE:
            return gettext("zum Beispiel 1.5.2026")
    return ""
