"""German names in the order of DIN 5007-1: ä as a, ö as o, ü as u, ß as ss. Needs no ICU in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Replace

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

ACCENTED, PLAIN = "ÄÖÜäöüéèáàçńł", "AOUaoueeaacnl"


def german_order(text: str | Combinable) -> Lower:
    """What to sort a column or an expression by; compare it by the collation "C"."""
    plain = Func(F(text) if isinstance(text, str) else text, Value(ACCENTED), Value(PLAIN), function="translate")
    return Lower(Replace(plain, Value("ß"), Value("ss")))


def sort_key(field_name: str) -> models.GeneratedField:
    """A column the database computes from a name; sorting by it gives the German order with any collation."""
    return models.GeneratedField(
        expression=german_order(field_name),
        output_field=models.CharField(max_length=160, db_collation="C"),
        db_persist=True,
    )
