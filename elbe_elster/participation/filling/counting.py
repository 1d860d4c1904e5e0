"""How often one range of addresses did something in this hour. Counted in the memory of this process, nowhere else.

The cache is no place for it: in production Valkey writes what it is told to a file (``--appendonly yes``), and that file
would say in which order people of which range handed in. Here nothing survives the hour or the process: ranges
(``legal.limits.shortened``) are counted under a digest whose key is drawn anew every hour. The price: with several web
processes the limit is that many times higher. It only decides who must prove a little more, so this does not matter.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter
from threading import Lock

from elbe_elster.legal.limits import HOUR, shortened

MOST_RANGES = 50_000  # then counting begins anew; a few megabytes


class HourlyCounts:
    """Counts of this hour, by subject and range of addresses."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour = -1
        self._secret = b""
        self._counts: Counter[bytes] = Counter()

    def add(self, subject: str, address: str) -> int:
        """Count one more; give how many there were in this hour, with this one."""
        with self._lock:
            key = self._key(subject, address)
            self._counts[key] += 1
            return self._counts[key]

    def so_far(self, subject: str, address: str) -> int:
        """How many there were in this hour."""
        with self._lock:
            return self._counts[self._key(subject, address)]

    def _key(self, subject: str, address: str) -> bytes:
        hour = int(time.time() // HOUR)
        if hour != self._hour or len(self._counts) >= MOST_RANGES:
            self._begin(hour)
        return hashlib.blake2b(f"{subject}:{shortened(address)}".encode(), key=self._secret, digest_size=12).digest()

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._begin(-1)

    def _begin(self, hour: int) -> None:
        self._hour, self._secret = hour, secrets.token_bytes(32)
        self._counts.clear()


counts = HourlyCounts()


def too_many(subject: str, address: str, *, an_hour: int) -> bool:
    """Count one more of ``subject`` from the range of this address; True beyond ``an_hour``."""
    return counts.add(subject, address) > an_hour
