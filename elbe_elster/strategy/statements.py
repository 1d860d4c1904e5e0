"""Reads a whole page by one statement: lists of rows as JSON, and SQL that is made once in a process.

A public page shows rows of many tables. Asked one by one they cost a query each, and Django makes every query's SQL
anew for each visitor; together they are one object that PostgreSQL puts together. It plans such a statement once for
each connection (a prepared statement); to plan it costs more than to run it. Behind PgBouncer it plans it every time.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, F, Func, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from modeltranslation.utils import build_localized_fieldname
from psycopg import Cursor
from psycopg.sql import Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Self

    from django.db.models.expressions import Combinable

MOST_KEPT = 500
MARK = "\ue000"  # a private character; no text of people keeps it


class Kept(NamedTuple):
    """A query's SQL, the names of the values it still wants, and at which place each of its columns comes."""

    sql: str
    wanted: list[str]
    places: dict[str, int]


class PreparedCursor(Cursor[tuple[Any, ...]]):
    """Has PostgreSQL keep the plan of what it executes; Django's own cursors never do."""

    def execute(self, query: Any, params: Any = None, **_more: Any) -> Self:
        """psycopg's, if the settings let it prepare statements (``prepare_threshold``)."""
        super().execute(query, params, prepare=True)
        if connection.queries_logged:
            self._query = self._convert_query(query, params)  # psycopg leaves it empty the second time; Django logs it
        return self


_kept: dict[Hashable, Kept] = {}


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
    found = read_text(key, build, **values)
    return None if found is None else json.loads(found)


def read_text(key: Hashable, build: Callable[[], QuerySet[Any, Any]], **values: str) -> str | None:
    """The same as the JSON text it came as."""
    found = read_rows(key, build, ("found",), **values)
    return found[0][0] if found else None


def read_rows(
    key: Hashable, build: Callable[[], QuerySet[Any, Any]], names: Sequence[str], **values: str
) -> list[tuple[Any, ...]]:
    """The rows of a query made by ``values_list()``, with these columns (one query); JSON comes as text."""
    with connection.cursor() as cursor:
        kept = _kept.get(key) or _keep(key, build())
        cursor.cursor = PreparedCursor(connection.connection)
        cursor.execute(kept.sql, [values[name] for name in kept.wanted])
        rows = cursor.fetchall()
    pick = itemgetter(*(kept.places[name] for name in names))
    return [pick(row) for row in rows] if len(names) > 1 else [(pick(row),) for row in rows]


def _keep(key: Hashable, rows: QuerySet[Any, Any]) -> Kept:
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    wanted = [one[1:] for one in parameters if _is_mark(one)]
    literals = (MARK if _is_mark(one) else Literal(one).as_string(connection.connection) for one in parameters)
    whole = (sql % tuple(literals)).replace("%", "%%").replace(MARK, "%s::text")
    places = {str(alias): place for place, (_expression, _sql, alias) in enumerate(compiler.select)}
    kept = Kept(whole, wanted, places)
    if len(_kept) >= MOST_KEPT:  # keys hold the day
        _kept.clear()
    _kept[key] = kept
    return kept


def mark(name: str) -> str:
    """Stands in a query for a text that comes later."""
    return f"{MARK}{name}"


def _is_mark(parameter: object) -> bool:
    return isinstance(parameter, str) and parameter.startswith(MARK)
