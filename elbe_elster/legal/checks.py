"""``manage.py check --deploy`` says when the Impressum is missing.

What is still to be filled in is no fault of the installation: ``load_texts`` and ``/redaktion/texte/`` list it.
"""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 -- Django's name
from django.db import DatabaseError


@register(Tags.compatibility, deploy=True)
def check_imprint(**_options: Any) -> list[CheckMessage]:
    """A warning while the portal has no Impressum. Silent where there is no database to ask (image build)."""
    from elbe_elster.legal.models import LegalText, LegalTextSlug

    try:
        imprint = LegalText.objects.filter(slug=LegalTextSlug.IMPRINT).first()
    except (DatabaseError, OSError):
        return []
    if imprint is None:
        message = "Das Portal hat noch kein Impressum."
        return [Warning(message, hint="manage.py load_texts", id="legal.W001")]
    return []
