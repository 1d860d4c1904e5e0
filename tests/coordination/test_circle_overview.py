import datetime as dt
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from elbe_elster.accounts.models import Seat, SeatPart, User
from elbe_elster.coordination.actions import load_seats
from elbe_elster.coordination.directory import seat_directory
from tests.client import PortalClient
from tests.conftest import SignIn
from tests.factories import SeatHolderFactory, UserFactory

pytestmark = pytest.mark.django_db
PATH = "/koordination/"


def test_strangers_are_asked_to_sign_in(client: PortalClient, content: None) -> None:
    response = client.get(PATH)
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("person", ["curator", "publisher", "survey_team"])
def test_others_see_a_sentence_and_no_member(
    person: str, request: pytest.FixtureRequest, sign_in: SignIn, representative: User, content: None
) -> None:
    response = sign_in(request.getfixturevalue(person)).get(PATH)
    html = response.content.decode()
    assert response.status_code == 403
    assert "Diese Seiten sind für die Mitglieder des Koordinierungskreises." in html
    assert representative.email not in html


@pytest.mark.parametrize("person", ["representative", "circle_office", "admin"])
def test_members_see_the_directory(
    person: str, request: pytest.FixtureRequest, sign_in: SignIn, representative: User, content: None
) -> None:
    response = sign_in(request.getfixturevalue(person)).get(PATH)
    assert response.status_code == 200
    assert representative.email in response.content.decode()


def test_fourteen_seats_county_first(content: None, representative: User) -> None:
    names = [str(place.seat) for place in seat_directory(representative)]
    assert (len(names), names[:3]) == (
        14,
        ["Landkreis Elbe-Elster", "Amt Elsterland", "Amt Kleine Elster (Niederlausitz)"],
    )


def test_directory_shows_who_sits_today(content: None) -> None:
    today = timezone.localdate()
    seat = Seat.objects.get(administration__slug="herzberg")
    now, deputy, gone, later = (UserFactory() for _ in range(4))
    SeatHolderFactory(seat=seat, user=now)
    SeatHolderFactory(seat=seat, user=deputy, part=SeatPart.DEPUTY)
    SeatHolderFactory(
        seat=seat, user=gone, starts_on=today - dt.timedelta(days=9), ends_on=today - dt.timedelta(days=1)
    )
    SeatHolderFactory(seat=seat, user=later, part=SeatPart.DEPUTY, starts_on=today + dt.timedelta(days=1))
    (place,) = [place for place in seat_directory(now) if place.representatives]
    assert (place.seat, place.representatives, place.deputies, place.is_mine) == (seat, [now], [deputy], True)


def test_directory_asks_no_more_for_more_people(
    content: None, circle_office: User, sign_in: SignIn, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    browser = sign_in(circle_office)
    counts = []
    for slug in ("herzberg", "sonnewalde", "elsterwerda"):
        SeatHolderFactory(seat=Seat.objects.get(administration__slug=slug), user=UserFactory())
        browser.get(PATH)
        with count_queries() as queries:
            browser.get(PATH)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_seats_are_given_once(content: None) -> None:
    report = load_seats()
    assert (report.created, report.unchanged) == ([], 14)


def test_load_content_says_one_line_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_content")
    capsys.readouterr()
    call_command("load_content")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "Region",
        "Sitze im Koordinierungskreis",
        "Strategie",
        "Gespräche",
        "Rechtstexte",
    ]
    assert all(": 0 neu, 0 geändert" in line for line in lines)
