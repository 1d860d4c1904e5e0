"""Whether a translation still follows the German text: each remembers a digest of the text it was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ENDINGS = ("en", "de_simple")


def digest(text: str | None) -> str:
    """What a translation remembers of the German text. White space does not count."""
    return hashlib.sha256(" ".join((text or "").split()).encode()).hexdigest()[:16]


def german_of(column: str) -> str:
    """The German column of a translated one: ``title_de`` of ``title_de_simple``."""
    ending = next(ending for ending in ENDINGS if column.endswith(f"_{ending}"))
    return f"{column.removesuffix(f'_{ending}')}_de"


def outdated_columns(texts: Mapping[str, Any], columns: Iterable[str], known: Mapping[str, str]) -> set[str]:
    """Which translations were made from an older German text. ``known``: ``translated_from`` of the record.

    A translation of which nothing is known counts as up to date.
    """
    return {
        column
        for column in columns
        if texts.get(column) and column in known and known[column] != digest(texts.get(german_of(column)))
    }


def followed(
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    columns: Iterable[str],
    known: Mapping[str, str],
    still_right: Collection[str] = (),
) -> dict[str, str]:
    """The new ``translated_from`` when texts change from ``before`` to ``after``.

    A translation that was written anew, or that somebody called still right, follows the newest German text.
    """
    result = {}
    for column in columns:
        german = german_of(column)
        if not after.get(column):
            continue
        if column in still_right or (after.get(column) or "") != (before.get(column) or ""):
            result[column] = digest(after.get(german))
        elif column in known:
            result[column] = known[column]
        elif (before.get(german) or "") != (after.get(german) or ""):
            result[column] = digest(before.get(german))
    return result
