"""Counts of answers, kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from elbe_elster.participation.models import Response, ResponseCount

if TYPE_CHECKING:
    from collections.abc import Collection

    from elbe_elster.participation.models import Survey


def count_in(*, survey: Survey, keys: Collection[int]) -> None:
    """Add new responses (by their keys) to the counts. Belongs into the transaction that wrote them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {ResponseCount._meta.db_table} AS kept (survey_id, channel, day, count)
            SELECT survey_id, channel, day, count(*) FROM {Response._meta.db_table}
            WHERE survey_id = %s AND key = ANY(%s) GROUP BY 1, 2, 3
            ON CONFLICT (survey_id, channel, day) DO UPDATE SET count = kept.count + excluded.count""",  # noqa: S608
            [survey.pk, list(keys)],
        )
