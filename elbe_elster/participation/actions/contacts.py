"""Wishes to be contacted: stored for themselves, drawn by lot, deleted. Nothing leads from here to an answer."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from elbe_elster.participation.models import ContactWish

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey


@transaction.atomic
def add_contact_wish(*, survey: Survey, name: str, contact: str) -> None:
    """Keep it. Who writes twice takes part once; the answer does not tell whether the address was known."""
    if not ContactWish.objects.filter(survey=survey, contact__iexact=contact).exists():
        ContactWish.objects.create(survey=survey, name=name, contact=contact)


def draw_winners(*, survey: Survey, count: int) -> list[ContactWish]:
    """So many of them at random, each at most once; all where there are fewer. Stored nowhere."""
    wishes = list(ContactWish.objects.filter(survey=survey))
    return secrets.SystemRandom().sample(wishes, min(count, len(wishes)))


@transaction.atomic
def delete_contact_wishes(*, survey: Survey, key: int | None = None) -> int:
    """Delete one, or all of a survey. Gives how many."""
    wishes = ContactWish.objects.filter(survey=survey)
    deleted, _rows = (wishes if key is None else wishes.filter(key=key)).delete()
    return deleted
