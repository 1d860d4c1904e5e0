"""From the invitation to the account, and everything that can go wrong in between."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from elbe_elster.accounts import actions
from elbe_elster.accounts.models import Invitation, Role, SeatHolder, User
from elbe_elster.outbox.models import Letter
from tests.client import PortalClient
from tests.factories import AdministrationFactory

if TYPE_CHECKING:
    from tests.conftest import SignIn

NEW = "drei ganz neue Worte"
ACCEPT = {"name": "Neue Person", "password": NEW, "again": NEW}


def invite(by: User, email: str = "neu@example.org", **fields: Any) -> Invitation:
    given = {"name": "Neue Person", "roles": [Role.CURATOR], "administration": None, "part": "", **fields}
    return actions.invite_person(email=email, by=by, **given)


def link(email: str = "neu@example.org") -> str:
    text = Letter.objects.filter(recipient=email).latest("pk").text
    found = re.search(r"/konto/einladung/\S+", text)
    assert found
    return found.group()


def test_an_invited_person_gets_in(client: PortalClient, admin: User, sign_in: SignIn) -> None:
    form = {"email": "Neu@Example.org", "name": "Neue Person", "roles": ["curator"], "part": "representative"}
    response = sign_in(admin).post("/redaktion/personen/einladen/", form)
    assert response["Location"] == "/redaktion/personen/"
    path = link()
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200  # looking does not use it up
    assert client.post(path, ACCEPT)["Location"] == "/konto/sicherheit/"
    user = User.objects.get(email="neu@example.org")
    assert (user.name, user.role_names, user.check_password(NEW)) == ("Neue Person", {"curator"}, True)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(user.email, True, True)]
    assert client.get("/konto/sicherheit/").status_code == 200
    assert client.get("/konto/sicherheit/app/einrichten/").status_code == 200  # without asking for the password again
    assert client.get("/redaktion/")["Location"] == "/konto/sicherheit/"


def test_a_double_click_makes_one_account(client: PortalClient, admin: User) -> None:
    invite(admin)
    path = link()
    assert client.post(path, ACCEPT).status_code == 302
    again = PortalClient().post(path, ACCEPT)
    assert (again.status_code, "schon ein Konto" in again.content.decode()) == (410, True)
    assert User.objects.filter(email="neu@example.org").count() == 1


def test_the_token_is_stored_nowhere_but_in_the_letter(admin: User) -> None:
    invitation = invite(admin)
    token = link().rstrip("/").rsplit("/", 1)[1]
    stored = " ".join(str(value) for row in Invitation.objects.values() for value in row.values())
    assert token not in stored
    assert invitation.token_digest != token


def test_an_expired_invitation_says_so(client: PortalClient, admin: User) -> None:
    invite(admin)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for response in (client.get(link()), client.post(link(), ACCEPT)):
        assert (response.status_code, "vierzehn Tage" in response.content.decode()) == (410, True)
    assert not User.objects.filter(email="neu@example.org").exists()


def test_a_withdrawn_invitation_says_so(client: PortalClient, admin: User, sign_in: SignIn) -> None:
    invitation = invite(admin)
    browser = sign_in(admin)
    for _ in range(2):
        browser.post(f"/redaktion/personen/einladung/{invitation.pk}/zurueckziehen/")
    response = client.post(link(), ACCEPT)
    assert (response.status_code, "zurückgezogen" in response.content.decode()) == (410, True)


@pytest.mark.django_db
def test_a_wrong_link_says_so(client: PortalClient) -> None:
    response = client.get("/konto/einladung/erfunden/")
    assert (response.status_code, "Diesen Link gibt es nicht" in response.content.decode()) == (404, True)


def test_a_new_letter_ends_the_old_link(client: PortalClient, admin: User, sign_in: SignIn) -> None:
    invitation = invite(admin)
    old = link()
    sign_in(admin).post(f"/redaktion/personen/einladung/{invitation.pk}/senden/")
    assert client.get(old).status_code == 404
    assert client.get(link()).status_code == 200
    assert Invitation.objects.get().letters == 2


def test_what_is_wrong_is_said_at_the_field(client: PortalClient, admin: User) -> None:
    invite(admin)
    response = client.post(link(), {"name": "", "password": "kurz", "again": "anders"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "3 Angaben passen noch nicht" in html or "2 Angaben passen noch nicht" in html
    assert 'href="#id_password"' in html
    assert "<title>Fehler:" in " ".join(html.split())


def test_nobody_is_invited_twice(admin: User, curator: User) -> None:
    invite(admin)
    with pytest.raises(ValidationError, match="schon eingeladen"):
        invite(admin)
    with pytest.raises(ValidationError, match="schon ein Konto"):
        invite(admin, email=curator.email)
    assert [letter.is_confidential for letter in Letter.objects.all()] == [True]


def test_a_representative_takes_the_seat(client: PortalClient, circle_office: User, sign_in: SignIn) -> None:
    town = AdministrationFactory(slug="stadt-neu", name="Stadt Neu")
    form = {"email": "neu@example.org", "name": "Neue Person", "roles": ["representative"], "part": "representative"}
    browser = sign_in(circle_office)
    wrong = browser.post("/redaktion/personen/einladen/", form)
    assert (wrong.status_code, "Wählen Sie die Verwaltung" in wrong.content.decode()) == (422, True)
    browser.post("/redaktion/personen/einladen/", {**form, "administration": town.pk})
    client.post(link(), ACCEPT)
    first = User.objects.get(email="neu@example.org")
    invite(circle_office, "zwei@example.org", roles=["representative"], administration=town, part="representative")
    PortalClient().post(link("zwei@example.org"), ACCEPT)
    today = timezone.localdate()
    assert list(SeatHolder.objects.order_by("pk").values_list("user__email", "ends_on")) == [
        (first.email, today),
        ("zwei@example.org", None),
    ]


def test_the_office_invites_nobody_but_representatives(circle_office: User, admin: User, sign_in: SignIn) -> None:
    browser = sign_in(circle_office)
    form = {"email": "neu@example.org", "name": "Neue Person", "roles": ["admin"], "part": "representative"}
    assert browser.post("/redaktion/personen/einladen/", form).status_code == 422
    invitation = invite(admin)
    assert browser.post(f"/redaktion/personen/einladung/{invitation.pk}/zurueckziehen/").status_code == 404
    assert "neu@example.org" not in browser.get("/redaktion/personen/").content.decode()
    assert Invitation.objects.get().withdrawn_at is None


def test_deactivating_ends_every_session_at_once(admin: User, curator: User, sign_in: SignIn) -> None:
    theirs = sign_in(curator)
    assert theirs.get("/konto/").status_code == 200
    keeper = sign_in(admin)
    for _ in range(2):
        assert keeper.post(f"/redaktion/personen/{curator.pk}/sperren/").status_code == 302
    assert theirs.get("/konto/").status_code == 302
    assert PortalClient().post("/konto/anmelden/", {"login": curator.email, "password": "x"}).status_code == 422
    keeper.post(f"/redaktion/personen/{curator.pk}/oeffnen/")
    curator.refresh_from_db()
    assert curator.is_active
    assert theirs.get("/konto/").status_code == 302  # the old session stays ended


def test_nobody_locks_themselves_out(admin: User, sign_in: SignIn) -> None:
    assert sign_in(admin).post(f"/redaktion/personen/{admin.pk}/sperren/").status_code == 403


def test_the_office_sees_and_locks_representatives_only(
    circle_office: User, representative: User, curator: User, sign_in: SignIn
) -> None:
    browser = sign_in(circle_office)
    html = browser.get("/redaktion/personen/").content.decode()
    assert (representative.email in html, curator.email in html) == (True, False)
    assert browser.post(f"/redaktion/personen/{curator.pk}/sperren/").status_code == 404
    assert browser.post(f"/redaktion/personen/{representative.pk}/sperren/").status_code == 302


def test_the_list_asks_no_more_for_more_people(
    admin: User, sign_in: SignIn, same_queries_for_one_and_three: Any
) -> None:
    from tests.factories import SeatHolderFactory

    numbers = iter(range(9))

    def make() -> None:
        number = next(numbers)
        SeatHolderFactory(seat__administration=AdministrationFactory(slug=f"stadt-x{number}"))
        invite(admin, f"p{number}@example.org")

    same_queries_for_one_and_three(make, "/redaktion/personen/", sign_in(admin))


def test_every_change_is_kept_with_person_and_reason(admin: User, curator: User, sign_in: SignIn) -> None:
    from django.apps import apps

    actions.deactivate_person(person=curator, by=admin)
    event = apps.get_model("accounts", "UserEvent").objects.filter(pgh_obj=curator).latest("pgh_id")
    assert (event.is_active, event.pgh_context.metadata["user"], event.pgh_context.metadata["reason"]) == (
        False,
        admin.pk,
        "deactivate",
    )
    assert not hasattr(event, "password")
