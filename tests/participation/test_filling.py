from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from elbe_elster.participation.filling import state
from elbe_elster.participation.models import Answer, Envelope, FreeText, Survey, SurveyVersion
from elbe_elster.participation.questionnaire.conditions import Answered, Selected
from elbe_elster.participation.questionnaire.document import Duty, Kind, Option, Page, Question, Questionnaire, to_json
from tests.participation.answering import count_now, options, published, question, questionnaire
from tests.participation.filling import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
OK, UNPROCESSABLE, GONE = 200, 422, 410


def two_pages(**fields: Any) -> Survey:
    """A question on each of two pages."""
    return published(questionnaire((question("a"),), (question("b", Kind.LONG_TEXT),)), **fields)


def test_a_survey_from_the_first_page_to_thanks(client: PortalClient) -> None:
    survey = two_pages()
    person = Person(client, survey).begin()
    assert (person.title, person.form.shown, person.form.steps) == ("Teil 1", ["a"], ["next", "save"])
    person.press(q_a="b")
    assert (person.title, person.form.steps) == ("Teil 2", ["next", "back", "save"])
    person.press(q_b="Mehr Busse\nam Abend")
    assert person.title == "Stimmt alles?"
    assert person.answers == [("1 Frage a?", "Antwort b"), ("2 Frage b?", "Mehr Busse am Abend")]
    person.press("submit")
    assert (person.response.status_code, person.response.url) == (302, f"/beteiligung/umfragen/{survey.slug}/danke/")
    assert count_now(survey) == 1
    assert [text.text for text in FreeText.objects.all()] == ["Mehr Busse\nam Abend"]
    assert client.get(person.response.url).status_code == OK


def test_nothing_is_lost_on_the_way_back(client: PortalClient) -> None:
    survey = published(questionnaire((question("a", Kind.NUMBER),), (question("b", Kind.SHORT_TEXT),)))
    person = Person(client, survey).begin().press(q_a="7").press("back", q_b="halb")
    assert person.form.values["q-a"] == ["7"]
    person.press("next")
    assert person.form.values["q-b"] == ["halb"]


def test_what_does_not_fit_is_still_there_after_going_back_and_is_asked_again(client: PortalClient) -> None:
    survey = published(questionnaire((question("a"),), (question("b", Kind.NUMBER),)))
    person = Person(client, survey).begin().press().press("back", q_b="zwölf").press()
    assert person.form.values["q-b"] == ["zwölf"]
    person.press()
    assert (person.response.status_code, person.form.values["q-b"]) == (UNPROCESSABLE, ["zwölf"])
    assert person.form.errors == ["Bitte tragen Sie nur eine Zahl ein, zum Beispiel 12."]
    assert person.html.count("<title>Fehler:") == 1
    assert '<a href="#f-b">Frage 2: Bitte tragen Sie nur eine Zahl ein, zum Beispiel 12.</a>' in " ".join(
        person.html.split()
    )


# Duty and conditions -------------------------------------------------------------------------------------------------


def test_a_question_that_must_be_answered_holds_and_one_that_should_reminds_once(client: PortalClient) -> None:
    survey = published(questionnaire((question("a", duty=Duty.HARD), question("b", duty=Duty.SOFT)), (question("c"),)))
    person = Person(client, survey).begin().press()
    assert (person.response.status_code, person.title) == (UNPROCESSABLE, "Teil 1")
    assert person.form.errors == ["Bitte wählen Sie eine Antwort aus."] * 2
    person.press(q_a="a")
    assert person.title == "Teil 2"


@pytest.mark.parametrize("said", ["no_answer", "not_legible", "unknown"])
def test_no_made_up_reason_leads_past_a_question_that_must_be_answered(client: PortalClient, said: str) -> None:
    survey = published(questionnaire((question("a", duty=Duty.HARD),), (question("c"),)))
    person = Person(client, survey).begin().press(m_a=said)
    assert (person.response.status_code, person.title) == (UNPROCESSABLE, "Teil 1")
    assert person.form.errors == ["Bitte wählen Sie eine Antwort aus."]
    assert "nicht lesbar" not in person.html


def test_only_a_reminder_is_no_error(client: PortalClient) -> None:
    survey = published(questionnaire((question("b", duty=Duty.SOFT),), (question("c"),)))
    person = Person(client, survey).begin().press()
    assert (person.response.status_code, person.title) == (OK, "Teil 1")
    assert "Eine Antwort fehlt noch" in " ".join(person.html.split())
    assert "<title>Fehler:" not in person.html
    assert person.press().title == "Teil 2"


def follow_up(duty: Duty = Duty.FREE) -> Survey:
    return published(
        questionnaire(
            (question("a"), question("b", condition=Selected("a", "a"), duty=duty)),
            (question("c", condition=Answered("b")),),
            (question("d"),),
        )
    )


