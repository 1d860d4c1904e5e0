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
    entries,
    folded,
    one_line,
    plain_text,
    read_choice,
    read_day,
    read_number,
    read_period,
    read_whole,
    read_yes,
    short,
)
from elbe_elster.strategy.publicity import PUBLIC_MEASURE_FIELDS, SWITCHED_MEASURE_FIELDS

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from django.db.models import TextChoices

    from elbe_elster.strategy.exchange.words import Words
    from elbe_elster.strategy.models import Measure

ROLE_MARK = " | "
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
        """The value that a cell says. Raises CellError."""
        raise NotImplementedError

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
    """The number of the measure. Lists of others often have bare digits; ``7`` becomes ``M-07``."""

    def clean(self, cell: Cell, words: Words) -> str:
        text = one_line(cell).upper().replace(" ", "")
        return f"M-{int(text):02}" if re.fullmatch(r"[0-9]{1,4}", text) else text


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


class Field(Column):
    """The action field of a measure."""

    linked = True

    def current(self, measure: Measure, words: Words) -> int | None:
        return measure.primary_field_id

    def cell(self, value: int | None, words: Words) -> str:
        return words.fields[value].name if value else ""

    def clean(self, cell: Cell, words: Words) -> int | None:
        text = one_line(cell)
        return words.field(text) if text else None

    def plain(self, value: int, words: Words) -> Any:
        row = words.fields[value]
        return {"number": row.number, "slug": row.slug, "name": row.name, "short_name": row.short_name}

    def choices(self, words: Words) -> list[str]:
        return list(dict.fromkeys(row.name for row in words.fields.values()))


class Fields(Column):
    """Further action fields."""

    linked = True

    def current(self, measure: Measure, words: Words) -> tuple[int, ...]:
        return tuple(sorted(measure.field_keys))  # type: ignore[attr-defined]  # annotated by with_links()

    def cell(self, value: tuple[int, ...], words: Words) -> str:
        return "\n".join(words.fields[key].name for key in value)

    def clean(self, cell: Cell, words: Words) -> tuple[int, ...]:
        return tuple(sorted({words.field(text) for text in entries(cell)}))

    def plain(self, value: tuple[int, ...], words: Words) -> Any:
        rows = [words.fields[key] for key in value]
        return [
            {"number": row.number, "slug": row.slug, "name": row.name, "short_name": row.short_name} for row in rows
        ]


class Goals(Column):
    """Goals with their number: ``2.1 Anträge online stellen``. A title nobody knows is a new goal of the main field."""

    linked = True

    def current(self, measure: Measure, words: Words) -> tuple[int | str, ...]:
        return tuple(sorted(measure.goal_keys))  # type: ignore[attr-defined]  # annotated by with_links()

    def cell(self, value: tuple[int | str, ...], words: Words) -> str:
        return "\n".join(words.goal_label(key) for key in value)

    def clean(self, cell: Cell, words: Words) -> tuple[int | str, ...]:
        found = {words.goal(text) for text in entries(cell)}
        for title in (key for key in found if isinstance(key, str)):
            if len(title) > words.longest_goal:
                raise CellError(_("Der Titel eines Ziels ist höchstens 200 Zeichen lang: „%s“") % short(title))
        return tuple(sorted(found, key=lambda key: (isinstance(key, str), key)))

    def plain(self, value: tuple[int | str, ...], words: Words) -> Any:
        return [words.goal_plain(key) for key in value if isinstance(key, int)]


class Lead(Column):
    """The office in charge, by name. A name nobody knows is a new office."""

    linked = True

    def current(self, measure: Measure, words: Words) -> str:
        return measure.lead.name if measure.lead else ""

    def clean(self, cell: Cell, words: Words) -> str:
        return words.body(one_line(cell))

    def plain(self, value: str, words: Words) -> str | None:
        return value or None


class Partners(Column):
    """Partners, one a line, with what they do: ``Stadt Herzberg | stellt Räume``."""

    linked = True

    def current(self, measure: Measure, words: Words) -> tuple[tuple[str, str], ...]:
        names, roles = measure.partner_names, measure.partner_roles  # type: ignore[attr-defined]  # with_links()
        return tuple(sorted((name, one_line(role)) for name, role in zip(names, roles, strict=True)))

    def cell(self, value: tuple[tuple[str, str], ...], words: Words) -> str:
        return "\n".join(f"{name}{ROLE_MARK}{role}" if role else name for name, role in value)

    def clean(self, cell: Cell, words: Words) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        for text in entries(cell):
            name, mark, role = text.rpartition(ROLE_MARK)
            if not mark or words.knows_body(text):
                name, role = text, ""
            if len(role) > words.longest_role:
                raise CellError(_("Die Aufgabe eines Partners ist höchstens 120 Zeichen lang: „%s“") % short(role))
            found[words.body(name.strip())] = role.strip()
        return tuple(sorted(found.items()))

    def plain(self, value: tuple[tuple[str, str], ...], words: Words) -> Any:
        return [{"name": name, "role": role} for name, role in value]


class Places(Column):
    """Municipalities by name; none: the whole county."""

    linked = True

    def current(self, measure: Measure, words: Words) -> tuple[str, ...]:
        return tuple(sorted(measure.place_names))  # type: ignore[attr-defined]  # annotated by with_links()

    def cell(self, value: tuple[str, ...], words: Words) -> str:
        return "\n".join(value)

    def clean(self, cell: Cell, words: Words) -> tuple[str, ...]:
        return tuple(sorted({words.place(text) for text in entries(cell)}))

    def plain(self, value: tuple[str, ...], words: Words) -> list[str]:
        return list(value)


@dataclass(frozen=True)
class Others(Column):
    """Other measures by number."""

    source: str = field(kw_only=True)
    single: bool = field(kw_only=True, default=False)
    linked = True

    def current(self, measure: Measure, words: Words) -> Any:
        found = getattr(measure, self.source)
        return found or "" if self.single else tuple(sorted(found))

    def cell(self, value: Any, words: Words) -> str:
        return str(value) if self.single else "\n".join(value)

    def clean(self, cell: Cell, words: Words) -> Any:
        numbers = [words.number(text) for text in entries(plain_text(cell).replace(",", ";"))]
        if not self.single:
            return tuple(sorted(set(numbers)))
        if len(numbers) > 1:
            raise CellError(_("Hier steht nur die Nummer einer einzigen Maßnahme."))
        return numbers[0] if numbers else ""

    def plain(self, value: Any, words: Words) -> Any:
        return (value or None) if self.single else list(value)


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
