"""How a letter leaves: claimed and committed, offered, handed over and committed, answered and noted.

A letter is handed over when the server has said 354 and the row says so; only then the content goes over the line.
Whoever dies before that has sent nothing, so the letter may go again. Whoever dies after that leaves a question
that only a person can answer: the letter is *unclear*.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Letter, LetterEvent, LetterEventKind, LetterState
from .transport import Line, LineError, Outcome, Verdict, open_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .models import LetterQuerySet

BATCH = 50
LEASE = timedelta(minutes=3)  # to offer a batch
NEEDED = timedelta(minutes=2)  # what the slowest offer of one letter may take of it
ANSWER_LEASE = timedelta(minutes=6)  # to bring the content over and hear the answer
TASK_SECONDS = 60  # after that no new batch is begun
MINUTES = (1, 5, 15, 60, 240, 480, 1440, 1440, 1440)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in MINUTES)
REST = timedelta(minutes=1)  # for everything that waits, when the server is not there

# Both run once a letter and are therefore one trip to the database each. `attempts` is the claim: whoever has been
# declared dead in the meantime finds no row. A late answer still settles a letter that was declared unclear.
HAND_OVER = """
    UPDATE outbox_letter SET handed_over_at = %s, lease_until = %s
    WHERE id = %s AND attempts = %s AND state = 'in_flight' AND lease_until > %s
    RETURNING message
"""
CLOSE = """
    WITH mine AS (
        UPDATE outbox_letter SET
            state = %(state)s, lease_until = NULL, answer = %(answer)s,
            sent_at = COALESCE(%(sent_at)s, sent_at), due_at = COALESCE(%(due_at)s, due_at),
            retries = retries + %(again)s::int,
            handed_over_at = CASE WHEN %(again)s THEN NULL ELSE handed_over_at END
        WHERE id = %(id)s AND attempts = %(attempt)s AND state IN ('in_flight', 'unclear')
        RETURNING id, attempts
    )
    INSERT INTO outbox_letterevent (letter_id, at, kind, attempt, note)
    SELECT id, %(now)s, %(kind)s, attempts, %(answer)s FROM mine
"""


def deliver_letters(*, first: LetterQuerySet | None = None, among: LetterQuerySet | None = None) -> int:
    """Send what is due (``among`` these), ``first`` before the others, on one line. Returns how many were accepted."""
    line = open_line()
    if line is None:
        return 0
    everything = Letter.objects.all() if among is None else among
    stop, sent = time.monotonic() + TASK_SECONDS, 0
    with line:
        letters = claim_letters(first) if first is not None else []
        while letters or (letters := claim_letters(everything)):
            try:
                sent += _deliver_batch(line, letters)
            except LineError as error:
                _put_off(letters, str(error))
                break
            if time.monotonic() > stop:
                break
            letters = []
    return sent


def claim_letters(among: LetterQuerySet, *, now: datetime | None = None) -> list[Letter]:
    """Take at most one batch of due letters; nobody else gets them until the lease is over."""
    now = now or timezone.now()
    with transaction.atomic():
        due = among.due(now).select_for_update(skip_locked=True)
        taken = list(due.values_list("pk", flat=True)[:BATCH])
        if not taken:
            return []
        Letter.objects.filter(pk__in=taken, state=LetterState.QUEUED).update(
            state=LetterState.IN_FLIGHT, lease_until=now + LEASE, attempts=F("attempts") + 1, handed_over_at=None
        )
    return list(Letter.objects.without_content().filter(pk__in=taken).order_by("due_at", "pk"))


def _deliver_batch(line: Line, letters: list[Letter]) -> int:
    """Send one letter after the other. Raises LineError; ``letters`` then holds those that have not been offered."""
    sent = 0
    while letters:
        letter = letters[0]
        if letter.lease_until is None or timezone.now() > letter.lease_until - NEEDED:
            _give_back(letters)
            break
        outcome = line.deliver(letter, hand_over=partial(_hand_over, letter))
        letters.pop(0)
        _note(letter, outcome)
        sent += outcome.verdict is Verdict.ACCEPTED
    letters.clear()
    return sent


def _hand_over(letter: Letter) -> bytes | None:
    """Note, before the first byte of content, that the letter may arrive. Gives the content; None: the claim is lost."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(HAND_OVER, [now, now + ANSWER_LEASE, letter.pk, letter.attempts, now])
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def _note(letter: Letter, outcome: Outcome) -> None:
    """Write down how the attempt ended."""
    if outcome.verdict is Verdict.ACCEPTED:
        _close(letter, LetterState.SENT, LetterEventKind.SENT, outcome.answer, sent_at=timezone.now())
    elif outcome.verdict is Verdict.REFUSED:
        _close(letter, LetterState.FAILED, LetterEventKind.REFUSED, outcome.answer)
    elif outcome.verdict is Verdict.UNCLEAR:
        _close(letter, LetterState.UNCLEAR, LetterEventKind.UNCLEAR, outcome.answer)
    elif outcome.verdict is Verdict.DEFERRED:
        _defer(letter, outcome.answer)


