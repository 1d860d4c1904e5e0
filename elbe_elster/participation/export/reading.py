"""Responses as rows of a file: one pass over the database, grouped by response, in the order of the random keys."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

from elbe_elster.participation.export.variables import (
    CHANNEL_CODES,
    MISSING_BY_STATE,
    NOT_SHOWN,
    SKIPPED,
    Edition,
    Sort,
)
from elbe_elster.participation.models import Answer, AnswerState, Response
from elbe_elster.participation.reading import questionnaire_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from elbe_elster.participation.export.variables import Variable
    from elbe_elster.participation.models import Survey

    Value = int | float | dt.date
    Row = list[Value]

AT_ONCE = 1000  # responses fetched in one go
# An answer's place and state in one whole number, so that finding its column is one look into a dictionary.
QUESTION_BITS, ITEM_BITS, OPTION_BITS = 33, 18, 3
RESPONSES = f"""
    SELECT r.version_id, r.channel, r.day, a.codes, a.number_codes, a.numbers, a.date_codes, a.dates
    FROM {Response._meta.db_table} AS r
    CROSS JOIN LATERAL (
        SELECT
            array_agg(code) FILTER (WHERE number IS NULL AND date IS NULL) AS codes,
            array_agg(code) FILTER (WHERE number IS NOT NULL) AS number_codes,
            array_agg(number) FILTER (WHERE number IS NOT NULL) AS numbers,
            array_agg(code) FILTER (WHERE date IS NOT NULL) AS date_codes,
            array_agg(date) FILTER (WHERE date IS NOT NULL) AS dates
        FROM (
            SELECT
                (question_id << {QUESTION_BITS}) | (item::bigint << {ITEM_BITS})
                    | (option::bigint << {OPTION_BITS}) | state AS code,
                number::float8 AS number,
                date
            FROM {Answer._meta.db_table}
            WHERE response_id = r.key
        ) AS one
    ) AS a
    WHERE r.survey_id = %s
    ORDER BY r.key
