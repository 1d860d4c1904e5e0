"""Who may do what in the circle's room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elbe_elster.accounts.models import Role, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def can_enter_circle(user: User | AnonymousUser) -> bool:
    """Members of the circle, its office and the administrators of the portal."""
    return isinstance(user, User) and user.has_role(Role.REPRESENTATIVE, Role.CIRCLE_OFFICE, Role.ADMIN)
