"""Who is working on what at the moment. Kept in the cache only; forgotten after a few minutes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

LASTS = 300  # seconds


def note_presence(place: str, user: User) -> list[str]:
    """Note that the person works here, and give the names of the others who did in the last minutes."""
    now = time.time()
    try:
        people: dict[int, tuple[str, float]] = cache.get(_key(place)) or {}
        people = {pk: seen for pk, seen in people.items() if now - seen[1] < LASTS}
        people[user.pk] = (str(user), now)
        cache.set(_key(place), people, LASTS)
    except (RedisError, OSError):
        return []  # the page matters more
    return sorted(name for pk, (name, _when) in people.items() if pk != user.pk)


def _key(place: str) -> str:
    return f"editing:{place}"
