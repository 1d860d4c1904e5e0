"""Writing drafts: begin, save, keep what two people wrote, compare, recall, discard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from elbe_elster.strategy.drafting.content import table_names, written
from elbe_elster.strategy.drafting.merging import differences, flattened, nested
from elbe_elster.strategy.drafting.work import OPEN_STATES, UNBEGUN, Work, stamp_of
from elbe_elster.strategy.models import Draft, DraftState, DraftVersion, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import Measure, ProjectProfile


class Saved(NamedTuple):
    """What became of a text: the draft as it is now (None: nothing to keep), and the version that waits to be compared."""

    draft: Draft | None
    waiting: DraftVersion | None


@transaction.atomic
def begin_draft(*, kind: str, token: UUID, values: Mapping[str, Any], actor: User) -> Draft:
    """A draft of something new. The same token again gives the same draft: a double click makes one."""
    draft, _created = Draft.objects.get_or_create(
        token=token, defaults={"kind": kind, "values": dict(values), "created_by": actor, "updated_by": actor}
    )
    return draft


@transaction.atomic
def save_draft(
    *, work: Work, values: Mapping[str, Any], opened: Mapping[str, Any], stamp: str, actor: User, page: str = ""
) -> Saved:
    """Keep what stands in the form, valid or not. ``page``: the mark of the page in the browser.

    ``stamp`` and ``opened`` say what the person began with. When that is no longer what is stored, nothing is
    overwritten: the text waits as a second version until both are compared.
    """
    work = _locked(work)
    same_start = work.draft is not None or (stamp == UNBEGUN and not _differ(work, opened, work.stored))
    if same_start and not _differ(work, values, work.text):
        return Saved(work.draft, None)
    if work.draft is None:
        begun = Draft(kind=work.kind, created_by=actor, updated_by=actor, base=work.stored, values=dict(values))
        setattr(begun, work.kind, work.record)
        if not same_start:
            begun.values = work.stored
        begun.save()
        return Saved(begun, None if same_start else _keep_version(begun, values, opened, actor, page))
    if stamp != work.stamp or not work.is_open:
        return Saved(work.draft, _keep_version(work.draft, values, opened, actor, page))
    return Saved(_write(work.draft, values, actor), None)


def _locked(work: Work) -> Work:
    """The same place of work, fresh, and nobody else writes on it until we are done."""
    if work.record is not None:
        type(work.record)._default_manager.select_for_update(of=("self",)).get(pk=work.record.pk)
        fresh = Work.on_record(work.record)
    else:
        assert work.draft is not None  # noqa: S101 -- a record or a draft
        fresh = Work.on_draft(work.draft)
    if fresh.draft is not None:
        fresh.draft = Draft.objects.select_for_update(of=("self",)).get(pk=fresh.draft.pk)
    return fresh


def _differ(work: Work, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    tables = table_names(work.kind)
    left, right = flattened(one, tables), flattened(other, tables)
    return bool(differences({}, left, right)) or _order(one, tables) != _order(other, tables)


def _order(values: Mapping[str, Any], tables: list[str]) -> list[list[str]]:
    return [[row["key"] for row in values.get(table, [])] for table in tables]


def _write(draft: Draft, values: Mapping[str, Any], actor: User) -> Draft:
    draft.values, draft.updated_by, draft.updated_at = dict(values), actor, timezone.now()
    draft.revision += 1
    draft.save()
    return draft


def _keep_version(
    draft: Draft, values: Mapping[str, Any], opened: Mapping[str, Any], actor: User, page: str = ""
) -> DraftVersion:
    """One for each page a person has open: the same page saves again over its own version, another beside it.

    A text that stands there word for word is kept once. Without a mark nobody knows the page, so nothing is replaced.
    """
    mine = DraftVersion.objects.filter(draft=draft, author=actor)
    same = mine.filter(page=page).first() if page else mine.filter(values=dict(values)).first()
    version = same or DraftVersion(draft=draft, author=actor, opened=dict(opened), page=page)
    version.values, version.written_at = dict(values), timezone.now()
    version.save()
    return version


@transaction.atomic
def resolve_version(*, version: DraftVersion, flat: Mapping[str, Any], stamp: str, actor: User) -> bool:
    """Store what was chosen from both. False when either has changed again: compare once more."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=version.draft_id)
    unchanged = DraftVersion.objects.filter(pk=version.pk, written_at=version.written_at).exists()
    if stamp != stamp_of(draft) or not unchanged:
        return False
    _reopen(draft)
    _write(draft, nested(flat, table_names(draft.kind)), actor)
    version.delete()
    return True


def _reopen(draft: Draft) -> None:
    if draft.state not in OPEN_STATES:
        draft.state, draft.publish_at, draft.submitted_by, draft.approved_by = DraftState.EDITING, None, None, None


@transaction.atomic
def recall_draft(*, draft: Draft, actor: User) -> None:
    """Take back a draft that waits for approval or for its day, to go on writing."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state in OPEN_STATES:
        return
    _reopen(draft)
    draft.updated_by = actor
    draft.save()
    add_remark(draft=draft, actor=actor, step=DraftState.EDITING, text="")


@transaction.atomic
def restore_as_draft(*, work: Work, values: Mapping[str, Any], actor: User) -> Saved:
    """Make an earlier version the draft. If there is a draft already, it waits beside it to be compared."""
    work = _locked(work)
    if work.draft is not None:
        return Saved(work.draft, _keep_version(work.draft, values, work.draft.values, actor))
    draft = Draft(kind=work.kind, created_by=actor, updated_by=actor, base=work.stored, values=dict(values))
    setattr(draft, work.kind, work.record)
    draft.save()
    return Saved(draft, None)


@transaction.atomic
def discard_draft(*, draft: Draft, actor: User) -> None:
    """Throw the draft away, with what this person has waiting to be compared. The record stays as it is.

    What others have waiting stays: beside the record, or, where there is none, as the draft itself.
    """
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    draft.versions.filter(author=actor).delete()
    other = draft.versions.select_related("author").first()
    if other is None:
        draft.delete()
        return
    record = draft.measure or draft.profile
    if record is None:
        _reopen(draft)
        _write(draft, other.values, other.author)
        other.delete()
    else:
        begin_again(draft=draft, record=record)


def begin_again(*, draft: Draft, record: Measure | ProjectProfile) -> None:
    """The draft says what the record says; what waits beside it can still be compared with it."""
    setattr(draft, draft.kind, record)
    draft.base = draft.values = written(type(record)._default_manager.get(pk=record.pk))
    draft.revision += 1
    _reopen(draft)
    draft.save()


def add_remark(*, draft: Draft, actor: User | None, step: str, text: str) -> Remark:
    """What was said or done with a draft; stays with the record."""
    return Remark.objects.create(
        draft=draft, measure=draft.measure, profile=draft.profile, author=actor, step=step, text=text
    )
