"""Letters about accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from elbe_elster.outbox.actions import write_letter

if TYPE_CHECKING:
    from .models import Invitation


def send_invitation(invitation: Invitation, token: str) -> None:
    """Write the letter with the link. The token stands nowhere else."""
    context = {
        "invitation": invitation,
        "url": settings.BASE_URL + reverse("accounts:invitation-accept", args=[token]),
        "site_name": settings.SITE_NAME,
    }
    write_letter(
        key=f"invitation-{invitation.pk}-{invitation.letters}",
        kind="invitation",
        recipient=invitation.email,
        subject=_("Ihre Einladung zum Portal %(name)s") % {"name": settings.SITE_NAME},
        text=render_to_string("accounts/email/invitation.txt", context),
        expires_at=invitation.expires_at,
    )
