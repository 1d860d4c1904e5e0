"""Who follows what: asked for, confirmed, changed, ended, forgotten."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from elbe_elster.outbox.actions import supersede_letters
from elbe_elster.outbox.emails import bare_address
from elbe_elster.outbox.models import FOLLOWER_KIND, Letter, LetterState
from elbe_elster.strategy import emails
from elbe_elster.strategy.models import Subscription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.strategy.models import ActionField, Measure
    from elbe_elster.strategy.models.following import SubscriptionQuerySet

MOST_UNANSWERED = 5  # first letters to one address in a day that nobody has answered
DAY = dt.timedelta(days=1)


@transaction.atomic
def request_subscription(
    *, email: str, measure: Measure | None, action_field: ActionField | None, frequency: str, language: str
) -> None:
    """Somebody wants an address to be told. Writes to that address and to nobody else what is to be done.

    Says nothing about whether the address is known. Nobody can have more than a few letters sent to a stranger.
    """
    now = timezone.now()
    known = Subscription.objects.of_address(email)
    found = known.filter(measure=measure, action_field=action_field).first()
    if found is None:
        if known.filter(confirmed_at=None, created_at__gt=now - DAY).count() >= MOST_UNANSWERED:
            return
        found = Subscription(
            email=email, measure=measure, action_field=action_field, frequency=frequency, language=language
        )
        try:
            with transaction.atomic():
                found.save()
        except IntegrityError:  # the same form a moment ago; that one writes the letter
            return
    elif found.confirmed_at is None:
        found.frequency, found.language, found.created_at = frequency, language, now
        found.save(update_fields=["frequency", "language", "created_at"])
    if found.confirmed_at:
        emails.say_already_following(found, now=now)
    else:
        emails.ask_to_confirm(found, now=now)


@transaction.atomic
def confirm_subscription(*, subscription: Subscription) -> bool:
    """The owner of the address agrees; from now on it is told what is new. False when there was nothing to confirm."""
    now = timezone.now()
    waiting = Subscription.objects.confirmable(now).filter(pk=subscription.pk)
    return bool(waiting.update(confirmed_at=now, told_until=now))


@transaction.atomic
def change_frequencies(*, subscriptions: SubscriptionQuerySet, frequencies: Mapping[int, str]) -> int:
    """How often each of these is told from now on. Gives the number of those that changed."""
    return sum(
        subscriptions.filter(pk=key).exclude(frequency=frequency).update(frequency=frequency)
        for key, frequency in frequencies.items()
    )


@transaction.atomic
def stop_subscriptions(*, subscriptions: SubscriptionQuerySet) -> int:
    """Delete them; letters that still wait for an address that follows nothing any more are not sent. Repeatable."""
    rows = list(subscriptions.all())
    number: int = Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]
    for address in {row.email for row in rows}:
        if not Subscription.objects.of_address(address).exists():
            waiting = Letter.objects.filter(
                kind=FOLLOWER_KIND, state=LetterState.QUEUED, recipient__iexact=bare_address(address)
            )
            supersede_letters(keys=list(waiting.values_list("key", flat=True)), reason="abbestellt")
    return number


def forget_unconfirmed(*, now: dt.datetime | None = None) -> int:
    """Delete what nobody has confirmed within seven days."""
    number: int = Subscription.objects.never_confirmed(now or timezone.now()).delete()[0]
    return number
