"""Drafts on their way to publication, for the tests of review and schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions import publishing
from elbe_elster.strategy.drafting.content import written
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.models import (
    Draft,
    Measure,
    ProjectProfile,
)

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User


REVIEW = "/redaktion/massnahmen/{}/freigabe/"


def draft_of(record: Measure | ProjectProfile, author: User, **changes: Any) -> Draft:
    text = written(record)
    owner = {"measure" if isinstance(record, Measure) else "profile": record}
    kind = next(iter(owner))
    return Draft.objects.create(
        **owner, kind=kind, base=text, values={**text, **changes}, created_by=author, updated_by=author
    )


def letters() -> list[tuple[str, str, str]]:
    return sorted(Letter.objects.values_list("recipient", "kind", "subject"))


def submitted(record: Measure, author: User, **changes: Any) -> Draft:
    return publishing.submit_draft(work=Work.on_draft(draft_of(record, author, **changes)), actor=author)
