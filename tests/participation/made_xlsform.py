"""Workbooks of XLSForm made for the tests, and what is said about them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from elbe_elster.participation.exchange.xlsform import read_xlsform
from elbe_elster.participation.questionnaire.document import from_json, to_json

if TYPE_CHECKING:
    from elbe_elster.participation.exchange.reports import BroughtSurvey
    from elbe_elster.participation.questionnaire.document import Question

Rows = list[list[Any]]
HEAD = ["type", "name", "label", "relevant", "constraint", "appearance", "required"]
YES_NO: Rows = [["list_name", "name", "label"], ["yn", "1", "Ja"], ["yn", "2", "Nein"]]
GOOD: Rows = [["list_name", "name", "label"], ["g", "a", "gut"], ["g", "b", "schlecht"], ["g", "none", "nichts"]]


def book(survey: Rows, choices: Rows | None = None, settings: Rows | None = None, /, **names: str) -> bytes:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = names.get("survey", "survey")
    for row in survey:
        page.append(row)
    for name, rows in (("choices", choices), ("settings", settings)):
        sheet = made.create_sheet(names.get(name, name))
        for row in rows or []:
            sheet.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def read(survey: Rows, choices: Rows | None = None, settings: Rows | None = None) -> BroughtSurvey:
    brought = read_xlsform(book(survey, choices, settings))
    assert from_json(to_json(brought.questionnaire)) == brought.questionnaire
    return brought


def of(brought: BroughtSurvey) -> dict[str, Question]:
    return brought.questionnaire.question_by_code


def dropped(brought: BroughtSurvey) -> list[tuple[str, str, str]]:
    return [(row.code, row.what, row.why) for row in brought.report.dropped]


def changed(brought: BroughtSurvey) -> list[tuple[str, str, str]]:
    return [(row.code, row.what, row.why) for row in brought.report.changed]
