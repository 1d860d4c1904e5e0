"""Four eyes: submit, return, approve, schedule, publish, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.strategy import review_emails as emails
from elbe_elster.strategy.actions.applying import DraftError, apply_draft, draft_errors
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.actions.drafts import add_remark, begin_again
from elbe_elster.strategy.actions.files import release_files
from elbe_elster.strategy.drafting.work import OPEN_STATES, Work
from elbe_elster.strategy.models import Curation, Draft, DraftState, Measure, Publication, Remark
from elbe_elster.strategy.permissions import can_edit_measure, can_publish

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import ProjectProfile

    Record = Measure | ProjectProfile


def may_approve(user: User, draft: Draft) -> bool:
    """Four eyes, always: a publisher or admin other than whoever submitted the draft."""
    return can_publish(user) and draft.submitted_by_id != user.pk


@transaction.atomic
def submit_draft(*, work: Work, actor: User, text: str = "") -> Draft:
    """Lay the draft before the publishers. Raises DraftError while anything is missing or wrong.

    Without a draft, the record is submitted as it is, with the files that wait. Files uploaded later are not part of it.
    """
    draft = work.draft or _unchanged_draft(work, actor)
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state not in OPEN_STATES:
        return draft
    if error := draft_errors(draft=draft, actor=actor):
        raise error
    draft.state, draft.submitted_by, draft.approved_by = DraftState.SUBMITTED, actor, None
    draft.updated_at = timezone.now()
    draft.save()
    add_remark(draft=draft, actor=actor, step=DraftState.SUBMITTED, text=text)
    emails.tell_publishers(draft, text)
    return draft


def _unchanged_draft(work: Work, actor: User) -> Draft:
    draft = Draft(kind=work.kind, created_by=actor, updated_by=actor, base=work.stored, values=work.stored)
    setattr(draft, work.kind, work.record)
    draft.save()
    return draft


def _waiting(draft: Draft, actor: User) -> Draft | None:
    """The draft as it was read, locked, if it still waits. Raises PermissionDenied for whoever may not decide."""
    as_read = {"pk": draft.pk, "revision": draft.revision, "state": DraftState.SUBMITTED}
    locked = Draft.objects.select_for_update(of=("self",)).filter(**as_read).first()
    if locked and not may_approve(actor, locked):
        raise PermissionDenied(_("Freigeben muss jemand anders: Wer vorlegt, gibt nicht selbst frei."))
    return locked


@transaction.atomic
def return_draft(*, draft: Draft, actor: User, text: str) -> bool:
    """Ask for changes. False when it does not wait any more."""
    waiting = _waiting(draft, actor)
    if waiting is None:
        return False
    waiting.state = DraftState.RETURNED
    waiting.save()
    add_remark(draft=waiting, actor=actor, step=DraftState.RETURNED, text=text)
    emails.tell_writers(waiting, actor=actor, step=DraftState.RETURNED, text=text)
    return True


@transaction.atomic
def publish_draft(*, draft: Draft, actor: User, text: str = "") -> Record | None:
    """Approve and publish at once. None when it does not wait any more. Raises DraftError."""
    waiting = _waiting(draft, actor)
    return None if waiting is None else _publish(waiting, actor, text)


def _publish(draft: Draft, actor: User | None, text: str) -> Record:
    record = apply_draft(draft=draft, actor=actor)
    release_files(record=record, actor=actor, until=draft.updated_at)
    owner: dict[str, Any] = {draft.kind: record}
    remark = add_remark(draft=draft, actor=actor, step="", text=text or _("Veröffentlicht."))
    Remark.objects.filter(pk=remark.pk).update(**owner)
    draft.remarks.update(**owner)
    _entrust(record, draft)
    emails.tell_writers(draft, actor=actor, step="", text=text, record=record)
    if draft.versions.exists():  # somebody has written on a stale page: that text is not published, and not lost
        draft.remarks.update(draft=None)
        begin_again(draft=draft, record=record)
    else:
        draft.delete()
    return record


def _entrust(record: Record, draft: Draft) -> None:
    """Whoever wrote a new measure goes on looking after it."""
    author = draft.created_by
    if draft.measure_id is None and isinstance(record, Measure) and author and not can_edit_measure(author, record):
        Curation.objects.create(user=author, measure=record)


@transaction.atomic
def schedule_draft(*, draft: Draft, actor: User, publish_at: dt.datetime, text: str = "") -> bool:
    """Approve now, publish later. False when it does not wait any more. Raises DraftError."""
    waiting = _waiting(draft, actor)
    if waiting is None:
        return False
    if error := draft_errors(draft=waiting, actor=actor):
        raise error
    waiting.state, waiting.approved_by, waiting.publish_at = DraftState.SCHEDULED, actor, publish_at
    waiting.save()
    add_remark(draft=waiting, actor=actor, step=DraftState.SCHEDULED, text=text)
    emails.tell_writers(waiting, actor=actor, step=DraftState.SCHEDULED, text=text)
    return True


@transaction.atomic
def unschedule_draft(*, draft: Draft, actor: User) -> bool:
    """Take back the day; the draft waits for approval again. False when it is out already."""
    locked = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk, state=DraftState.SCHEDULED).first()
    if locked is None:
        return False
    locked.state, locked.approved_by, locked.publish_at = DraftState.SUBMITTED, None, None
    locked.save()
    add_remark(
        draft=locked, actor=actor, step=DraftState.SUBMITTED, text=_("Die geplante Veröffentlichung ist abgesagt.")
    )
    return True


def publish_due_drafts(now: dt.datetime | None = None) -> int:
    """Publish every approved draft whose moment has come, each on its own. Repeatable. Returns how many came out."""
    due = Draft.objects.filter(state=DraftState.SCHEDULED, publish_at__lte=now or timezone.now())
    return sum(_publish_due(pk) for pk in due.order_by("publish_at").values_list("pk", flat=True))


@transaction.atomic
def _publish_due(pk: int) -> bool:
    """One draft. What cannot come out goes back to its writers with the reason."""
    drafts = Draft.objects.select_for_update(of=("self",), skip_locked=True)
    draft = drafts.filter(pk=pk, state=DraftState.SCHEDULED, publish_at__lte=timezone.now()).first()
    if draft is None:
        return False
    try:
        _publish(draft, draft.approved_by, "")
    except DraftError as error:
        text = " ".join(message for messages in error.errors.values() for message in messages)
        text = _("Die geplante Veröffentlichung ging nicht: %(reason)s") % {"reason": text}
        Draft.objects.filter(pk=pk).update(state=DraftState.RETURNED, publish_at=None)
        add_remark(draft=draft, actor=None, step=DraftState.RETURNED, text=text)
        emails.tell_writers(draft, actor=None, step=DraftState.RETURNED, text=text)
        return False
    return True


@transaction.atomic
def withdraw_record(*, record: Record, actor: User, reason: str) -> None:
    """Take a record out of the public at once, with a reason for the history. Repeatable."""
    with pghistory.context(step="withdrawn", note=reason):
        change_record(record=record, values={"publication": Publication.WITHDRAWN}, actor=actor)
    owner: dict[str, Any] = {"measure" if isinstance(record, Measure) else "profile": record}
    Remark.objects.create(**owner, author=actor, text=_("Zurückgezogen: %(reason)s") % {"reason": reason})


@transaction.atomic
def rebase_draft(*, draft: Draft, values: dict[str, Any], base: dict[str, Any], actor: User) -> None:
    """Keep what was chosen when the published record had changed under the draft."""
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    locked.values, locked.base, locked.updated_by, locked.updated_at = values, base, actor, timezone.now()
    locked.revision += 1
    if locked.state not in OPEN_STATES:
        locked.state, locked.publish_at, locked.submitted_by, locked.approved_by = DraftState.EDITING, None, None, None
    locked.save()
