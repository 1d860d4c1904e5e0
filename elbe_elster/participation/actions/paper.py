"""Piles of paper forms: typed in, a sample typed in a second time, differences settled, taken over into the urn.

Every action locks the pile, so that two people at once or a second click find what the first has done.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elbe_elster.participation.actions.urn import Outcome, Submission, cast
from elbe_elster.participation.models import Channel, PaperBatch, PaperSheet, StepKind, Survey, SurveyStep
from elbe_elster.participation.paper.comparing import counting_answers, sheet_comparison
from elbe_elster.participation.questionnaire.answers import answers_to_json
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import SurveyVersion
    from elbe_elster.participation.questionnaire.answers import Given

CHANCE = secrets.SystemRandom()


class BatchRefusedError(Exception):
    """The pile cannot do this step now; the message says why and what to do. Nothing was changed."""


@transaction.atomic
def describe_return(*, survey: Survey, texts: Mapping[str, str]) -> None:
    """Say where forms come back; ``texts`` by the name of the field (``paper_return_de`` …)."""
    found = Survey.objects.select_for_update(no_key=True, of=("self",)).get(pk=survey.pk)
    for name, text in texts.items():
        setattr(found, name, text)
    found.save(update_fields=[*texts])
    mark_stale()


@transaction.atomic
def begin_batch(*, survey: Survey, version: SurveyVersion, note: str, checked_share: int) -> PaperBatch:
    """Begin a pile of forms of this version, with the next free number."""
    Survey.objects.select_for_update(no_key=True, of=("self",)).get(pk=survey.pk)
    last = survey.batches.aggregate(last=Max("number"))["last"] or 0
    return PaperBatch.objects.create(
        survey=survey, version=version, number=last + 1, note=note, checked_share=checked_share
    )


def next_number(batch: PaperBatch) -> int:
    """The number the next sheet of the pile gets if nobody else is quicker."""
    last: int | None = batch.sheets.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@dataclass(frozen=True)
class Stored:
    """A sheet that was typed in, and whether it got another number than the one that was shown."""

    sheet: PaperSheet
    moved: bool


@transaction.atomic
def type_sheet(*, batch: PaperBatch, key: uuid.UUID, number: int, answers: Mapping[str, Given], actor: User) -> Stored:
    """Store the first entry of a sheet. The same ``key`` again changes nothing; a taken number becomes the next free.

    Raises BatchRefusedError when the entry is closed.
    """
    locked = _locked(batch)
    stored = PaperSheet.objects.filter(key=key, batch=locked).first()
    if stored:
        return Stored(stored, moved=stored.number != number)
    if locked.entry_closed:
        raise BatchRefusedError(_("Die Eingabe dieses Stapels ist abgeschlossen. Öffnen Sie sie wieder."))
    taken = locked.sheets.filter(number=number).exists()
    sheet = PaperSheet.objects.create(
        key=key,
        batch=locked,
        number=next_number(locked) if taken else number,
        first=answers_to_json(answers),
        first_by=actor,
    )
    return Stored(sheet, moved=taken)


@transaction.atomic
def correct_sheet(*, sheet: PaperSheet, answers: Mapping[str, Given]) -> None:
    """Type a sheet anew before the entry is closed. Raises BatchRefusedError afterwards."""
    if _locked(sheet.batch).entry_closed:
        raise BatchRefusedError(_("Die Eingabe dieses Stapels ist abgeschlossen. Öffnen Sie sie wieder."))
    found = PaperSheet.objects.filter(pk=sheet.pk, second__isnull=True)
    if not found.update(first=answers_to_json(answers), drawn=False):
        raise BatchRefusedError(_("Dieser Bogen ist schon zum zweiten Mal eingegeben oder gelöscht."))


@transaction.atomic
def remove_sheet(*, sheet: PaperSheet) -> None:
    """Take a sheet out of the pile before the entry is closed. A second time changes nothing."""
    if _locked(sheet.batch).entry_closed:
        raise BatchRefusedError(_("Die Eingabe dieses Stapels ist abgeschlossen. Öffnen Sie sie wieder."))
    PaperSheet.objects.filter(pk=sheet.pk).delete()


@transaction.atomic
def close_entry(*, batch: PaperBatch) -> int:
    """Close the first entry and draw the sample for the second at random; gives how many are drawn in all.

    Raises BatchRefusedError for an empty pile.
    """
    locked = _locked(batch)
    sheets = list(locked.sheets.all())
    if not sheets:
        raise BatchRefusedError(_("In diesem Stapel ist noch kein Bogen."))
    wanted = math.ceil(len(sheets) * locked.checked_share / 100)
    drawn = sum(sheet.drawn for sheet in sheets)
    rest = [sheet.pk for sheet in sheets if not sheet.drawn]
    chosen = CHANCE.sample(rest, min(len(rest), max(0, wanted - drawn)))
    PaperSheet.objects.filter(pk__in=chosen).update(drawn=True)
    locked.entry_closed = True
    locked.save(update_fields=["entry_closed"])
    return drawn + len(chosen)


@transaction.atomic
def reopen_entry(*, batch: PaperBatch) -> None:
    """Let more sheets be typed in; what was drawn and typed a second time stays."""
    locked = _locked(batch)
    locked.entry_closed = False
    locked.save(update_fields=["entry_closed"])


@transaction.atomic
def type_again(*, sheet: PaperSheet, answers: Mapping[str, Given], actor: User) -> bool:
    """Store the second entry; False when somebody else was quicker. Raises BatchRefusedError if it is not drawn."""
    if not _locked(sheet.batch).entry_closed:
        raise BatchRefusedError(_("Die erste Eingabe ist wieder geöffnet. Schließen Sie sie zuerst ab."))
    waiting = PaperSheet.objects.filter(pk=sheet.pk, drawn=True, second__isnull=True)
    return waiting.update(second=answers_to_json(answers), second_by=actor) == 1


@transaction.atomic
def settle_sheet(*, sheet: PaperSheet, answers: Mapping[str, Given]) -> None:
    """Store what both entries come to. Raises BatchRefusedError before there are two."""
    _locked(sheet.batch)
    if not PaperSheet.objects.filter(pk=sheet.pk).exclude(second__isnull=True).update(agreed=answers_to_json(answers)):
        raise BatchRefusedError(_("Dieser Bogen ist noch nicht zweimal eingegeben."))


def obstacles_of(batch: PaperBatch, sheets: list[PaperSheet]) -> list[str]:
    """Why the pile cannot be taken over yet, in sentences; nothing when it can."""
    if not batch.entry_closed:
        return [_("Schließen Sie zuerst die Eingabe ab.")]
    document = questionnaire_of(batch.version)
    waiting = sum(sheet.drawn and sheet.second is None for sheet in sheets)
    apart = sum(sheet.agreed is None and bool(sheet_comparison(document, sheet).differences) for sheet in sheets)
    found = []
    if waiting:
        words = ngettext(
            "%(count)s Bogen wartet auf die Zweiteingabe.", "%(count)s Bögen warten auf die Zweiteingabe.", waiting
        )
        found.append(words % {"count": waiting})
    if apart:
        words = ngettext(
            "Bei %(count)s Bogen sind die Unterschiede offen.",
            "Bei %(count)s Bögen sind die Unterschiede offen.",
            apart,
        )
        found.append(words % {"count": apart})
    return found


@transaction.atomic
def take_over_batch(*, batch: PaperBatch, actor: User) -> int:
    """Put every sheet into the urn and delete it; gives how many. All or nothing; a second time gives 0.

    Raises BatchRefusedError as long as something is open.
    """
    locked = PaperBatch.objects.select_for_update(of=("self",)).select_related("survey", "version").get(pk=batch.pk)
    if locked.finished:
        return 0
    sheets = list(locked.sheets.all())
    obstacles = obstacles_of(locked, sheets)
    if obstacles:
        raise BatchRefusedError(" ".join(obstacles))
    CHANCE.shuffle(sheets)
    counted = sum(_hand_in(sheet, locked) for sheet in sheets)
    locked.sheets.all().delete()
    locked.finished = True
    locked.save(update_fields=["finished"])
    words = ngettext(
        "Stapel %(number)s, %(count)s Bogen", "Stapel %(number)s, %(count)s Bögen", counted
    ) % {"number": locked.number, "count": counted}  # fmt: skip
    SurveyStep.objects.create(survey=locked.survey, kind=StepKind.COUNTED_IN, note=words, actor=actor)
    mark_stale()
    return counted


def _hand_in(sheet: PaperSheet, batch: PaperBatch) -> bool:
    submission = Submission(
        survey=batch.survey,
        version_pk=batch.version_id,
        draft=counting_answers(sheet),
        key=f"paper:{sheet.key}",
        channel=Channel.PAPER,
        batch=batch,
    )
    return cast(submission) is Outcome.COUNTED


def _locked(batch: PaperBatch) -> PaperBatch:
    """The pile as it is now, locked. Raises BatchRefusedError once it is taken over."""
    locked = PaperBatch.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
    if locked.finished:
        raise BatchRefusedError(_("Dieser Stapel ist schon übernommen."))
    return locked
