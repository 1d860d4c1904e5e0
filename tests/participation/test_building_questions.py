"""The editor of surveys: questions with their options and rows, their kinds, their texts in other languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.models import Option, Page, Question, Survey
from elbe_elster.participation.questionnaire.conditions import Selected
from tests.factories import UserFactory
from tests.participation.answering import question, questionnaire
from tests.participation.editing import (
    at,
    do,
    in_order,
    keys_in,
    made_survey,
    order,
    question_data,
    text_of,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None, sign_in: SignIn) -> PortalClient:
    return sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))


@pytest.fixture
def survey(db: None) -> Survey:
    return made_survey()


# Pages and questions ----------------------------------------------------------------


def test_new_pages_and_questions_each_once(team: PortalClient, survey: Survey) -> None:
    token = str(uuid4())
    for _click in range(2):
        team.post(at("page-add"), {"title": "Über Sie & Ihr Zuhause", "token": token})
    assert list(Page.objects.values_list("code", flat=True)) == ["p1", "p2", "ueber_sie_ihr_zuhause"]
    token = str(uuid4())
    sent = {"kind": "single", "label": "Wie alt sind Sie?", "token": token}
    for _click in range(2):
        team.post(f"{at('question-add')}?teil=p1&nach=q1", sent)
    assert order(survey) == [["q1", "wie_alt_sind_sie", "q2", "q3"], ["q4", "q5"], []]
    assert team.post(at("page-add"), {"title": "", "token": token}).status_code == 422
    assert team.post(f"{at('question-add')}?teil=p1", {"kind": "alles", "label": ""}).status_code == 422


def test_kinds_bring_their_options(team: PortalClient, survey: Survey, content: None) -> None:
    for kind in ("yes_no", "scale", "municipality"):
        team.post(f"{at('question-add')}?teil=p2", {"kind": kind, "label": kind, "token": str(uuid4())})
    asked = draft_document(survey).question_by_code
    assert [(option.code, option.number, dict(option.label)) for option in asked["yes_no"].options] == [
        ("yes", 1, {"de": "Ja", "en": "Yes", "de-simple": "Ja"}),
        ("no", 2, {"de": "Nein", "en": "No", "de-simple": "Nein"}),
    ]
    assert [option.code for option in asked["scale"].options] == ["1", "2", "3", "4", "5"]
    places = asked["municipality"]
    assert (len(places.options), places.options[-1].code, places.no_answer) == (34, "outside", True)
    assert all(re.fullmatch(r"12062\d{3}", option.code) for option in places.options[:-1])


def test_saving_without_a_change_changes_nothing(team: PortalClient, survey: Survey) -> None:
    before = draft_document(survey)
    for code in ("q1", "q2", "q3", "q4", "q5"):
        assert team.post(at("question-edit", code), question_data(team, code)).status_code == 302
    assert draft_document(survey) == before


def test_writing_a_question(team: PortalClient, survey: Survey) -> None:
    sent = question_data(team, "q1")
    keys = keys_in(sent)
    sent |= {"label_de": "Was nutzen Sie?", "code": "nutzung", "duty": "soft", "no_answer": "on", "shuffle": "on"}
    sent |= {f"o-{keys[0]}-code": "bus", f"o-{keys[0]}-label": "Bus", f"o-{keys[2]}-gone": "1"}
    sent = in_order(sent, keys[1], keys[0], keys[2]) | {"more-o": "Fahrrad\n\n  Zu   Fuß \nFahrrad\n"}
    answer = team.post(at("question-edit", "q1"), sent)
    assert answer.headers["Location"].endswith("#frage-nutzung")
    stored = draft_document(survey).question_by_code
    changed = stored["nutzung"]
    assert (changed.label["de"], changed.duty.value, changed.no_answer, changed.shuffle) == (
        "Was nutzen Sie?",
        "soft",
        True,
        True,
    )
    assert [(option.code, option.number, option.label["de"]) for option in changed.options] == [
        ("b", 2, "Antwort b"),
        ("bus", 1, "Bus"),
        ("fahrrad", 4, "Fahrrad"),
        ("zu_fuss", 5, "Zu Fuß"),
        ("fahrrad_2", 6, "Fahrrad"),
    ]
    assert stored["q4"].condition == Selected("nutzung", "bus")


def test_codes_may_change_places(team: PortalClient, survey: Survey) -> None:
    sent = question_data(team, "q1")
    first, second, _third = keys_in(sent)
    sent |= {f"o-{first}-code": "b", f"o-{second}-code": "a"}
    assert team.post(at("question-edit", "q1"), sent).status_code == 302
    stored = draft_document(survey).question_by_code
    assert [(option.code, option.number) for option in stored["q1"].options] == [("b", 1), ("a", 2), ("c", 3)]
    assert stored["q4"].condition == Selected("q1", "b")


def test_pasting_300_options(team: PortalClient, survey: Survey, count_queries: Callable[[], Any]) -> None:
    sent = question_data(team, "q1") | {"more-o": "\n".join(f"Ort {n} am Fluss mit langem Namen" for n in range(300))}
    assert team.post(at("question-edit", "q1"), sent).status_code == 302
    rows = list(Option.objects.filter(question__code="q1").order_by("order").values_list("code", "number"))
    assert (len(rows), len({code for code, _number in rows}), rows[-1][1]) == (303, 303, 303)
    again = question_data(team, "q1")
    with count_queries() as queries:
        assert team.post(at("question-edit", "q1"), again).status_code == 302
    assert len(queries) < 120
    too_many = question_data(team, "q1") | {"more-o": "\n".join(map(str, range(300)))}
    assert team.post(at("question-edit", "q1"), too_many).status_code == 422
    assert Option.objects.filter(question__code="q1").count() == 303


def test_an_option_that_is_needed_is_refused_or_drops_the_condition(team: PortalClient, survey: Survey) -> None:
    sent = question_data(team, "q1")
    sent |= {f"o-{keys_in(sent)[0]}-gone": "1", "label_de": "Neu"}
    refused = team.post(at("question-edit", "q1"), sent)
    assert refused.status_code == 422
    assert "Frage „Frage q4?“: Nur wenn Sie bei Frage 1 „Antwort a“ gewählt haben." in text_of(refused)
    assert Question.objects.get(code="q1").label == "Frage q1?"
    assert team.post(at("question-edit", "q1"), sent | {"drop": "1"}).status_code == 302
    assert draft_document(survey).question_by_code["q4"].condition is None


def test_two_who_write_the_same_question(team: PortalClient, survey: Survey, sign_in: SignIn) -> None:
    mine, theirs = (question_data(team, "q1") for _who in range(2))
    other = sign_in(UserFactory(roles=[Role.ADMIN]))
    assert other.post(at("question-edit", "q1"), theirs | {"label_de": "Von der anderen"}).status_code == 302
    do(other, survey, "down:question:q1")  # a move is no conflict
    late = team.post(at("question-edit", "q1"), mine | {"label_de": "Von mir"})
    assert (late.status_code, "Von mir" in late.content.decode()) == (409, True)
    assert Question.objects.get(code="q1").label == "Von der anderen"
    assert (
        team.post(at("question-edit", "q1"), mine | {"label_de": "Von mir", "stamp": late.context["stamp"]}).status_code
        == 302
    )
    assert Question.objects.get(code="q1").label == "Von mir"


@pytest.mark.parametrize(
    "bad",
    [
        {"label_de": " "},
        {"label_de": "x" * 601},
        {"code": "q2"},
        {"code": "Groß und Leer"},
        {"code": "x" * 41},
        {"duty": "immer"},
    ],
    ids=str,
)
def test_bad_questions(bad: dict[str, str], team: PortalClient, survey: Survey) -> None:
    before = draft_document(survey)
    assert team.post(at("question-edit", "q1"), question_data(team, "q1") | bad).status_code == 422
    assert draft_document(survey) == before


def test_bounds_that_make_no_sense(team: PortalClient, survey: Survey) -> None:
    sent = question_data(team, "q3")
    assert team.post(at("question-edit", "q3"), sent | {"least": "5", "most": "3"}).status_code == 422
    assert team.post(at("question-edit", "q3"), sent | {"places": "9"}).status_code == 422
    assert (
        team.post(at("question-edit", "q3"), sent | {"least": "0,5", "most": "3,5", "places": "1"}).status_code == 302
    )
    chosen = question_data(team, "q5")
    assert team.post(at("question-edit", "q5"), chosen | {"most": "1,5"}).status_code == 422


def test_hostile_rows(team: PortalClient, survey: Survey) -> None:
    before = draft_document(survey)
    foreign = Option.objects.filter(question__code="q5").first()
    assert foreign is not None
    sent = question_data(team, "q1")
    first = keys_in(sent)[0]
    sent |= {"o--label": "x", "o-0-label": "x", "o-x\x00-label": "x", "o-label": "x"}
    sent |= {f"o-{foreign.pk}-label": "gekapert", f"o-{foreign.pk}-gone": "1", "move": "o:x:up", "more-z": "Zeile"}
    assert team.post(at("question-edit", "q1"), sent).status_code == 302
    assert draft_document(survey) == before
    for code in ("", "b", "a b", "x" * 41, "<script>"):
        assert (
            team.post(at("question-edit", "q1"), question_data(team, "q1") | {f"o-{first}-code": code}).status_code
            == 422
        )
    label = "<script>alert(1)</script>"
    team.post(at("question-edit", "q1"), question_data(team, "q1") | {f"o-{first}-label": label})
    assert label not in team.get(at("survey-structure")).content.decode()
    assert label not in team.get(at("question-edit", "q1")).content.decode()


def test_moving_a_row_without_script(team: PortalClient, survey: Survey) -> None:
    sent = question_data(team, "q2")
    key = keys_in(sent, "z")[1]
    answer = team.post(at("question-edit", "q2"), sent | {"move": f"z:{key}:up"})
    assert answer.headers["Location"].endswith(f"#z-{key}")
    assert [item.code for item in draft_document(survey).question_by_code["q2"].items] == ["y", "x"]


def test_another_kind_and_back(team: PortalClient, survey: Survey) -> None:
    before = draft_document(survey)
    assert team.post(at("kind-edit", "q1"), {"kind": "number"}).status_code == 422  # q4 needs option a
    assert team.post(at("kind-edit", "q1"), {"kind": "multiple"}).status_code == 302
    assert [option.code for option in draft_document(survey).question_by_code["q1"].options] == ["a", "b", "c"]
    undo(team, survey)
    assert team.post(at("kind-edit", "q1"), {"kind": "number", "drop": "1"}).status_code == 302
    assert draft_document(survey).question_by_code["q1"].options == ()
    undo(team, survey)
    assert draft_document(survey) == before
    assert team.post(at("kind-edit", "q1"), {"kind": "nix"}).status_code == 422


def test_the_outline_asks_as_often_for_30_questions_as_for_3(
    team: PortalClient, survey: Survey, count_queries: Callable[[], Any]
) -> None:
    def queries() -> int:
        with count_queries() as seen:
            assert team.get(at("survey-structure")).status_code == 200
        return len(seen)

    queries()
    few = queries()
    more = questionnaire(tuple(question(f"r{n}", condition=Selected("q1", "a")) for n in range(30)))
    page = more.pages[0]
    write_pages(
        survey=survey,
        questionnaire=type(more)(more.languages, (type(page)("p9", {"de": "Neun"}, questions=page.questions),)),
    )
    assert queries() == few


# Languages --------------------------------------------------------------------------


def test_translating(team: PortalClient, survey: Survey) -> None:
    page = f"{at('survey-translations')}?teil=p1&sprache=en"
    context = team.get(page).context
    assert [(tongue["code"], tongue["missing"]) for tongue in context["languages"]] == [("en", 22), ("de-simple", 22)]
    names = {text.german: text.name for text, _value, _error in context["rows"]}
    sent = {"stamp": context["stamp"], names["Frage q1?"]: "Question 1?", names["Teil 1"]: "Part 1"}
    assert team.post(page, sent).status_code == 302
    stored = draft_document(survey)
    assert (stored.pages[0].title["en"], stored.question_by_code["q1"].label["en"]) == ("Part 1", "Question 1?")
    assert team.get(page).context["languages"][0]["missing"] == 20
    late = team.post(page, sent | {names["Teil 1"]: "Late"})
    assert (late.status_code, "Late" in late.content.decode()) == (409, True)
    assert draft_document(survey) == stored
    long = team.post(page, sent | {"stamp": late.context["stamp"], names["Teil 1"]: "x" * 121})
    assert long.status_code == 422


def test_texts_of_other_surveys_are_out_of_reach(team: PortalClient, survey: Survey) -> None:
    other = Survey.objects.create(slug="fremd", title="Fremd")
    page = Page.objects.create(survey=other, code="p1", title="Fremd")
    address = f"{at('survey-translations')}?teil=p1&sprache=en"
    stamp = team.get(address).context["stamp"]
    team.post(address, {"stamp": stamp, f"page-{page.pk}-title": "Taken", f"survey-{other.pk}-title": "Taken"})
    page.refresh_from_db()
    assert page.title_en in {None, ""}  # type: ignore[attr-defined]
