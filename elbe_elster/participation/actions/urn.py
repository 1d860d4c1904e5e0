"""The urn: a submission is a sealed envelope; after the day all envelopes are shuffled and become responses."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from elbe_elster.participation.actions.shaking import shake_what_is_used
from elbe_elster.participation.actions.tallies import count_in
from elbe_elster.participation.models import (
    Access,
    AccessCode,
    Answer,
    AnswerState,
    Channel,
    Envelope,
    FreeText,
    PaperBatch,
    Response,
    SubmissionKey,
    Survey,
)
from elbe_elster.participation.models.responses import random_key
from elbe_elster.participation.questionnaire.answers import Given, Missing, answers_from_json, answers_to_json
from elbe_elster.participation.questionnaire.document import MATRICES, Kind
from elbe_elster.participation.questionnaire.path import follow
from elbe_elster.participation.reading import questionnaire_by_pk
from elbe_elster.participation.sealing import SealBrokenError, fingerprint, seal, unseal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from elbe_elster.participation.questionnaire.path import ShownQuestion

logger = logging.getLogger(__name__)
PURPOSE = "urn"
AT_ONCE = 5_000  # envelopes in one transaction; chosen by their random keys, so a part tells no order either
ROWS_AT_ONCE = 5_000
LARGEST_NUMBER = Decimal(10) ** 11  # what a stored number can hold
STATES = {Missing.NO_ANSWER: AnswerState.NO_ANSWER, Missing.NOT_LEGIBLE: AnswerState.NOT_LEGIBLE}


class UrnError(Exception):
    """The urn could not be emptied; nothing was changed. Says nothing about what was in it."""


class Outcome(StrEnum):
    """What became of a submission."""

    COUNTED = "counted"
    REPEATED = "repeated"  # the same submission came before; it counts once
    TOO_LATE = "too_late"
    CODE_REFUSED = "code_refused"  # unknown here, or used


@dataclass(frozen=True)
class Submission:
    """A filled-in questionnaire on its way into the urn. ``draft`` may hold hidden answers; they are left out.

    ``key`` was made when the person began (any text; only its digest is kept). ``code`` for surveys with codes.
    """

    survey: Survey
    version_pk: int
    draft: Mapping[str, Given]
    key: str
    channel: Channel = Channel.ONLINE
    batch: PaperBatch | None = None
    code: str = ""


def cast(submission: Submission, *, now: dt.datetime | None = None) -> Outcome:
    """Put a submission into the urn: one transaction, at most three statements.

    Raises ValueError for numbers the database cannot hold and for versions of another survey.
    """
    now = now or timezone.now()
    if submission.channel != Channel.PAPER and not submission.survey.accepts_at(now):
        return Outcome.TOO_LATE
    answers = follow(questionnaire_by_pk(submission.version_pk), submission.draft).answers
    if any(given.number is not None and abs(given.number) >= LARGEST_NUMBER for given in answers.values()):
        raise ValueError("a number is too large")
    content = {
        "version": submission.version_pk,
        "channel": submission.channel,
        "batch": submission.batch and submission.batch.pk,
        "answers": answers_to_json(answers),
    }
    with transaction.atomic():
        if not _use_key(submission):
            return Outcome.REPEATED
        if _needs_code(submission) and not _use_code(submission):
            transaction.set_rollback(True)
            return Outcome.CODE_REFUSED
        Envelope.objects.create(
            survey=submission.survey,
            day=timezone.localdate(now),
            content=seal(json.dumps(content).encode(), purpose=PURPOSE),
        )
    return Outcome.COUNTED


def _use_key(submission: Submission) -> bool:
    """Whether this key is new. Of two requests at the same moment the second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SubmissionKey._meta.db_table} (digest, survey_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",  # noqa: S608
            [fingerprint(submission.key, purpose="submission"), submission.survey.pk],
        )
        new: int = cursor.rowcount
        return new == 1


def _needs_code(submission: Submission) -> bool:
    """Online, where the survey asks for codes. Paper forms and devices are handed out by staff."""
    return submission.survey.access == Access.CODES and submission.channel == Channel.ONLINE


def _use_code(submission: Submission) -> bool:
    codes = AccessCode.objects.filter(code=submission.code, lot__survey=submission.survey, used=False)
    return codes.update(used=True) == 1


def empty_urns(*, now: dt.datetime | None = None) -> int:
    """Empty every urn with envelopes of a day that is over or of a survey that takes no more. Gives how many.

    Raises UrnError for the last one that could not be emptied, after all others were.
    """
    now = now or timezone.now()
    emptied, failed = 0, None
    for survey in Survey.objects.filter(pk__in=Envelope.objects.values("survey")):
        try:
            emptied += empty_urn(survey, now=now)
        except UrnError as error:
            failed = error
    if failed:
        raise failed
    return emptied


