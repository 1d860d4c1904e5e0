"""Who may see the outbox. The roles are named as accounts spells them; the outbox lies below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from .models import Letter

KEEPERS = {"admin", "circle_office", "curator"}


def can_see_letters(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Administration, the circle's office and curators: those whose mail it is."""
    return user.is_authenticated and bool(KEEPERS & getattr(user, "role_names", set()))


def can_read_content(user: AbstractBaseUser | AnonymousUser, letter: Letter) -> bool:
    """Letters about accounts hold sign-in links: outside the demo nobody but the recipient reads them."""
    return can_see_letters(user) and (settings.DEMO or not letter.is_confidential)