def test_a_question_that_became_visible_on_its_page_is_shown_before_going_on(client: PortalClient) -> None:
    person = Person(client, follow_up()).begin()
    assert (person.form.shown, person.form.hidden) == (["a"], {"b"})
    person.press(q_a="a")
    assert (person.title, person.form.shown, person.response.status_code) == ("Teil 1", ["a", "b"], OK)
    assert "Zu Ihren Antworten gibt es noch eine Frage" in person.html
    person.press()
    assert person.title == "Teil 3"


def test_a_browser_that_showed_it_already_goes_on_at_once(client: PortalClient) -> None:
    person = Person(client, follow_up()).begin().press(presented="a b", q_a="a", q_b="c")
    assert person.title == "Teil 2"
    assert "Teil 2 von 3" in person.html


def test_hidden_and_required_and_back_together(client: PortalClient) -> None:
    person = Person(client, follow_up(Duty.HARD)).begin().press(q_a="b")
    assert (person.title, "Teil 2 von 2" in person.html) == ("Teil 3", True)
    person.press("back").press(q_a="a").press()
    assert person.form.errors == ["Bitte wählen Sie eine Antwort aus."]
    person.press(q_b="a").press(q_c="b").press("back").press("back")
    assert person.form.values["q-b"] == ["a"]
    person.press(q_a="c")  # b is hidden again, with its answer in the form
    assert person.title == "Teil 3"
    person.press()
    assert person.answers == [("1 Frage a?", "Antwort c"), ("4 Frage d?", "nicht beantwortet")]
    person.press("to-a").press(q_a="a")  # what was answered before is still known
    assert person.title == "Stimmt alles?"
    assert person.answers[1:3] == [("2 Frage b?", "Antwort a"), ("3 Frage c?", "Antwort b")]


def test_a_change_from_the_check_page_leads_to_what_it_made_visible_and_back(client: PortalClient) -> None:
    survey = published(
        questionnaire((question("a"),), (question("b", condition=Selected("a", "a")),), (question("c"),))
    )
    person = Person(client, survey).begin().press(q_a="b").press().press("to-a")
    assert "autofocus" in re.findall(r'<div[^>]*data-question="a"[^>]*>', person.html)[0]
    person.press(q_a="a")
    assert person.title == "Teil 2"
    assert person.press(q_b="a").title == "Stimmt alles?"


def test_handing_in_past_a_page_leads_to_that_page(client: PortalClient) -> None:
    survey = published(questionnaire((question("a"),), (question("b", duty=Duty.HARD),)))
    person = Person(client, survey).begin().press("submit", q_a="a")
    assert (person.title, Envelope.objects.count()) == ("Teil 2", 0)
    person.press("submit")
    assert (person.form.errors, Envelope.objects.count()) == (["Bitte wählen Sie eine Antwort aus."], 0)


def test_one_page_may_be_handed_in_directly(client: PortalClient) -> None:
    person = Person(client, published(questionnaire((question("a"),)))).begin().press("submit", q_a="a")
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


def test_a_hidden_answer_is_not_handed_in(client: PortalClient) -> None:
    survey = published(questionnaire((question("a"), question("b", Kind.SHORT_TEXT, condition=Selected("a", "a")))))
    person = Person(client, survey).begin().press(presented="a b", q_a="a", q_b="geheim").press("to-a", q_a="a")
    person.press(q_a="b").press("submit")
    count_now(survey)
    assert (Answer.objects.count(), FreeText.objects.count()) == (1, 0)


def test_the_order_is_random_but_stays(client: PortalClient) -> None:
    many = options(*"abcdefghij", other="j")
    survey = published(questionnaire((question("a", shuffle=True, options=many),), (question("b"),)))
    orders = set()
    for _ in range(4):
        person = Person(client, survey).begin()
        order = re.findall(r'value="(\w)"', person.html)
        person.press().press("back")
        assert re.findall(r'value="(\w)"', person.html)[: len(many)] == order[: len(many)]
        assert order[-1] == "j"
        orders.add("".join(order))
    assert len(orders) > 1


# Bad input -----------------------------------------------------------------------------------------------------------


def changed(token: str) -> str:
    return ("A" if token[5] != "A" else "B").join((token[:5], token[6:]))


@pytest.mark.parametrize("change", [changed, lambda _token: "", lambda _token: "x" * 500_000, lambda token: token[:-4]])
def test_a_form_that_was_tampered_with_is_refused(client: PortalClient, change: Callable[[str], str]) -> None:
    person = Person(client, two_pages()).begin()
    person.press(token=change(person.form.values["token"][0]), q_a="a")
    assert (person.response.status_code, person.title) == (400, "Diese Seite lässt sich nicht mehr benutzen")


