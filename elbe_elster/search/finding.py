"""Asks the index: one query finds and counts, one reads what is shown; one gives suggestions.

The number of sources makes no difference. The index says which rows hold the words. What is shown is asked of its room
once more while it is read, so that no title and no text is shown that its room would not show at this moment; of rows
for members, the room is asked before they are counted. The SQL is written by hand because one statement must rank,
check, count and page; every value is a parameter.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from elbe_elster.search.models import SearchEntry
from elbe_elster.search.snippets import highlighted, snippet
from elbe_elster.search.words import GERMAN_CONFIG, SHORTEST_PART, Words, config_for, foldings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from elbe_elster.search.sources import Source

    Viewer = AbstractBaseUser | AnonymousUser
    Condition = tuple[str, list[Any]]

LIKENESS = 0.4  # trigram word similarity from which a title counts as meant
MOST_HITS = 1000  # hits that are ranked; nobody reads further
RULES_LAST = 60  # seconds for which the SQL of what visitors may see is used again; the rows are asked every time
NOBODY = "FALSE"

FOUND = """
SELECT id, kind, rank, counts FROM (
    WITH found AS MATERIALIZED (
        SELECT id, kind, {rank} AS rank FROM search_searchentry
        WHERE language = %s AND {words} AND {visible} ORDER BY rank DESC, id LIMIT %s
    ), counted AS (
        SELECT kind, count(*) AS number FROM found GROUP BY kind
    ), page AS (
        SELECT id, kind, rank FROM found WHERE kind = %s OR NOT EXISTS (SELECT 1 FROM counted WHERE kind = %s)
        ORDER BY rank DESC, id LIMIT %s OFFSET %s
    )
    SELECT page.*, (SELECT jsonb_object_agg(kind, number) FROM counted) AS counts
    FROM (SELECT 1) AS always LEFT JOIN page ON TRUE
) AS answer ORDER BY rank DESC, id
"""  # begins with SELECT: the history's middleware leaves readers alone and knows them by their first word
SHOWN = """
SELECT id, title, url, text, text_language FROM search_searchentry WHERE id = ANY(%s) AND {visible}
"""
TITLES = """
SELECT kind, title, url, {likeness} AS likeness FROM search_searchentry
WHERE language = %s AND {fits} AND {visible} ORDER BY {order} LIMIT %s
"""


@dataclass(frozen=True)
class SearchResult:
    """One hit: what it is, where it is, and the words around what was found (safe HTML)."""

    kind: str
    label: str
    title: str
    title_marked: SafeString
    url: str
    snippet: SafeString
    rank: float
    language: str


@dataclass(frozen=True)
class Found:
    """The hits of one page, and how many there are of each kind."""

    hits: list[SearchResult]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Hits of all kinds."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Suggestion:
    """A title that goes on as somebody types, or that they may have meant."""

    kind: str
    label: str
    title: str
    url: str
    likeness: float


def find(
    sources: Sequence[Source], words: Words, user: Viewer, *, kind: str = "", limit: int = 10, offset: int = 0
) -> Found:
    """Hits in which every word is found, best first, and their number by kind (two queries).

    A word is found by its stem, as the beginning of a word, or (from four letters) inside of a compound. ``kind``
    narrows the hits, not the counts; a kind without hits narrows nothing.
    """
    if not words:
        return Found([], {})
    rank, wanted, visible = _rank(words), _contains(words), _countable(sources, user)
    sql = FOUND.format(rank=rank[0], words=wanted[0], visible=visible[0])
    values = [*rank[1], words.language, *wanted[1], *visible[1], MOST_HITS, kind, kind, limit, offset]
    rows = _ask(sql, values)
    places = {entry: (kind, rank) for entry, kind, rank, _counts in rows if entry is not None}
    return Found(_shown(sources, words, user, places), json.loads(rows[0][-1] or "{}"))


def ids_with(kind: str, words: Words) -> QuerySet[SearchEntry, int]:
    """Ids of the rows of a kind that hold every word, as a subquery; whoever asks decides who may see them."""
    sql, values = _contains(words)
    holds = RawSQL(sql, values, output_field=BooleanField())  # noqa: S611 - constants; every value is a parameter
    return SearchEntry.objects.filter(holds, kind=kind, language=words.language).values_list("row_id", flat=True)


def _shown(
    sources: Sequence[Source], words: Words, user: Viewer, places: dict[int, tuple[str, float]]
) -> list[SearchResult]:
    """What is shown of the entries, in their order, if their rooms show them now."""
    if not places:
        return []
    kinds = {kind for kind, _rank in places.values()}
    visible = _visible([source for source in sources if source.kind in kinds], user)
    read = {entry: said for entry, *said in _ask(SHOWN.format(visible=visible[0]), [list(places), *visible[1]])}
    labels = {source.kind: str(source.label) for source in sources if source.kind in kinds}
    return [
        _result(kind, labels[kind], rank, read[entry], words) for entry, (kind, rank) in places.items() if entry in read
    ]


def _result(kind: str, label: str, rank: float, said: list[str], words: Words) -> SearchResult:
    title, url, text, language = said
    return SearchResult(
        kind=kind,
        label=label,
        title=title,
        title_marked=highlighted(title, words),
        url=url,
        snippet=snippet(text, words),
        rank=float(rank),
        language=language,
    )


def suggestions(sources: Sequence[Source], words: Words, user: Viewer, *, limit: int = 8) -> list[Suggestion]:
    """Titles in which a word begins with what was typed, short ones first (one query)."""
    typed = [_like(spelling) for spelling in foldings(words.text) if spelling]
    if not typed:
        return []
    patterns = [f"{before}{spelling}%" for spelling in typed for before in ("", "% ", "%-")]
    fits = f"({' OR '.join(['folded_title LIKE %s'] * len(patterns))})"
    return _titles(
        sources, words, user, ("1.0", []), (fits, patterns), order="char_length(title), title, id", limit=limit
    )


def similar(sources: Sequence[Source], words: Words, user: Viewer, *, limit: int = 3) -> list[Suggestion]:
    """Titles that look like what was typed, or like one of its words: „Meinten Sie …?“ (one query)."""
    wanted = (words.text, *(word for word in words.parts if len(word) >= SHORTEST_PART))
    typed = list(dict.fromkeys(spelling for text in wanted for spelling in foldings(text) if spelling))
    if not typed:
        return []
    likeness = f"GREATEST({', '.join(['word_similarity(%s, folded_title)'] * len(typed))})"
    fits = (f"{likeness} >= %s", [*typed, LIKENESS])
    return _titles(sources, words, user, (likeness, [*typed]), fits, order="likeness DESC, title, id", limit=limit)


def _titles(
    sources: Sequence[Source],
    words: Words,
    user: Viewer,
    likeness: Condition,
    fits: Condition,
    *,
    order: str,
    limit: int,
) -> list[Suggestion]:
    visible = _visible(sources, user)
    sql = TITLES.format(likeness=likeness[0], fits=fits[0], visible=visible[0], order=order)
    rows = _ask(sql, [*likeness[1], words.language, *fits[1], *visible[1], limit])
    labels = {source.kind: str(source.label) for source in sources}
    return [Suggestion(kind, labels[kind], title, url, float(like)) for kind, title, url, like in rows]


def _ask(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _configs(words: Words) -> list[str]:
    """The configuration of the language, and German, to which texts may have fallen back."""
    return list(dict.fromkeys((config_for(words.language), GERMAN_CONFIG)))


def _rank(words: Words) -> Condition:
    """How well a row fits: its title counts more than its text, a rare accident of two configurations does not."""
    terms = " | ".join(Words.term(word) for word in words.parts)
    ranks = ", ".join(["ts_rank(vector, to_tsquery(%s::regconfig, %s))"] * len(_configs(words)))
    values = [value for config in _configs(words) for value in (config, terms)]
    return f"GREATEST({ranks}, 0)", values


def _contains(words: Words) -> Condition:
    """Whether every word is in a row."""
    every, values = [], []
    for word in words.parts:
        found = ["vector @@ to_tsquery(%s::regconfig, %s)"] * len(_configs(words))
        values += [value for config in _configs(words) for value in (config, Words.term(word))]
        if len(word) >= SHORTEST_PART:
            inside = foldings(word)
            found += ["compounds LIKE %s"] * len(inside)
            values += [f"%{_like(spelling)}%" for spelling in inside]
        every.append(f"({' OR '.join(found)})")
    return " AND ".join(every), values


# Who may see what -------------------------------------------------------------

_for_visitors: dict[Source, tuple[float, Condition]] = {}


def _countable(sources: Sequence[Source], user: Viewer) -> Condition:
    """Whether an entry may be counted: the index holds of public rows only those the public sees."""
    public = [source.kind for source in sources if source.indexed is None]
    members = [source for source in sources if source.indexed is not None]
    sql, values = _visible(members, user)
    return f"(kind = ANY(%s) OR {sql})", [public, *values]


def _visible(sources: Sequence[Source], user: Viewer) -> Condition:
    """Whether an entry's row is among those its room shows to this person now."""
    rules = [_rule(source, user) for source in sources]
    parts = [
        (f"(kind = %s AND row_id IN ({sql}))", [source.kind, *values])
        for source, (sql, values) in zip(sources, rules, strict=True)
        if sql != NOBODY
    ]
    if not parts:
        return NOBODY, []
    return f"({' OR '.join(sql for sql, _ in parts)})", [value for _, values in parts for value in values]


def _rule(source: Source, user: Viewer) -> Condition:
    """SQL of the ids the source shows. For visitors it is the same for everybody and is kept for a minute."""
    if user.is_authenticated:
        return _compiled(source, user)
    until, rule = _for_visitors.get(source, (0.0, (NOBODY, [])))
    if until < time.monotonic():
        rule = _compiled(source, user)
        _for_visitors[source] = time.monotonic() + RULES_LAST, rule
    return rule


def _compiled(source: Source, user: Viewer) -> Condition:
    query = source.rows(user).values("pk").query
    query.clear_ordering(force=False)
    try:
        sql, values = query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return NOBODY, []
    return sql, list(values)
