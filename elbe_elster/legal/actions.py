"""Every write of legal that has an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone

from elbe_elster.legal import emails
from elbe_elster.legal.models import (
    TRANSLATIONS,
    AccessibilityStatement,
    BarrierReport,
    Finding,
    LegalText,
    ReportState,
)
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from elbe_elster.accounts.models import User

TEXT_FIELDS = [f"{field}_{suffix}" for suffix in ("de", *TRANSLATIONS.values()) for field in ("title", "body")]


class OutdatedRevisionError(Exception):
    """Somebody else saved in the meantime; nothing was written."""


@transaction.atomic
def update_text(
    *,
    text: LegalText,
    revision: int,
    values: Mapping[str, str],
    actor: User,
    reason: str = "",
    still_fits: Collection[str] = (),
) -> LegalText:
    """Store a new version of a text. Raises OutdatedRevisionError when ``revision`` is not the newest.

    A translation that was changed, or whose language is in ``still_fits``, follows the newest German text.
    """
    current = LegalText.objects.select_for_update().get(pk=text.pk)
    if current.revision != revision:
        raise OutdatedRevisionError
    changed = {name for name in TEXT_FIELDS if (getattr(current, name) or "") != values.get(name, "")}
    for name in changed:
        setattr(current, name, values.get(name, ""))
    if "body_de" in changed or "title_de" in changed:
        current.german_revision += 1
    for language, suffix in TRANSLATIONS.items():
        if f"body_{suffix}" in changed or language in still_fits:
            setattr(current, f"{suffix}_revision", current.german_revision if current.body_in(language) else 0)
    current.revision += 1
    current.edited = True
    current.updated_at = timezone.now()
    with pghistory.context(user=actor.pk, reason=reason):
        current.save()
    refresh_entries(LegalText, [current.pk])
    mark_stale()
    return current


def restore_text(*, text: LegalText, event: Any, revision: int, actor: User, reason: str) -> LegalText:
    """Make the words of an earlier version the newest one; nothing in between is lost."""
    values = {name: getattr(event, name) or "" for name in TEXT_FIELDS}
    return update_text(text=text, revision=revision, values=values, actor=actor, reason=reason)


@transaction.atomic
def update_statement(*, statement: AccessibilityStatement, revision: int, actor: User, reason: str = "") -> None:
    """Store the changed statement. Raises ValidationError („full“ with open findings) or OutdatedRevisionError."""
    current = AccessibilityStatement.objects.select_for_update().get(pk=statement.pk)
    if current.revision != revision:
        raise OutdatedRevisionError
    statement.revision = revision + 1
    statement.edited = True
    statement.full_clean()
    with pghistory.context(user=actor.pk, reason=reason):
        statement.save()
    mark_stale()


@transaction.atomic
def save_finding(*, finding: Finding, actor: User, reason: str = "") -> None:
    """Store a new or changed finding. Raises ValidationError when the statement says „full“."""
    finding.statement = AccessibilityStatement.objects.select_for_update().get(pk=finding.statement_id)
    finding.full_clean()
    with pghistory.context(user=actor.pk, reason=reason):
        finding.save()
    mark_stale()


def report_barrier(*, token: UUID, page: str, message: str, email: str, language: str) -> BarrierReport:
    """Take a report, tell staff, confirm it to the address given. The same form sent twice counts once."""
    try:
        with transaction.atomic():
            report = BarrierReport.objects.create(
                token=token, page=page, message=message, email=email, language=language
            )
            emails.tell_staff_of_report(report)
            if report.email:
                emails.confirm_report(report)
    except IntegrityError:
        return BarrierReport.objects.get(token=token)
    return report


@transaction.atomic
def take_report(*, report: BarrierReport) -> None:
    """Somebody has begun to work on it."""
    BarrierReport.objects.filter(pk=report.pk, state=ReportState.NEW).update(state=ReportState.IN_PROGRESS)


@transaction.atomic
def answer_report(*, report: BarrierReport, answer: str, actor: User) -> bool:
    """Answer once; the reporter gets a mail if they gave an address. False when somebody was quicker."""
    report = BarrierReport.objects.select_for_update().get(pk=report.pk)
    if report.state == ReportState.ANSWERED:
        return False
    report.answer, report.answered_by, report.answered_at = answer, actor, timezone.now()
    report.state = ReportState.ANSWERED
    report.save()
    if report.email:
        emails.send_answer(report)
    return True


@transaction.atomic
def remind_of_review() -> bool:
    """Remind editors once that the yearly review of the statement is due; True when a letter was written."""
    statement = AccessibilityStatement.objects.select_for_update().first()
    if statement is None or statement.reminded_for == statement.reviewed_on:
        return False
    if timezone.localdate() < statement.review_due_on:
        return False
    AccessibilityStatement.objects.filter(pk=statement.pk).update(reminded_for=statement.reviewed_on)
    emails.remind_of_review(statement)
    return True
