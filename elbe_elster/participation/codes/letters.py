"""Codes that people read from paper and type: no letters that look alike, no vowels that make words."""

from __future__ import annotations

import secrets

# Without 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, and no A, E, U; what is left is told apart in every type and by ear.
LETTERS = "CDFHJKMNPRTVWXY3479"
LENGTH = 8  # 17 thousand million codes
LONGEST_TYPED = 40
SEPARATORS = str.maketrans("", "", " -–—‑.\t\u00a0_")


def random_code() -> str:
    """A new code; nobody can guess it from others."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def readable(code: str) -> str:
    """As it is printed: ``CDFH-JKMN``."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def typed_code(text: str) -> str:
    """The code somebody typed, whatever the case and the gaps; empty where it cannot be one."""
    code = text[:LONGEST_TYPED].translate(SEPARATORS).upper()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""
