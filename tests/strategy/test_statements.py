from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from elbe_elster.strategy.models import Measure
from elbe_elster.strategy.statements import mark, read_rows
from tests.factories import MeasureFactory

pytestmark = pytest.mark.django_db


def statement() -> QuerySet[Measure, tuple[str, ...]]:
    said = Concat(Value("100 % '%s' "), F("slug"), Value("%"), output_field=TextField())
    return Measure.objects.filter(slug=mark("slug")).annotate(said=said).values_list("slug", "said")


def test_values_are_no_sql_and_texts_of_the_statement_stay_as_they_are() -> None:
    MeasureFactory(slug="bus")
    expected = {"bus": [("bus", "100 % '%s' bus%")], "bus' OR '1'='1": [], "%s": [], "": []}
    assert {slug: read_rows("probe", statement, ("slug", "said"), slug=slug) for slug in expected} == expected


def test_the_database_plans_a_statement_once() -> None:
    with CaptureQueriesContext(connection) as queries:
        for slug in ("bus", "bahn", "rad"):
            read_rows("plan", lambda: statement().annotate(only_here=F("pk")), ("slug", "said"), slug=slug)
    assert ["only_here" in query["sql"] for query in queries] == [True, True, True]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", ["%only_here%"]
        )
        assert cursor.fetchall() == [(3,)]
