"""Files of LimeSurvey read for the tests, and what is said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from elbe_elster.participation.exchange.lss import read_lss
from elbe_elster.participation.questionnaire.document import from_json, to_json
from tests.participation.made_lss import Lss

if TYPE_CHECKING:
    from elbe_elster.participation.exchange.reports import BroughtSurvey
    from elbe_elster.participation.questionnaire.document import Question

OLD_AND_NEW = pytest.mark.parametrize(
    ("new", "version"), [(False, 145), (False, 178), (False, 366), (True, 498), (True, 703)]
)


def survey(*languages: str, new: bool = True, version: int = 498, **settings: str) -> Lss:
    made = Lss(*languages, new=new, version=version, **settings)
    made.group("Gruppe")
    return made


def read(made: Lss) -> BroughtSurvey:
    brought = read_lss(made.xml())
    assert from_json(to_json(brought.questionnaire)) == brought.questionnaire
    return brought


def one(made: Lss, code: str) -> Question:
    return read(made).questionnaire.question_by_code[code]


def said(brought: BroughtSurvey, code: str) -> list[tuple[str, str]]:
    """What was changed or dropped of a question."""
    return [(row.what, row.why) for row in (*brought.report.changed, *brought.report.dropped) if row.code == code]


def labels(question: Question) -> list[tuple[str, int, str]]:
    return [(option.code, option.number, option.label["de"]) for option in question.options]
