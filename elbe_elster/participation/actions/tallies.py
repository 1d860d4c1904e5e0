"""Keeps the counts of answers up to date when the urn is emptied, and counts anew from the rows.

Everything is counted for everybody and for each group of each breakdown; who gave no answer to the background question
is in its group 0. All of it is set-based SQL: a few statements, however many responses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from elbe_elster.participation.counting import ANSWERS, TALLIES, WITH_VALUE, bands_sql, option_sql
from elbe_elster.participation.models import Breakdown, BreakdownGroup, Response, ResponseCount, Survey, Tally

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.backends.utils import CursorWrapper

RESPONSES, COUNTS, BREAKDOWNS, GROUPS = (
    model._meta.db_table for model in (Response, ResponseCount, Breakdown, BreakdownGroup)
)


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
    bands, values = bands_sql(survey)
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
            SELECT %(survey)s, a.question_id, a.item, {option_sql("a")}, a.state, p.channel, p.breakdown_id, p.place,
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
