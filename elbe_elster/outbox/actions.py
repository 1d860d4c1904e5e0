"""What people and the rooms above do with letters."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from celery.exceptions import CeleryError
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError

from . import tasks
from .emails import Wish, finished_letter
from .models import Letter, LetterEvent, LetterEventKind, LetterState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

logger = logging.getLogger(__name__)


def write_letter(  # noqa: PLR0913 -- all by name
    *,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    sender: str | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    alternatives: Iterable[tuple[Any, str]] = (),
    attachments: Sequence[Any] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Write one letter to one person; it leaves when the transaction is committed and ``due_at`` has come.

    A second letter of the same key is not written. Raises LetterError or BadHeaderError.
    """
    parts: list[tuple[Any, str]] = [(html, "text/html"), *alternatives] if html else [*alternatives]
    message = EmailMultiAlternatives(subject, text, sender, alternatives=parts, attachments=list(attachments))
    wish = Wish(key=key, kind=kind, due_at=due_at, expires_at=expires_at, headers=dict(headers or {}))
    store_letters([finished_letter(message, recipient=recipient, key=key, wish=wish)])


def store_letters(letters: Sequence[Letter]) -> None:
    """Store letters whose key is new, and have them delivered once the transaction is committed."""
    if not letters:
        return
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    if len(letters) == 1 and letters[0].due_at <= timezone.now():
        transaction.on_commit(partial(_ask_for_delivery, letters[0].key))
    elif len(letters) > 1:
        transaction.on_commit(partial(_ask_for_delivery, ""))


def _ask_for_delivery(key: str) -> None:
    """Tell a worker. Without a queue nothing is lost: the heartbeat finds every letter that is due."""
    task = tasks.deliver_letter.s(key) if key else tasks.deliver_due_letters.s()
    try:
        task.apply_async(retry=False)
    except (CeleryError, KombuError, OSError):
        logger.warning("The queue does not answer; the letter waits for the next heartbeat.", exc_info=True)


def supersede_letters(*, keys: Iterable[str], reason: str) -> int:
    """Stop letters that still wait because something newer has taken their place. Returns how many."""
    with transaction.atomic():
        waiting = Letter.objects.without_content().select_for_update().order_by("pk")
        letters = list(waiting.filter(key__in=list(keys), state=LetterState.QUEUED))
        _record(letters, LetterState.SUPERSEDED, LetterEventKind.WITHDRAWN, note=reason, by=None)
    return len(letters)


def resend_letter(*, letter: Letter, by: AbstractBaseUser) -> None:
    """A person decides: send the letter once more. Raises ValidationError."""
    with transaction.atomic():
        current = _locked(letter)
        if not current.can_be_sent_again:
            raise ValidationError(_("Dieser Brief lässt sich im Moment nicht noch einmal senden."))
        fresh = {"due_at": timezone.now(), "expires_at": None, "handed_over_at": None, "sent_at": None, "retries": 0}
        _record([current], LetterState.QUEUED, LetterEventKind.RESENT, note="", by=by, **fresh)
        transaction.on_commit(partial(_ask_for_delivery, current.key))


def mark_letter_arrived(*, letter: Letter, by: AbstractBaseUser) -> None:
    """A person knows that an unclear letter has arrived. Raises ValidationError."""
    with transaction.atomic():
        current = _locked(letter)
        if not current.can_be_marked_arrived:
            raise ValidationError(_("Nur ein Brief mit dem Stand „unklar“ lässt sich als angekommen vermerken."))
        _record([current], LetterState.SENT, LetterEventKind.ARRIVED, note="", by=by, sent_at=current.handed_over_at)


def withdraw_letter(*, letter: Letter, by: AbstractBaseUser) -> None:
    """A person decides: do not send the letter any more. Raises ValidationError."""
    with transaction.atomic():
        current = _locked(letter)
        if not current.can_be_withdrawn:
            raise ValidationError(_("Dieser Brief ist schon unterwegs oder abgeschlossen."))
        _record([current], LetterState.SUPERSEDED, LetterEventKind.WITHDRAWN, note="", by=by)


def _locked(letter: Letter) -> Letter:
    return Letter.objects.select_for_update().get(pk=letter.pk)


def _record(
    letters: Sequence[Letter],
    state: LetterState,
    kind: LetterEventKind,
    *,
    note: str,
    by: Any,  # a User or None; accounts lie above the outbox
    **fields: Any,
) -> None:
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(state=state, **fields)
    LetterEvent.objects.bulk_create(
        LetterEvent(letter=letter, kind=kind, attempt=letter.attempts, note=note, user=by) for letter in letters
    )