def empty_urn(survey: Survey, *, now: dt.datetime | None = None) -> int:
    """Turn the envelopes that are due into responses, shuffled, and count them in. Repeatable. Gives how many.

    Raises UrnError.
    """
    now = now or timezone.now()
    due = Envelope.objects.filter(survey=survey)
    if survey.accepts_at(now):
        due = due.filter(day__lt=timezone.localdate(now))
    emptied, broken = 0, set[int]()
    while True:
        try:
            taken, opened = _empty_a_part(survey, due.exclude(key__in=broken))
        except DatabaseError as error:
            # What the database says of an error quotes the row, that is somebody's answers.
            raise UrnError(f"survey {survey.pk}: {type(error).__name__}") from None
        emptied += len(opened)
        broken |= taken - opened
        if len(taken) < AT_ONCE:
            break
    if emptied:
        shake_what_is_used(survey)
    return emptied


@transaction.atomic
def _empty_a_part(survey: Survey, due: QuerySet[Envelope]) -> tuple[set[int], set[int]]:
    """Keys of the envelopes that were taken, and of those that could be opened."""
    taken = list(due.order_by("key").select_for_update()[:AT_ONCE])
    opened = {envelope.key: found for envelope in taken if (found := _open(envelope)) is not None}
    store_responses(survey, opened.values())
    Envelope.objects.filter(key__in=opened).delete()
    return {envelope.key for envelope in taken}, set(opened)


@dataclass(frozen=True)
class FilledIn:
    """A questionnaire as it comes out of the urn: answers, way and day, and nothing else."""

    version_pk: int
    answers: Mapping[str, Given]
    day: dt.date
    channel: str = Channel.ONLINE
    batch_pk: int | None = None


def _open(envelope: Envelope) -> FilledIn | None:
    try:
        content = json.loads(unseal(bytes(envelope.content), purpose=PURPOSE))
    except SealBrokenError:
        logger.exception("Ein Umschlag lässt sich nicht öffnen. Gilt noch ein früherer SECRET_KEY?")
        return None
    answers = answers_from_json(content["answers"])
    return FilledIn(content["version"], answers, envelope.day, content["channel"], content["batch"])


def store_responses(survey: Survey, filled: Iterable[FilledIn]) -> None:
    """Give each a new random key, write all in the order of these keys, and count them in."""
    keyed = sorted(((random_key(), found) for found in filled), key=lambda pair: pair[0])
    Response.objects.bulk_create(
        Response(
            key=key,
            survey=survey,
            version_id=found.version_pk,
            channel=found.channel,
            day=found.day,
            batch_id=found.batch_pk,
        )
        for key, found in keyed
    )
    stored = [row for key, found in keyed for row in stored_answers(key, found.version_pk, found.answers)]
    _copy_values(row for row in stored if isinstance(row, StoredValue))
    texts = [row for row in stored if isinstance(row, FreeText)]
    FreeText.objects.bulk_create(sorted(texts, key=lambda row: row.key), batch_size=ROWS_AT_ONCE)
    count_in(survey=survey, keys=[key for key, _ in keyed])


class StoredValue(NamedTuple):
    """A row of Answer on its way into the database: its columns in order."""

    response_id: int
    question_id: int
    item: int = 0
    option: int = 0
    state: int = AnswerState.VALUE
    number: Decimal | None = None
    date: dt.date | None = None


def _copy_values(rows: Iterable[StoredValue]) -> None:
    """COPY is some ten times as fast as INSERT: a night's envelopes hold hundreds of thousands of values."""
    columns = ", ".join(StoredValue._fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {Answer._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def stored_answers(key: int, version_pk: int, answers: Mapping[str, Given]) -> Iterator[StoredValue | FreeText]:
    """The rows of one response: one per value, one for each shown question or matrix row without any."""
    for shown in follow(questionnaire_by_pk(version_pk), answers).questions():
        if shown.question.asks:
            yield from _stored(key, shown, answers.get(shown.question.code, Given()))


def _stored(key: int, shown: ShownQuestion, given: Given) -> Iterator[StoredValue | FreeText]:
    question = shown.question
    if question.kind in MATRICES:
        for item in shown.items:
            yield from _choices(key, shown, given.items.get(item.code, ()), given.missing, item.number)
    elif question.options:
        yield from _choices(key, shown, given.options, given.missing, 0)
    elif given.is_answer:
        yield StoredValue(response_id=key, question_id=question.pk, number=given.number, date=given.date)
        if given.text.strip():
            yield FreeText(response_id=key, question_id=question.pk, text=given.text.strip())
    else:
        yield _without_value(key, question.pk, given.missing, 0)
    for code, text in given.others.items():
        if text.strip():
            option = question.option_by_code[code].number
            yield FreeText(response_id=key, question_id=question.pk, option=option, text=text.strip())


def _choices(
    key: int, shown: ShownQuestion, codes: tuple[str, ...], missing: Missing | None, item: int
) -> Iterator[StoredValue]:
    question = shown.question
    if not codes:
        yield _without_value(key, question.pk, missing, item)
    for place, code in enumerate(codes, start=1):
        yield StoredValue(
            response_id=key,
            question_id=question.pk,
            item=item,
            option=question.option_by_code[code].number,
            state=AnswerState.VALUE if place == 1 else AnswerState.MORE,
            number=Decimal(place) if question.kind is Kind.RANKING else None,
        )


def _without_value(key: int, question_pk: int, missing: Missing | None, item: int) -> StoredValue:
    state = STATES[missing] if missing else AnswerState.SKIPPED
    return StoredValue(response_id=key, question_id=question_pk, item=item, state=state)
