"""Proof of work in the protocol of ALTCHA, version 1 with SHA-256 (altcha.org), without its server and its script.

A challenge is the SHA-256 of a salt and a secret number; whoever finds the number by trying has worked for a moment.
The salt says until when the challenge is good and ends with ``&``, so that digits cannot wander from the number into
the salt. The challenge is signed and good once. Our own few lines: the library on PyPI has 2,000 for what are two
digests here, and the widget on npm weighs more than a page of ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
ALGORITHM = "SHA-256"
MOST_TRIES = 60_000  # about a second on a phone; on average half of it
LASTS = 1200  # seconds
LONGEST = 2_000  # characters of a proof


def make_challenge() -> dict[str, Any]:
    """What the browser has to solve, as ALTCHA names it."""
    salt = f"{secrets.token_hex(12)}?expires={int(time.time()) + LASTS}&"
    challenge = _digest(salt, secrets.randbelow(MOST_TRIES + 1))
    return {
        "algorithm": ALGORITHM,
        "challenge": challenge,
        "maxnumber": MOST_TRIES,
        "salt": salt,
        "signature": _signature(challenge),
    }


def is_solved(proof: str) -> bool:
    """Whether this is a right, timely and unused answer to a challenge of ours. Uses it up."""
    try:
        said = json.loads(base64.b64decode(proof[:LONGEST], validate=True))
        salt, challenge, number = str(said["salt"]), str(said["challenge"]), int(said["number"])
        signature = str(said["signature"])
        expires = int(salt.partition("?expires=")[2].removesuffix("&"))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return False
    right = (
        (salt + challenge + signature).isascii()  # anything else cannot be compared
        and said.get("algorithm") == ALGORITHM
        and salt.endswith("&")
        and 0 <= number <= MOST_TRIES
        and expires > time.time()
        and hmac.compare_digest(challenge, _digest(salt, number))
        and hmac.compare_digest(signature, _signature(challenge))
    )
    return right and first_use(challenge)


def first_use(name: str) -> bool:
    """Whether this name was never used in the last minutes; of two at the same moment one wins. Uses it up.

    A cache that is down lets people in: nobody loses answers because of it.
    """
    try:
        return bool(cache.add(f"survey:proof:{name}", 1, timeout=LASTS))
    except (RedisError, OSError):
        logger.exception("Ein gelöster Nachweis ließ sich nicht vermerken.")
        return True


def _digest(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(challenge: str) -> str:
    return hmac.new(f"altcha:{settings.SECRET_KEY}".encode(), challenge.encode(), hashlib.sha256).hexdigest()
