"""What a form began with, in a few letters: whoever saves later sees that somebody else was quicker."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

LETTERS = 16


def stamp_of(row: Model, fields: Iterable[str]) -> str:
    """The mark of these fields of a row."""
    return digest([getattr(row, name) for name in fields])


def digest(values: Any) -> str:
    """The mark of plain values."""
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]
