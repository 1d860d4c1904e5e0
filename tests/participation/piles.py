"""Piles of paper forms for tests: a survey, a pile of its forms, what a clerk sends."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from elbe_elster.participation.actions import paper
from elbe_elster.participation.questionnaire.answers import Given

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import (
        PaperBatch,
        PaperSheet,
    )

PATH = "/redaktion/umfragen/bus/stapel/"
SECRET = "streng-geheim"


def one(code: str, value: int | None = None) -> Given:
    return Given(options=(code,), option_value=value)


def typed(number: int = 1, **fields: str) -> dict[str, str]:
    """What the form of a sheet sends."""
    sent = {"key": str(uuid.uuid4()), "number": str(number), "step": "save", "agreed": ""}
    return sent | {name.replace("_", "-", 1).replace("__", "-"): value for name, value in fields.items()}


def store(batch: PaperBatch, user: User, number: int = 1, **answers: Given) -> PaperSheet:
    return paper.type_sheet(batch=batch, key=uuid.uuid4(), number=number, answers=answers, actor=user).sheet
