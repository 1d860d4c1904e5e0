"""What becomes public of a survey, what does not, and who decides it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from elbe_elster.participation.actions.publishing import (
    is_far_enough,
    publish_due_results,
    publish_results,
    withdraw_results,
)
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.disclosure.protect import Why
from elbe_elster.participation.models import (
    Breakdown,
    BreakdownGroup,
    Channel,
    PublishedTable,
    Question,
    StepKind,
    Survey,
)
from elbe_elster.participation.questionnaire.answers import Given
from elbe_elster.participation.questionnaire.conditions import (
    Answered,
    Both,
    Compare,
    Constant,
    CountOf,
    Either,
    Not,
    Selected,
    SumOf,
    ValueOf,
)
from elbe_elster.participation.questionnaire.document import Kind
from elbe_elster.participation.results.audience import Audience, Part, audience_of
from elbe_elster.participation.results.findings import Findings
from elbe_elster.participation.results.showing import Cell, cell
from tests.participation.answering import answer, count_now, published, question, questionnaire
from tests.participation.test_disclosure import assert_nothing_is_found_out, attack_single

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


pytestmark = pytest.mark.django_db


def one(code: str) -> Given:
    return Given(options=(code,))


def over(*questions: Any, people: Sequence[tuple[int, Mapping[str, Given]]], **fields: Any) -> Survey:
    """A survey that has ended, with so many people of each kind."""
    survey = published(questionnaire(questions), **fields)
    if any(asked.code == "place" for asked in questions):
        breakdown = Breakdown.objects.create(
            survey=survey, question=Question.objects.get(survey=survey, code="place"), label="Wohnort"
        )
        for number, label in enumerate(("Nord", "Mitte", "Süd"), start=1):
            BreakdownGroup.objects.create(breakdown=breakdown, number=number, label=label, options=[number])
    answer_all(survey, people)
    survey.closes_at = timezone.now() - dt.timedelta(minutes=1)
    survey.save()
    return survey


def answer_all(
    survey: Survey, people: Sequence[tuple[int, Mapping[str, Given]]], channel: Channel = Channel.ONLINE
) -> None:
    for number, draft in people:
        for _ in range(number):
            answer(survey, draft, channel=channel)
    count_now(survey)


def town(*counts: tuple[str, str, int]) -> list[tuple[int, Mapping[str, Given]]]:
    return [(number, {"place": one(place), "car": one(car)}) for place, car, number in counts]


TOWN = town(
    ("a", "a", 20), ("a", "b", 15), ("a", "c", 1), ("b", "a", 12), ("b", "b", 18), ("b", "c", 9), ("c", "a", 30),
    ("c", "b", 25), ("c", "c", 14),
)  # fmt: skip


def counts(survey: Survey, code: str, breakdown: Breakdown | None = None) -> list[list[int | None]]:
    table = PublishedTable.objects.get(survey=survey, question__code=code, breakdown=breakdown)
    return [row["counts"] for row in table.values["blocks"][0]["rows"]]


# What is written down ---------------------------------------------------------


def test_a_published_table_holds_nothing_that_is_hidden() -> None:
    survey = over(question("place"), question("car"), people=TOWN)
    assert publish_results(survey=survey, codes=["car"], actor=None) == ["car"]
    breakdown = survey.breakdowns.get()
    assert counts(survey, "car") == [[62], [58], [24]]
    assert counts(survey, "car", breakdown) == [[None, None, 30], [15, 18, 25], [None, None, 14]]
    block = PublishedTable.objects.get(breakdown=breakdown).values["blocks"][0]
    assert [(column["number"], column["base"]) for column in block["columns"]] == [(1, 36), (2, 39), (3, 69)]


def test_a_background_question_is_not_split_by_itself() -> None:
    survey = over(question("place"), question("car"), people=TOWN)
    publish_results(survey=survey, codes=["place"], actor=None)
    table = PublishedTable.objects.get()
    assert (table.question.code, table.breakdown) == ("place", None)


def test_who_saw_a_question_does_not_tell_a_hidden_number_of_the_one_before() -> None:
    people = [
        (40, {"car": one("a"), "why": one("a")}),
        (30, {"car": one("b")}),
        (2, {"car": one("c")}),
    ]
    survey = over(question("car"), question("why", condition=Selected("car", "a")), people=people)
    publish_results(survey=survey, codes=["car", "why"], actor=None)
    assert counts(survey, "car") == [[40], [None], [None]]
    assert counts(survey, "why") == [[40], [0], [0]]
    other = over(question("car"), question("why", condition=Selected("car", "b")), people=[
        *people[:1], (30, {"car": one("b"), "why": one("b")}), *people[2:],
    ])  # fmt: skip
    publish_results(survey=other, codes=["why"], actor=None)
    assert counts(other, "why") == [[None], [None], [None]]
    block = PublishedTable.objects.get(survey=other).values["blocks"][0]
    assert (block["shown"], block["answered"], block["missing"], block["columns"][0]["base"]) == (None,) * 4


def number_of(code: str, **fields: Any) -> Any:
    return question(code, Kind.NUMBER, least=Decimal(0), most=Decimal(100), **fields)


def minutes(value: int, **answers: Given) -> dict[str, Given]:
    return {"minutes": Given(number=Decimal(value)), **answers}


def test_bands_end_where_a_condition_begins() -> None:
    """Without the cut, those with 49 would be the people who saw the question less those in the band from 50."""
    later = question("why", condition=Compare(">=", ValueOf("minutes"), Constant(Decimal(49))))
    people = [(30, minutes(10)), (1, minutes(49, why=one("a"))), (20, minutes(70, why=one("a")))]
    survey = over(number_of("minutes"), later, people=people)
    publish_results(survey=survey, codes=["minutes", "why"], actor=None)
    rows = PublishedTable.objects.get(question__code="minutes").values["blocks"][0]["rows"]
    labels = [row["label"]["de"] for row in rows]
    assert labels[:4] == ["0 bis 19", "20 bis 39", "40 bis 48", "49 bis 59"]
    assert counts(survey, "minutes") == [[30], *([[None]] * (len(rows) - 1))]
    assert counts(survey, "why") == [[None]] * 3


@pytest.mark.parametrize("size", [1, 2, 3])
def test_two_questions_tied_together_leave_nobody_over(size: int) -> None:
    """Of those with a and x, all but ``size`` saw the question: their number is a difference of three tables."""
    later = question("why", condition=Both((Selected("car", "a"), Selected("bus", "a"))))
    people = [
        (20, {"car": one("a"), "bus": one("a"), "why": one("b")}),
        (size, {"car": one("a"), "bus": one("b")}),
        (15, {"car": one("b"), "bus": one("a")}),
        (12, {"car": one("b"), "bus": one("b")}),
    ]
    survey = over(question("car"), question("bus"), later, people=people)
    publish_results(survey=survey, codes=["car", "bus", "why"], actor=None)
    assert counts(survey, "car") == [[20 + size], [27], [0]]
    expected: list[list[int | None]] = [[0], [20], [0]] if size == 3 else [[None], [None], [None]]
    assert counts(survey, "why") == expected


@pytest.mark.parametrize(
    "condition",
    [
        Compare(">=", CountOf("many"), Constant(Decimal(2))),
        Compare(">=", SumOf(("minutes", "more")), Constant(Decimal(50))),
        Compare(">", ValueOf("minutes"), ValueOf("more")),
        Both((Selected("car", "a"), Selected("many", "a"), Answered("minutes"))),
        Not(Both((Selected("car", "a"), Selected("many", "b")))),
        Both((Selected("car", "a"), Either((Selected("car", "b"), Selected("many", "a"))))),
    ],
)
def test_what_stands_in_no_table_closes_the_question(condition: Any) -> None:
    asked = (question("car"), question("many", Kind.MULTIPLE), number_of("minutes"), number_of("more"))
    document = questionnaire((*asked, question("why", condition=condition)))
    assert audience_of(document, document.question_by_code["why"], 0, {}) is None


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Selected("car", "a"), Part(("car", ""), 0, 0, ((1, 1),))),
        (Not(Selected("car", "a")), Part(("car", ""), 1, -1, ((2, 1), (3, 1)))),
        (Either((Selected("car", "a"), Selected("car", "c"))), Part(("car", ""), 0, 0, ((1, 1), (3, 1)))),
        (Compare(">=", CountOf("many"), Constant(Decimal(1))), Part(("many", ""), 0, 1, ())),
        (Not(Selected("many", "b")), Part(("many", ""), 1, 0, ((2, -1),))),
        (Both((Answered("many"), Not(Selected("many", "b")))), Part(("many", ""), 0, 1, ((2, -1),))),
        (Answered("minutes"), Part(("minutes", ""), 0, 0, ((1, 1),))),
    ],
)
def test_a_sum_of_rows_tells_nothing_new(condition: Any, expected: Part) -> None:
    asked = (question("car"), question("many", Kind.MULTIPLE), number_of("minutes"))
    document = questionnaire((*asked, question("why", condition=condition)))
    assert audience_of(document, document.question_by_code["why"], 0, {}) == Audience((expected,))


@pytest.mark.parametrize("others", [2, 3])
def test_all_but_two_of_a_group_are_not_told(others: int) -> None:
    """Who gave no answer did not see what comes next: not said of one or two, neither of all nor of a group."""
    later = question("why", condition=Answered("car"))
    full = {"car": one("a"), "why": one("a")}, {"car": one("b"), "why": one("b")}
    people = [
        (number, {"place": one(place), **answers})
        for place in ("a", "b", "c")
        for number, answers in ((20, full[0]), (30, full[1]))
    ]
    survey = over(question("place"), question("car"), later, people=[*people, (others, {"place": one("a")})])
    mask = Findings(survey, ["why"]).mask("why")
    assert mask.total[0] == (Why.TELLING if others == 2 else Why.SHOWN)
    assert mask.splits[str(survey.breakdowns.get().pk)][0][0] == (Why.TELLING if others == 2 else Why.SHOWN)


def test_who_gave_no_answer_does_not_open_a_hidden_cell() -> None:
    """The size of a group and how many of it answered are known; what they answered stays open."""
    survey = over(question("place"), question("car"), people=[*TOWN, (1, {"place": one("a")})])
    findings = Findings(survey, ["car"])
    (exact, _rows), mask = findings.exact("car"), findings.mask("car")
    assert_nothing_is_found_out(exact, mask, attack_single(exact, mask))


def test_means_stand_where_every_count_is_shown() -> None:
    people = [(10, {"mood": one("1")}), (20, {"mood": one("4")}), (5, {"mood": one("5")})]
    survey = over(question("mood", Kind.SCALE), people=people)
    publish_results(survey=survey, codes=["mood"], actor=None)
    column = PublishedTable.objects.get().values["blocks"][0]["columns"][0]
    assert (column["base"], column["mean"], column["middle"]) == (35, "3.3", 3)
    answer_one = over(question("mood", Kind.SCALE), people=[*people, (1, {"mood": one("3")})])
    publish_results(survey=answer_one, codes=["mood"], actor=None)
    column = PublishedTable.objects.get(survey=answer_one).values["blocks"][0]["columns"][0]
    assert (column["mean"], column["middle"]) == (None, None)


def test_one_who_said_nothing_is_not_told() -> None:
    survey = over(question("car"), people=[(30, {"car": one("a")}), (20, {"car": one("b")}), (1, {})])
    publish_results(survey=survey, codes=["car"], actor=None)
    block = PublishedTable.objects.get().values["blocks"][0]
    assert (block["shown"], block["answered"], block["missing"]) == (None, 50, None)


def test_a_ranking_counts_first_places_and_mean_places() -> None:
    people = [(12, {"best": Given(options=("a", "b", "c"))}), (10, {"best": Given(options=("b", "a"))})]
    survey = over(question("best", Kind.RANKING), people=people)
    publish_results(survey=survey, codes=["best"], actor=None)
    rows = PublishedTable.objects.get().values["blocks"][0]["rows"]
    assert [(row["counts"], row["means"]) for row in rows] == [([12], ["1.5"]), ([10], ["1.5"]), ([0], ["3.0"])]


@pytest.mark.parametrize(
    ("count", "base", "expected"),
    [
        (None, 50, Cell(".", ".", None)),
        (5, None, Cell(".", ".", None)),
        (0, 50, Cell("–", "–", 0)),
        (3, 1000, Cell("0", "3", 0)),
        (10, 29, Cell("(34)", "(10)", 34)),
        (10, 30, Cell("33", "10", 33)),
        (5, 200, Cell("3", "5", 3)),
    ],
)
def test_signs(count: int | None, base: int | None, expected: Cell) -> None:
    assert cell(count, base) == expected


# Time -------------------------------------------------------------------------


def test_nothing_is_published_while_the_survey_runs() -> None:
    survey = published(questionnaire((question("car"),)))
    with pytest.raises(SurveyRefusedError):
        publish_results(survey=survey, codes=["car"], actor=None)


def test_announced_results_appear_at_their_date_with_the_counts_of_that_moment() -> None:
    survey = published(questionnaire((question("car"),)), results_from=timezone.now() + dt.timedelta(days=2))
    answer_all(survey, [(20, {"car": one("a")})])
    publish_results(survey=survey, codes=["car"], actor=None)
    assert not PublishedTable.objects.public().exists()
    answer_all(survey, [(20, {"car": one("b")})])
    assert publish_due_results() == 0
    later = timezone.now() + dt.timedelta(days=3)
    assert (publish_due_results(now=later), publish_due_results(now=later)) == (1, 0)
    assert counts(survey, "car") == [[20], [20], [0]]


def test_a_table_changes_only_when_ten_more_have_answered_everywhere() -> None:
    survey = over(question("place"), question("car"), people=TOWN)
    publish_results(survey=survey, codes=["car"], actor=None)
    before = counts(survey, "car")
    Survey.objects.filter(pk=survey.pk).update(closes_at=None)
    survey.refresh_from_db()
    answer_all(survey, town(("a", "a", 9), ("b", "a", 10), ("c", "a", 10)))
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    publish_results(survey=survey, codes=["car"], actor=None)
    assert counts(survey, "car") == before
    Survey.objects.filter(pk=survey.pk).update(closes_at=None)
    survey.refresh_from_db()
    answer_all(survey, town(("a", "a", 1)))
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    publish_results(survey=survey, codes=["car"], actor=None)
    assert counts(survey, "car") == [[92], [58], [24]]


def test_taking_back_does_not_get_around_the_rule() -> None:
    survey = over(question("car"), people=[(20, {"car": one("a")}), (20, {"car": one("b")})])
    publish_results(survey=survey, codes=["car"], actor=None)
    withdraw_results(survey=survey, code="car", reason="Zahlendreher", actor=None)
    Survey.objects.filter(pk=survey.pk).update(closes_at=None)
    survey.refresh_from_db()
    answer_all(survey, [(3, {"car": one("a")})])
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    publish_results(survey=survey, codes=["car"], actor=None)
    assert counts(survey, "car") == [[20], [20], [0]]
    assert list(survey.steps.order_by("pk").values_list("kind", "note")) == [
        (StepKind.RESULTS, "car"),
        (StepKind.RESULTS_WITHDRAWN, "car: Zahlendreher"),
        (StepKind.RESULTS, "car"),
    ]


def test_far_enough() -> None:
    def block(base: int | None) -> dict[str, Any]:
        return {"blocks": [{"item": 0, "columns": [{"number": 1, "base": base}], "rows": []}]}

    assert [is_far_enough(block(20), block(base)) for base in (20, 29, 30, None)] == [True, False, True, True]
