"""Breakdowns are put together before the first publication and stay as they are afterwards.

Tables by other groups, made later, could be subtracted from those that are out, and would tell on single people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.running import SurveyRefusedError, locked
from elbe_elster.participation.breakdowns import LANGUAGES, MOST
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Breakdown, BreakdownGroup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from elbe_elster.participation.breakdowns import NewGroup
    from elbe_elster.participation.models import Question, Survey


def _unlocked(survey: Survey) -> Survey:
    row = locked(survey)
    if row.current_id is not None:
        raise SurveyRefusedError(_("Die Gliederungen stehen seit der Veröffentlichung fest."))
    return row


@transaction.atomic
def add_breakdown(
    *, survey: Survey, question: Question, labels: Mapping[str, str], groups: Sequence[NewGroup]
) -> Breakdown:
    """Split the results by a question, with groups to begin with. The same question again gives what there is."""
    row = _unlocked(survey)
    there = row.breakdowns.filter(question=question).first()
    if there is not None:
        return there
    count = row.breakdowns.count()
    if count >= MOST:
        raise SurveyRefusedError(_("Mehr als %(most)s Gliederungen sagen den Menschen nichts.") % {"most": MOST})
    breakdown = Breakdown.objects.create(survey=row, question=question, order=count, **_columns(labels))
    _write(breakdown, groups)
    return breakdown


@transaction.atomic
def change_breakdown(*, breakdown: Breakdown, labels: Mapping[str, str], groups: Sequence[NewGroup]) -> None:
    """Give it another name and other groups."""
    _unlocked(breakdown.survey)
    Breakdown.objects.filter(pk=breakdown.pk).update(**_columns(labels))
    breakdown.groups.all().delete()
    _write(breakdown, groups)


@transaction.atomic
def remove_breakdown(*, breakdown: Breakdown) -> None:
    """Split by it no more. Repeatable."""
    _unlocked(breakdown.survey)
    Breakdown.objects.filter(pk=breakdown.pk).delete()


def _columns(labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        f"label_{COLUMNS[language]}": labels.get(language) or ("" if language == "de" else None)
        for language in LANGUAGES
    }


def _write(breakdown: Breakdown, groups: Sequence[NewGroup]) -> None:
    BreakdownGroup.objects.bulk_create(
        BreakdownGroup(
            breakdown=breakdown,
            number=number,
            options=sorted(group.options),
            least=group.least,
            most=group.most,
            **_columns(group.labels),
        )
        for number, group in enumerate(groups, start=1)
    )
