"""Tells followers what is new. What is due is a question to the database; running twice or dying in between is harmless.

A subscription has been told everything that was written up to ``told_until``. Whoever tells an address moves that
moment by a conditional update and stores the letter in the same transaction: both happen or neither, and only one
worker can do it.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Min, Q
from django.db.models.functions import Lower
from django.utils import timezone

from elbe_elster.outbox.emails import LetterError
from elbe_elster.strategy import emails
from elbe_elster.strategy.models import ChronicleEntry, Frequency, Subscription

if TYPE_CHECKING:
    from collections.abc import Sequence

    from elbe_elster.strategy.models import ChronicleEntryQuerySet

SETTLE = dt.timedelta(minutes=1)  # so long a sentence rests: what is written together is told together
CLOCKS = dt.timedelta(seconds=5)  # by which the clocks of web servers and database may differ
LONGEST_WAIT = dt.timedelta(minutes=15)  # for a transaction that does not end
LAZY = dt.timedelta(hours=1)  # after which a subscription without news is moved on, so that the next look is short
MOST_ENTRIES = 50  # in one letter

logger = logging.getLogger(__name__)


class _TakenError(Exception):
    """Another worker is telling this address."""


def tell_followers(*, now: dt.datetime | None = None) -> int:
    """Write every letter that is due. Gives their number."""
    until = settled_until(now or timezone.now())
    due = Subscription.objects.due(until)
    quiet = due.filter(Q(frequency=Frequency.WEEKLY) | Q(told_until__lt=until - LAZY))
    oldest = due.aggregate(oldest=Min("told_until"))["oldest"]
    if not ChronicleEntry.objects.filter(written_at__gt=oldest or until, written_at__lte=until).exists():
        quiet.update(told_until=until)
        return 0
    quiet.without_news(until).update(told_until=until)
    addresses = due.with_news(until).annotate(lowered=Lower("email")).order_by("lowered")
    return sum(_tell(address, until) for address in addresses.values_list("lowered", flat=True).distinct())


def settled_until(now: dt.datetime) -> dt.datetime:
    """The moment up to which everything that was written can be seen.

    A sentence gets its time when it is written and is seen when its transaction is committed. So nothing after the
    start of the oldest transaction that is still writing counts as settled.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        oldest: dt.datetime | None = cursor.fetchone()[0]
    settled = now - SETTLE
    return max(min(settled, oldest - CLOCKS), now - LONGEST_WAIT) if oldest else settled


def _tell(address: str, until: dt.datetime) -> int:
    try:
        with transaction.atomic():
            return _tell_address(address, until)
    except _TakenError:
        return 0
    except LetterError:
        logger.exception("Ein Abonnement hat eine Adresse, an die sich nicht schreiben lässt.")
        return 0


def _tell_address(address: str, until: dt.datetime) -> int:
    """One letter for everything this address follows and whose turn it is; none when it has been told all."""
    follows = Subscription.objects.of_address(address).confirmed().select_related("measure", "action_field")
    due = list(follows.due(until).order_by("pk"))
    told = list(follows)
    for subscription in due:
        claim = Subscription.objects.filter(pk=subscription.pk, told_until=subscription.told_until)
        if not claim.update(told_until=until):
            raise _TakenError
    entries = list(_news(due, told, until)[: MOST_ENTRIES + 1])
    if entries:
        emails.send_news(due, entries[:MOST_ENTRIES], more=len(entries) > MOST_ENTRIES)
    return int(bool(entries))


def _news(due: Sequence[Subscription], told: Sequence[Subscription], until: dt.datetime) -> ChronicleEntryQuerySet:
    """Public entries that one of ``due`` has not been told, and that none of ``told`` has brought before."""
    wanted, known = Q(pk__in=[]), Q(pk__in=[])
    for each in due:
        wanted |= each.entries & Q(written_at__gt=each.told_until)
    for each in told:
        known |= each.entries & Q(written_at__gt=each.confirmed_at, written_at__lte=each.told_until)
    public = ChronicleEntry.objects.public().filter(wanted, written_at__lte=until)
    return public.exclude(known).for_list().newest_first()
