"""What it costs and who pays, added up. Every sum is over what the public sees; amounts are euros."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from .models import CostRow, FundingRow, FundingState, Measure, ProjectProfile

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING = Decimal(0)
OWNER = Coalesce(F("measure"), F("profile__measure"))


@dataclass(frozen=True)
class Money:
    """The money of one measure with its projects: planned and spent so far, granted by others or oneself (euros)."""

    planned: Decimal = NOTHING
    actual: Decimal = NOTHING
    granted: Decimal = NOTHING


def public_costs() -> QuerySet[CostRow]:
    """Costs of visible measures and visible profiles."""
    return CostRow.objects.filter(_shown())


def public_funding() -> QuerySet[FundingRow]:
    """Funding of visible measures and visible profiles. The internal note is never shown."""
    return FundingRow.objects.filter(_shown()).defer("internal_note")


def _shown() -> Q:
    return Q(measure__in=Measure.objects.published()) | Q(profile__in=ProjectProfile.objects.published())


def sum_planned(rows: Iterable[CostRow]) -> Decimal:
    """Planned costs of rows at hand (euros)."""
    return sum((row.planned for row in rows), NOTHING)


def sum_actual(rows: Iterable[CostRow]) -> Decimal | None:
    """What was spent so far (euros); None where nothing was noted yet."""
    noted = [row.actual for row in rows if row.actual is not None]
    return sum(noted, NOTHING) if noted else None


def sum_granted(rows: Iterable[FundingRow]) -> Decimal:
    """Money that is certain, of rows at hand (euros)."""
    return sum((row.amount for row in rows if row.state == FundingState.GRANTED), NOTHING)


def sum_hoped(rows: Iterable[FundingRow]) -> Decimal:
    """Money that was not refused: planned, applied for, granted; of rows at hand (euros)."""
    return sum((row.amount for row in rows if row.state != FundingState.REFUSED), NOTHING)


def money_by_measure() -> dict[int, Money]:
    """The sums of every visible measure over its own rows and those of its visible profiles (two queries)."""
    costs = public_costs().order_by().annotate(owner=OWNER).values_list("owner")
    sums = {
        owner: Money(planned, actual or NOTHING)
        for owner, planned, actual in costs.annotate(Sum("planned"), Sum("actual"))
    }
    granted = public_funding().filter(state=FundingState.GRANTED).order_by().annotate(owner=OWNER).values_list("owner")
    for owner, amount in granted.annotate(Sum("amount")):
        before = sums.get(owner, Money())
        sums[owner] = Money(before.planned, before.actual, amount)
    return sums
