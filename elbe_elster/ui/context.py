"""What the frame around every page needs: navigation, languages, addresses. Anonymous visitors cost no query."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import get_language, get_language_from_path

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import ResolverMatch

LANGUAGE_NAMES = {"de": "Deutsch", "de-simple": "Leichte Sprache", "en": "English"}  # in the order of the switcher
LOCALES = {"de": "de_DE", "en": "en_GB", "de-simple": "de_DE"}


class Entry(NamedTuple):
    """A link of a navigation; ``current`` is "page", "true" or empty, as ``aria-current`` wants it."""

    url: str
    label: str
    current: str = ""


class Language(NamedTuple):
    """The same page in another language."""

    code: str
    name: str
    url: str


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for templates/base.html. Everything is computed only when it is asked for."""
    return {"frame": Frame(request)}


@lru_cache(maxsize=256)
def exists(path: str) -> bool:
    """Whether the portal has a page at this path. Rooms that are not built yet do not show in the navigation."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


_routes_with_languages: dict[str, bool] = {}


def _has_languages(route: str, path: str) -> bool:
    """Whether addresses of this route exist in every language; asked once for each route. The others keep theirs."""
    if route not in _routes_with_languages:
        _routes_with_languages[route] = len({translate_url(path, code) for code in LANGUAGE_NAMES}) > 1
    return _routes_with_languages[route]


@lru_cache(maxsize=8)
def _links(language: str) -> tuple[str, ...]:
    """Every address of navigation, search and footer in a language."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    columns = (links for _heading, links in settings.NAVIGATION_FOOTER)
    declared = [*settings.NAVIGATION, settings.NAVIGATION_SEARCH, *(link for links in columns for link in links)]
    return tuple(dict.fromkeys(f"{prefix}{german}" for german, _label in declared if german != "/"))


class Frame:
    """The frame of one page."""

    site_name = settings.SITE_NAME

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.language = get_language() or settings.LANGUAGE_CODE
        self.locale = LOCALES[self.language]

    def path(self, german: str) -> str:
        """The German address in the language of this page."""
        return german if self.language == settings.LANGUAGE_CODE else f"/{self.language}{german}"

    def _entries(self, declared: list[tuple[str, Any]]) -> list[Entry]:
        here = self.request.path
        found = []
        for german, label in declared:
            url = self.path(german)
            if exists(url):
                inside = here.startswith(url) and german != "/"
                found.append(Entry(url, str(label), "page" if here == url else "true" if inside else ""))
        return found

    @cached_property
    def home(self) -> str:
        """Address of the home page."""
        return self.path("/")

    @cached_property
    def navigation(self) -> list[Entry]:
        """The main navigation."""
        return self._entries(settings.NAVIGATION)

    @cached_property
    def search(self) -> Entry | None:
        """The search, last in the main navigation."""
        return next(iter(self._entries([settings.NAVIGATION_SEARCH])), None)

    @cached_property
    def internal(self) -> list[Entry]:
        """What members reach beyond the public pages, by their roles. Asks for the roles once."""
        if not self.signed_in:
            return []
        user: Any = self.request.user
        roles: set[str] = getattr(user, "role_names", set())
        return self._entries(
            [
                (path, label)
                for path, label, allowed in settings.NAVIGATION_INTERNAL
                if user.is_superuser or roles.intersection(allowed)
            ]
        )

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        user = getattr(self.request, "user", None)  # missing where an early middleware has failed
        return user is not None and bool(user.is_authenticated)

    @cached_property
    def place(self) -> tuple[str, ...]:
        """The links of the navigation that lead here or above, and the address itself if it is one of them."""
        here, links = self.request.path, _links(self.language)
        return (*(url for url in links if here.startswith(url)), here if here in links else "")

    @cached_property
    def is_internal(self) -> bool:
        """Whether this page lies behind the login."""
        return any(entry.current for entry in self.internal)

    @cached_property
    def footer(self) -> list[tuple[str, list[Entry]]]:
        """Columns of the footer: heading and links."""
        columns = [(str(heading), self._entries(links)) for heading, links in settings.NAVIGATION_FOOTER]
        return [column for column in columns if column[1]]

    @cached_property
    def barrier_report(self) -> str:
        """Address of the form for barriers; it carries the address of this page. The form itself links to itself."""
        form, here = self.path("/barriere-melden/"), self.request.get_full_path()
        return here if self.request.path == form else f"{form}?{urlencode({'seite': here})}"

    @cached_property
    def account(self) -> str:
        """Address of the account's own page, or empty."""
        url = self.path("/konto/")
        return url if exists(url) else ""

    @cached_property
    def languages(self) -> list[Language]:
        """This page in every language; where an address does not exist (error pages), the home page."""
        return [Language(code, name, self._in(code)) for code, name in LANGUAGE_NAMES.items()]

    @cached_property
    def other_languages(self) -> list[Language]:
        """The languages to switch to."""
        return [language for language in self.languages if language.code != self.language]

    def _in(self, code: str) -> str:
        match = getattr(self.request, "resolver_match", None) or _match(self.request.path_info)
        if match is None:
            return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
        full = self.request.get_full_path()
        if not _has_languages(match.route, self.request.path_info):
            return full
        own = get_language_from_path(full)
        german = full.removeprefix(f"/{own}") if own and own != settings.LANGUAGE_CODE else full
        return german if code == settings.LANGUAGE_CODE else f"/{code}{german}"

    @cached_property
    def canonical(self) -> str:
        """The full address of this page, without its query."""
        return f"{settings.BASE_URL}{self.request.path}"

    @cached_property
    def alternates(self) -> list[tuple[str, str]]:
        """Language and full address, for search engines."""
        return [(language.code, settings.BASE_URL + language.url.split("?")[0]) for language in self.languages]
