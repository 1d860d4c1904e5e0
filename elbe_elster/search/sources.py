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

``rows`` says who may see what, once for results, counts and suggestions, and is asked at every search. It must be lazy
(no query of its own). Fields are named without language; translated ones are read in the language asked for and in
German where the translation is missing. Whoever writes such a row calls ``search.actions.refresh_entries``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, CharField, F, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models.expressions import Combinable
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Source:
    """One kind of page that can be found; see the module's description.

    ``indexed`` gives every row that anybody may find; without it, that is what visitors see. Rows for members only
    need it: they stand in the index, and ``rows`` decides at every search who finds them.
    """

    kind: str
    label: str | _StrPromise
    rows: Callable[[Any], QuerySet[Any]]
    title: str
    texts: tuple[str, ...] = ()
    url: Callable[[Any], str] = field(default=lambda row: str(row.get_absolute_url()))
    indexed: Callable[[], QuerySet[Any]] | None = None

    def index_rows(self) -> QuerySet[Any]:
        """Every row that belongs into the index."""
        return self.indexed() if self.indexed else self.rows(AnonymousUser())


@cache
def sources_by_room() -> dict[str, list[Source]]:
    """What every app offers, by its label. An app without ``search.py`` offers nothing."""
    found: dict[str, list[Source]] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("elbe_elster.") and find_spec(f"{app.name}.search"):
            found[app.label] = import_module(f"{app.name}.search").SOURCES
    return found


def all_sources() -> list[Source]:
    """What every app offers."""
    return [source for sources in sources_by_room().values() for source in sources]


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


def language_of(model: type[Model], name: str, language: str) -> Combinable:
    """The language the field is really in: the one asked for, or German."""
    if language == "de" or not translated(model, name):
        return Value("de", output_field=CharField())
    has_own = ~Q(**{build_localized_fieldname(name, language): ""}) & Q(
        **{f"{build_localized_fieldname(name, language)}__isnull": False}
    )
    return Case(When(has_own, then=Value(language)), default=Value("de"), output_field=CharField())


def readable(source: Source, rows: QuerySet[Any], language: str) -> QuerySet[Any]:
    """The rows with title, texts and their language: ``found_title``, ``found_0``…, ``found_language``."""
    texts = {f"found_{number}": localized(rows.model, name, language) for number, name in enumerate(source.texts)}
    found: QuerySet[Any] = rows.annotate(
        found_title=localized(rows.model, source.title, language),
        found_language=language_of(rows.model, source.title, language),
        **texts,
    )
    return found
