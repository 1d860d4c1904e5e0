"""Letters about accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from elbe_elster.outbox.actions import write_letter
from elbe_elster.outbox.models import ACCOUNT_KIND

if TYPE_CHECKING:
    from .models import Invitation


def send_invitation(invitation: Invitation, token: str) -> None:
    """Write the letter with the link. The token stands nowhere else."""
    told = {
        "name": invitation.name,
        "portal": settings.SITE_NAME,
        "work": ", ".join(invitation.role_labels) + (f" ({invitation.seat})" if invitation.seat else ""),
        "date": date_format(timezone.localtime(invitation.expires_at), "j. F Y"),
    }
    paragraphs = [
        _("Guten Tag %(name)s,"),
        _("Sie sind eingeladen, im Portal „%(portal)s“ mitzuarbeiten. Ihre Aufgabe dort: %(work)s."),
        _("Öffnen Sie diesen Link, und wählen Sie ein Passwort:"),
        settings.BASE_URL.replace("%", "%%") + reverse("accounts:invitation-accept", args=[token]),
        _("Der Link gilt bis zum %(date)s und nur einmal."),
        _(
            "Haben Sie diese Einladung nicht erwartet? Dann löschen Sie diese E-Mail; ohne den Link entsteht kein Konto."
        ),
    ]
    write_letter(
        key=f"invitation-{invitation.pk}-{invitation.letters}",
        kind=ACCOUNT_KIND,
        recipient=invitation.email,
        subject=_("Ihre Einladung zum Portal %(name)s") % {"name": settings.SITE_NAME},
        text="\n\n".join(paragraph % told for paragraph in paragraphs) + "\n",
        expires_at=invitation.expires_at,
    )
