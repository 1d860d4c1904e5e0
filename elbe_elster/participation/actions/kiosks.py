"""Devices at events: opened and closed by staff. The key in a device's address is stored as a digest only."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from elbe_elster.participation.models import Kiosk
from elbe_elster.participation.sealing import fingerprint

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import Survey

KEY_BYTES = 16
LONGEST_KEY = 60


@transaction.atomic
def open_kiosk(*, survey: Survey, name: str, open_until: dt.datetime, actor: User) -> str:
    """Open a device; gives the key of its address, which nobody can find out again."""
    key = secrets.token_urlsafe(KEY_BYTES)
    Kiosk.objects.create(
        survey=survey, name=name, digest=fingerprint(key, purpose="kiosk"), open_until=open_until, opened_by=actor
    )
    return key


@transaction.atomic
def close_kiosk(*, kiosk: Kiosk) -> None:
    """From now on it takes nothing more. Closing twice changes nothing."""
    now = timezone.now()
    Kiosk.objects.filter(pk=kiosk.pk).open_now(now).update(open_until=now)


def kiosk_with_key(key: str) -> Kiosk | None:
    """The open device whose address holds this key, with its survey."""
    if len(key) > LONGEST_KEY:
        return None
    devices = Kiosk.objects.open_now().select_related("survey__current")
    return devices.filter(digest=fingerprint(key, purpose="kiosk"), survey__trashed_at=None).first()
