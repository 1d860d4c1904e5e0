"""Who may do what with people. Default deny."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings

from .models import Role, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import Invitation, UserQuerySet

EDITORIAL = (Role.CURATOR, Role.PUBLISHER, Role.SURVEY_TEAM, Role.CIRCLE_OFFICE, Role.ADMIN)
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Whoever may write signs in with two factors. The demo offers it and forces nobody."""
    if settings.DEMO or not isinstance(user, User):
        return False
    return user.is_staff or user.is_superuser or bool(user.role_names)


def has_second_factor(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def can_see_editorial_home(user: User | AnonymousUser) -> bool:
    """Everybody of the county who has work here."""
    return isinstance(user, User) and user.has_role(*EDITORIAL)


def can_manage_people(user: User | AnonymousUser) -> bool:
    """Admins manage everybody, the circle's office those who represent an administration."""
    return isinstance(user, User) and user.has_role(Role.ADMIN, Role.CIRCLE_OFFICE)


def grantable_roles(user: User) -> list[Role]:
    """The roles this person may give to others."""
    if user.has_role(Role.ADMIN):
        return list(Role)
    return [Role.REPRESENTATIVE] if user.has_role(Role.CIRCLE_OFFICE) else []


def can_manage_person(user: User, person: User) -> bool:
    """Nobody manages themselves, nobody below an admin manages more than representatives."""
    if person.pk == user.pk:
        return False
    if user.has_role(Role.ADMIN):
        return user.is_superuser or not person.is_superuser
    return user.has_role(Role.CIRCLE_OFFICE) and not person.is_staff and person.role_names == {Role.REPRESENTATIVE}


def can_manage_invitation(user: User, invitation: Invitation) -> bool:
    """Whoever could have written it."""
    return bool(invitation.roles) and set(invitation.roles) <= set(grantable_roles(user))


def manageable_people(user: User) -> UserQuerySet:
    """Whose names the page of people shows: the same answer as ``can_manage_person``, and oneself."""
    people: UserQuerySet = User.objects.all()
    if user.has_role(Role.ADMIN):
        return people
    return people.holding_nothing_but(Role.REPRESENTATIVE) if user.has_role(Role.CIRCLE_OFFICE) else people.none()
