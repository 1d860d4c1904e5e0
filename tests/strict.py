"""Makes the database behave as badly as it may: order nobody asked for is random, sloppy locks are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


def shuffle_unordered_queries(patch: pytest.MonkeyPatch) -> None:
    """Order every query without an order at random, so that code cannot rely on luck."""
    original = SQLCompiler._order_by_pairs  # noqa: SLF001  # Django offers no other door

    def pairs(self: SQLCompiler) -> Iterator[tuple[Any, bool]]:
        found: list[tuple[Any, bool]] = list(original(self) or ())  # the stubs say None
        query = self.query
        free = not (found or query.distinct or query.combinator or query.group_by or query.subquery)
        if free and not query.is_sliced and not query.values_select and not query.annotations:
            found = [(OrderBy(Random()), False)]
        yield from found

    patch.setattr(SQLCompiler, "_order_by_pairs", pairs)


def refuse_wide_locks(patch: pytest.MonkeyPatch) -> None:
    """``select_for_update`` over a join must say ``of=…``; otherwise it locks rows of other tables too."""
    original = SQLCompiler.get_from_clause

    def get_from_clause(self: SQLCompiler) -> Any:
        query = self.query
        tables = [alias for alias in query.alias_map if query.alias_refcount.get(alias)]
        assert not query.select_for_update or query.select_for_update_of or len(tables) <= 1, (
            f"select_for_update() over {tables} must say of=…"
        )
        return original(self)

    patch.setattr(SQLCompiler, "get_from_clause", get_from_clause)
