"""What a form began with, in a few letters: whoever saves later sees that somebody else was quicker."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from elbe_elster.participation.models import Question

LETTERS = 16


def stamp_of(row: Model, fields: Iterable[str]) -> str:
    """The mark of these fields of a row."""
    return digest([getattr(row, name) for name in fields])


def stamp_of_question(question: Question) -> str:
    """The mark of a stored question with its options and rows, whatever its place (three queries)."""
    model = type(question)
    own = model.objects.filter(pk=question.pk).values().get()
    parts = [list(rows.order_by("order", "number").values()) for rows in (question.options, question.items)]
    return digest([{name: value for name, value in own.items() if name not in {"order", "page_id"}}, *parts])


def digest(values: Any) -> str:
    """The mark of plain values."""
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]
