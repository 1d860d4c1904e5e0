"""German names in the order of DIN 5007-1: ä as a, ö as o, ü as u, ß as ss. Needs no ICU in the database."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Replace


def sort_key(field_name: str) -> models.GeneratedField:
    """A column the database computes from a name; sorting by it gives the German order with any collation."""
    plain = Func(F(field_name), Value("ÄÖÜäöüéèáàçńł"), Value("AOUaoueeaacnl"), function="translate")
    return models.GeneratedField(
        expression=Lower(Replace(plain, Value("ß"), Value("ss"))),
        output_field=models.CharField(max_length=160, db_collation="C"),
        db_persist=True,
    )
