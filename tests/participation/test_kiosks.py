"""Devices at events: opened and closed by staff, many answers one after the other, no way out."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.kiosks import close_kiosk, kiosk_with_key, open_kiosk
from elbe_elster.participation.models import Access, Channel, Envelope, Kiosk, Response, Survey
from tests.factories import UserFactory
from tests.participation.answering import count_now, published, question, questionnaire
from tests.participation.filling import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
DEVICES = "/redaktion/umfragen/auto/geraete/"


@pytest.fixture
def survey(db: None) -> Survey:
    return published(questionnaire((question("car"),)), slug="auto", thanks="Schönes Fest noch.")


def opened(survey: Survey, user: User, hours: float = 8, name: str = "Tablet am Markt") -> str:
    return open_kiosk(survey=survey, name=name, open_until=timezone.now() + dt.timedelta(hours=hours), actor=user)


def begun(client: PortalClient, survey: Survey, key: str) -> Person:
    person = Person(client, survey)
    person.got(client.post(f"/beteiligung/geraet/{key}/"))
    return person


def test_staff_open_a_device_and_see_its_address_once(sign_in: SignIn, survey_team: User, survey: Survey) -> None:
    team = sign_in(survey_team)
    page = team.post(DEVICES, {"name": "Tablet am Markt", "hours": "4"}).content.decode()
    address = re.search(r"http://testserver(/beteiligung/geraet/[\w-]{22}/)", page)
    assert address
    key = address[1].split("/")[3]
    kiosk = Kiosk.objects.get()
    assert (kiosk.name, kiosk.opened_by, kiosk_with_key(key)) == ("Tablet am Markt", survey_team, kiosk)
    assert key.encode() not in bytes(kiosk.digest)
    assert abs(kiosk.open_until - timezone.now() - dt.timedelta(hours=4)) < dt.timedelta(minutes=1)
    assert key not in team.get(DEVICES).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page


@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), (Role.CURATOR, 403), (Role.REPRESENTATIVE, 403), (Role.SURVEY_TEAM, 200), (Role.ADMIN, 200)]
)  # fmt: skip
def test_who_may_see_devices(
    who: Role | None, status: int, client: PortalClient, sign_in: SignIn, survey: Survey
) -> None:
    opened(survey, UserFactory())
    browser = sign_in(UserFactory(roles=[who])) if who else client
    assert browser.get(DEVICES).status_code == status
    closed = browser.post(f"{DEVICES}{Kiosk.objects.get().pk}/schliessen/").status_code
    assert (closed, Kiosk.objects.open_now().exists()) == ((302, False) if status == 200 else (status, True))


def test_many_answer_on_one_device_each_counted_once(client: PortalClient, survey: Survey, survey_team: User) -> None:
    key = opened(survey, survey_team)
    for option in ("a", "b", "b"):
        person = begun(client, survey, key)
        person.press(q_car=option)
        last_page = dict(person.form.values)
        person.press("submit")
        assert person.response.headers["Location"] == f"/beteiligung/geraet/{key}/danke/"
        person.send({**last_page, "step": ["submit"]})  # the network was poor, the browser tries again
        assert person.response.headers["Location"] == f"/beteiligung/geraet/{key}/danke/"
    assert Envelope.objects.count() == 3
    count_now(survey)
    assert list(Response.objects.values_list("channel", flat=True)) == [Channel.KIOSK] * 3


def test_no_link_leads_out_and_no_cookie_is_set(client: PortalClient, survey: Survey, survey_team: User) -> None:
    key = opened(survey, survey_team)
    start = f"/beteiligung/geraet/{key}/"
    person = begun(client, survey, key)
    pages = [client.get(start), person.response, person.press(q_car="a").response, client.get(f"{start}danke/")]
    inside = {"#inhalt", start, f"/en{start}", f"/de-simple{start}"}
    for page in pages:
        html = page.content.decode()
        assert set(re.findall(r'<a\b[^>]*\bhref="([^"]*)"', html)) <= inside, html
        assert 'value="save"' not in html
        assert page.cookies == {}
        assert page.headers["Cache-Control"] == "no-store"
    assert start in pages[1].content.decode()
    assert "Schönes Fest noch." in pages[3].content.decode()


def test_a_device_is_no_suspect(
    client: PortalClient, survey: Survey, survey_team: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elbe_elster.participation.filling.guards.QUICKEST", 3600)
    monkeypatch.setattr("elbe_elster.participation.filling.guards.SUBMISSIONS_AN_HOUR", 0)
    person = begun(client, survey, opened(survey, survey_team))
    person.press(q_car="a").press("submit")
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


def test_a_closed_or_unknown_device_takes_nobody(client: PortalClient, survey: Survey, survey_team: User) -> None:
    key, late = opened(survey, survey_team), opened(survey, survey_team, hours=-1)
    close_kiosk(kiosk=Kiosk.objects.open_now().get())
    for one in (key, late, "gibt-es-nicht", "x" * 500):
        answers = [client.get(f"/beteiligung/geraet/{one}/"), client.post(f"/beteiligung/geraet/{one}/")]
        answers.append(client.get(f"/beteiligung/geraet/{one}/danke/"))
        assert [answer.status_code for answer in answers] == [404] * 3
        assert "Dieses Gerät ist geschlossen" in answers[0].content.decode()


def test_who_has_begun_may_end_when_the_device_closes(client: PortalClient, survey: Survey, survey_team: User) -> None:
    person = begun(client, survey, opened(survey, survey_team))
    close_kiosk(kiosk=Kiosk.objects.get())
    person.press(q_car="a").press("submit")
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


def test_a_device_of_a_survey_with_codes_asks_for_none(client: PortalClient, survey: Survey, survey_team: User) -> None:
    Survey.objects.filter(pk=survey.pk).update(access=Access.CODES)
    begun(client, survey, opened(survey, survey_team)).press(q_car="a").press("submit")
    assert Envelope.objects.count() == 1


def test_a_device_of_a_survey_that_is_over_or_trashed_is_closed(
    client: PortalClient, survey: Survey, survey_team: User
) -> None:
    key = opened(survey, survey_team)
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    assert client.get(f"/beteiligung/geraet/{key}/").status_code == 404
    Survey.objects.filter(pk=survey.pk).update(closes_at=None, trashed_at=timezone.now())
    assert client.get(f"/beteiligung/geraet/{key}/").status_code == 404


@pytest.mark.parametrize(("name", "hours"), [("", "8"), ("Tablet", "7"), ("Tablet", ""), ("x" * 121, "8")])
def test_nonsense_opens_no_device(sign_in: SignIn, survey_team: User, survey: Survey, name: str, hours: str) -> None:
    answer = sign_in(survey_team).post(DEVICES, {"name": name, "hours": hours})
    assert (answer.status_code, Kiosk.objects.count()) == (422, 0)


def test_as_many_queries_for_three_devices_as_for_one(
    sign_in: SignIn, survey_team: User, survey: Survey, same_queries_for_one_and_three: Callable[..., None]
) -> None:
    team = sign_in(survey_team)
    same_queries_for_one_and_three(lambda: opened(survey, survey_team), DEVICES, team)
