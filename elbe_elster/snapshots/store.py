"""Where finished pages are kept: the cache, under a version number that every public write raises."""

from __future__ import annotations

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
VERSION = "snapshots:version"


def raise_version() -> None:
    """Forget every page rendered so far. A queue that is down must not fail the write."""
    try:
        cache.add(VERSION, 0, timeout=None)
        cache.incr(VERSION)
    except (RedisError, OSError, ValueError):
        logger.exception("Fertige Seiten ließen sich nicht als veraltet kennzeichnen.")
