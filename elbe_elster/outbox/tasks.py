"""What the queue starts. Every task may run twice or at the same time as itself: letters are claimed."""

from __future__ import annotations

from celery import shared_task

from . import delivery, heartbeat
from .clearing import clear_old_letters_daily
from .models import Letter

DELIVERY_SECONDS = 600  # one task; longer than the slowest letter after the last start


@shared_task(time_limit=DELIVERY_SECONDS)
def deliver_letter(key: str) -> None:
    """Deliver this letter, and on the same line whatever else is due."""
    delivery.deliver_letters(first=Letter.objects.filter(key=key))


@shared_task(time_limit=DELIVERY_SECONDS)
def deliver_due_letters() -> None:
    """Deliver what is due."""
    delivery.deliver_letters()


@shared_task(time_limit=DELIVERY_SECONDS)
def beat_heart() -> None:
    """Every few seconds: note a sign of life, take back what got stuck, deliver what is due."""
    heartbeat.note_sign_of_life(heartbeat.SWEEP)
    delivery.return_stuck_letters()
    delivery.close_expired_letters()
    clear_old_letters_daily()
    delivery.deliver_letters()
