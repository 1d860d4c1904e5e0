"""Access codes: made in lots, taken back in lots. ``actions.urn`` marks them used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from elbe_elster.participation.codes.letters import random_code
from elbe_elster.participation.models import AccessCode, CodeLot

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey

LEAST, MOST = 10, 2_000  # codes in a lot; the count of a smaller lot would say who has answered


@transaction.atomic
def make_codes(*, survey: Survey, name: str, count: int) -> CodeLot:
    """A lot of ``count`` new codes. Raises ValueError for a count that is not between LEAST and MOST."""
    if not LEAST <= count <= MOST:
        raise ValueError(count)
    lot = CodeLot.objects.create(survey=survey, name=name, created_on=timezone.localdate())
    codes: set[str] = set()
    while len(codes) < count:
        fresh = {random_code() for _ in range(count - len(codes))} - codes
        codes |= fresh - set(AccessCode.objects.filter(code__in=fresh).values_list("code", flat=True))
    AccessCode.objects.bulk_create(AccessCode(code=code, lot=lot) for code in sorted(codes))
    return lot


@transaction.atomic
def withdraw_lot(*, lot: CodeLot) -> None:
    """None of its codes opens the survey any more. Answers given with them stay: nothing ties them to a code."""
    lot.delete()
