"""Surveys and answers for tests, made the way the portal makes them."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.actions.urn import Outcome, Submission, cast, empty_urn
from elbe_elster.participation.models import Channel, Survey, SurveyVersion
from elbe_elster.participation.questionnaire.document import (
    Item,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.participation.questionnaire.answers import Given


def options(*codes: str, **marks: Any) -> tuple[Option, ...]:
    """Options with these codes; ``other="d"`` and ``exclusive="c"`` mark one of them."""
    return tuple(
        Option(
            code,
            number,
            {"de": f"Antwort {code}"},
            other=marks.get("other") == code,
            exclusive=marks.get("exclusive") == code,
        )
        for number, code in enumerate(codes, start=1)
    )


def question(code: str, kind: Kind = Kind.SINGLE, **fields: Any) -> Question:
    """A question; choices have a, b and c, matrices the rows x and y."""
    if "options" not in fields and kind in {
        Kind.SINGLE,
        Kind.MULTIPLE,
        Kind.RANKING,
        Kind.MATRIX_SINGLE,
        Kind.MATRIX_MULTIPLE,
    }:
        fields["options"] = options("a", "b", "c")
    if "options" not in fields and kind is Kind.YES_NO:
        fields["options"] = options("yes", "no")
    if "options" not in fields and kind is Kind.SCALE:
        fields["options"] = options("1", "2", "3", "4", "5")
    if "items" not in fields and kind in {Kind.MATRIX_SINGLE, Kind.MATRIX_MULTIPLE}:
        fields["items"] = (Item("x", 1, {"de": "Zeile x"}), Item("y", 2, {"de": "Zeile y"}))
    return Question(0, code, kind, {"de": f"Frage {code}?"}, **fields)


def questionnaire(*pages: tuple[Question, ...]) -> Questionnaire:
    """A document with one page for each tuple of questions."""
    return Questionnaire(
        ("de",),
        tuple(
            Page(f"p{number}", {"de": f"Teil {number}"}, questions=asked) for number, asked in enumerate(pages, start=1)
        ),
    )


def published(document: Questionnaire, **fields: Any) -> Survey:
    """A survey that asks this, open since yesterday."""
    number = Survey.objects.count() + 1
    survey = Survey.objects.create(
        **{
            "slug": f"umfrage-{number}",
            "title": f"Umfrage {number}",
            "opens_at": timezone.now() - dt.timedelta(days=1),
            **fields,
        }
    )
    write_pages(survey=survey, questionnaire=document)
    survey.current = SurveyVersion.objects.create(survey=survey, number=1, document=to_json(draft_document(survey)))
    survey.save()
    return survey


def answer(
    survey: Survey, answers: Mapping[str, Given], *, channel: Channel = Channel.ONLINE, **fields: Any
) -> Outcome:
    """Hand in one filled-in questionnaire; it lies in the urn until ``count_now``."""
    assert survey.current_id
    return cast(
        Submission(survey, survey.current_id, answers, fields.pop("key", secrets.token_hex(8)), channel, **fields)
    )


def count_now(survey: Survey) -> int:
    """Empty the urn as after midnight."""
    return empty_urn(survey, now=timezone.now() + dt.timedelta(days=1))
