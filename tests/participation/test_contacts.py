"""Contact wishes: for themselves, checked, drawn by lot, deleted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.contacts import add_contact_wish, draw_winners
from elbe_elster.participation.models import ContactWish, Envelope, Response, Survey
from elbe_elster.participation.views.contacts import WISHES_AN_HOUR
from tests.factories import UserFactory
from tests.participation.answering import published, question, questionnaire

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
FORM = "/beteiligung/umfragen/auto/kontakt/"
LIST = "/redaktion/umfragen/auto/kontakte/"


@pytest.fixture
def survey(db: None) -> Survey:
    return published(
        questionnaire((question("car"),)), slug="auto", contact_wish=True, contact_text="Wir verlosen ein Rad."
    )


def wishes() -> list[tuple[str, str]]:
    return list(ContactWish.objects.values_list("name", "contact"))


def test_a_wish_is_stored_and_tied_to_nothing(client: PortalClient, survey: Survey) -> None:
    page = client.get(FORM)
    assert (page.cookies, "Wir verlosen ein Rad." in page.content.decode()) == ({}, True)
    answer = client.post(FORM, {"name": "A. Beispiel", "contact": " a@beispiel.de "})
    assert (answer.status_code, answer.headers["Location"], answer.cookies) == (302, f"{FORM}danke/", {})
    assert wishes() == [("A. Beispiel", "a@beispiel.de")]
    assert client.get(f"{FORM}danke/").status_code == 200
    names = {field.name for field in ContactWish._meta.get_fields()}
    assert names == {"key", "survey", "name", "contact", "shaken"}  # no time, no order, no response
    related = {field.related_model for field in ContactWish._meta.get_fields()} - {None}
    assert related.isdisjoint({Response, Envelope})


@pytest.mark.parametrize("contact", ["a@beispiel.de", "03535 46-0", "+49 (3535) 460", "0171/1234567"])
def test_an_address_or_a_number_is_enough(client: PortalClient, survey: Survey, contact: str) -> None:
    client.post(FORM, {"contact": contact})
    assert wishes() == [("", contact)]


WRONG_MAIL = "Diese E-Mail-Adresse kann nicht stimmen. So sieht eine aus: name@beispiel.de."
NEITHER = "Schreiben Sie eine E-Mail-Adresse oder eine Telefonnummer mit Vorwahl."


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [
        ("", "Schreiben Sie, wie wir Sie erreichen."),
        ("a@", WRONG_MAIL),
        ("a@b@c.de", WRONG_MAIL),
        ("Postfach", NEITHER),
        ("1234", NEITHER),
        ("(((((((", NEITHER),
        ("٠١٢٣٤٥٦", NEITHER),
        ("=1+1", NEITHER),
        ("9" * 201, "Das ist zu lang für eine Adresse oder eine Nummer."),
    ],
)
def test_what_cannot_be_reached_gets_a_sentence_and_stays(
    client: PortalClient, survey: Survey, contact: str, sentence: str
) -> None:
    answer = client.post(FORM, {"name": "A. Beispiel", "contact": contact})
    html = answer.content.decode()
    assert answer.context["form"].errors == {"contact": [sentence]}
    assert html.count(sentence) == 2  # at the field and above
    assert (answer.status_code, wishes(), 'value="A. Beispiel"' in html) == (422, [], True)


def test_who_writes_twice_takes_part_once_and_nobody_is_told(client: PortalClient, survey: Survey) -> None:
    answers = [client.post(FORM, {"contact": contact}) for contact in ("a@beispiel.de", "A@Beispiel.de")]
    assert [answer.headers["Location"] for answer in answers] == [f"{FORM}danke/"] * 2
    assert wishes() == [("", "a@beispiel.de")]


def test_programs_leave_nothing(client: PortalClient, survey: Survey) -> None:
    answer = client.post(FORM, {"contact": "a@beispiel.de", "homepage": "https://spam.example"})
    assert (answer.headers["Location"], wishes()) == (f"{FORM}danke/", [])


def test_too_many_from_one_range_wait(client: PortalClient, survey: Survey) -> None:
    codes = [
        client.post(FORM, {"contact": f"a{n}@beispiel.de"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(WISHES_AN_HOUR + 1)
    ]
    assert codes == [302] * WISHES_AN_HOUR + [429]
    assert len(wishes()) == WISHES_AN_HOUR


def test_the_form_is_there_only_where_it_is_offered(client: PortalClient, survey: Survey) -> None:
    published(questionnaire((question("bus"),)), slug="bus")
    Survey.objects.create(slug="entwurf", title="Entwurf", contact_wish=True)
    assert [client.get(f"/beteiligung/umfragen/{slug}/kontakt/").status_code for slug in ("bus", "entwurf")] == [
        404,
        404,
    ]
    thanks = "/beteiligung/umfragen/auto/danke/"
    assert FORM in client.get(thanks).content.decode()
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - dt.timedelta(hours=2))
    answer = client.post(FORM, {"contact": "a@beispiel.de"})
    assert (answer.status_code, answer.headers["Location"], wishes()) == (302, "/beteiligung/umfragen/auto/", [])


@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), (Role.CURATOR, 403), (Role.REPRESENTATIVE, 403), (Role.SURVEY_TEAM, 200), (Role.ADMIN, 200)]
)  # fmt: skip
def test_who_may_see_contacts(
    who: Role | None, status: int, client: PortalClient, sign_in: SignIn, survey: Survey
) -> None:
    add_contact_wish(survey=survey, name="A. Beispiel", contact="a@beispiel.de")
    browser = sign_in(UserFactory(roles=[who])) if who else client
    pages = [browser.get(page) for page in (LIST, f"{LIST}kontakte.csv", f"{LIST}loeschen/")]
    assert [page.status_code for page in pages] == [status] * 3
    assert ["a@beispiel.de" in page.content.decode() for page in pages] == [status == 200, status == 200, False]
    key = ContactWish.objects.get().key
    if status != 200:
        assert browser.post(f"{LIST}loeschen/").status_code == status
        assert browser.post(f"{LIST}{key}/loeschen/").status_code == status
        assert ContactWish.objects.count() == 1


def test_the_list_is_in_no_order_of_arrival_and_without_formulas(
    sign_in: SignIn, survey_team: User, survey: Survey
) -> None:
    other = published(questionnaire((question("bus"),)), contact_wish=True)
    add_contact_wish(survey=other, name="Fremd", contact="fremd@beispiel.de")
    for name, contact in [("=1+1", "c@beispiel.de"), ("B", "a@beispiel.de"), ("C", "+49 3535 460")]:
        add_contact_wish(survey=survey, name=name, contact=contact)
    answer = sign_in(survey_team).get(f"{LIST}kontakte.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Name", "E-Mail-Adresse oder Telefonnummer"],
        ["C", "'+49 3535 460"],
        ["B", "a@beispiel.de"],
        ["'=1+1", "c@beispiel.de"],
    ]


def test_winners_are_drawn_from_all_and_nobody_twice(survey: Survey) -> None:
    for number in range(6):
        add_contact_wish(survey=survey, name="", contact=f"{number}@beispiel.de")
    add_contact_wish(survey=published(questionnaire((question("bus"),))), name="", contact="fremd@beispiel.de")
    draws = [[wish.contact for wish in draw_winners(survey=survey, count=3)] for _ in range(80)]
    assert {len(set(draw)) for draw in draws} == {3}
    assert {contact for draw in draws for contact in draw} == {f"{number}@beispiel.de" for number in range(6)}
    assert len(draw_winners(survey=survey, count=100)) == 6


def test_a_draw_on_the_page(sign_in: SignIn, survey_team: User, survey: Survey) -> None:
    add_contact_wish(survey=survey, name="A. Beispiel", contact="a@beispiel.de")
    team = sign_in(survey_team)
    drawn = team.post(LIST, {"count": "1"}).content.decode()
    assert ("Gezogen" in drawn, "Gezogen" in team.get(LIST).content.decode()) == (True, False)
    assert [team.post(LIST, {"count": count}).status_code for count in ("0", "x", "101", "")] == [422] * 4


def test_one_or_all_are_deleted(sign_in: SignIn, survey_team: User, survey: Survey) -> None:
    other = published(questionnaire((question("bus"),)))
    add_contact_wish(survey=other, name="", contact="fremd@beispiel.de")
    for name in "abc":
        add_contact_wish(survey=survey, name=name, contact=f"{name}@beispiel.de")
    team = sign_in(survey_team)
    foreign = ContactWish.objects.get(survey=other).key
    team.post(f"{LIST}{foreign}/loeschen/")
    team.post(f"{LIST}{ContactWish.objects.get(name='b').key}/loeschen/")
    assert wishes() == [("a", "a@beispiel.de"), ("c", "c@beispiel.de"), ("", "fremd@beispiel.de")]
    team.post(f"{LIST}loeschen/")
    assert wishes() == [("", "fremd@beispiel.de")]


def test_as_many_queries_for_three_contacts_as_for_one(
    sign_in: SignIn, survey_team: User, survey: Survey, same_queries_for_one_and_three: Callable[..., None]
) -> None:
    team = sign_in(survey_team)
    numbers = iter(range(9))
    same_queries_for_one_and_three(
        lambda: add_contact_wish(survey=survey, name="", contact=f"{next(numbers)}@beispiel.de"), LIST, team
    )
