from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from elbe_elster.participation.actions.examples import INVENTED, load_survey_examples, remove_survey_examples
from elbe_elster.participation.models import (
    Answer,
    Breakdown,
    FreeText,
    Page,
    PublishedTable,
    Question,
    QuestionKind,
    Response,
    ResponseCount,
    Survey,
)
from elbe_elster.participation.questionnaire.document import to_json
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.region.actions import load_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def examples() -> list[str]:
    """Both surveys."""
    load_region()
    return load_survey_examples()


def test_the_surveys_are_complete(examples: list[str]) -> None:
    year = timezone.localdate().year - 1
    assert examples == ["Digital leben in Elbe-Elster", f"Digital leben in Elbe-Elster {year}"]
    running, over = Survey.objects.with_state().order_by("pk")
    assert (running.state, over.state) == ("open", "closed")  # type: ignore[attr-defined]
    assert [survey.example for survey in (running, over)] == [True, True]
    assert [survey.generated for survey in (running, over)] == [False, True]
    questions = Question.objects.filter(survey=running)
    assert set(questions.values_list("kind", flat=True)) == set(QuestionKind.values)
    assert questions.exclude(kind=QuestionKind.INFORMATION).count() == 31
    assert (
        Response.objects.filter(survey=over).count()
        == INVENTED
        == sum(ResponseCount.objects.filter(survey=over).values_list("count", flat=True))
    )
    assert not Response.objects.filter(survey=running).exists()


def test_the_results_of_last_year_are_published(examples: list[str]) -> None:
    over = Survey.objects.get(slug="digital-leben-vorjahr")
    asked = over.questions.exclude(kind=QuestionKind.INFORMATION)
    tables = PublishedTable.objects.public().filter(survey=over)
    assert set(tables.filter(breakdown=None).values_list("question", flat=True)) == set(
        asked.values_list("pk", flat=True)
    )
    assert set(tables.exclude(breakdown=None).values_list("breakdown__question__code", flat=True)) == {
        "age",
        "municipality",
    }
    assert not any("03531" in quote for quote in FreeText.objects.values_list("quote", flat=True))


def test_every_text_is_there_in_every_language(examples: list[str]) -> None:
    survey = Survey.objects.get(slug="digital-leben")
    assert survey.current
    document = to_json(questionnaire_of(survey.current))
    names = {key for option in document["pages"][-1]["questions"][2]["options"] for key in option["label"]}
    assert names == {
        "de",
        "en",
        "de-simple",
    }  # only "outside the county" is translated; municipalities keep their names
    for page in document["pages"]:
        assert set(page["title"]) == {"de", "en", "de-simple"}
        for question in page["questions"]:
            assert set(question["label"]) == {"de", "en", "de-simple"}
            if question["kind"] != QuestionKind.MUNICIPALITY:
                for part in (*question.get("options", ()), *question.get("items", ())):
                    assert set(part["label"]) == {"de", "en", "de-simple"}, part


def test_the_same_answers_are_invented_each_time(examples: list[str]) -> None:
    def counts() -> list[tuple[object, ...]]:
        return sorted(
            Answer.objects.values_list("question__code", "item", "option", "state", "number", "date"), key=repr
        )

    before = counts()
    remove_survey_examples()
    load_survey_examples(restore=True)
    assert counts() == before


def test_examples_go_without_a_trace_and_come_back_only_when_asked(examples: list[str]) -> None:
    assert load_survey_examples() == []
    assert remove_survey_examples() == 2
    for model in (Survey, Page, Question, Breakdown, Response, Answer, ResponseCount):
        assert not model.objects.exists()
    assert load_survey_examples() == []
    assert len(load_survey_examples(restore=True)) == 2


def test_a_survey_of_ones_own_stays(examples: list[str]) -> None:
    Survey.objects.create(slug="eigene", title="Eigene Umfrage")
    remove_survey_examples()
    assert list(Survey.objects.values_list("slug", flat=True)) == ["eigene"]


def test_one_command_removes_every_example(examples: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("remove_examples", "--yes")
    assert "  2 Umfragen" in capsys.readouterr().out.splitlines()
