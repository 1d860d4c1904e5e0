"""Surveys with many answers: counts, cross tables, handing in, exports; beside LimeSurvey's way in the same run.

``python -m bench.surveys`` writes them once: 50,000 responses to 100 questions with six options each, and an open survey
of 20 questions on one page. ``--measure`` measures, ``--large`` writes and measures 1,000,000 responses to 20 questions
as well (a quarter of an hour and 4 GB the first time). LimeSurvey keeps one wide row for each response and counts each option by
itself (application/helpers/admin/statistics_helper.php); a table like that is made from the same answers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.participation.models import Survey

MANY, MILLION, SHORT = "messung-100", "messung-million", "messung-20"
OPTIONS = 6
SIZES = {MANY: (50_000, 100), MILLION: (1_000_000, 20), SHORT: (0, 20)}  # responses, questions
PER_STATEMENT = 10_000  # responses; a statement may take 30 seconds
WIDE = "bench_wide"
ROUNDS = 5
CROSSED = (50, 100)  # a question from the middle by the last one, where background questions stand


def generate(*slugs: str) -> None:
    """Write what is missing."""
    from elbe_elster.participation.models import Survey

    for slug in slugs:
        if not Survey.objects.filter(slug=slug).exists():
            _write(slug, *SIZES[slug])


def _write(slug: str, responses: int, questions: int) -> None:
    """A survey whose answers are drawn by the database; one of twelve is left out."""
    from django.db import connection, transaction
    from django.utils import timezone

    from elbe_elster.participation.actions.freezing import draft_document, write_pages
    from elbe_elster.participation.actions.tallies import recount
    from elbe_elster.participation.models import Survey, SurveyVersion
    from elbe_elster.participation.questionnaire.document import to_json

    with transaction.atomic():
        survey = Survey.objects.create(
            slug=slug,
            title=f"Messung mit {questions} Fragen",
            title_de=f"Messung mit {questions} Fragen",
            opens_at=timezone.now() - dt.timedelta(days=9),
            example=True,
            generated=True,
        )
        write_pages(survey=survey, questionnaire=_questionnaire(questions))
        document = to_json(draft_document(survey))
        survey.current = SurveyVersion.objects.create(survey=survey, number=1, document=document)
        survey.save()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # keys are right by construction
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SELECT setseed(%s)", [questions / 200])  # two surveys never draw the same keys
            for start in range(0, responses, PER_STATEMENT):
                _draw(cursor, survey, min(PER_STATEMENT, responses - start))
            if responses:
                recount(survey)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE participation_answer")
        cursor.execute("VACUUM ANALYZE participation_response")


def _questionnaire(questions: int) -> Any:
    """Single choices with six options; ten on a page, but all twenty of the short survey on one."""
    from elbe_elster.participation.questionnaire.document import Kind, Option, Page, Question, Questionnaire

    options = tuple(Option(f"a{n}", n, {"de": f"Antwort Nummer {n}"}) for n in range(1, OPTIONS + 1))
    asked = [
        Question(
            0,
            f"q{n}",
            Kind.SINGLE,
            {"de": f"Wie zufrieden sind Sie mit dem Angebot {n} in Ihrem Ort?"},
            options=options,
        )
        for n in range(1, questions + 1)
    ]
    size = questions if questions == SIZES[SHORT][1] else 10
    parts = [asked[start : start + size] for start in range(0, questions, size)]
    return Questionnaire(
        ("de",),
        tuple(Page(f"p{n}", {"de": f"Teil {n}"}, questions=tuple(part)) for n, part in enumerate(parts, start=1)),
    )


def _draw(cursor: Any, survey: Survey, count: int) -> None:
    cursor.execute(
        """
        WITH made AS (
            INSERT INTO participation_response (key, survey_id, version_id, channel, day)
            SELECT (random() * 9e18)::bigint, %s, %s, 'online', %s FROM generate_series(1, %s) RETURNING key
        )
        INSERT INTO participation_answer (response_id, question_id, item, option, state)
        SELECT key, id, 0, CASE WHEN drawn < 0.083 THEN 0 ELSE 1 + (drawn * 997)::int %% 6 END,
            CASE WHEN drawn < 0.083 THEN 2 ELSE 0 END
        FROM (
            SELECT made.key, q.id, random() AS drawn FROM made CROSS JOIN participation_question q
            WHERE q.survey_id = %s ORDER BY 1, 2
        ) AS one
        """,
        [survey.pk, survey.current_id, dt.date(2026, 1, 1), count, survey.pk],
    )


# Measuring ---------------------------------------------------------------------------


def measure(*, large: bool) -> dict[str, Any]:
    """Seconds, ratios, bytes by name."""
    from bench.submissions import bare_database
    from elbe_elster.participation.counting import count_all, cross, tallied
    from elbe_elster.participation.models import Survey

    survey = Survey.objects.get(slug=MANY)
    keys = dict(survey.questions.values_list("code", "pk"))
    first, second = (keys[f"q{number}"] for number in CROSSED)
    _make_wide(survey, keys)
    rows = len(count_all(survey))
    found: dict[str, Any] = {
        "counts": _seconds(lambda: count_all(survey)),
        "counts_lime": _seconds(lambda: _lime_counts(list(keys)), rounds=1),
        "cross": _seconds(lambda: cross(survey, first, second)),
        "cross_lime": _seconds(lambda: _lime_cross(*(f"q{number}" for number in CROSSED))),
        "tallied": _seconds(lambda: tallied(survey)),
        "counted_cells": rows,
        "submission": _submission(survey),
        "bare_transactions": bare_database(),
        "exports": {one: _export(MANY, one) for one in ("csv", "xlsx", "sav")},
    }
    found["counts_ratio"] = round(found["counts_lime"] / found["counts"], 1)
    found["cross_ratio"] = round(found["cross_lime"] / found["cross"], 1)
    if large:
        million = Survey.objects.get(slug=MILLION)
        found["million_tallied"] = _seconds(lambda: tallied(million))
        found["million_exports"] = {one: _export(MILLION, one) for one in ("csv", "xlsx", "sav")}
    return found


def _seconds(ask: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some rounds, after one that fills the buffers where there are several."""
    took = []
    for _ in range(rounds + (rounds > 1)):
        start = time.perf_counter()
        ask()
        took.append(time.perf_counter() - start)
    return round(median(took[-rounds:]), 4)


