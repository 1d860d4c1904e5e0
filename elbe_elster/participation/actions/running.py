"""The life of a survey: publish, correct, set its times, close, reopen, take back before the start.

Every action locks the survey, so that a second click finds what the first has done and changes nothing. The lock
lets answers pass. The clock is read under the lock. State is computed from the times (``Survey.state_at``); nothing has to run when they come.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.models import (
    Envelope,
    PublishedTable,
    Response,
    StepKind,
    Survey,
    SurveyState,
    SurveyStep,
    SurveyVersion,
)
from elbe_elster.participation.questionnaire.changes import breaks
from elbe_elster.participation.questionnaire.conditions import ConditionError
from elbe_elster.participation.questionnaire.document import to_json
from elbe_elster.participation.readiness import Obstacle, obstacles
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.participation.questionnaire.document import Questionnaire

NOTE = 300  # characters of a reason


class SurveyRefusedError(Exception):
    """The survey cannot do this step; ``messages`` say why and what helps. Nothing was changed."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = list(messages)


def locked(survey: Survey) -> Survey:
    """The survey as it is now, locked until the transaction ends; answers still pass. Not for what is in the trash."""
    found = Survey.objects.select_for_update(no_key=True, of=("self",)).filter(pk=survey.pk, trashed_at=None).first()
    if found is None:
        raise SurveyRefusedError(_("Die Umfrage liegt im Papierkorb."))
    return found


def tell(survey: Survey, kind: StepKind, actor: User | None, note: str = "", *, now: dt.datetime) -> None:
    """Store the survey, write the step down, and bring pages and search into line. In the survey's transaction."""
    survey.changed_at = survey.shown_as_of = now
    survey.save()
    SurveyStep.objects.create(survey=survey, kind=kind, note=note[:NOTE], at=now, actor=actor)
    refresh_entries(Survey, [survey.pk])
    mark_stale()


