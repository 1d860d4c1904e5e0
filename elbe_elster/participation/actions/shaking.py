"""Shakes the urn and the box of contact wishes, so that where a row lies does not tell when it came.

PostgreSQL appends rows and notes the transaction that wrote them. So new rows lie in the order of arrival, and an
envelope shares its transaction with the digest of its submission key. Writing all rows anew, in random order and in
one transaction, takes both away.
"""

from __future__ import annotations

from secrets import SystemRandom
from typing import Any

from django.db import connection, transaction

from elbe_elster.participation.models import AccessCode, ContactWish, Envelope, SubmissionKey, Survey
from elbe_elster.participation.models.responses import random_key

BOXES: tuple[Any, ...] = (Envelope, ContactWish)
USED = {
    SubmissionKey: "survey_id = %s",
    AccessCode: "used AND lot_id IN (SELECT id FROM participation_codelot WHERE survey_id = %s)",
}
AGAIN = """
    WITH taken AS (DELETE FROM {table} WHERE {which} RETURNING *)
    INSERT INTO {table} ({columns}) SELECT {columns} FROM taken ORDER BY random()
"""


def shake_all() -> int:
    """Shake every box something came into since it was shaken last. Repeatable. Gives how many rows were moved."""
    return sum(
        _shake(box, survey)
        for box in BOXES
        for survey in Survey.objects.filter(pk__in=box.objects.filter(shaken=False).values("survey"))
    )


@transaction.atomic
def _shake(box: Any, survey: Survey) -> int:
    """Take all rows of the survey out and lay them back in random order, with new keys."""
    rows = list(box.objects.filter(survey=survey).select_for_update())
    box.objects.filter(key__in=[row.key for row in rows]).delete()
    SystemRandom().shuffle(rows)
    for row in rows:
        row.key, row.shaken = random_key(), True
    box.objects.bulk_create(rows, batch_size=500)
    return len(rows)


@transaction.atomic
def shake_what_is_used(survey: Survey) -> None:
    """Lay submission keys and used codes back in random order: where they lie would tell for good who came when."""
    for box, which in USED.items():
        columns = ", ".join(field.column for field in box._meta.concrete_fields)
        with connection.cursor() as cursor:
            cursor.execute(AGAIN.format(table=box._meta.db_table, which=which, columns=columns), [survey.pk])
