# ruff: noqa: ARG002, D102 -- every column has the same methods; the base class describes them
"""Columns that name rows of other tables: fields, goals, offices, places, other measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from elbe_elster.strategy.exchange.cells import Cell, CellError, entries, one_line, plain_text, short
from elbe_elster.strategy.exchange.columns import Column

if TYPE_CHECKING:
    from elbe_elster.strategy.exchange.words import Words
    from elbe_elster.strategy.models import Measure

ROLE_MARK = " | "


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
        found = {words.goal(text) for text in entries(cell, words.knows_goal)}
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
        return one_line(measure.lead.name) if measure.lead else ""

    def clean(self, cell: Cell, words: Words) -> str:
        return words.body(one_line(cell))

    def plain(self, value: str, words: Words) -> str | None:
        return value or None


class Partners(Column):
    """Partners, one a line, with what they do: ``Stadt Herzberg | stellt Räume``."""

    linked = True

    def current(self, measure: Measure, words: Words) -> tuple[tuple[str, str], ...]:
        names, roles = measure.partner_names, measure.partner_roles  # type: ignore[attr-defined]  # with_links()
        return tuple(sorted((one_line(name), one_line(role)) for name, role in zip(names, roles, strict=True)))

    def cell(self, value: tuple[tuple[str, str], ...], words: Words) -> str:
        return "\n".join(f"{name}{ROLE_MARK}{role}" if role else name for name, role in value)

    def clean(self, cell: Cell, words: Words) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        for text in entries(
            cell, lambda text: words.knows_body(text) or words.knows_body(text.rpartition(ROLE_MARK)[0])
        ):
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
