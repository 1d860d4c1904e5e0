"""What an installation must have before letters can leave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 -- Django's name


@register(deploy=True)
def check_transport(**_options: Any) -> list[CheckMessage]:
    """Without ``EMAIL_URL`` letters wait in the outbox for ever."""
    if settings.MAIL["TRANSPORT"] != "none":
        return []
    said = "EMAIL_URL ist nicht gesetzt: Briefe werden geschrieben, verlassen das Portal aber nicht."
    return [Warning(said, hint="EMAIL_URL=submission://name:passwort@mail.example:587", id="outbox.W001")]
