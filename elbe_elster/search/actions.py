"""Keeps what can be found equal to what the rooms say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from elbe_elster.search.models import SearchEntry
from elbe_elster.search.snippets import BETWEEN, plain
from elbe_elster.search.sources import Source, all_sources, readable
from elbe_elster.search.words import folded, long_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from django.db.models import Model

KEY = ["row_id", "language"]
WRITTEN = ["text_language", "url", "title", "text", "folded_title", "compounds"]
BATCH = 200  # rows written by one statement


@transaction.atomic
def refresh_entries(model: type[Model], ids: Collection[int] | None = None) -> None:
    """Bring the entries of these rows (None: of all rows) of a model into line with what the rooms now say.

    Every action calls it that writes a row which can be found, or the rows its texts come from, after writing and
    in the same transaction: what is withdrawn or deleted leaves the search with that commit. Repeatable; does
    nothing for models that nobody can find.
    """
    for source in all_sources():
        if source.index_rows().model is model:
            _refresh(source, ids)


@transaction.atomic
def rebuild_entries(sources: Sequence[Source] | None = None) -> int:
    """Make every entry anew and drop those of kinds that are gone. Gives the number of entries. Repeatable.

    For a new installation, after a change of the texts' shape, and as a repair if an action forgot to call.
    """
    every = all_sources() if sources is None else sources
    SearchEntry.objects.exclude(kind__in=[source.kind for source in every]).delete()
    for source in every:
        _refresh(source, None)
    return SearchEntry.objects.count()


def _refresh(source: Source, ids: Collection[int] | None) -> None:
    """Write what differs, delete what is gone; an entry that is right already is left alone."""
    there = SearchEntry.objects.filter(kind=source.kind)
    if ids is not None:
        there = there.filter(row_id__in=ids)
    known = {(row_id, language): values for row_id, language, *values in there.values_list(*KEY, *WRITTEN)}
    wanted = list(_entries(source, ids))
    there.exclude(row_id__in={entry.row_id for entry in wanted}).delete()
    SearchEntry.objects.bulk_create(
        [entry for entry in wanted if known.get((entry.row_id, entry.language)) != _values(entry)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", *KEY],
        update_fields=WRITTEN,
    )


def _values(entry: SearchEntry) -> list[str]:
    return [getattr(entry, name) for name in WRITTEN]


def _entries(source: Source, ids: Collection[int] | None) -> Iterator[SearchEntry]:
    """What should stand in the index, in every language."""
    rows = source.index_rows()
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    for language, _name in settings.LANGUAGES:
        with override(language):
            for row in readable(source, rows.order_by(), language):
                yield _entry(source, row, language)


def _entry(source: Source, row: Any, language: str) -> SearchEntry:
    title = plain(row.found_title)
    texts = (plain(getattr(row, f"found_{number}")) for number in range(len(source.texts)))
    text = BETWEEN.join(dict.fromkeys(part for part in texts if part))
    return SearchEntry(
        kind=source.kind,
        row_id=row.pk,
        language=language,
        text_language=row.found_language,
        url=source.url(row),
        title=title,
        text=text,
        folded_title=folded(title),
        compounds=" ".join(long_words(f"{title} {text}")),
    )
