"""Letters do not stay for ever: content goes after 30 days, the row after 90."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from redis import RedisError

from .models import Letter, LetterState

CONTENT_KEPT = timedelta(days=30)
LETTER_KEPT = timedelta(days=90)
OPEN = (LetterState.QUEUED, LetterState.IN_FLIGHT)
DAY = 86400  # seconds


def clear_old_letters(*, now: datetime | None = None) -> tuple[int, int]:
    """Delete old content and old rows, never of a letter that may still leave. Returns (contents, rows)."""
    now = now or timezone.now()
    closed = Letter.objects.exclude(state__in=OPEN)
    rows = closed.filter(created_at__lt=now - LETTER_KEPT).delete()[1].get("outbox.Letter", 0)
    old = closed.filter(created_at__lt=now - CONTENT_KEPT, message__isnull=False)
    return old.update(message=None, text="", html=""), rows


def clear_old_letters_daily() -> None:
    """Clear once a day, however often the heart beats; twice would be harmless."""
    try:
        first_today = cache.add(f"outbox:cleared:{timezone.now():%Y-%m-%d}", 1, DAY)
    except RedisError:
        return
    if first_today:
        clear_old_letters()