"""  # noqa: S608 - names of tables and numbers of bits
COUNT = f"SELECT count(*) FROM {Response._meta.db_table} WHERE survey_id = %s"  # noqa: S608


def editions_of(survey: Survey) -> list[Edition]:
    """Every published version of a survey, the first one first."""
    versions = survey.versions.order_by("number")
    return [Edition(version.number, version.pk, questionnaire_of(version)) for version in versions]


@dataclass
class Reading:
    """An open look at the responses of one survey as they are at one moment."""

    survey: Survey
    raw: psycopg.Connection[Any]

    def count(self) -> int:
        """How many rows there will be."""
        found = self.raw.execute(COUNT, [self.survey.pk]).fetchone()
        assert found is not None  # noqa: S101 - a count gives a row
        number: int = found[0]
        return number

    def rows(self, variables: Sequence[Variable], editions: Sequence[Edition]) -> Iterator[Row]:
        """One row for each response; memory does not grow with their number."""
        plans = {edition.pk: _Plan(variables, edition) for edition in editions}
        with self.raw.cursor(name="participation_export", binary=True) as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(RESPONSES, [self.survey.pk])
            for number, (version, *found) in enumerate(cursor, start=1):
                yield plans[version].row(number, *found)


@contextmanager
def reading(survey: Survey) -> Iterator[Reading]:
    """Look at the responses on a line of its own: what is noted meanwhile about the work is seen by everybody."""
    own = connection.copy()
    own.ensure_connection()
    raw = own.connection
    try:
        raw.set_autocommit(False)
        raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        raw.read_only = True
        yield Reading(survey, raw)
    finally:
        own.close()


def place_of(question: int, item: int, option: int, state: int) -> int:
    """The whole number that ``RESPONSES`` makes of an answer."""
    return question << QUESTION_BITS | item << ITEM_BITS | option << OPTION_BITS | state


class _Plan:
    """How the answers to one version become a row."""

    def __init__(self, variables: Sequence[Variable], edition: Edition) -> None:
        self.version = edition.number
        self.empty: Row = [variable.missing_code(NOT_SHOWN) for variable in variables]
        self.cells: dict[int, tuple[int, int]] = {}  # place of an answer to column and value
        self.typed: dict[int, int] = {}  # place of a number or date to column
        self.whole: set[int] = {column for column, one in enumerate(variables) if one.sort is Sort.PLACE}
        self.fills: dict[int, tuple[list[int], int]] = {}  # place to columns that are then no longer "not shown"
        blocks: dict[tuple[int, int], list[int]] = {}
        for column, variable in enumerate(variables):
            if variable.slot is None:
                continue
            self._add(column, variable)
            block = blocks.setdefault((variable.slot.question, variable.slot.item), [])
            if edition.number in variable.asked_in:
                block.append(column)
        self._add_blocks(variables, blocks)

    def _add(self, column: int, variable: Variable) -> None:
        assert variable.slot is not None  # noqa: S101 - columns about the response itself are filled without a plan
        question, item, option = variable.slot
        here = place_of(question, item, option, AnswerState.VALUE)
        if variable.sort is Sort.CHOICE:
            for number, _label in variable.codes:
                self.cells[place_of(question, item, number, AnswerState.VALUE)] = column, number
        elif variable.sort is Sort.CHOSEN:
            self.cells[here] = self.cells[place_of(question, item, option, AnswerState.MORE)] = column, 1
        elif variable.sort is Sort.PLACE:
            self.typed[here] = self.typed[place_of(question, item, option, AnswerState.MORE)] = column
        elif variable.sort is Sort.GIVEN:
            self.cells[here] = column, 1
        else:
            self.typed[here] = column

    def _add_blocks(self, variables: Sequence[Variable], blocks: dict[tuple[int, int], list[int]]) -> None:
        """What one answer says about all columns of its question: not chosen, not placed, or why there is none."""
        for (question, item), columns in blocks.items():
            for state, missing in MISSING_BY_STATE.items():
                place = place_of(question, item, 0, state)
                if len(columns) == 1:
                    self.cells[place] = columns[0], variables[columns[0]].missing_code(missing)
                else:
                    self.fills[place] = columns, missing
        for variable in variables:
            if variable.slot is not None and variable.sort in {Sort.CHOSEN, Sort.PLACE}:
                question, item, option = variable.slot
                columns = blocks[question, item]
                place = place_of(question, item, option, AnswerState.VALUE)
                self.fills[place] = columns, 0 if variable.sort is Sort.CHOSEN else SKIPPED

    def row(  # noqa: PLR0917 - the columns of RESPONSES
        self,
        number: int,
        channel: str,
        day: dt.date,
        codes: list[int] | None,
        number_codes: list[int] | None,
        numbers: list[float] | None,
        date_codes: list[int] | None,
        dates: list[dt.date] | None,
    ) -> Row:
        """The row of one response. What no version asked is left out."""
        row = self.empty.copy()
        row[:4] = number, self.version, CHANNEL_CODES[channel], day  # type: ignore[index]  # a channel is its value
        cells, fills = self.cells, self.fills
        for code in codes or ():
            if code in fills:
                self._fill(row, code)
            if code in cells:
                column, value = cells[code]
                row[column] = value
        for code, given in zip(number_codes or (), numbers or (), strict=True):
            self._fill(row, code)
            if code in self.typed:
                column = self.typed[code]
                row[column] = int(given) if column in self.whole or given.is_integer() else given
        for code, date in zip(date_codes or (), dates or (), strict=True):
            if code in self.typed:
                row[self.typed[code]] = date
        return row

    def _fill(self, row: Row, code: int) -> None:
        columns, value = self.fills.get(code, ((), 0))
        for column in columns:
            if row[column] == NOT_SHOWN:
                row[column] = value
