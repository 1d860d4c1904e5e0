"""Small things the public page of a measure is made of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db import models

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

M = TypeVar("M", bound=models.Model)


class Entry(NamedTuple):
    """A dated sentence of the Chronik; ``ahead`` is still to come."""

    date: dt.date
    when: str
    kind: str
    text: str
    url: str = ""
    label: str = ""
    ahead: bool = False


class Station(NamedTuple):
    """A station from contribution to result; ``state`` is "", "now" or "next"."""

    label: str
    text: str
    when: str
    url: str = ""
    state: str = ""


class Place(NamedTuple):
    """How far one administration is."""

    name: str
    url: str
    meter: SafeString
    stage: str
    since: str
    note: str
    email: str


class Other(NamedTuple):
    """Measures that hang together with this one, under a heading."""

    label: str
    measures: list[dict[str, str]]


def day(text: str | None) -> dt.date | None:
    """The date JSON brought as text."""
    return dt.date.fromisoformat(text) if text else None


def rows_of(model: type[M], found: list[dict[str, Any]], *, but: tuple[str, ...] = ()) -> list[M]:
    """Rows of a model, not to be saved, from what JSON brought."""
    read = {field.name: field.to_python for field in model._meta.concrete_fields}
    return [
        model(**{name: read[name](value) for name, value in row.items() if name not in but and value is not None})
        for row in found
    ]
