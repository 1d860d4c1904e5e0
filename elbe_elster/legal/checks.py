"""``manage.py check --deploy`` says when the Impressum is not finished."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 -- Django's name
from django.db import DatabaseError


@register(Tags.compatibility, deploy=True)
def check_imprint(**_options: Any) -> list[CheckMessage]:
    """A warning while placeholders stand in the Impressum. Silent where there is no database to ask (image build)."""
    from elbe_elster.legal.models import LegalText, LegalTextSlug

    try:
        imprint = LegalText.objects.filter(slug=LegalTextSlug.IMPRINT).first()
    except (DatabaseError, OSError):
        return []
    missing = imprint.placeholders if imprint else []
    if imprint is None:
        message = "Das Portal hat noch kein Impressum."
        return [Warning(message, hint="manage.py load_texts", id="legal.W001")]
    if missing:
        message = "Im Impressum ist noch einzutragen: " + ", ".join(missing) + "."
        return [Warning(message, hint="/redaktion/texte/", id="legal.W002")]
    return []
