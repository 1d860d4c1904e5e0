"""The editor of surveys: who may, what every button does, what is refused, what comes back."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.urls import reverse

from elbe_elster.accounts.models import Role, User
from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.actions.running import publish_survey
from elbe_elster.participation.models import Breakdown, Option, Page, Question, Survey
from elbe_elster.participation.questionnaire.conditions import Answered, Selected
from elbe_elster.participation.questionnaire.document import Kind
from elbe_elster.participation.questionnaire.document import Option as DocumentOption
from tests.client import PortalClient
from tests.factories import UserFactory
from tests.participation.answering import options, question, questionnaire

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None, sign_in: SignIn) -> PortalClient:
    return sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))


@pytest.fixture
def survey(db: None) -> Survey:
    """q4 hangs on q1, option c of q5 on q4."""
    made = Survey.objects.create(slug="digital", title="Digital", languages=["en", "de-simple"])
    parts = (*options("a", "b"), DocumentOption("c", 3, {"de": "Antwort c"}, condition=Answered("q4")))
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


def do(team: PortalClient, survey: Survey, what: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = team.post(at("survey-rearrange"), {"do": what, "stamp": stamp_of(survey), **more})
    return answer


def undo(team: PortalClient, survey: Survey) -> None:
    team.post(at("survey-undo"), {"stamp": stamp_of(survey)})


def text_of(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


PAGES = [
    ("survey-structure",),
    ("survey-settings",),
    ("survey-translations",),
    ("page-add",),
    ("page-edit", "p1"),
    ("question-add", "?teil=p1"),
    ("question-edit", "q1"),
    ("question-edit", "q2"),
    ("question-edit", "q3"),
    ("kind-edit", "q1"),
    ("page-condition", "p2"),
    ("question-condition", "q4"),
    ("option-condition", "q4", "a"),
    ("item-condition", "q2", "x"),
]
SENT_TO = [("survey-rearrange",), ("survey-undo",), *PAGES[1:]]


def address(page: tuple[str, ...]) -> str:
    *codes, query = [*page, ""] if "?" not in page[-1] else page
    return at(*codes) + query


@pytest.mark.parametrize(
    ("who", "shown", "answered"),
    [
        (None, {302}, {302}),
        (Role.CURATOR, {403}, {403}),
        (Role.PUBLISHER, {403}, {403}),
        (Role.CIRCLE_OFFICE, {403}, {403}),
        (Role.REPRESENTATIVE, {403}, {403}),
        (Role.SURVEY_TEAM, {200}, {200, 302, 409, 422}),
        (Role.ADMIN, {200}, {200, 302, 409, 422}),
    ],
)
def test_who_may(
    who: Role | None, shown: set[int], answered: set[int], survey: Survey, request: pytest.FixtureRequest
) -> None:
    browser = request.getfixturevalue("sign_in")(UserFactory(roles=[who])) if who else PortalClient()
    before = draft_document(survey)
    assert {browser.get(address(page)).status_code for page in PAGES} == shown
    got = {browser.post(address(page), {"label": "x"}).status_code for page in SENT_TO}
    assert got <= answered
    if 403 in shown or 302 in shown:
        assert draft_document(survey) == before


@pytest.mark.parametrize(
    "page",
    [
        ("page-edit", "nix"),
        ("question-edit", "nix"),
        ("question-add", "?teil=nix"),
        ("question-condition", "nix"),
        ("option-condition", "q1", "nix"),
        ("item-condition", "q1", "x"),
    ],
    ids="-".join,
)
def test_what_does_not_exist(page: tuple[str, ...], team: PortalClient, survey: Survey) -> None:
    assert team.get(address(page)).status_code == 404


# Moving ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "more", "wanted"),
    [
        ("down:question:q2", {}, [["q1", "q3", "q2"], ["q4", "q5"]]),
        ("down:question:q3", {}, [["q1", "q2"], ["q3", "q4", "q5"]]),
        ("up:question:q4", {}, [["q1", "q2", "q3", "q4"], ["q5"]]),
        ("up:question:q1", {}, [["q1", "q2", "q3"], ["q4", "q5"]]),
        ("place:question:q3", {"page": "p2", "before": "q5"}, [["q1", "q2"], ["q4", "q3", "q5"]]),
        ("place:question:q3", {"to-q3": "p2"}, [["q1", "q2"], ["q4", "q5", "q3"]]),
        ("up:page:p1", {}, [["q1", "q2", "q3"], ["q4", "q5"]]),
        ("copy:question:q5", {}, [["q1", "q2", "q3"], ["q4", "q5", "q5_2"]]),
        ("copy:page:p2", {}, [["q1", "q2", "q3"], ["q4", "q5"], ["q4_2", "q5_2"]]),
        ("remove:question:q3", {}, [["q1", "q2"], ["q4", "q5"]]),
        ("remove:page:p2", {}, [["q1", "q2", "q3"]]),
    ],
)
def test_every_button_and_back(
    what: str, more: dict[str, str], wanted: list[list[str]], team: PortalClient, survey: Survey
) -> None:
    before = draft_document(survey)
    assert do(team, survey, what, **more).status_code == 302
    assert order(survey) == wanted
    shown = team.get(at("survey-structure"))
    assert "Rückgängig" in text_of(shown)
    undo(team, survey)
    assert draft_document(survey) == before


def test_a_copied_page_hangs_on_its_own_questions(team: PortalClient, survey: Survey) -> None:
    do(team, survey, "copy:page:p2")
    page = draft_document(survey).pages[2]
    assert [question.condition for question in page.questions] == [Selected("q1", "a"), None]
    assert [option.condition for option in page.questions[1].options] == [None, None, Answered("q4_2")]


@pytest.mark.parametrize(
    ("what", "more", "wanted"),
    [
        ("place:question:q1", {"page": "p2"}, [["q2", "q3"], ["q4", "q5", "q1"]]),
        ("up:page:p2", {}, [["q4", "q5"], ["q1", "q2", "q3"]]),
        ("remove:question:q1", {}, [["q2", "q3"], ["q4", "q5"]]),
        ("remove:page:p1", {}, [["q4", "q5"]]),
    ],
)
def test_what_would_break_a_condition_is_refused_or_drops_it(
    what: str, more: dict[str, str], wanted: list[list[str]], team: PortalClient, survey: Survey
) -> None:
    before = draft_document(survey)
    refused = do(team, survey, what, **more)
    assert refused.status_code == 422
    assert "Frage „Frage q4?“: Nur wenn Sie bei Frage 1 „Antwort a“ gewählt haben." in text_of(refused)
    assert draft_document(survey) == before
    assert do(team, survey, what, **more, drop="1").status_code == 302
    assert order(survey) == wanted
    assert draft_document(survey).question_by_code["q4"].condition is None
    assert draft_document(survey).question_by_code["q5"].options[2].condition == Answered("q4")
    undo(team, survey)
    assert draft_document(survey) == before


def test_who_comes_late_changes_nothing_and_a_double_click_counts_once(team: PortalClient, survey: Survey) -> None:
    stamp = stamp_of(survey)
    for _click in range(2):
        team.post(at("survey-rearrange"), {"do": "copy:question:q3", "stamp": stamp})
    assert order(survey) == [["q1", "q2", "q3", "q3_2"], ["q4", "q5"]]
    assert "inzwischen" not in text_of(team.get(at("survey-structure")))
    team.post(at("survey-rearrange"), {"do": "remove:question:q3", "stamp": stamp})
    assert order(survey) == [["q1", "q2", "q3", "q3_2"], ["q4", "q5"]]
    assert "hat sich inzwischen geändert" in text_of(team.get(at("survey-structure")))


def test_only_the_last_step_can_be_taken_back(team: PortalClient, survey: Survey, sign_in: SignIn) -> None:
    do(team, survey, "remove:question:q3")
    other = sign_in(UserFactory(roles=[Role.ADMIN]))
    do(other, survey, "down:question:q1")
    undo(team, survey)
    assert order(survey) == [["q2", "q1"], ["q4", "q5"]]
    stranger = sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))
    undo(stranger, survey)
    assert order(survey) == [["q2", "q1"], ["q4", "q5"]]


@pytest.mark.parametrize(
    "what", ["", "x", "up:question:nix", "remove:page:", "place:question:q1", "fly:page:p1", "\x00:question:q1"]
)
def test_nonsense_changes_nothing(what: str, team: PortalClient, survey: Survey) -> None:
    before = draft_document(survey)
    assert do(team, survey, what).status_code == 302
    assert draft_document(survey) == before


# After publication ----------------------------------------------------------------


def test_what_was_published_is_retired_and_keeps_its_names(team: PortalClient, survey: Survey, admin: User) -> None:
    publish_survey(survey=survey, actor=admin)
    assert do(team, survey, "remove:question:q3").status_code == 302
    assert draft_document(survey).question_by_code["q3"].retired
    assert do(team, survey, "remove:page:p2").status_code == 302
    assert order(survey) == [["q1", "q2", "q3"], ["q4", "q5"]]
    do(team, survey, "revive:question:q3")
    assert not draft_document(survey).question_by_code["q3"].retired
    team.post(at("kind-edit", "q3"), {"kind": "date"})
    sent = question_data(team, "q1") | {"code": "anders"}
    first, second, _third = Option.objects.filter(question__code="q1").order_by("number")
    sent |= {f"o-{first.pk}-gone": "1", f"o-{second.pk}-code": "neu", f"o-{second.pk}-label": "Neu"}
    assert team.post(at("question-edit", "q1"), sent).status_code == 302
    stored = draft_document(survey)
    assert stored.question_by_code["q3"].kind is Kind.NUMBER
    assert [(option.code, option.label["de"], option.retired) for option in stored.question_by_code["q1"].options] == [
        ("a", "Antwort a", True),
        ("b", "Neu", False),
        ("c", "Antwort c", False),
    ]


def test_a_question_of_a_breakdown_stays(team: PortalClient, survey: Survey) -> None:
    Breakdown.objects.create(survey=survey, question=Question.objects.get(code="q3"), label="Zahl")
    assert do(team, survey, "remove:question:q3").status_code == 302
    assert order(survey) == [["q1", "q2", "q3"], ["q4", "q5"]]
    assert "Löschen Sie zuerst die Gliederung." in text_of(team.get(at("survey-structure")))


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
