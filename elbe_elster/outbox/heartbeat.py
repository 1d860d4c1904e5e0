"""Signs of life: beat, worker and sweep each note when they were last alive.

Each process writes its own sign, so one can tell which of them is silent: *beat* is written by the scheduler's own
loop, *worker* by a timer in every worker's main process, *sweep* by the heartbeat task once it has travelled from
beat through the queue into a worker. Two beats or many workers write the same sign: the latest counts.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.core.cache import cache
from redis import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

BEAT = "beat"
WORKER = "worker"
SWEEP = "sweep"
INTERVAL = 15  # seconds between two heartbeats
WORKER_INTERVAL = 5  # seconds between two signs of a worker
SILENT_AFTER = 60  # seconds; then somebody should look
KEPT = 7 * 86400  # seconds; how long a silent process can still be dated

logger = logging.getLogger(__name__)


def note_sign_of_life(name: str) -> None:
    """Note that the part lives now. A queue that does not answer is not this part's death."""
    try:
        cache.set(_key(name), time.time(), KEPT)
    except (RedisError, OSError):
        logger.warning("The sign of life of %s could not be noted.", name)


def sign_of_life(name: str) -> float | None:
    """Seconds since the last sign of ``beat``, ``worker`` or ``sweep``; None if there was none (or no queue)."""
    try:
        seen = cache.get(_key(name))
    except (RedisError, OSError):
        return None
    return None if seen is None else max(0.0, time.time() - float(seen))


def is_silent(age: float | None) -> bool:
    """Whether a part with this age of its last sign of life must be taken for dead."""
    return age is None or age > SILENT_AFTER


def _key(name: str) -> str:
    return f"sign-of-life:{name}"


class LivingScheduler(PersistentScheduler):
    """Celery's scheduler, which says at every turn that it lives."""

    def setup_schedule(self) -> None:
        """The first heartbeat is now: what waited while the portal was down leaves at once."""
        super().setup_schedule()
        for entry in self.schedule.values():
            if entry.total_run_count == 0:
                entry.last_run_at = entry.default_now() - timedelta(seconds=INTERVAL)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One turn of the loop; returns the seconds until the next."""
        note_sign_of_life(BEAT)
        return float(super().tick(*args, **kwargs))


class WorkerSignOfLife(bootsteps.StartStopStep):
    """A timer in a worker's main process that says that it lives."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.stop_timer: Callable[[], None] | None = None

    def start(self, parent: Any) -> None:
        """Say it at once, then again and again."""
        note_sign_of_life(WORKER)
        self.stop_timer = parent.timer.call_repeatedly(WORKER_INTERVAL, note_sign_of_life, (WORKER,)).cancel

    def stop(self, parent: Any) -> None:  # noqa: ARG002 -- the signature is Celery's
        """Be silent from now on."""
        if self.stop_timer is not None:
            self.stop_timer()
