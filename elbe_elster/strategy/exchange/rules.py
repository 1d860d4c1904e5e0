"""Checks values against the rules of the models without asking the database: thousands of rows would take minutes.

The rules are those of the models themselves: validators of the fields, and conditions of the constraints.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, ForeignKey, ManyToManyField, Q

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model


# The lookups that our constraints are written with; another one stops every import until it stands here.
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gte": operator.ge,
    "lte": operator.le,
    "regex": lambda have, wanted: re.search(wanted, have) is not None,
}


def stays_when_empty(model: type[Model], name: str) -> bool:
    """Whether an empty cell says nothing: the field cannot be empty, and whoever says nothing gets its default."""
    field: Any = model._meta.get_field(name)
    return not field.blank and field.has_default()


def broken_rules(model: type[Model], values: dict[str, Any], changed: set[str]) -> Iterator[tuple[str, str]]:
    """Field and sentence of everything that is wrong with the values of a row. Keys of other rows are taken as good."""
    wrong = set()
    for name in sorted(changed):
        for message in _field_messages(model, name, values[name]):
            wrong.add(name)
            yield name, message
    for constraint in model._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        names = constraint.condition.referenced_base_fields if isinstance(constraint.condition, Q) else set()
        if names & changed and not names & wrong and names <= set(values) and not holds(constraint.condition, values):
            yield str(constraint.violation_error_code or min(names)), str(constraint.violation_error_message)


def _field_messages(model: type[Model], name: str, value: Any) -> list[str]:
    field: Any = model._meta.get_field(name)
    if isinstance(field, ManyToManyField):
        return []
    if isinstance(field, ForeignKey):
        return [] if value is not None or field.null else [str(field.error_messages["blank"])]
    try:
        field.clean(value, None)
    except ValidationError as error:
        return list(error.messages)
    return []


def holds(condition: Any, values: dict[str, Any]) -> bool | None:
    """Whether a condition is true of the values; None like NULL in SQL, which no constraint refuses."""
    found = _holds(condition, values)
    return True if found is None else found


def _holds(condition: Any, values: dict[str, Any]) -> bool | None:
    if not isinstance(condition, Q):
        lookup, wanted = condition
        return _compare(lookup, wanted, values)
    found = [_holds(child, values) for child in condition.children]
    decisive = condition.connector == Q.OR  # one such value decides: true in OR, false in AND
    result: bool | None = decisive if decisive in found else (None if None in found else not decisive)
    return result if result is None or not condition.negated else not result


def _compare(lookup: str, wanted: Any, values: dict[str, Any]) -> bool | None:
    name, _mark, how = lookup.partition("__")
    have = values[name]
    if isinstance(wanted, F):
        wanted = values[wanted.name]
    if how == "isnull":
        return (have is None) is bool(wanted)
    if have is None or wanted is None:
        return None
    return COMPARISONS[how or "exact"](have, wanted)
