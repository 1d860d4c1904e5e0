"""What a person answered, before it is stored: one value per question, by the question's code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Answers = dict[str, "Given"]


class Missing(StrEnum):
    """Why there is no value although the question was shown and dealt with."""

    NO_ANSWER = "no_answer"  # the person chose "keine Angabe"
    NOT_LEGIBLE = "not_legible"  # on paper only


@dataclass(frozen=True)
class Given:
    """The answer to one question. Only the fields of its kind are filled.

    ``options`` are codes in the order chosen (a ranking: best first); ``items`` maps rows of a matrix to codes;
    ``others`` maps the code of an option to the text written beside it. ``option_value`` is the number of the one
    option chosen, for comparisons.
    """

    options: tuple[str, ...] = ()
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    number: Decimal | None = None
    date: dt.date | None = None
    text: str = ""
    missing: Missing | None = None
    option_value: int | None = None

    @cached_property
    def is_answer(self) -> bool:
        """Whether there is a value."""
        return bool(
            self.options
            or any(self.items.values())
            or self.number is not None
            or self.date is not None
            or self.text.strip()
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was said, not even "keine Angabe"."""
        return not self.is_answer and self.missing is None

    @property
    def value(self) -> Decimal | dt.date | str | None:
        """What a comparison sees: the number, the date, the text, or the number of the one option."""
        if self.number is not None or self.date is not None:
            return self.number if self.number is not None else self.date
        if self.text.strip():
            return self.text.strip()
        return None if self.option_value is None else Decimal(self.option_value)

    @property
    def count(self) -> int:
        """How many options are chosen, in all rows of a matrix together."""
        return len(self.options) + sum(len(chosen) for chosen in self.items.values())


def answers_to_json(answers: Mapping[str, Given]) -> dict[str, Any]:
    """Answers as plain values, short: what is empty is left out."""
    return {code: _given_to_json(given) for code, given in answers.items() if not given.is_empty}


def answers_from_json(values: Mapping[str, Any]) -> Answers:
    """Answers of ``answers_to_json``. Raises KeyError, TypeError or ValueError for anything else."""
    return {str(code): _given_from_json(given) for code, given in values.items()}


def _given_to_json(given: Given) -> dict[str, Any]:
    full = {
        "o": list(given.options),
        "i": {item: list(codes) for item, codes in given.items.items() if codes},
        "w": {code: text for code, text in given.others.items() if text},
        "n": None if given.number is None else str(given.number),
        "d": None if given.date is None else given.date.isoformat(),
        "t": given.text,
        "m": given.missing and given.missing.value,
        "v": given.option_value,
    }
    return {name: value for name, value in full.items() if value not in (None, "", [], {})}


def _given_from_json(values: Mapping[str, Any]) -> Given:
    return Given(
        options=tuple(map(str, values.get("o", ()))),
        items={str(item): tuple(map(str, codes)) for item, codes in values.get("i", {}).items()},
        others={str(code): str(text) for code, text in values.get("w", {}).items()},
        number=Decimal(values["n"]) if "n" in values else None,
        date=dt.date.fromisoformat(values["d"]) if "d" in values else None,
        text=str(values.get("t", "")),
        missing=Missing(values["m"]) if "m" in values else None,
        option_value=int(values["v"]) if "v" in values else None,
    )
