# ruff: noqa: ARG002, D102 -- every column has the same methods; the base class describes them
"""The columns of the table of measures: one list for every file, written and read by the same lines.

A column turns a measure into a value (``current``), the value into a cell (``cell``) and a cell into the value again
(``clean``). Values are compared, never cells; therefore a file that nobody changed changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.strategy.exchange.cells import (
    LONGEST_CELL,
    Cell,
    CellError,
    folded,
    one_line,
    plain_text,
    read_choice,
    read_day,
    read_number,
    read_period,
    read_whole,
    read_yes,
)
from elbe_elster.strategy.publicity import PUBLIC_MEASURE_FIELDS, SWITCHED_MEASURE_FIELDS

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from django.db.models import TextChoices

    from elbe_elster.strategy.exchange.words import Words
    from elbe_elster.strategy.models import Measure

TOO_LONG = "[Zu lang für eine Tabelle. Bitte im Portal bearbeiten.]"


@dataclass(frozen=True)
class Column:
    """One column. ``key`` is the field's name and stable; ``header`` stands in the first row and never changes."""

    key: str
    header: str
    width: int = 18
    staff: bool = False  # only in the working file
    fixed: bool = False  # is written, but not read
    linked: ClassVar[bool] = False  # names rows of other tables

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it; the list in publicity.py decides."""
        return not self.staff and self.key in PUBLIC_MEASURE_FIELDS | SWITCHED_MEASURE_FIELDS | COMPUTED

    @property
    def writes(self) -> str:
        """The name by which ``change_record`` knows the field."""
        return self.key

    def current(self, measure: Measure, words: Words) -> Any:
        """The value of a measure."""
        return getattr(measure, self.key)

    def cell(self, value: Any, words: Words) -> Cell:
        """What stands in the file."""
        return value  # type: ignore[no-any-return]

    def clean(self, cell: Cell, words: Words) -> Any:
        """The value that a cell says: the cell itself, unless a kind of column reads it. Raises CellError."""
        return cell

    def plain(self, value: Any, words: Words) -> Any:
        """The value for JSON: codes instead of words."""
        return value

    def choices(self, words: Words) -> list[str]:
        """What may stand in the cell, where the list is closed."""
        return []


class Text(Column):
    """Plain text in one line."""

    def current(self, measure: Measure, words: Words) -> str:
        return one_line(getattr(measure, self.key))

    def clean(self, cell: Cell, words: Words) -> str:
        return one_line(cell)


class Translated(Text):
    """Plain text in one line: staff work on the German one, the public gets that of the page's language."""

    @property
    def writes(self) -> str:
        return f"{self.key}_de"

    def current(self, measure: Measure, words: Words) -> str:
        return one_line(getattr(measure, self.key if words.public else self.writes))


class Paragraphs(Column):
    """Text of several lines, Markdown or not."""

    def current(self, measure: Measure, words: Words) -> str:
        return plain_text(getattr(measure, self.key))

    def cell(self, value: str, words: Words) -> str:
        return value if len(value) <= LONGEST_CELL else TOO_LONG

    def clean(self, cell: Cell, words: Words) -> str:
        text = plain_text(cell)
        if text == TOO_LONG:
            raise Untouched
        return text


class TranslatedParagraphs(Paragraphs):
    """Text of several lines, in the languages of the portal."""

    @property
    def writes(self) -> str:
        return f"{self.key}_de"

    def current(self, measure: Measure, words: Words) -> str:
        return plain_text(getattr(measure, self.key if words.public else self.writes))


class Number(Text):
    """The number of the measure. Bare digits, as lists of others have them, get what the person says."""

    def clean(self, cell: Cell, words: Words) -> str:
        text = one_line(cell).upper().replace(" ", "")
        return f"{words.prefix}{int(text):02}" if words.prefix and re.fullmatch(r"[0-9]{1,4}", text) else text


class Contact(Text):
    """The person's name, in public only where that is allowed."""

    def current(self, measure: Measure, words: Words) -> str:
        return "" if words.public and not measure.contact_public else measure.contact_name


class Address(Text):
    """Where people write; in public that of the lead if the measure has none of its own."""

    def current(self, measure: Measure, words: Words) -> str:
        return measure.contact_address if words.public else measure.contact_email


@dataclass(frozen=True)
class Choice(Column):
    """One word of a closed list."""

    options: type[TextChoices] = field(kw_only=True)

    def cell(self, value: str, words: Words) -> str:
        return str(self.options(value).label) if value else ""

    def clean(self, cell: Cell, words: Words) -> str:
        return read_choice(cell, self.options)

    def plain(self, value: str, words: Words) -> str | None:
        return value or None

    def choices(self, words: Words) -> list[str]:
        return [str(choice.label) for choice in self.options]


class YesNo(Column):
    """``ja`` or ``nein``."""

    def cell(self, value: bool, words: Words) -> str:  # noqa: FBT001
        return _("ja") if value else _("nein")

    def clean(self, cell: Cell, words: Words) -> bool:
        return read_yes(cell)

    def choices(self, words: Words) -> list[str]:
        return [_("ja"), _("nein")]


class Day(Column):
    """A day."""

    def clean(self, cell: Cell, words: Words) -> dt.date | None:
        return read_day(cell)

    def plain(self, value: dt.date | None, words: Words) -> str | None:
        return value.isoformat() if value else None


@dataclass(frozen=True)
class Period(Day):
    """First or last day of a planned period; its precision stands in the next column or in the words themselves."""

    start: bool = field(kw_only=True)

    def clean(self, cell: Cell, words: Words) -> Any:
        return read_period(cell, start=self.start)


class Money(Column):
    """Euros with two places."""

    def clean(self, cell: Cell, words: Words) -> Decimal | None:
        return read_number(cell)

    def plain(self, value: Decimal | None, words: Words) -> float | None:
        return None if value is None else float(value)


class Whole(Column):
    """A whole number."""

    def clean(self, cell: Cell, words: Words) -> int | None:
        return read_whole(cell)


class Course(Column):
    """Whether it is on time, as the page shows it."""

    def cell(self, value: str, words: Words) -> str:
        return words.course_label(value)

    def plain(self, value: str, words: Words) -> str | None:
        return value or None


class Link(Column):
    """The address of the page."""

    def current(self, measure: Measure, words: Words) -> str:
        return f"{settings.BASE_URL}{measure.get_absolute_url()}"


class Moment(Column):
    """When the public last saw something new."""

    def current(self, measure: Measure, words: Words) -> dt.datetime | None:
        return measure.told_at  # type: ignore[attr-defined, no-any-return]  # annotated by with_links()

    def cell(self, value: dt.datetime | None, words: Words) -> dt.date | None:
        return timezone.localdate(value) if value else None

    def plain(self, value: dt.datetime | None, words: Words) -> str | None:
        return timezone.localtime(value).isoformat(timespec="seconds") if value else None


class Untouched(CellError):  # noqa: N818 - not an error: the cell says that the field stays
    """The cell stands for a text that did not fit in."""


COMPUTED = {"course", "url", "updated_at"}


def same_word(one: str, other: str) -> bool:
    """Whether two headers or names are the same to people."""
    return folded(one) == folded(other)
