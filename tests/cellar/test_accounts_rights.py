"""Who sees which page, and that lists and single answers agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from elbe_elster.accounts.demo import ACCOUNTS, PASSWORD
from elbe_elster.accounts.models import Role, RoleGrant, SeatHolder, User
from elbe_elster.accounts.permissions import (
    can_manage_people,
    can_manage_person,
    can_see_editorial_home,
    grantable_roles,
    manageable_people,
    needs_second_factor,
)
from elbe_elster.accounts.templatetags.devices import device_name
from tests.client import PortalClient
from tests.factories import AdministrationFactory, UserFactory

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.conftest import SignIn

PEOPLE = ["curator", "publisher", "survey_team", "circle_office", "representative", "admin"]
MATRIX = {
    "/konto/": [200, 200, 200, 200, 200, 200],
    "/redaktion/": [200, 200, 200, 200, 403, 200],
    "/redaktion/personen/": [403, 403, 403, 200, 403, 200],
    "/redaktion/personen/einladen/": [403, 403, 403, 200, 403, 200],
}


@pytest.mark.parametrize(("path", "answers"), MATRIX.items())
def test_who_sees_what(path: str, answers: list[int], request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    found = [sign_in(request.getfixturevalue(person)).get(path).status_code for person in PEOPLE]
    assert found == answers
    assert PortalClient().get(path)["Location"].startswith("/konto/anmelden/")


def test_a_refusal_is_a_german_sentence(curator: User, sign_in: SignIn) -> None:
    html = sign_in(curator).get("/redaktion/personen/").content.decode()
    assert "Personen verwalten Administration und Geschäftsstelle." in html


@pytest.mark.django_db
def test_list_and_single_answer_agree(request: pytest.FixtureRequest) -> None:
    people = [request.getfixturevalue(person) for person in [*PEOPLE, "stranger"]]
    both = UserFactory(roles=[Role.REPRESENTATIVE, Role.CURATOR])
    nobody = UserFactory()
    staff = UserFactory(roles=[Role.REPRESENTATIVE], is_staff=True)
    everybody = [*people, both, nobody, staff]
    for user in everybody:
        single = {person.pk for person in everybody if can_manage_person(user, person)}
        listed = set(manageable_people(user).values_list("pk", flat=True)) - {user.pk}
        assert single == listed, user


def test_anonymous_people_may_nothing() -> None:
    anybody = AnonymousUser()
    assert [can_manage_people(anybody), can_see_editorial_home(anybody), needs_second_factor(anybody)] == [False] * 3


def test_who_may_grant_what(admin: User, circle_office: User, curator: User) -> None:
    assert [grantable_roles(user) for user in (admin, circle_office, curator)] == [
        list(Role),
        [Role.REPRESENTATIVE],
        [],
    ]


def test_the_second_factor_is_forced_outside_the_demo(settings: Settings, curator: User, db: None) -> None:
    citizen = UserFactory()
    assert [needs_second_factor(curator), needs_second_factor(citizen)] == [True, False]
    browser = PortalClient()
    browser.force_login(curator)
    assert browser.get("/redaktion/")["Location"] == "/konto/sicherheit/"
    assert browser.get("/").status_code == 200  # public pages stay readable
    assert browser.get("/konto/abmelden/").status_code == 200
    settings.DEMO = True
    assert needs_second_factor(curator) is False
    assert browser.get("/redaktion/").status_code == 200


def test_one_changes_ones_own_name(curator: User, sign_in: SignIn) -> None:
    browser = sign_in(curator)
    assert browser.post("/konto/", {"name": ""}).status_code == 422
    assert browser.post("/konto/", {"name": "Neu <b>"}).status_code == 302
    curator.refresh_from_db()
    assert curator.name == "Neu <b>"
    assert "Neu &lt;b&gt;" in browser.get("/konto/").content.decode()


@pytest.mark.django_db
def test_demo_accounts_are_loaded_again_and_again(settings: Settings) -> None:
    settings.DEMO = True
    for slug in ("finsterwalde", "amt-plessa", "herzberg"):
        AdministrationFactory(slug=slug)
    for _ in range(2):
        call_command("load_demo_accounts", verbosity=0)
    assert list(User.objects.values_list("email", flat=True)) == sorted(account.email for account in ACCOUNTS)
    assert (RoleGrant.objects.count(), SeatHolder.objects.count()) == (8, 3)
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    response = PortalClient().post("/konto/anmelden/", {"login": "admin@demo.invalid", "password": PASSWORD})
    assert response["Location"] == "/redaktion/"
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_demo_accounts_stay_out_of_production() -> None:
    with pytest.raises(CommandError, match="nur mit DEMO=1"):
        call_command("load_demo_accounts")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "model", ["user", "rolegrant", "seat", "seatholder", "invitation", "userevent", "invitationevent"]
)
def test_the_technical_admin_lists_everything(admin: User, sign_in: SignIn, model: str) -> None:
    browser = sign_in(admin)
    assert browser.get(f"/admin/accounts/{model}/").status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox auf Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140", "Edge auf Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari auf iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_devices_have_names(sent: str, said: str) -> None:
    assert device_name(sent) == said
