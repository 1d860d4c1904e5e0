"""Two addresses for machines: is the process up, and is everything it needs there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from redis import RedisError

from elbe_elster.outbox import heartbeat

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
@never_cache
@transaction.non_atomic_requests
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django calls with it
    """200 as long as the process answers. Asks neither database nor queue."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 -- Django calls with it
    """Database, queue, worker and beat, each with the seconds since its last sign of life; 503 if one is missing."""
    parts = {
        "database": _part(_database_age()),
        "queue": _part(_queue_age()),
        "worker": _part(heartbeat.sign_of_life(heartbeat.WORKER)),
        "beat": _part(heartbeat.sign_of_life(heartbeat.BEAT)),
    }
    is_ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


def _part(age: float | None) -> dict[str, bool | float | None]:
    return {"ok": not heartbeat.is_silent(age), "age_seconds": None if age is None else round(age, 1)}


def _database_age() -> float | None:
    """0 when the database answers now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return None
    return 0.0


def _queue_age() -> float | None:
    """0 when the queue takes a value and gives it back."""
    mark = time.time()
    try:
        cache.set("readyz", mark, 10)
        return 0.0 if cache.get("readyz") is not None else None
    except (RedisError, OSError):
        return None