def test_the_form_of_another_survey_is_refused(client: PortalClient) -> None:
    other = Person(client, two_pages()).begin()
    person = Person(client, two_pages()).begin().press(token=other.form.values["token"])
    assert person.response.status_code == 400


def test_sent_twice_counts_once(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="a").press()
    data = {**person.form.values, "step": ["submit"]}
    answers = [person.send(data).response for _ in range(3)]
    assert [answer.url for answer in answers] == [f"/beteiligung/umfragen/{person.survey.slug}/danke/"] * 3
    assert Envelope.objects.count() == 1


def test_an_older_page_is_no_harm(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin()
    first = {**person.form.values, "q-a": ["b"], "step": ["next"]}
    person.press(q_a="a").press(q_b="x").send(first)
    assert person.title == "Teil 2"
    assert person.press().answers[0] == ("1 Frage a?", "Antwort b")


def test_an_unknown_option_is_refused_in_words(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="erfunden")
    assert person.response.status_code == UNPROCESSABLE
    assert person.form.errors == ["Diese Antwort gibt es hier nicht. Bitte wählen Sie noch einmal."]


@pytest.mark.parametrize("step", ["to-", "to-gibtesnicht", "to-b", "unfug", "", "resume", "check"])
def test_an_unknown_step_shows_the_page_again(client: PortalClient, step: str) -> None:
    person = Person(client, two_pages()).begin().press(step, q_a="a")
    assert (person.title, person.response.status_code) == ("Teil 1", OK)


def test_a_page_that_lay_open_for_a_week_goes_on_with_its_answers(client: PortalClient) -> None:
    survey = two_pages()
    person = Person(client, survey).begin().press(q_a="a")
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        person.press(q_b="lang her")
        assert (person.response.status_code, person.title) == (GONE, "Diese Seite lag lange offen")
        assert person.answers[0] == ("1 Frage a?", "Antwort a")
        person.press("resume")
        assert person.title == "Teil 2"


def test_a_text_beyond_all_measure_is_cut_and_complained_about(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press().press(q_b="x" * 2_000_000)
    assert person.form.errors == ["Der Text ist zu lang: 20000 Zeichen. Möglich sind 5000."]
    assert len(person.html) < 200_000


def test_too_much_at_once_is_said_in_words(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="x" * 3_000_000)
    assert (person.response.status_code, person.title) == (413, "Das war zu viel auf einmal")
    person.send({f"f{number}": "" for number in range(1001)})
    assert person.response.status_code == 413


def test_four_hundred_questions(client: PortalClient) -> None:
    kinds = [kind for kind in Kind if kind is not Kind.MUNICIPALITY]
    asked = tuple(question(f"q{number}", kinds[number % len(kinds)]) for number in range(400))
    survey = published(questionnaire(asked[:200], asked[200:]))
    person = Person(client, survey).begin()
    texts = {f"q-q{n}": "Ein Satz." for n in range(400) if kinds[n % len(kinds)] in {Kind.SHORT_TEXT, Kind.LONG_TEXT}}
    for _page in range(2):
        person.press(**{name: value for name, value in texts.items() if name in person.form.values})
    assert len(person.answers) == sum(question.kind is not Kind.INFORMATION for question in asked)
    assert person.press("submit").response.status_code == 302
    assert count_now(survey) == 1
    assert FreeText.objects.count() == len(texts)


# Time ------------------------------------------------------------------------------------------------------------------


def test_who_began_in_time_may_hand_in_for_an_hour_then_gets_the_answers_back(client: PortalClient) -> None:
    end = timezone.now() + dt.timedelta(minutes=5)
    person = Person(client, two_pages(closes_at=end)).begin().press(q_a="a")
    page = {**person.form.values, "q-b": ["Mehr Busse"]}
    with time_machine.travel(end + dt.timedelta(minutes=59)):
        assert person.send({**page, "step": ["next"]}).title == "Stimmt alles?"
        assert client.get(person.address).status_code == 302
    with time_machine.travel(end + dt.timedelta(minutes=61)):
        person.send({**page, "step": ["next"]})
        assert (person.response.status_code, person.title) == (GONE, "Die Umfrage ist zu Ende")
        assert person.answers == [("1 Frage a?", "Antwort a"), ("2 Frage b?", "Mehr Busse")]
        person.press("file")
        assert person.response.headers["Content-Disposition"] == f'attachment; filename="{person.survey.slug}.html"'
        assert person.answers == [("1 Frage a?", "Antwort a"), ("2 Frage b?", "Mehr Busse")]
    assert Envelope.objects.count() == 0


def test_a_correction_during_the_run_changes_nothing_for_who_began_before(client: PortalClient) -> None:
    survey = two_pages()
    person = Person(client, survey).begin().press(q_a="a")
    changed_document = Questionnaire(
        ("de",), (Page("p", {"de": "Neu"}, questions=(Question(1, "z", Kind.NUMBER, {"de": "Z?"}),)),)
    )
    survey.current = SurveyVersion.objects.create(survey=survey, number=2, document=to_json(changed_document))
    survey.save()
    person.press(q_b="weiter wie bisher").press("submit")
    assert (person.response.status_code, count_now(survey)) == (302, 1)
    assert Person(client, survey).begin().form.shown == ["z"]


@pytest.mark.parametrize(
    "fields", [{"opens_at": timezone.now() + dt.timedelta(days=1)}, {"trashed_at": timezone.now()}]
)
def test_what_is_not_public_is_not_there(client: PortalClient, fields: dict[str, Any]) -> None:
    survey = two_pages(**fields)
    paths = [f"/beteiligung/umfragen/{survey.slug}/{part}" for part in ("", "ausfuellen/", "danke/", "weiter/")]
    assert [client.get(path).status_code for path in paths] == [404] * 4


# Words, languages, traces ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "label", "option"),
    [("", "Wie?", "Ja"), ("/en", "How?", "Yes"), ("/de-simple", "Wie ist das?", "Ja")],
)
def test_three_languages(client: PortalClient, prefix: str, label: str, option: str) -> None:
    asked = Question(
        0,
        "a",
        Kind.YES_NO,
        {"de": "Wie?", "en": "How?", "de-simple": "Wie ist das?"},
        options=(Option("yes", 1, {"de": "Ja", "en": "Yes"}),),
    )
    survey = published(questionnaire((asked,)), languages=["en", "de-simple"])
    person = Person(client, survey, prefix).begin()
    assert (label in person.html, option in person.html, 'data-kind="yes_no"\nlang' in person.html) == (
        True,
        True,
        False,
    )
    assert person.press("next", q_a="yes").answers == [(f"1 {label}", option)]
    assert person.press("submit").response.url == f"{prefix}/beteiligung/umfragen/{survey.slug}/danke/"


def test_what_is_not_translated_says_in_which_language_it_is(client: PortalClient) -> None:
    assert 'data-kind="single"\nlang="de"' in Person(client, two_pages(), "/en").begin().html


def test_words_of_staff_and_people_are_only_words(client: PortalClient) -> None:
    asked = question("a", Kind.SHORT_TEXT)
    nasty = Question(
        0, "b", Kind.SINGLE, {"de": "<script>1</script>"}, options=(Option("x", 1, {"de": "\ue000value|q-a\ue000<b>"}),)
    )
    person = Person(client, published(questionnaire((asked, nasty)))).begin().press("back", q_a='"><script>2</script>')
    assert "<script>1" not in person.html
    assert "<script>2" not in person.html
    assert person.form.values["q-a"] == ['"><script>2</script>']


def test_a_page_asks_little_and_a_submission_too(client: PortalClient, django_assert_num_queries: Any) -> None:
    person = Person(client, two_pages()).begin()
    with django_assert_num_queries(1):
        person.press(q_a="a")
    person.press()
    with django_assert_num_queries(5):  # survey; BEGIN, key, envelope, COMMIT
        person.press("submit")


def test_lists_and_first_pages(client: PortalClient) -> None:
    now = timezone.now()
    running = two_pages(title="Läuft", closes_at=now + dt.timedelta(days=3), minutes=12, languages=["en"])
    over = two_pages(title="Vorbei", closes_at=now - dt.timedelta(hours=2))
    two_pages(title="Geplant", opens_at=now + dt.timedelta(days=2))
    html = client.get("/beteiligung/umfragen/").content.decode()
    assert [title in html for title in ("Läuft", "Vorbei", "Geplant")] == [True, True, False]
    first = client.get(running.get_absolute_url()).content.decode()
    assert ["etwa 12 Minuten" in " ".join(first.split()), "Deutsch, English" in first, "ausfuellen/" in first] == [
        True
    ] * 3
    last = client.get(over.get_absolute_url()).content.decode()
    assert ("Diese Umfrage ist zu Ende." in last, "ausfuellen/" in last) == (True, False)


def test_a_list_without_surveys_says_so(client: PortalClient) -> None:
    assert "Im Moment läuft keine Umfrage" in client.get("/beteiligung/umfragen/").content.decode()


def test_a_token_holds_what_it_was_given() -> None:
    filling = state.begin_filling(survey_pk=1, version_pk=2, now=timezone.now(), code="ABC")
    assert state.from_token(state.to_token(filling), survey_pk=1) == filling
