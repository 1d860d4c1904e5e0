"""Free texts are read by the survey team only, and public only as topics and edited quotes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from elbe_elster.participation.actions.publishing import publish_results, withdraw_results
from elbe_elster.participation.actions.texts import add_topic, review_text
from elbe_elster.participation.models import FreeText, PublishedTable, Survey, TextCode, TextState
from elbe_elster.participation.questionnaire.answers import Given
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import answer, count_now, published, question, questionnaire
from tests.participation.test_results import one, over
from tests.participation.test_results_pages import public, staff, team

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

__all__ = ["team"]  # the fixture
pytestmark = pytest.mark.django_db


def texts_of(survey: Survey, *texts: str) -> list[FreeText]:
    Survey.objects.filter(pk=survey.pk).update(closes_at=None)
    survey.refresh_from_db()
    for text in texts:
        answer(survey, {"why": Given(text=text)})
    count_now(survey)
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    survey.refresh_from_db()
    return list(FreeText.objects.order_by("pk"))


def test_a_text_is_sorted_quoted_and_never_public_as_it_was(sign_in: SignIn, team: User, client: PortalClient) -> None:
    survey = over(question("why", Kind.LONG_TEXT), people=[])
    text = texts_of(survey, "Frau Krause vom Amt war nett, Tel. 03535 461234.")[0]
    browser = sign_in(team)
    path = staff(survey, f"texte/{text.pk}/")
    assert "<mark" in browser.get(path).content.decode()
    assert browser.get(path).context["form"].initial["quote"] == "Frau [Name] vom Amt war nett, Tel. [Telefonnummer]."
    refused = browser.post(path, {"decision": "published", "quote": "Frau Krause war nett."})
    assert refused.status_code == 422
    done = {"decision": "published", "quote": "Im Amt waren alle nett.", "new_topic": "Amt"}
    assert browser.post(path, done).status_code == 302
    text.refresh_from_db()
    assert (text.state, text.quote, [code.label for code in text.codes.all()]) == (
        TextState.PUBLISHED,
        "Im Amt waren alle nett.",
        ["Amt"],
    )
    assert "Im Amt waren alle nett." not in client.get(public(survey, "ergebnisse/")).content.decode()
    publish_results(survey=survey, codes=["why"], actor=None)
    page = client.get(public(survey, "ergebnisse/")).content.decode()
    assert "Im Amt waren alle nett." in page
    assert "Krause" not in page
    withdraw_results(survey=survey, code="why", reason="x", actor=None)
    assert "Im Amt waren alle nett." not in client.get(public(survey, "ergebnisse/")).content.decode()
    found = client.get("/suche/?q=nett").content.decode()
    assert "Im Amt" not in found
    assert "vom Amt" not in found


def test_topics_are_counted_under_the_rule() -> None:
    survey = over(question("why", Kind.LONG_TEXT), people=[])
    texts = texts_of(survey, *(f"Text {number}" for number in range(20)))
    row = survey.questions.get()
    topics = [TextCode.objects.create(question=row, label=label) for label in ("Bus", "Amt", "Netz", "Bad")]
    for place, text in enumerate(texts):
        text.codes.set([topics[0]] if place < 12 else [topics[1]] if place < 18 else [topics[2]])
    FreeText.objects.update(state=TextState.CODED)
    publish_results(survey=survey, codes=["why"], actor=None)
    block = PublishedTable.objects.get().values["topics"]
    assert [(line["label"]["de"], line["counts"]) for line in block["rows"]] == [
        ("Bus", [12]),
        ("Amt", [6]),
        ("Netz", [None]),
        ("Bad", [None]),
    ]


def test_texts_stand_without_the_other_answers(sign_in: SignIn, team: User) -> None:
    survey = published(questionnaire((question("car"), question("why", Kind.LONG_TEXT))))
    for number in range(3):
        answer(survey, {"car": one("c"), "why": Given(text=f"Text {number}")})
    count_now(survey)
    page = sign_in(team).get(staff(survey, "texte/why/")).content.decode()
    places = [page.index(text.text) for text in FreeText.objects.order_by("pk")]
    assert places == sorted(places)
    assert "Antwort c" not in page
    assert not any(str(text.response_id) in page for text in FreeText.objects.all())


def test_when_all_is_read_the_wording_goes_and_topics_and_quotes_stay(sign_in: SignIn, team: User) -> None:
    survey = published(questionnaire((question("why", Kind.LONG_TEXT),)))
    texts_of(survey, "Mehr Busse", "Herr Muster wohnt in der Hauptstraße 5")
    quoted, unread = FreeText.objects.get(text="Mehr Busse"), FreeText.objects.exclude(text="Mehr Busse").get()
    topic = add_topic(question=quoted.question, label="Bus")
    review_text(text=quoted, state=TextState.PUBLISHED, topics=[topic], quote="Mehr Busse", actor=team)
    browser, place = sign_in(team), f"/redaktion/umfragen/{survey.slug}/texte/abschliessen/"

    def said(**data: str) -> list[str]:
        return [str(message) for message in browser.post(place, data, follow=True).context["messages"]]

    assert said() == ["Setzen Sie den Haken, wenn Sie die Texte wirklich löschen wollen."]
    assert said(sicher="on") == ["Die Umfrage nimmt noch Antworten an. Warten Sie ihr Ende ab."]
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - dt.timedelta(hours=1))
    assert said(sicher="on") == ["Einige Texte hat noch niemand gelesen. Ordnen Sie diese zuerst zu."]
    review_text(text=unread, state=TextState.REJECTED, topics=[], actor=team)
    assert said(sicher="on") == ["2 Wortlaute sind gelöscht."]
    rows = FreeText.objects.order_by("state").values_list("text", "quote", "state", "codes")
    assert list(rows) == [("", "Mehr Busse", "published", topic.pk), ("", "", "rejected", None)]
    assert said(sicher="on") == ["0 Wortlaute sind gelöscht."]
    assert list(survey.steps.values_list("kind", "note")) == [("texts_blanked", "2")]


def test_only_the_team_ends_the_reading(sign_in: SignIn, curator: User) -> None:
    survey = published(questionnaire((question("why", Kind.LONG_TEXT),)))
    texts_of(survey, "Bleibt")
    answer = sign_in(curator).post(f"/redaktion/umfragen/{survey.slug}/texte/abschliessen/", {"sicher": "on"})
    assert (answer.status_code, FreeText.objects.get().text) == (403, "Bleibt")
