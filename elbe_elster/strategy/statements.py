"""Reads a whole page by one statement: lists of rows as JSON, and SQL that is made once in a process.

A public page shows rows of many tables. Asked one by one they cost a query each, and Django makes every query's SQL
anew for each visitor; together they are one object that PostgreSQL puts together.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, F, Func, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from modeltranslation.utils import build_localized_fieldname

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.db.models.expressions import Combinable

MOST_KEPT = 200
_kept: dict[Hashable, tuple[str, list[Any]]] = {}


def words(name: str, language: str) -> Combinable:
    """A translated field in a language, in German where it is empty. The field may be of a joined table."""
    german = F(build_localized_fieldname(name, "de"))
    if language == "de":
        return Coalesce(german, Value(""), output_field=TextField())
    own = NullIf(F(build_localized_fieldname(name, language)), Value(""))
    return Coalesce(own, german, Value(""), output_field=TextField())


def exact(name: str) -> Combinable:
    """A decimal as text, because JSON knows only approximate numbers."""
    return Cast(name, CharField())


def as_list(rows: QuerySet[Any, Any], *names: str, **columns: Any) -> Combinable:
    """The rows as a JSON list of objects, in their order; a column for another query."""
    found = JSONObject(**{name: F(name) for name in names}, **columns)
    return Func(
        ArraySubquery(rows.annotate(found=found).values("found")), function="to_jsonb", output_field=JSONField()
    )


def read(key: Hashable, build: Callable[[], QuerySet[Any, Any]], **values: str) -> Any:
    """What the first row holds in its one column ``found``; None if there is no row (one query).

    ``build`` makes the query once for each key; what differs between calls stands in it as ``mark("name")`` and is
    given as a value.
    """
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:  # keys hold the day
            _kept.clear()
        sql, parameters = build().query.get_compiler(connection=connection).as_sql()
        _kept[key] = sql, list(parameters)
    sql, parameters = _kept[key]
    given = {mark(name): value for name, value in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(value, value) if isinstance(value, str) else value for value in parameters])
        row = cursor.fetchone()
    return json.loads(row[0]) if row and isinstance(row[0], str) else row and row[0]


def mark(name: str) -> str:
    """Stands in a query for a value that comes later. Begins with a private character; no text of people keeps it."""
    return f"\ue000{name}"
