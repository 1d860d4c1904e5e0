"""Publishes results question by question, at once or at the date of the survey, and takes them back.

What is published is frozen. It is replaced only when at least ten more people have answered in every group that is
shown, so that nobody can subtract two states of a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.running import SurveyRefusedError, locked, tell
from elbe_elster.participation.disclosure.thresholds import LEAST_BASE
from elbe_elster.participation.models import PublishedTable, StepKind, Survey, SurveyState
from elbe_elster.participation.results.findings import Findings
from elbe_elster.participation.results.tables import finished_tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from elbe_elster.accounts.models import User


@transaction.atomic
def publish_results(
    *, survey: Survey, codes: Collection[str], actor: User | None, now: dt.datetime | None = None
) -> list[str]:
    """Publish the results of questions. Before the survey's date for results they wait for it. Gives their codes.

    Raises SurveyRefusedError while the survey runs and has no such date.
    """
    row = locked(survey)
    now = now or timezone.now()
    if reason := against_results(row, now):
        raise SurveyRefusedError(reason)
    at = row.results_from if row.results_from and row.results_from > now else None
    if at:
        done = _announce(row, codes, actor, at)
    else:
        findings = Findings(row, codes)
        done = [code for code in findings.codes if _is_publishable(findings, code)]
        for code in done:
            _publish(findings, code, actor, now)
    if done:
        tell(row, StepKind.RESULTS, actor, ", ".join(done), now=now)
    return done


def against_results(survey: Survey, now: dt.datetime) -> str:
    """Why results of a survey cannot be published now; empty: they can."""
    if survey.current_id is None:
        return _("Die Umfrage ist noch nicht veröffentlicht.")
    if survey.results_from is None and survey.state_at(now) != SurveyState.CLOSED:
        return _("Die Umfrage läuft noch. Setzen Sie einen Tag für die Ergebnisse, oder warten Sie das Ende ab.")
    return ""


def _is_publishable(findings: Findings, code: str) -> bool:
    question = findings.questionnaire.question_by_code[code]
    return findings.survey.questions.filter(pk=question.pk, publishable=True).exists()


def _announce(survey: Survey, codes: Collection[str], actor: User | None, at: dt.datetime) -> list[str]:
    """Rows without values: the heartbeat fills them when their time has come."""
    done = []
    for question in survey.questions.filter(code__in=codes, publishable=True).in_order():
        table, made = PublishedTable.objects.get_or_create(
            survey=survey,
            question=question,
            breakdown=None,
            defaults={"values": {}, "published_at": at, "published_by": actor},
        )
        if not made and table.withdrawn_at is not None:
            table.withdrawn_at, table.published_at, table.published_by = None, at, actor
            table.save()
        done.append(question.code)
    return done


def _publish(findings: Findings, code: str, actor: User | None, now: dt.datetime) -> None:
    question = findings.questionnaire.question_by_code[code].pk
    kept = {
        table.breakdown_id: table
        for table in PublishedTable.objects.select_for_update(of=("self",)).filter(
            survey=findings.survey, question=question
        )
    }
    tables = finished_tables(findings, code)
    may_replace = all(is_far_enough(kept[key].values, values) for key, values in tables.items() if key in kept)
    for key, values in tables.items():
        table = kept.get(key) or PublishedTable(survey=findings.survey, question_id=question, breakdown_id=key)
        if key not in kept or may_replace:
            table.values, table.as_of = values, timezone.localdate(now)
        table.withdrawn_at, table.published_at, table.published_by = None, now, actor
        table.save()
    for key in set(kept) - set(tables):
        kept[key].withdrawn_at = now
        kept[key].save()


def is_far_enough(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether every group that is or was shown has ten more people, or nothing has changed at all."""
    if not before or before == after:
        return True
    return all(_grown(before.get(part, []), after.get(part, [])) for part in ("blocks", "channels")) and _topics_grown(
        before, after
    )


def _topics_grown(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    old, new = before.get("topics"), after.get("topics")
    return old is None or new is None or old == new or _grown([old], [new])


def _grown(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    old, new = _bases(before), _bases(after)
    return all(
        old.get(key) is None or new.get(key) is None or new[key] >= old[key] + LEAST_BASE  # type: ignore[operator]
        for key in old.keys() | new.keys()
    )


def _bases(blocks: list[dict[str, Any]]) -> dict[tuple[int, int], int | None]:
    return {(block["item"], column["number"]): column["base"] for block in blocks for column in block["columns"]}


def publish_due_results(*, now: dt.datetime | None = None) -> int:
    """Fill the announced tables whose time has come. At every heartbeat; repeatable. Gives how many questions."""
    now = now or timezone.now()
    waiting = PublishedTable.objects.filter(
        values={}, published_at__lte=now, withdrawn_at=None, survey__trashed_at=None
    )
    done = 0
    for survey in Survey.objects.filter(pk__in=waiting.values("survey")):
        done += _fill(survey, now)
    return done


@transaction.atomic
def _fill(survey: Survey, now: dt.datetime) -> int:
    row = locked(survey)
    waiting = PublishedTable.objects.select_for_update(of=("self",)).filter(
        survey=row, values={}, published_at__lte=now, withdrawn_at=None
    )
    actors = dict(waiting.values_list("question__code", "published_by"))
    if not actors:
        return 0
    findings = Findings(row, actors.keys())
    for code in findings.codes:
        _publish(findings, code, None, now)
        PublishedTable.objects.filter(survey=row, question__code=code).update(published_by=actors[code])
    tell(row, StepKind.RESULTS, None, ", ".join(findings.codes), now=now)
    return len(findings.codes)


@transaction.atomic
def withdraw_results(
    *, survey: Survey, code: str, reason: str, actor: User | None, now: dt.datetime | None = None
) -> bool:
    """Take the results of a question back from the public, with a reason. False if there were none."""
    row = locked(survey)
    now = now or timezone.now()
    tables = PublishedTable.objects.filter(survey=row, question__code=code, withdrawn_at=None)
    if not tables.update(withdrawn_at=now):
        return False
    tell(row, StepKind.RESULTS_WITHDRAWN, actor, f"{code}: {reason}", now=now)
    return True
