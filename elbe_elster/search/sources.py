"""What rooms offer to the search. A room names its sources; finding, suggesting and „Meinten Sie“ all use them.

A room has a module ``search.py`` with a list of sources::

    SOURCES = [
        Source(
            kind="verwaltungen",
            label=_("Verwaltungen"),
            rows=lambda user: Administration.objects.visible_to(user),
            title="name",
            texts=("seat", "municipalities__name"),
        )
    ]

``rows`` says who may see what, once for results, counts and suggestions. Fields are named without language;
translated ones are read in the language asked for and in German where the translation is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import Case, CharField, F, FloatField, Func, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Greatest, Length, Lower, NullIf
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from elbe_elster.search.snippets import BETWEEN, highlighted, snippet
from elbe_elster.search.words import GERMAN_CONFIG, SHORTEST_PART, Words, config_for, folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models.expressions import Combinable
    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

    Viewer = AbstractBaseUser | AnonymousUser

CANDIDATES = 200  # rows ranked per source; nobody reads further
LIKENESS = 0.4  # trigram word similarity from which a title counts as meant


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
class Suggestion:
    """A title that goes on as somebody types, or that they may have meant."""

    kind: str
    label: str
    title: str
    url: str
    likeness: float


@dataclass(frozen=True)
class Source:
    """One kind of page that can be found; see the module's description."""

    kind: str
    label: str | _StrPromise
    rows: Callable[[Any], QuerySet[Any]]
    title: str
    texts: tuple[str, ...] = ()
    url: Callable[[Any], str] = field(default=lambda row: str(row.get_absolute_url()))


def translated(model: type[Model], name: str) -> bool:
    """Whether the field of the model is kept in several languages."""
    try:
        return name in translator.get_options_for_model(model).all_fields
    except NotRegistered:
        return False


def localized(model: type[Model], name: str, language: str) -> Combinable:
    """The field in a language, in German where it is empty. Rows of other tables are joined to one text."""
    if "__" in name:
        return Coalesce(StringAgg(name, ", ", distinct=True), Value(""), output_field=TextField())
    if not translated(model, name):
        return Coalesce(F(name), Value(""), output_field=TextField())
    if language == "de":
        return Coalesce(F(build_localized_fieldname(name, language)), Value(""), output_field=TextField())
    own, german = F(build_localized_fieldname(name, language)), F(build_localized_fieldname(name, "de"))
    return Coalesce(NullIf(own, Value("")), german, Value(""), output_field=TextField())


def _config(model: type[Model], name: str, language: str) -> Combinable:
    """The configuration of the language the title is really in."""
    if config_for(language) == GERMAN_CONFIG or not translated(model, name):
        return Value(GERMAN_CONFIG)
    has_own = ~Q(**{build_localized_fieldname(name, language): ""}) & Q(
        **{f"{build_localized_fieldname(name, language)}__isnull": False}
    )
    return Case(When(has_own, then=Value(config_for(language))), default=Value(GERMAN_CONFIG), output_field=CharField())


def _joined(separator: str, *texts: Combinable) -> Func:
    """The texts one after the other. One flat call: Django's Concat nests, and compiling it cost more than the search."""
    return Func(Value(separator), *texts, function="concat_ws", output_field=TextField())


def _unaccent(text: Combinable) -> Func:
    return Func(Lower(text), function="unaccent", output_field=TextField())


def _queries(terms: list[str], language: str) -> list[SearchQuery]:
    """Any of the terms in the language's configuration, and in German where texts may fall back to it."""
    configs = dict.fromkeys((config_for(language), GERMAN_CONFIG))
    return [SearchQuery(" | ".join(terms), config=config, search_type="raw") for config in configs]


def matching(
    rows: QuerySet[Any], words: Words, *, title: str, texts: tuple[str, ...] = (), limit: int = CANDIDATES
) -> QuerySet[Any]:
    """Rows in which every word is found, best first, at most ``limit``.

    A word is found by its stem, as the beginning of a word, or (from four letters) inside of a compound.
    Annotates ``found_title``, ``found_text``, ``search_rank``.
    """
    if not words:
        return rows.none()
    model, language = rows.model, words.language
    joined = _joined(BETWEEN, *(localized(model, name, language) for name in texts))
    rows = rows.order_by().annotate(found_title=localized(model, title, language), found_text=joined)
    config = _config(model, title, language)
    rows = rows.annotate(
        search_vector=SearchVector("found_title", config=config, weight="A")
        + SearchVector("found_text", config=config, weight="C"),
        search_folded=_unaccent(_joined(" ", F("found_title"), F("found_text"))),
    )
    for word in words.parts:
        found = Q()
        for query in _queries([Words.term(word)], language):
            found |= Q(search_vector=query)
        if len(word) >= SHORTEST_PART:
            found |= Q(search_folded__contains=folded(word))
        rows = rows.filter(found)
    ranks = [
        SearchRank(F("search_vector"), query)
        for query in _queries([Words.term(word) for word in words.parts], language)
    ]
    rows = rows.annotate(search_rank=Greatest(*ranks, Value(0.0), output_field=FloatField()))
    return rows.order_by("-search_rank", "found_title", "pk")[:limit]


def results(source: Source, words: Words, user: Viewer) -> list[SearchResult]:
    """Hits of one source that this person may see, best first (one query)."""
    rows = matching(source.rows(user), words, title=source.title, texts=source.texts)
    return [
        SearchResult(
            kind=source.kind,
            label=str(source.label),
            title=row.found_title,
            title_marked=highlighted(row.found_title, words),
            url=source.url(row),
            snippet=snippet(row.found_text, words),
            rank=float(row.search_rank),
            language=words.language if words.language != "de-simple" else "de",
        )
        for row in rows
    ]


def _suggestions(source: Source, rows: QuerySet[Any]) -> list[Suggestion]:
    return [
        Suggestion(source.kind, str(source.label), row.found_title, source.url(row), float(row.likeness))
        for row in rows
    ]


def _titles(source: Source, words: Words, user: Viewer) -> QuerySet[Any]:
    rows: QuerySet[Any] = source.rows(user).order_by()
    found: QuerySet[Any] = rows.annotate(found_title=localized(rows.model, source.title, words.language))
    return found


def suggestions(source: Source, words: Words, user: Viewer, *, limit: int = 8) -> list[Suggestion]:
    """Titles in which a word begins with what was typed, short ones first (one query)."""
    typed = folded(words.text)
    if not typed:
        return []
    rows = _titles(source, words, user).annotate(
        small_title=_unaccent(F("found_title")), likeness=Value(1.0), title_length=Length("found_title")
    )
    begins = (
        Q(small_title__startswith=typed) | Q(small_title__contains=f" {typed}") | Q(small_title__contains=f"-{typed}")
    )
    return _suggestions(source, rows.filter(begins).order_by("title_length", "found_title")[:limit])


def similar(source: Source, words: Words, user: Viewer, *, limit: int = 3) -> list[Suggestion]:
    """Titles that look like what was typed: „Meinten Sie …?“ after a typing error (one query)."""
    typed = folded(words.text)
    if not typed:
        return []
    rows = _titles(source, words, user).annotate(likeness=TrigramWordSimilarity(typed, _unaccent(F("found_title"))))
    return _suggestions(source, rows.filter(likeness__gte=LIKENESS).order_by("-likeness", "found_title")[:limit])
