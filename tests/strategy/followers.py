"""Sentences, followers, and what they were told, for the tests of the letters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from elbe_elster.outbox.models import Letter
from tests.factories import ChronicleEntryFactory, SubscriptionFactory

if TYPE_CHECKING:
    from elbe_elster.strategy.models import ChronicleEntry, Subscription

SUNDAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def write(text: str, at: dt.datetime = SUNDAY, **fields: Any) -> ChronicleEntry:
    """A sentence of some measure, written on Sunday."""
    entry: ChronicleEntry = ChronicleEntryFactory(text_de=text, written_at=at, **fields)
    return entry


def follow(email: str = "anna@example.org", since: dt.datetime = SUNDAY - MINUTE, **fields: Any) -> Subscription:
    """Somebody who has followed everything for a minute."""
    row: Subscription = SubscriptionFactory(
        email=email, **{"created_at": since, "confirmed_at": since, "told_until": since, **fields}
    )
    return row


def told() -> dict[str, list[list[str]]]:
    """By recipient: for each letter the sentences in it, in order."""
    found: dict[str, list[list[str]]] = {}
    for letter in Letter.objects.order_by("pk"):
        lines = [line.split(": ", 1)[1] for line in letter.text.splitlines() if line.startswith("- ")]
        found.setdefault(letter.recipient, []).append(lines)
    return found
