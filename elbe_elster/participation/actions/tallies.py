"""Counts of answers: kept up to date when the urn is emptied, and counted anew from the rows.

Everything is counted for everybody and for each group of each breakdown; who gave no answer to the background question
is in its group 0. All of it is set-based SQL: a few statements, however many responses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction

from elbe_elster.participation.bands import number_thresholds
from elbe_elster.participation.models import (
    Answer,
    AnswerState,
    Breakdown,
    BreakdownGroup,
    Question,
    Response,
    ResponseCount,
    Survey,
    SurveyVersion,
    Tally,
)
from elbe_elster.participation.questionnaire.document import Kind
from elbe_elster.participation.reading import questionnaire_by_pk

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from django.db.backends.utils import CursorWrapper

    from elbe_elster.participation.questionnaire import document

ANSWERS, RESPONSES, TALLIES, COUNTS, QUESTIONS, BREAKDOWNS, GROUPS = (
    model._meta.db_table for model in (Answer, Response, Tally, ResponseCount, Question, Breakdown, BreakdownGroup)
)
WITH_VALUE = (AnswerState.VALUE.value, AnswerState.MORE.value)


class Count(NamedTuple):
    """How often something was answered; ``option`` is the band of a number or a date, ``total`` sums numbers."""

    question: int
    item: int
    option: int
    state: int
    times: int
    total: Decimal


class CrossCount(NamedTuple):
    """How often ``option`` was answered by those who answered ``by_option`` (0: nothing) to the other question."""

    by_item: int
    by_option: int
    item: int
    option: int
    state: int
    times: int


# Keeping up to date -----------------------------------------------------------


def count_in(*, survey: Survey, keys: Collection[int]) -> None:
    """Add new responses (by their keys) to the counts. Belongs into the transaction that wrote them."""
    if keys:
        _one_at_a_time(survey)
        _add(survey, "AND r.key = ANY(%(keys)s)", {"keys": list(keys)})


@transaction.atomic
def recount(survey: Survey) -> None:
    """Throw the counts away and count all responses anew. Needed when the groups of a breakdown were changed."""
    _one_at_a_time(survey)
    Tally.objects.filter(survey=survey).delete()
    ResponseCount.objects.filter(survey=survey).delete()
    _add(survey, "", {})


def _one_at_a_time(survey: Survey) -> None:
    """Counting waits for counting; handing in answers does not wait."""
    Survey.objects.select_for_update(no_key=True).only("pk").get(pk=survey.pk)


def _add(survey: Survey, chosen: str, parameters: dict[str, Any]) -> None:
    bands, values = _bands(survey)
    parameters = {**parameters, **values, "survey": survey.pk, "value": WITH_VALUE[0], "more": WITH_VALUE[1]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {COUNTS} AS kept (survey_id, channel, day, count)
            SELECT r.survey_id, r.channel, r.day, count(*) FROM {RESPONSES} r
            WHERE r.survey_id = %(survey)s {chosen} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (survey_id, channel, day) DO UPDATE SET count = kept.count + excluded.count""",  # noqa: S608
            parameters,
        )
        for name, query in _placing(chosen).items():
            _keep_for_now(cursor, name, query, parameters)
        cursor.execute(
            f"""WITH bands AS ({bands})
            INSERT INTO {TALLIES} AS kept
                (survey_id, question_id, item, option, state, channel, breakdown_id, "group", count, total)
            SELECT %(survey)s, a.question_id, a.item, {_option("a")}, a.state, p.channel, p.breakdown_id, p.place,
                count(*), coalesce(sum(a.number), 0)
            FROM placed p JOIN {ANSWERS} a ON a.response_id = p.key LEFT JOIN bands ON bands.question_id = a.question_id
            GROUP BY 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 4, 5, 6, 7, 8
            ON CONFLICT ON CONSTRAINT participation_one_tally_per_cell DO UPDATE
                SET count = kept.count + excluded.count, total = kept.total + excluded.total""",  # noqa: S608
            parameters,
        )


