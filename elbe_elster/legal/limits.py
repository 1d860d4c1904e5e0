"""How many reports may come from one range of addresses in an hour. Counted in the cache, tied to nothing."""

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


def too_many_reports(address: str) -> bool:
    """Count one more report from this range; True when there were too many. A cache that is down lets people in."""
    salted = hashlib.sha256(f"{settings.SECRET_KEY}:{shortened(address)}".encode()).hexdigest()[:20]
    key = f"legal:reports:{salted}"
    try:
        cache.add(key, 0, timeout=HOUR)
        return int(cache.incr(key)) > REPORTS_AN_HOUR
    except (RedisError, OSError, ValueError):
        logger.exception("Die Zahl der Meldungen ließ sich nicht zählen.")
        return False