def _make_wide(survey: Survey, keys: dict[str, int]) -> None:
    """The same answers as LimeSurvey keeps them: a column of text for each question, no index on any."""
    from django.db import connection

    columns = ", ".join(
        f"max(CASE WHEN option > 0 THEN 'A' || option END) FILTER (WHERE question_id = {pk})::varchar(5) AS {code}"
        for code, pk in keys.items()
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT to_regclass(%s)", [WIDE])
        if cursor.fetchone()[0] is None:
            cursor.execute(
                f"CREATE TABLE {WIDE} AS SELECT row_number() OVER () AS id, {columns} FROM participation_answer a"  # noqa: S608
                " JOIN participation_response r ON r.key = a.response_id WHERE r.survey_id = %s GROUP BY a.response_id",
                [survey.pk],
            )
            cursor.execute(f"ALTER TABLE {WIDE} ADD PRIMARY KEY (id)")
            cursor.execute(f"VACUUM ANALYZE {WIDE}")


def _lime_counts(codes: list[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for code in codes:
            for option in range(1, OPTIONS + 1):
                cursor.execute(f"SELECT count(*) FROM {WIDE} WHERE {code} = %s", [f"A{option}"])  # noqa: S608
                cursor.fetchone()
            cursor.execute(f"SELECT count(*) FROM {WIDE} WHERE {code} IS NULL OR {code} = ''")  # noqa: S608
            cursor.fetchone()


def _lime_cross(code: str, by: str) -> None:
    """Each option counted again within each group."""
    from django.db import connection

    with connection.cursor() as cursor:
        for group in range(1, OPTIONS + 1):
            for option in range(1, OPTIONS + 1):
                sql = f"SELECT count(*) FROM {WIDE} WHERE {code} = %s AND {by} = %s"  # noqa: S608
                cursor.execute(sql, [f"A{option}", f"A{group}"])
                cursor.fetchone()
            sql = f"SELECT count(*) FROM {WIDE} WHERE ({code} IS NULL OR {code} = '') AND {by} = %s"  # noqa: S608
            cursor.execute(sql, [f"A{group}"])
            cursor.fetchone()


def _submission(survey: Survey) -> dict[str, Any]:
    """Statements, transactions and milliseconds of handing in 100 answers; nothing of it stays."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from elbe_elster.participation.actions.urn import Submission, cast
    from elbe_elster.participation.models import Envelope, SubmissionKey
    from elbe_elster.participation.questionnaire.answers import Given

    draft = {f"q{n}": Given(options=("a3",)) for n in range(1, SIZES[MANY][1] + 1)}
    assert survey.current_id is not None  # noqa: S101 - it is published
    took = []
    for number in range(20):
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            cast(Submission(survey, survey.current_id, draft, key=f"messung-{start}-{number}"))
            took.append(time.perf_counter() - start)
    said = [query["sql"] for query in queries]
    with transaction.atomic():
        Envelope.objects.filter(survey=survey).delete()
        SubmissionKey.objects.filter(survey=survey).delete()
    return {
        "queries": len([sql for sql in said if not sql.startswith(("BEGIN", "COMMIT"))]),
        "transactions": len([sql for sql in said if sql.startswith("COMMIT")]),
        "milliseconds": round(1000 * sorted(took)[len(took) // 2], 2),
    }


def _export(slug: str, file_format: str) -> dict[str, Any]:
    """In a process of its own, so that its memory can be read."""
    command = [sys.executable, "-m", "bench.surveys", "--export", slug, file_format]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def export(slug: str, file_format: str) -> dict[str, Any]:
    """Write a file; seconds, bytes, and the most memory this process ever had in MB."""
    import resource
    from tempfile import NamedTemporaryFile

    from elbe_elster.participation.export.files import write_export
    from elbe_elster.participation.models import Survey

    survey = Survey.objects.get(slug=slug)
    with NamedTemporaryFile(dir="var/bench") as stream:
        start = time.perf_counter()
        write_export(stream, survey, file_format)
        seconds = time.perf_counter() - start
        size = stream.tell()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 1), "bytes": size, "memory_mb": round(memory)}


def main() -> int:
    """Write, measure, or export."""
    parser = argparse.ArgumentParser(prog="python -m bench.surveys", description=__doc__)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--export", nargs=2)
    wanted = parser.parse_args()
    django.setup()
    if wanted.export:
        print(json.dumps(export(*wanted.export)))
        return 0
    generate(MANY, SHORT, *([MILLION] if wanted.large else []))
    if wanted.measure:
        print(json.dumps(measure(large=wanted.large)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
