"""The demo's eight accounts. They exist only where ``DEMO`` is set."""

from __future__ import annotations

from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from elbe_elster.region.models import Administration

from .actions import seat_of, seat_person
from .models import Role, RoleGrant, SeatPart, User

PASSWORD = "elbe-elster-demo"  # noqa: S105 - printed by `make run`, exists only in the demo


class DemoAccount(NamedTuple):
    """Address, name, role, and the administration it sits for."""

    email: str
    name: str
    role: Role
    administration: str = ""


ACCOUNTS = (
    DemoAccount("redaktion@demo.invalid", "Redaktion (Beispiel)", Role.CURATOR),
    DemoAccount("freigabe@demo.invalid", "Freigabe (Beispiel)", Role.PUBLISHER),
    DemoAccount("beteiligung@demo.invalid", "Beteiligungsteam (Beispiel)", Role.SURVEY_TEAM),
    DemoAccount("geschaeftsstelle@demo.invalid", "Geschäftsstelle (Beispiel)", Role.CIRCLE_OFFICE),
    DemoAccount("finsterwalde@demo.invalid", "Finsterwalde (Beispiel)", Role.REPRESENTATIVE, "finsterwalde"),
    DemoAccount("amt-plessa@demo.invalid", "Amt Plessa (Beispiel)", Role.REPRESENTATIVE, "amt-plessa"),
    DemoAccount("herzberg@demo.invalid", "Herzberg (Beispiel)", Role.REPRESENTATIVE, "herzberg"),
    DemoAccount("admin@demo.invalid", "Administration (Beispiel)", Role.ADMIN),
)


@transaction.atomic
def load_demo_accounts() -> list[str]:
    """Make what is missing, set the demo's password and rights anew. Gives the slugs of administrations not found."""
    missing = []
    hashed = _hashed_password()
    for account in ACCOUNTS:
        user = User.objects.filter(email=account.email).first() or User.objects.create_user(account.email)
        is_admin = account.role == Role.ADMIN
        user.name, user.is_active, user.is_staff, user.is_superuser = account.name, True, is_admin, is_admin
        user.password = hashed
        user.save()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        RoleGrant.objects.get_or_create(user=user, role=account.role)
        if account.administration and not _seat(user, account.administration):
            missing.append(account.administration)
    return missing


def _hashed_password() -> str:
    """One hash for all, because hashing is slow on purpose; the known one is kept, so that nobody is signed out."""
    known = User.objects.filter(email=ACCOUNTS[0].email).values_list("password", flat=True).first()
    return known if known and check_password(PASSWORD, known) else make_password(PASSWORD)


def _seat(user: User, slug: str) -> bool:
    administration = Administration.objects.filter(slug=slug).first()
    if administration is None:
        return False
    seat_person(seat=seat_of(administration), user=user, part=SeatPart.REPRESENTATIVE)
    return True
