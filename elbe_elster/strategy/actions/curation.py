"""Entrusts fields and measures to curators."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pghistory
from django.db import transaction

from elbe_elster.strategy.models import Curation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import ActionField, Measure


class Wish(NamedTuple):
    """What one person is to look after."""

    person: User
    fields: list[ActionField]
    measures: list[Measure]


@transaction.atomic
def entrust(*, wishes: Iterable[Wish], actor: User) -> None:
    """Make what each person looks after equal to the wish. People without a wish keep what they have."""
    with pghistory.context(user=actor.pk):
        for wish in wishes:
            held = Curation.objects.filter(user=wish.person)
            held.exclude(action_field__in=wish.fields).exclude(measure__in=wish.measures).delete()
            for field in wish.fields:
                Curation.objects.get_or_create(user=wish.person, action_field=field)
            for measure in wish.measures:
                Curation.objects.get_or_create(user=wish.person, measure=measure)
