"""How often one range of addresses may send a form in an hour. Counted in the cache, tied to nothing."""

from __future__ import annotations

import hashlib
import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
REPORTS_AN_HOUR = 10
HOUR = 3600  # seconds
IPV4_BITS, IPV6_BITS = 24, 48


def shortened(address: str) -> str:
    """The range an address lies in: the first 24 bits of IPv4, 48 of IPv6; empty for nonsense."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = IPV4_BITS if found.version == 4 else IPV6_BITS  # noqa: PLR2004
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False).network_address)


def too_many(subject: str, address: str, *, an_hour: int) -> bool:
    """Count one more of ``subject`` from this range; True beyond ``an_hour``. A cache that is down lets people in."""
    salted = hashlib.sha256(f"{settings.SECRET_KEY}:{shortened(address)}".encode()).hexdigest()[:20]
    key = f"legal:{subject}:{salted}"
    try:
        cache.add(key, 0, timeout=HOUR)
        return int(cache.incr(key)) > an_hour
    except (RedisError, OSError, ValueError):
        logger.exception("Die Zahl der Formulare ließ sich nicht zählen.")
        return False


def too_many_reports(address: str) -> bool:
    """Count one more report of a barrier from this range; True when there were too many."""
    return too_many("reports", address, an_hour=REPORTS_AN_HOUR)
