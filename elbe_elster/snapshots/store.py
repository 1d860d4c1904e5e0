"""Where finished pages are kept: the cache, each with the version number it was made under.

Every public write raises the number; a page of another number is never served. A page is also never served
longer than ``LONGEST`` seconds, so that a write nobody announced (or a change of day) shows just as soon.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")
logger = logging.getLogger(__name__)

VERSION = "snapshots:version"
PAGES = "snapshots:pages"
LONGEST = 60  # seconds
REMEMBERED = 86400  # seconds for which a page nobody asks for is made again
MOST_PAGES = 500
QUERIES = "snapshots:queries"
MOST_QUERIES = 1000  # pages with a query string kept in ``LONGEST`` seconds; about 10 MB
DROPPED = {"content-length", "content-encoding", "etag", "last-modified", "set-cookie", "date", "x-request-id"}


@dataclass(frozen=True)
class Snapshot:
    """A finished page: body compressed, headers without those that belong to one answer."""

    version: int
    made_at: float
    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str

    def is_fresh(self, version: int) -> bool:
        """Whether nothing public was written since and it is young enough."""
        return self.version == version and time.time() - self.made_at < LONGEST


def page_key(*, host: str, secure: bool, path: str, query: str = "") -> str:
    """Under which key a page is kept; nothing else of a request may change what it shows."""
    said = f"{'https' if secure else 'http'}://{host}{path}?{query}"
    return "snapshots:page:" + hashlib.sha256(said.encode()).hexdigest()


def raise_version() -> None:
    """Forget every page rendered so far. A cache that is down must not fail the write: ``LONGEST`` still holds."""
    try:
        cache.add(VERSION, 0, timeout=None)
        cache.incr(VERSION)
    except (RedisError, OSError, ValueError):
        logger.exception("Fertige Seiten ließen sich nicht als veraltet kennzeichnen.")


def read(key: str) -> tuple[int | None, Snapshot | None]:
    """The version of now (None: the cache is down) and the page if it is fresh. One trip to the cache."""
    try:
        found = cache.get_many([VERSION, key])
    except (RedisError, OSError):
        return None, None
    version = int(found.get(VERSION, 0))
    snapshot = found.get(key)
    if isinstance(snapshot, Snapshot) and snapshot.is_fresh(version):
        return version, snapshot
    return version, None


def write(key: str, *, version: int, body: bytes, headers: list[tuple[str, str]]) -> None:
    """Keep a page that was begun under ``version``: whatever was written meanwhile makes it stale at once."""
    kept = tuple((name, value) for name, value in headers if name.lower() not in DROPPED)
    snapshot = Snapshot(
        version=version,
        made_at=time.time(),
        body=gzip.compress(body, 9, mtime=0),
        headers=kept,
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
    )
    try:
        cache.set(key, snapshot, timeout=LONGEST)
    except (RedisError, OSError):
        logger.warning("Eine fertige Seite ließ sich nicht aufheben.")


@dataclass(frozen=True)
class Shared:
    """Something computed from public data, and under which version."""

    version: int
    made_at: float
    value: Any


def shared(name: str, make: Callable[[], Value]) -> Value:
    """What is the same for everybody on many pages, computed once until something public is written.

    ``name`` says all that it depends on (language, day); there must be few of them. Never older than ``LONGEST``.
    """
    if not settings.SNAPSHOTS:
        return make()
    key = f"snapshots:shared:{name}"
    try:
        found = cache.get_many([VERSION, key])
    except (RedisError, OSError):
        return make()
    version, known = int(found.get(VERSION, 0)), found.get(key)
    if isinstance(known, Shared) and known.version == version and time.time() - known.made_at < LONGEST:
        value: Value = known.value
        return value
    value = make()
    try:
        cache.set(key, Shared(version, time.time(), value), timeout=LONGEST)
    except (RedisError, OSError):
        logger.warning("Eine Auszählung ließ sich nicht aufheben.")
    return value


def has_room_for_query() -> bool:
    """Whether one more page with a query string may be kept; they are without number, so some are enough."""
    try:
        cache.add(QUERIES, 0, timeout=LONGEST)
        return int(cache.incr(QUERIES)) <= MOST_QUERIES
    except (RedisError, OSError, ValueError):
        return False


def remember_page(*, host: str, secure: bool, path: str) -> None:
    """Note a page that people ask for, so that the worker makes it again before the next one asks."""
    try:
        pages = cache.get(PAGES) or {}
        now = time.time()
        pages = {page: asked for page, asked in pages.items() if now - asked < REMEMBERED}
        if len(pages) < MOST_PAGES:
            cache.set(PAGES, {**pages, (host, secure, path): now}, timeout=REMEMBERED)
    except (RedisError, OSError):
        logger.warning("Eine Seite ließ sich nicht vormerken.")


def remembered_pages() -> list[tuple[str, bool, str]]:
    """Host, whether over TLS, and path of the pages that people asked for in the last day."""
    return sorted(cache.get(PAGES) or {})
