"""Who sits in the circle today."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from elbe_elster.accounts.models import Role, Seat, SeatHolder, SeatPart, User
from elbe_elster.strategy.permissions import can_tell_stage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass
class Place:
    """One seat with the people who hold it today."""

    seat: Seat
    representatives: list[User] = field(default_factory=list)
    deputies: list[User] = field(default_factory=list)
    is_mine: bool = False
    may_tell_stage: bool = False


def seat_directory(viewer: User | AnonymousUser) -> list[Place]:
    """Every seat, the county first, then in German order (two queries)."""
    today = timezone.localdate()
    seats = Seat.objects.select_related("administration")
    places = {seat.pk: Place(seat) for seat in seats}
    holders = SeatHolder.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    for holder in holders.select_related("user").order_by("seat", "part", "order"):
        place = places[holder.seat_id]
        people = place.representatives if holder.part == SeatPart.REPRESENTATIVE else place.deputies
        people.append(holder.user)
        place.is_mine = place.is_mine or holder.user == viewer
    is_admin = isinstance(viewer, User) and viewer.has_role(Role.ADMIN)
    for place in places.values():
        place.may_tell_stage = (place.is_mine or is_admin) and can_tell_stage(viewer, place.seat.administration)
    return sorted(
        places.values(),
        key=lambda place: (not place.seat.administration.is_county, place.seat.administration.sort_key),
    )
