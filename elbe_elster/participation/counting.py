"""Counts of answers: read from the tallies, or counted from the rows.

Everything is set-based SQL: one statement, however many responses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from .bands import number_thresholds
from .models import Answer, AnswerState, BreakdownGroup, SurveyVersion, Tally
from .questionnaire.cuts import number_cuts
from .questionnaire.document import Kind
from .reading import questionnaire_by_pk

if TYPE_CHECKING:
    from decimal import Decimal

    from .models import Survey
    from .questionnaire import document

ANSWERS, TALLIES = Answer._meta.db_table, Tally._meta.db_table
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


# Where the bands lie ----------------------------------------------------------


def option_sql(answer: str) -> str:
    """SQL: the number of the option, or of the band of a number or a date. Needs the relation ``bands``."""
    return f"""(CASE WHEN {answer}.state NOT IN (%(value)s, %(more)s) THEN 0
        WHEN bands.edges IS NOT NULL THEN width_bucket({answer}.number, bands.edges) + 1
        WHEN {answer}.date IS NOT NULL
            THEN extract(year FROM {answer}.date) * 12 + extract(month FROM {answer}.date) - 1
        ELSE {answer}.option END)::integer"""


def bands_sql(survey: Survey) -> tuple[str, dict[str, Any]]:
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
    """Where the bands of each number question begin, by its key, from the first version that asked it (three queries)."""
    numbers = [question for question in _first_asked(survey).values() if question.kind is Kind.NUMBER]
    groups: dict[int, list[BreakdownGroup]] = {}
    if numbers:
        for group in BreakdownGroup.objects.filter(breakdown__survey=survey).select_related("breakdown"):
            groups.setdefault(group.breakdown.question_id, []).append(group)
    cuts = _cuts(survey) if numbers else {}
    return {
        question.pk: number_thresholds(question, groups.get(question.pk, ()), cuts.get(question.code, ()))
        for question in numbers
    }


def _cuts(survey: Survey) -> dict[str, set[Decimal]]:
    """Where the conditions of the first version tell numbers apart, by question."""
    first = SurveyVersion.objects.filter(survey=survey).order_by("number").values_list("pk", flat=True)[:1]
    found: dict[str, set[Decimal]] = {}
    for version in first:
        questionnaire = questionnaire_by_pk(version)
        for code, cut in number_cuts(questionnaire):
            found.setdefault(code, set()).add(cut)
    return found


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
    bands, values = bands_sql(survey)
    asked = _first_asked(survey).values()
    measured = [question.pk for question in asked if question.kind in {Kind.NUMBER, Kind.DATE, Kind.RANKING}]
    chosen = [question.pk for question in asked if question.pk not in measured]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH bands AS ({bands})
            SELECT a.question_id, a.item, a.option, a.state, count(*), 0::numeric FROM {ANSWERS} a
            WHERE a.question_id = ANY(%(chosen)s) GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT a.question_id, a.item, {option_sql("a")}, a.state, count(*), coalesce(sum(a.number), 0)
            FROM {ANSWERS} a LEFT JOIN bands ON bands.question_id = a.question_id
            WHERE a.question_id = ANY(%(measured)s) GROUP BY 1, 2, 3, 4""",  # noqa: S608
            {**values, "chosen": chosen, "measured": measured, "value": WITH_VALUE[0], "more": WITH_VALUE[1]},
        )
        return sorted(Count(*row) for row in cursor.fetchall())


def cross(survey: Survey, question: int, by: int) -> list[CrossCount]:
    """The cross table of two questions (by their keys) from the rows. Those who were not shown ``by`` are left out.

    What has options is read from the index alone, a tenth of the pages of the table.
    """
    bands, values = bands_sql(survey)
    asked = _first_asked(survey).values()
    banded = {found.pk for found in asked if found.kind in {Kind.NUMBER, Kind.DATE}}
    option, by_option = (option_sql("a") if pk in banded else "a.option" for pk in (question, by))
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
