"""A survey with every kind of question, corrected once, with twelve responses: what exports are tested on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.models import Channel, FreeText, Option, Question, Survey, SurveyVersion, TextState
from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.conditions import Selected
from elbe_elster.participation.questionnaire.document import Kind, to_json
from elbe_elster.participation.questionnaire.document import Option as Choice
from tests.participation.answering import answer, count_now, options, published, question, questionnaire

FORMULA = "=WEBSERVICE(A1)"
FULL = {
    "single": Given(options=("b",)),
    "multiple": Given(options=("z", "a"), others={"z": FORMULA}),
    "matrix": Given(items={"x": ("c",)}),
    "boxes": Given(items={"y": ("a", "b")}),
    "ranking": Given(options=("c", "a")),
    "number": Given(number=Decimal("12.5")),
    "cold": Given(number=Decimal(-9)),
    "day": Given(date=dt.date(2026, 3, 1)),
    "text": Given(text="Mehr Busse, bitte. Ihre Erika Beispiel"),
    "untold": Given(missing=Missing.NO_ANSWER),
}


def corrected_survey(*, responses: int = 12) -> Survey:
    """One full response and an empty one to version 1, all others to version 2, in which an option was retired."""
    document = questionnaire(
        (
            question("single"),
            question("multiple", Kind.MULTIPLE, options=(*options("a", "b"), Choice("z", 9, {"de": "Z"}, other=True))),
            question("matrix", Kind.MATRIX_SINGLE),
            question("boxes", Kind.MATRIX_MULTIPLE, options=options("a", "b")),
        ),
        (
            question("ranking", Kind.RANKING),
            question("number", Kind.NUMBER, least=Decimal(0), places=1),
            question("cold", Kind.NUMBER),
            question("day", Kind.DATE),
            question("text", Kind.LONG_TEXT),
            question("untold", Kind.SCALE, no_answer=True, options=options("1", "2")),
            question("note", Kind.INFORMATION),
            question("why", condition=Selected("single", "c")),
        ),
    )
    survey = published(document)
    answer(survey, FULL)
    answer(survey, {}, channel=Channel.PAPER)
    count_now(survey)
    correct(survey)
    for _ in range(responses - 2):
        answer(survey, {"single": Given(options=("d",)), "multiple": Given(options=("b",))})
    count_now(survey)
    FreeText.objects.filter(question__code="text").update(state=TextState.PUBLISHED, quote="Mehr Busse, bitte.")
    return survey


def correct(survey: Survey) -> None:
    """Version 2: option b is retired, d is new, a question has another wording, one is no longer asked."""
    single = Question.objects.get(survey=survey, code="single")
    Option.objects.filter(question=single, code="b").update(retired=True)
    Option.objects.create(question=single, code="d", number=4, label="Antwort d", order=4)
    Question.objects.filter(survey=survey, code="cold").update(label_de="Wie kalt?")
    Question.objects.filter(survey=survey, code="text").update(retired=True)
    document = to_json(draft_document(survey))
    survey.current = SurveyVersion.objects.create(survey=survey, number=2, document=document, reason="Tippfehler")
    survey.save()
