"""What a page is narrowed down to by its address: an action field, years, a stage. Nonsense chooses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from .models import ActionField


class Chip(NamedTuple):
    """One value to choose; see components/chips.html. The chosen one's address takes the choice back."""

    url: str
    label: str
    n: int | str = ""
    current: bool = False
    icon: str = ""


def chosen_field(fields: Sequence[ActionField], slug: str) -> ActionField | None:
    """The action field of that address, or none."""
    return next((field for field in fields if field.slug == slug), None)


def address_with(request: HttpRequest, **values: str) -> str:
    """The page's address with some parameters changed; an empty text takes one away."""
    query = request.GET.copy()
    for name, value in values.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}" if query else request.path


def field_chips(
    request: HttpRequest, fields: Sequence[ActionField], chosen: ActionField | None, counts: Mapping[int, int]
) -> list[Chip]:
    """One chip for each field that has something to show; ``counts`` by key of the field."""
    return [
        Chip(
            address_with(request, feld="" if field == chosen else field.slug),
            field.short_name,
            counts.get(field.pk, 0),
            field == chosen,
            f"f{field.colour}",
        )
        for field in fields
        if counts.get(field.pk) or field == chosen
    ]
