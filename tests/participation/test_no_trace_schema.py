"""The tables of answers hold nothing that tells of a person or of an order: shown from the schema."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from elbe_elster.participation.models import (
    AccessCode,
    Answer,
    ContactWish,
    Draft,
    Envelope,
    FreeText,
    Response,
    SubmissionKey,
)

# Whoever adds a column here must say why it tells nothing about person or order.

COLUMNS = {
    Response: [
        ("batch_id", "bigint"),
        ("channel", "character varying"),
        ("day", "date"),
        ("key", "bigint"),
        ("survey_id", "bigint"),
        ("version_id", "bigint"),
    ],
    Answer: [
        ("date", "date"),
        ("item", "smallint"),
        ("number", "numeric"),
        ("option", "smallint"),
        ("question_id", "bigint"),
        ("response_id", "bigint"),
        ("state", "smallint"),
    ],
    FreeText: [
        ("item", "smallint"),
        ("key", "bigint"),
        ("option", "smallint"),
        ("question_id", "bigint"),
        ("quote", "text"),
        ("response_id", "bigint"),
        ("reviewed_by_id", "bigint"),  # the member of staff who read it
        ("state", "character varying"),
        ("text", "text"),
    ],
    Envelope: [
        ("content", "bytea"),
        ("day", "date"),
        ("key", "bigint"),
        ("shaken", "boolean"),
        ("survey_id", "bigint"),
    ],
    SubmissionKey: [("digest", "bytea"), ("survey_id", "bigint")],
    Draft: [("content", "bytea"), ("digest", "bytea"), ("kept_until", "date"), ("survey_id", "bigint")],
    ContactWish: [
        ("contact", "character varying"),
        ("key", "bigint"),
        ("name", "character varying"),
        ("shaken", "boolean"),
        ("survey_id", "bigint"),
    ],
    AccessCode: [("code", "character varying"), ("lot_id", "bigint"), ("used", "boolean")],
}
KEYS_TO = {
    Response: {"Survey", "SurveyVersion", "PaperBatch"},
    Answer: {"Response", "Question"},
    FreeText: {"Response", "Question", "User"},
    Envelope: {"Survey"},
    SubmissionKey: {"Survey"},
    Draft: {"Survey"},
    ContactWish: {"Survey"},
    AccessCode: {"CodeLot"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__name__)
def test_the_tables_have_these_columns_and_no_other(model: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name::text, data_type::text, column_default, is_identity::text"
            " FROM information_schema.columns WHERE table_name = %s ORDER BY 1",
            [model._meta.db_table],
        )
        found = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [model._meta.db_table])  # fmt: skip
        triggers = cursor.fetchone()
    assert [row[:2] for row in found] == COLUMNS[model]
    assert [row for row in found if row[2] is not None or row[3] == "YES"] == []  # nothing that counts up
    assert triggers == (0,)  # no history


@pytest.mark.parametrize("model", KEYS_TO, ids=lambda model: model.__name__)
def test_they_point_to_nothing_else(model: Any) -> None:
    assert {field.related_model.__name__ for field in model._meta.fields if field.is_relation} == KEYS_TO[model]


def test_nothing_points_to_a_response_but_its_answers_and_texts() -> None:
    pointing = {
        (model.__name__, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and getattr(field, "concrete", False) and field.related_model in {Response, FreeText}
    }
    assert pointing == {("Answer", "response"), ("FreeText", "response"), ("FreeText_codes", "freetext")}