def stamp_of(survey: Survey, questionnaire: Questionnaire) -> str:
    """What somebody saw who looked at the draft: changes with every word of it and with every publication."""
    content = json.dumps([survey.current_id, to_json(questionnaire)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def readable_draft(survey: Survey) -> Questionnaire:
    """The draft as a document. Raises SurveyRefusedError when a condition in it cannot be read."""
    try:
        return draft_document(survey)
    except ConditionError as error:
        raise SurveyRefusedError(_("Eine Bedingung ist beschädigt. Stellen Sie sie im Editor neu ein.")) from error


def against_publishing(survey: Survey, questionnaire: Questionnaire, now: dt.datetime | None = None) -> list[Obstacle]:
    """Why the survey cannot be published as it stands; empty: it can (two queries)."""
    found = obstacles(questionnaire)
    if survey.closes_at and survey.closes_at <= (now or timezone.now()):
        found.append(Obstacle(_("Das Ende der Umfrage ist schon vorbei. Setzen Sie ein neues Ende.")))
    for breakdown in survey.breakdowns.select_related("question").prefetch_related("groups"):
        name = {"name": breakdown.label}
        if not breakdown.groups.all():
            found.append(Obstacle(_("Die Gliederung „%(name)s“ hat noch keine Gruppen.") % name))
        if breakdown.question.retired:
            found.append(Obstacle(_("Die Gliederung „%(name)s“ hängt an einer zurückgezogenen Frage.") % name))
    return found


def _unchanged_since(seen: str, survey: Survey, questionnaire: Questionnaire) -> None:
    if seen and seen != stamp_of(survey, questionnaire):
        raise SurveyRefusedError(
            _("Der Fragebogen ist inzwischen ein anderer. Hier steht der neue Stand: Sehen Sie ihn an.")
        )


@transaction.atomic
def publish_survey(
    *, survey: Survey, actor: User | None, seen: str = "", now: dt.datetime | None = None
) -> SurveyVersion | None:
    """Freeze the first version. It begins at ``opens_at``, at once if that is empty or past.

    None when it is published already. ``seen``: the stamp of what the person looked at. Raises SurveyRefusedError.
    """
    row = locked(survey)
    now = now or timezone.now()
    if row.current_id is not None:
        return None
    questionnaire = readable_draft(row)
    _unchanged_since(seen, row, questionnaire)
    if against := against_publishing(row, questionnaire, now):
        raise SurveyRefusedError(*(obstacle.text for obstacle in against))
    if row.opens_at is None or row.opens_at < now:
        row.opens_at = now
    version = _freeze(row, questionnaire, actor, "", now)
    tell(row, StepKind.PUBLISHED, actor, span_of(row), now=now)
    return version


def _freeze(
    row: Survey, questionnaire: Questionnaire, actor: User | None, reason: str, now: dt.datetime
) -> SurveyVersion:
    last = row.versions.order_by("-number").values_list("number", flat=True).first() or 0
    row.current = row.versions.create(
        number=last + 1, document=to_json(questionnaire), reason=reason[:NOTE], published_at=now, published_by=actor
    )
    return row.current


@transaction.atomic
def correct_survey(
    *, survey: Survey, actor: User | None, reason: str, seen: str = "", now: dt.datetime | None = None
) -> SurveyVersion | None:
    """Freeze what was mended as the next version; who has begun finishes the version they began.

    None when nothing differs. Raises SurveyRefusedError when answers given before would lose their meaning.
    """
    row = locked(survey)
    now = now or timezone.now()
    if row.current is None:
        raise SurveyRefusedError(_("Die Umfrage ist noch nicht veröffentlicht."))
    before, questionnaire = questionnaire_of(row.current), readable_draft(row)
    if to_json(before) == to_json(questionnaire):
        return None
    _unchanged_since(seen, row, questionnaire)
    if row.state_at(now) == SurveyState.CLOSED:
        raise SurveyRefusedError(_("Die Umfrage ist beendet. Berichtigen lässt sie sich nur, solange sie läuft."))
    if reasons := breaks(before, questionnaire) + [obstacle.text for obstacle in obstacles(questionnaire)]:
        raise SurveyRefusedError(*reasons)
    version = _freeze(row, questionnaire, actor, reason, now)
    tell(row, StepKind.CORRECTED, actor, reason, now=now)
    return version


@transaction.atomic
def schedule_survey(
    *,
    survey: Survey,
    actor: User | None,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    results_from: dt.datetime | None,
    reason: str = "",
    now: dt.datetime | None = None,
) -> bool:
    """Set the times. False when they were so already. Raises SurveyRefusedError for times that do not fit the state.

    What has begun keeps its beginning, what is over its end (see ``reopen_survey``).
    """
    row = locked(survey)
    now = now or timezone.now()
    state = row.state_at(now)
    if opens_at is None and state == SurveyState.SCHEDULED:
        opens_at = now
    wanted = {"opens_at": opens_at, "closes_at": closes_at, "results_from": results_from}
    changed = {name: moment for name, moment in wanted.items() if moment != getattr(row, name)}
    if not changed:
        return False
    if reasons := _against_times(state, changed, wanted, now):
        raise SurveyRefusedError(*reasons)
    words = [_change(row, name, moment) for name, moment in changed.items()]
    for name, moment in changed.items():
        setattr(row, name, moment)
    tell(row, StepKind.SCHEDULED, actor, "; ".join(words) + (f". {reason}" if reason else ""), now=now)
    return True


def _against_times(
    state: SurveyState,
    changed: dict[str, dt.datetime | None],
    wanted: dict[str, dt.datetime | None],
    now: dt.datetime,
) -> list[str]:
    opens_at, closes_at = wanted["opens_at"], wanted["closes_at"]
    found = []
    if "opens_at" in changed and state in {SurveyState.OPEN, SurveyState.CLOSED}:
        found.append(_("Die Umfrage hat schon begonnen. Ihr Anfang bleibt, wie er war."))
    if "opens_at" in changed and state == SurveyState.SCHEDULED and opens_at and opens_at < now:
        found.append(_("Dieser Anfang liegt schon zurück. Lassen Sie das Feld leer, damit die Umfrage sofort beginnt."))
    if "closes_at" in changed and state == SurveyState.CLOSED:
        found.append(_("Die Umfrage ist beendet. Zum Weiterführen öffnen Sie sie wieder."))
    elif "closes_at" in changed and closes_at and closes_at <= now:
        found.append(_("Dieses Ende liegt schon zurück."))
    if opens_at and closes_at and closes_at <= opens_at:
        found.append(_("Das Ende muss nach dem Anfang liegen."))
    return found


def _change(row: Survey, name: str, moment: dt.datetime | None) -> str:
    before, after = (_moment(at, end=name == "closes_at") for at in (getattr(row, name), moment))
    return f"{row._meta.get_field(name).verbose_name}: {before} → {after}"  # type: ignore[union-attr]


def _moment(moment: dt.datetime | None, *, end: bool = False) -> str:
    """A moment as it is read; an end at midnight is the day before, a beginning at midnight its day."""
    if moment is None:
        return _("offen")
    local = timezone.localtime(moment)
    if local.time() != dt.time():
        return date_format(local, "SHORT_DATETIME_FORMAT")
    return date_format(local - dt.timedelta(days=1) if end else local, "SHORT_DATE_FORMAT")


def span_of(row: Survey) -> str:
    """From when until when it can be answered, in words."""
    return _("Vom %(start)s bis %(end)s") % {"start": _moment(row.opens_at), "end": _moment(row.closes_at, end=True)}


@transaction.atomic
def close_survey(*, survey: Survey, actor: User | None, reason: str = "", now: dt.datetime | None = None) -> bool:
    """End it now. Who has begun may hand in for an hour; then the heartbeat empties the urn. False: it does not run."""
    row = locked(survey)
    now = now or timezone.now()
    if row.state_at(now) != SurveyState.OPEN:
        return False
    row.closes_at = now
    tell(row, StepKind.CLOSED, actor, reason, now=now)
    return True


@transaction.atomic
def reopen_survey(
    *, survey: Survey, actor: User | None, closes_at: dt.datetime | None, reason: str, now: dt.datetime | None = None
) -> bool:
    """Go on until ``closes_at``. False when it is not over. Raises SurveyRefusedError once results are public."""
    row = locked(survey)
    now = now or timezone.now()
    if row.state_at(now) != SurveyState.CLOSED:
        return False
    if closes_at is not None and closes_at <= now:
        raise SurveyRefusedError(_("Dieses Ende liegt schon zurück."))
    if PublishedTable.objects.filter(survey=row, withdrawn_at=None).exists():
        raise SurveyRefusedError(
            _(
                "Ergebnisse sind schon veröffentlicht. Nehmen Sie sie erst zurück; sonst antworten Menschen mit Blick darauf."
            )
        )
    row.closes_at = closes_at
    tell(row, StepKind.REOPENED, actor, reason, now=now)
    return True


@transaction.atomic
def withdraw_survey(*, survey: Survey, actor: User | None, reason: str, now: dt.datetime | None = None) -> bool:
    """Back to a draft, as long as it has not begun. False when it does not wait for its beginning."""
    row = locked(survey)
    now = now or timezone.now()
    if row.state_at(now) != SurveyState.SCHEDULED:
        return False
    if Response.objects.filter(survey=row).exists() or Envelope.objects.filter(survey=row).exists():
        raise SurveyRefusedError(
            _("Es gibt schon Antworten, zum Beispiel vom Papier. Verschieben Sie lieber den Anfang.")
        )
    row.current = None
    tell(row, StepKind.WITHDRAWN, actor, reason, now=now)
    row.versions.all().delete()
    return True
