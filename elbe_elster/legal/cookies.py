"""Every cookie the portal may set. The privacy page prints this list; a test compares it with what is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Cookie:
    """A cookie: its name, what it is for, when it is set, and how long it stays."""

    name: str
    purpose: str | _StrPromise
    when: str | _StrPromise
    period: str | _StrPromise


DAY = 86400  # seconds


def cookies() -> list[Cookie]:
    """The list, with names and periods as the settings have them."""
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            _("hält Ihre Anmeldung"),
            _("beim Anmelden"),
            _("%(days)d Tage oder bis zum Abmelden") % {"days": settings.SESSION_COOKIE_AGE // DAY},
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            _("schützt Formulare davor, dass Fremde sie für Sie absenden"),
            _("wenn Sie ein Formular öffnen"),
            _("%(days)d Tage") % {"days": settings.CSRF_COOKIE_AGE // DAY},
        ),
        Cookie(
            "messages",
            _("zeigt auf der nächsten Seite eine Rückmeldung, etwa „Gespeichert“"),
            _("nach dem Absenden eines Formulars"),
            _("bis zur nächsten Seite"),
        ),
    ]
