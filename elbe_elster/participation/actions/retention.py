"""What participation deletes when its time is over. The periods stand in ``participation/retention.py`` in words."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from elbe_elster.legal.retention import Doer
from elbe_elster.participation.actions.exporting import expired_exports, forget_exports
from elbe_elster.participation.actions.urn import empty_urns
from elbe_elster.participation.models import (
    AccessCode,
    ContactWish,
    Draft,
    Envelope,
    ExportJob,
    FreeText,
    PaperSheet,
    SubmissionKey,
    SurveyImport,
    TextState,
)
from elbe_elster.participation.models.files import KEPT_FOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)
WEEK = dt.timedelta(days=7)
CODES_KEPT = dt.timedelta(days=30)
ENVELOPES_KEPT = dt.timedelta(days=30)
CONTACTS_KEPT = dt.timedelta(days=183)
TEXTS_KEPT = dt.timedelta(days=365)


def _ended(now: dt.datetime, ago: dt.timedelta, survey: str = "survey") -> Q:
    """Rows of surveys that ended so long ago; those without an end never do."""
    return Q(**{f"{survey}__closes_at__lt": now - ago})


def overdue_envelopes(now: dt.datetime) -> QuerySet[Envelope]:
    """Envelopes that nobody could open for a month."""
    return Envelope.objects.filter(day__lt=timezone.localdate(now - ENVELOPES_KEPT))


def empty_and_clear_urns(now: dt.datetime) -> int:
    """Count in whatever can be opened, then delete what could not for a month. Gives the number deleted."""
    empty_urns(now=now)
    number, _rows = overdue_envelopes(now).delete()
    if number:
        logger.error("%d Umschläge ließen sich 30 Tage lang nicht öffnen und sind gelöscht.", number)
    return number


def old_keys(now: dt.datetime) -> QuerySet[SubmissionKey]:
    """A week after the end nobody sends the same form again."""
    return SubmissionKey.objects.filter(_ended(now, WEEK))


def old_drafts(now: dt.datetime) -> QuerySet[Draft]:
    """Whose day is over, or whose survey ended a week ago."""
    return Draft.objects.filter(Q(kept_until__lt=timezone.localdate(now)) | _ended(now, WEEK))


def old_codes(now: dt.datetime) -> QuerySet[AccessCode]:
    """All of them, not only the used ones: what is left would say who did not answer."""
    return AccessCode.objects.filter(_ended(now, CODES_KEPT, "lot__survey"))


def old_contacts(now: dt.datetime) -> QuerySet[ContactWish]:
    """Half a year after the end the prizes are drawn and the questions answered."""
    return ContactWish.objects.filter(_ended(now, CONTACTS_KEPT))


def finished_sheets(_now: dt.datetime) -> QuerySet[PaperSheet]:
    """Their answers are counted; what was typed in is not needed any more."""
    return PaperSheet.objects.filter(batch__finished=True)


def raw_texts(now: dt.datetime) -> QuerySet[FreeText]:
    """Texts as people wrote them, a year after the end."""
    unpublished_quote = ~Q(quote="") & ~Q(state=TextState.PUBLISHED)
    return FreeText.objects.filter(~Q(text="") | unpublished_quote, _ended(now, TEXTS_KEPT, "response__survey"))


@transaction.atomic
def blank_texts(texts: QuerySet[FreeText]) -> int:
    """Take the words away; their topics and published quotes stay. Gives how many."""
    number = texts.count()
    keys = list(texts.values_list("key", flat=True))
    FreeText.objects.filter(key__in=keys).exclude(state=TextState.PUBLISHED).update(text="", quote="")
    FreeText.objects.filter(key__in=keys, state=TextState.PUBLISHED).update(text="")
    return number


def old_imports(now: dt.datetime) -> QuerySet[SurveyImport]:
    """Files that nobody took over within a day."""
    return SurveyImport.objects.filter(survey=None, created_at__lt=now - KEPT_FOR)


def _deletes(rows: Callable[[dt.datetime], QuerySet[Any]]) -> Doer:
    def act(now: dt.datetime) -> int:
        return rows(now).delete()[0]

    return Doer(lambda now: rows(now).count(), act)


DOERS = {
    "Envelope": Doer(lambda now: overdue_envelopes(now).count(), empty_and_clear_urns),
    "SubmissionKey": _deletes(old_keys),
    "Draft": _deletes(old_drafts),
    "AccessCode": _deletes(old_codes),
    "ContactWish": _deletes(old_contacts),
    "PaperSheet": _deletes(finished_sheets),
    "FreeText": Doer(lambda now: raw_texts(now).count(), lambda now: blank_texts(raw_texts(now))),
    "ExportJob": Doer(
        lambda now: ExportJob.objects.filter(expired_exports(now)).count(), lambda now: forget_exports(now=now)
    ),
    "SurveyImport": _deletes(old_imports),
}
