"""The editor of surveys for tests: a survey to work on, what its forms send, what its buttons do."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.models import Survey
from elbe_elster.participation.questionnaire.conditions import Answered, Selected
from elbe_elster.participation.questionnaire.document import Kind, Option
from tests.participation.answering import options, question, questionnaire

if TYPE_CHECKING:
    from tests.client import PortalClient


def made_survey() -> Survey:
    """q4 hangs on q1, option c of q5 on q4."""
    made = Survey.objects.create(slug="digital", title="Digital", languages=["en", "de-simple"])
    parts = (*options("a", "b"), Option("c", 3, {"de": "Antwort c"}, condition=Answered("q4")))
    asked = questionnaire(
        (question("q1"), question("q2", Kind.MATRIX_SINGLE), question("q3", Kind.NUMBER)),
        (question("q4", condition=Selected("q1", "a")), question("q5", Kind.MULTIPLE, options=parts)),
    )
    write_pages(survey=made, questionnaire=asked)
    return made


def at(name: str, *codes: str) -> str:
    return reverse(f"participation:{name}", args=["digital", *codes])


def order(survey: Survey) -> list[list[str]]:
    return [[question.code for question in page.questions] for page in draft_document(survey).pages]


def stamp_of(survey: Survey) -> str:
    survey.refresh_from_db()
    return survey.changed_at.isoformat()


def do(team: PortalClient, survey: Survey, what: str, **more: Any) -> Any:
    return team.post(at("survey-rearrange"), {"do": what, "stamp": stamp_of(survey), **more})


def undo(team: PortalClient, survey: Survey) -> None:
    team.post(at("survey-undo"), {"stamp": stamp_of(survey)})


def text_of(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def question_data(team: PortalClient, code: str) -> dict[str, Any]:
    """What the form of a question sends when nobody has changed anything."""
    context = team.get(at("question-edit", code)).context
    sent: dict[str, Any] = {"stamp": context["stamp"]}
    for field in context["form"]:
        value = field.value()
        if value is not None and value is not False:
            sent[field.html_name] = value
    for parts in (context["options"], context["items"]):
        for row in parts.rows if parts else ():
            box = f"{parts.letter}-{row.key}"
            sent[f"{box}-label"] = row.part.label
            if not parts.is_long:
                sent |= {f"{box}-code": row.part.code, f"{box}-help": row.part.help}
    return sent


def keys_in(sent: dict[str, Any], letter: str = "o") -> list[str]:
    return [name.split("-")[1] for name in sent if name.startswith(f"{letter}-") and name.endswith("-label")]


def in_order(sent: dict[str, Any], *keys: str, letter: str = "o") -> dict[str, Any]:
    """The same form with its rows in another order."""
    rows = [name for name in sent if name.startswith(f"{letter}-")]
    rest = {name: value for name, value in sent.items() if name not in rows}
    return rest | {name: sent[name] for key in keys for name in rows if name.startswith(f"{letter}-{key}-")}