def _keep_for_now(cursor: CursorWrapper, name: str, query: str, parameters: dict[str, Any]) -> None:
    """A step as a table of this transaction. With its size known the planner does not walk it row by row."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", parameters)
    cursor.execute(f"ANALYZE {name}")


def _placing(chosen: str) -> dict[str, str]:
    """SQL in steps; the last, ``placed``: each picked response once for everybody and once for each breakdown."""
    return {
        "picked": f"""SELECT r.key, r.channel FROM {RESPONSES} r WHERE r.survey_id = %(survey)s {chosen}""",  # noqa: S608
        "found": f"""SELECT a.response_id AS key, b.id AS breakdown_id, min(g.number) AS place
            FROM {BREAKDOWNS} b JOIN {GROUPS} g ON g.breakdown_id = b.id
            JOIN {ANSWERS} a ON a.question_id = b.question_id AND a.item = 0 AND a.state = %(value)s AND (
                CASE WHEN a.number IS NULL THEN g.options @> to_jsonb(a.option)
                ELSE (g.least IS NOT NULL OR g.most IS NOT NULL) AND a.number >= coalesce(g.least, a.number)
                    AND a.number <= coalesce(g.most, a.number) END)
            JOIN picked p ON p.key = a.response_id
            WHERE b.survey_id = %(survey)s GROUP BY 1, 2""",  # noqa: S608
        "placed": f"""SELECT p.key, p.channel, NULL::bigint AS breakdown_id, 0 AS place FROM picked p
            UNION ALL
            SELECT p.key, p.channel, b.id, coalesce(f.place, 0)
            FROM picked p CROSS JOIN {BREAKDOWNS} b LEFT JOIN found f ON f.key = p.key AND f.breakdown_id = b.id
            WHERE b.survey_id = %(survey)s""",  # noqa: S608
    }


# Where the bands lie ----------------------------------------------------------


def _option(answer: str) -> str:
    """SQL: the number of the option, or of the band of a number or a date. Needs the relation ``bands``."""
    return f"""(CASE WHEN {answer}.state NOT IN (%(value)s, %(more)s) THEN 0
        WHEN bands.edges IS NOT NULL THEN width_bucket({answer}.number, bands.edges) + 1
        WHEN {answer}.date IS NOT NULL
            THEN extract(year FROM {answer}.date) * 12 + extract(month FROM {answer}.date) - 1
        ELSE {answer}.option END)::integer"""


def _bands(survey: Survey) -> tuple[str, dict[str, Any]]:
    """SQL of the relation ``bands`` and its parameters."""
    known = thresholds(survey)
    rows = [f"(%(band{place})s::bigint, %(edges{place})s::numeric[])" for place in range(len(known))]
    values: dict[str, Any] = {}
    for place, (question, edges) in enumerate(known.items()):
        values |= {f"band{place}": question, f"edges{place}": edges}
    if not rows:
        return "SELECT NULL::bigint AS question_id, NULL::numeric[] AS edges WHERE false", values
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS known (question_id, edges)", values  # noqa: S608


def thresholds(survey: Survey) -> dict[int, list[Decimal]]:
    """Where the bands of each number question begin, by its key, from the first version that asked it (two queries)."""
    numbers = [question for question in _first_asked(survey).values() if question.kind is Kind.NUMBER]
    groups: dict[int, list[BreakdownGroup]] = {}
    if numbers:
        for group in BreakdownGroup.objects.filter(breakdown__survey=survey).select_related("breakdown"):
            groups.setdefault(group.breakdown.question_id, []).append(group)
    return {question.pk: number_thresholds(question, groups.get(question.pk, ())) for question in numbers}


def _first_asked(survey: Survey) -> dict[int, document.Question]:
    """Every question as it was asked first: later corrections do not move the bands."""
    found: dict[int, document.Question] = {}
    for version in SurveyVersion.objects.filter(survey=survey).order_by("number").values_list("pk", flat=True):
        for question in questionnaire_by_pk(version).questions():
            found.setdefault(question.pk, question)
    return found


# Counting from the rows -------------------------------------------------------


def count_all(survey: Survey) -> list[Count]:
    """Every count of every question from the rows: one query for all of them.

    What has options is counted in the index alone; only numbers, dates and rankings are read from the table.
    """
    bands, values = _bands(survey)
    asked = _first_asked(survey).values()
    measured = [question.pk for question in asked if question.kind in {Kind.NUMBER, Kind.DATE, Kind.RANKING}]
    chosen = [question.pk for question in asked if question.pk not in measured]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH bands AS ({bands})
            SELECT a.question_id, a.item, a.option, a.state, count(*), 0::numeric FROM {ANSWERS} a
            WHERE a.question_id = ANY(%(chosen)s) GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT a.question_id, a.item, {_option("a")}, a.state, count(*), coalesce(sum(a.number), 0)
            FROM {ANSWERS} a LEFT JOIN bands ON bands.question_id = a.question_id
            WHERE a.question_id = ANY(%(measured)s) GROUP BY 1, 2, 3, 4""",  # noqa: S608
            {**values, "chosen": chosen, "measured": measured, "value": WITH_VALUE[0], "more": WITH_VALUE[1]},
        )
        return sorted(Count(*row) for row in cursor.fetchall())


def cross(survey: Survey, question: int, by: int) -> list[CrossCount]:
    """The cross table of two questions (by their keys) from the rows. Those who were not shown ``by`` are left out.

    What has options is read from the index alone, a tenth of the pages of the table.
    """
    bands, values = _bands(survey)
    asked = _first_asked(survey).values()
    banded = {found.pk for found in asked if found.kind in {Kind.NUMBER, Kind.DATE}}
    option, by_option = (_option("a") if pk in banded else "a.option" for pk in (question, by))
    join, by_join = (
        "LEFT JOIN bands ON bands.question_id = a.question_id" if pk in banded else "" for pk in (question, by)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH bands AS ({bands}), split AS (
                SELECT a.response_id, a.item, {by_option} AS option FROM {ANSWERS} a {by_join}
                WHERE a.question_id = %(by)s
            )
            SELECT split.item, split.option, a.item, {option}, a.state, count(*)
            FROM {ANSWERS} a JOIN split ON split.response_id = a.response_id {join}
            WHERE a.question_id = %(question)s GROUP BY 1, 2, 3, 4, 5""",  # noqa: S608
            {**values, "question": question, "by": by, "value": WITH_VALUE[0], "more": WITH_VALUE[1]},
        )
        return sorted(CrossCount(*row) for row in cursor.fetchall())


def tallied(survey: Survey) -> list[Count]:
    """What ``count_all`` gives, from the tallies: milliseconds, however many responses there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT question_id, item, option, state, sum(count)::bigint, sum(total) FROM {TALLIES}
            WHERE survey_id = %s AND breakdown_id IS NULL GROUP BY 1, 2, 3, 4""",  # noqa: S608
            [survey.pk],
        )
        return sorted(Count(*row) for row in cursor.fetchall())