def _defer(letter: Letter, answer: str) -> None:
    if letter.retries < len(PAUSES):
        due_at = timezone.now() + PAUSES[letter.retries]
        _close(letter, LetterState.QUEUED, LetterEventKind.DEFERRED, answer, due_at=due_at)
        return
    reason = _("Nach %(number)d Versuchen aufgegeben. Zuletzt: %(answer)s")
    said = reason % {"number": letter.retries + 1, "answer": answer}
    _close(letter, LetterState.FAILED, LetterEventKind.REFUSED, said)


def _close(
    letter: Letter,
    state: LetterState,
    kind: LetterEventKind,
    answer: str,
    *,
    due_at: datetime | None = None,
    sent_at: datetime | None = None,
) -> None:
    """End the attempt, if it is still the latest one; a letter that waits again counts one more vain attempt."""
    again = state == LetterState.QUEUED
    values: dict[str, Any] = {
        "id": letter.pk,
        "attempt": letter.attempts,
        "state": state,
        "kind": kind,
        "answer": answer,
        "due_at": due_at,
        "sent_at": sent_at,
        "again": again,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)


def _put_off(letters: Sequence[Letter], answer: str) -> None:
    """There is no line: what was claimed counts an attempt, and everything else that waits rests a while."""
    for letter in letters:
        _defer(letter, answer)
    now = timezone.now()
    Letter.objects.due(now).order_by().update(due_at=now + REST)


def _give_back(letters: Sequence[Letter]) -> None:
    """Letters that were claimed but not offered wait again, as if nothing had been."""
    for letter in letters:
        mine = Letter.objects.claimed_as(letter).filter(state=LetterState.IN_FLIGHT, handed_over_at=None)
        mine.update(state=LetterState.QUEUED, lease_until=None)


def return_stuck_letters(*, now: datetime | None = None) -> int:
    """Judge letters whose worker has died: not handed over, they wait again; handed over, they are unclear."""
    now = now or timezone.now()
    with transaction.atomic():
        stuck = list(Letter.objects.without_content().stuck(now).select_for_update(skip_locked=True))
        for letter in stuck:
            if letter.handed_over_at is not None:
                said = _("Der Versand brach ab, nachdem der Brief übergeben war. Ob er ankam, ist nicht bekannt.")
                _close(letter, LetterState.UNCLEAR, LetterEventKind.UNCLEAR, said)
            elif letter.retries >= len(PAUSES):
                said = _("Der Versand brach immer wieder ab. Es wird nicht weiter versucht.")
                _close(letter, LetterState.FAILED, LetterEventKind.REFUSED, said)
            else:
                said = _("Der Versand brach ab, bevor der Brief übergeben war.")
                _close(letter, LetterState.QUEUED, LetterEventKind.RETURNED, said)
    return len(stuck)


def close_expired_letters(*, now: datetime | None = None) -> int:
    """Letters whose use is over are not sent any more. Returns how many."""
    now = now or timezone.now()
    said = _("Der Brief wäre zu spät gekommen und wurde nicht mehr gesendet.")
    with transaction.atomic():
        late = list(Letter.objects.without_content().expired(now).select_for_update(skip_locked=True))
        Letter.objects.filter(pk__in=[letter.pk for letter in late]).update(state=LetterState.SUPERSEDED)
        LetterEvent.objects.bulk_create(
            LetterEvent(letter=letter, kind=LetterEventKind.EXPIRED, attempt=letter.attempts, note=said)
            for letter in late
        )
    return len(late)
