"""Boxes of a draft in words: what they are called, what stands in them, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from elbe_elster.ui.comparison import Piece, compared_words

from .boxes import in_words
from .content import PASSING
from .merging import ROW, Difference, differences, flattened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .content import Content


class Shown(NamedTuple):
    """A difference in words. ``pieces``: from the left version to the right; ``section``: where it is typed."""

    name: str
    label: str
    base: str
    mine: str
    theirs: str
    chosen: str
    pieces: list[Piece]
    writable: bool


def changes(before: Content, after: Content) -> list[Shown]:
    """What the second version says otherwise than the first, in words; what only passes through is left out."""
    tables = list(after.tables)
    old, new = flattened(before.text, tables), flattened(after.text, tables)
    found = [one for one in differences({}, new, old) if one.name.partition("-")[0] not in PASSING]
    return [shown(one, mine=after, theirs=before) for one in _in_order(_by_row(found), after)]


def _by_row(found: list[Difference]) -> list[Difference]:
    """A row that only one version has is one difference, not one for each of its boxes."""
    rows = [one.name.removesuffix(ROW) for one in found if one.name.endswith(f"-{ROW}")]
    return [one for one in found if one.name.endswith(f"-{ROW}") or not one.name.startswith(tuple(rows) or ("\0",))]


def _in_order(found: list[Difference], content: Content) -> list[Difference]:
    """As the boxes stand in the editor; the database keeps no order of them."""
    sections = [box for section in content.form.sections for box in section.boxes]
    names = [name for box in sections for name in ((box,) if isinstance(box, str) else box)]
    place = {name: at for at, name in enumerate([*names, *content.tables, *content.form.fields])}
    return sorted(found, key=lambda one: place.get(one.name.partition("-")[0], len(place)))


def shown_differences(found: list[Difference], mine: Content, theirs: Content) -> list[Shown]:
    """Differences of two versions in words: first those that both have changed."""
    shown_ones = [shown(one, mine=mine, theirs=theirs) for one in _in_order(_by_row(found), mine)]
    return sorted(shown_ones, key=lambda one: bool(one.chosen))


def shown(one: Difference, *, mine: Content, theirs: Content) -> Shown:
    """One difference in words."""
    there = mine if _has(mine, one.name) else theirs
    base, left, right = (text_of(there, one.name, value) for value in (one.base, one.mine, one.theirs))
    if one.name.endswith(f"-{ROW}"):
        left, right = (_row_text(content, one.name) for content in (mine, theirs))
    pieces = compared_words(right, left)
    return Shown(one.name, label_of(there, one.name), base, left, right, one.chosen, pieces, _is_text(there, one.name))


def _is_text(content: Content, name: str) -> bool:
    """Whether one may write something else than both versions."""
    if name.endswith(f"-{ROW}"):
        return False
    form = content.form if "-" not in name else _row(content, name)
    field = form.fields.get(name.rpartition("-")[2] if "-" in name else name) if form else None
    return field is not None and not isinstance(field, forms.ChoiceField | forms.BooleanField)


def _has(content: Content, name: str) -> bool:
    return "-" not in name or _row(content, name) is not None


def _row(content: Content, name: str) -> Any:
    table, _hyphen, rest = name.partition("-")
    key = rest.partition("-")[0]
    return next((form for form in content.tables[table].forms if form.key == key), None)


def label_of(content: Content, name: str) -> str:
    """What a box is called: „Meilenstein „Ausschreibung“: Geplant bis“."""
    if "-" not in name:
        return str(content.form.fields[name].label) if name in content.form.fields else name
    table = content.tables[name.partition("-")[0]].table
    form = _row(content, name)
    if form is None:
        return str(table.one)
    column = name.rpartition("-")[2]
    title = _title_of(form)
    row = f"{table.one} „{title}“" if title else str(table.one)
    return row if column == ROW else f"{row}: {form.fields[column].label}"


def _title_of(form: Any) -> str:
    """The first box of a row, in words."""
    first = next(iter(form.fields))
    return in_words(form.fields[first], form.posted().get(first, ""))[:60]


def text_of(content: Content, name: str, value: Any) -> str:
    """What stands in a box, in words: the label of a choice, not its key."""
    if "-" not in name:
        field = content.form.fields.get(name)
    else:
        form = _row(content, name)
        field = form.fields.get(name.rpartition("-")[2]) if form else None
    return in_words(field, value)


def _row_text(content: Content, name: str) -> str:
    """A whole row, one box a line; empty where there is none."""
    form = _row(content, name)
    if form is None:
        return ""
    posted = form.posted()
    lines = [(field.label, in_words(field, posted[name])) for name, field in form.fields.items() if name != "remove"]
    return "\n".join(f"{label}: {text}" for label, text in lines if text)


def errors_in_words(content: Content, errors: Mapping[str, list[str]]) -> list[tuple[str, str, str]]:
    """Every message with the name and the label of its box."""
    return [
        (name, label_of(content, name) if name != NON_FIELD_ERRORS else "", message)
        for name, messages in errors.items()
        for message in messages
    ]
