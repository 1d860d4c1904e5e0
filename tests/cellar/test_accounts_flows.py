"""Signing in, as a person does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from elbe_elster.accounts.models import User
from tests.client import PortalClient
from tests.factories import PASSWORD

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from pytest_django.fixtures import Settings

DU = re.compile(r"\b([Dd]u|[Dd]ein|[Dd]eine|[Dd]eines|[Dd]einem|[Dd]ich|[Dd]ir)\b")
SECRET = "JBSWY3DPEHPK3PXP"
NEW = "ganz neue lange Worte"


def code(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def verified(curator: User) -> User:
    EmailAddress.objects.create(user=curator, email=curator.email, verified=True, primary=True)
    return curator


@pytest.fixture
def secured(verified: User) -> User:
    TOTP.activate(verified, SECRET)
    RecoveryCodes.activate(verified)
    return verified


def sign_in(client: PortalClient, user: User, password: str = PASSWORD) -> str:
    response = client.post("/konto/anmelden/", {"login": user.email, "password": password})
    return response.headers.get("Location", "")


def test_sign_in_leads_to_work(client: PortalClient, verified: User, settings: Settings) -> None:
    settings.DEMO = True
    assert sign_in(client, verified) == "/redaktion/"
    assert client.get("/redaktion/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_look_alike(client: PortalClient, verified: User) -> None:
    said = set()
    for address in (verified.email, "niemand@example.org"):
        response = client.post("/konto/anmelden/", {"login": address, "password": "falsch"})
        html = response.content.decode()
        assert "<title>Fehler: Anmelden" in " ".join(html.split())
        said.add(re.sub(r'value="[^"]*"', "", html[html.index('class="summary"') : html.index("</form>")]))
    assert len(said) == 1


def test_a_reset_does_not_tell_who_has_an_account(
    client: PortalClient, verified: User, mailoutbox: list[EmailMessage]
) -> None:
    known = client.post("/konto/passwort/vergessen/", {"email": verified.email})
    unknown = client.post("/konto/passwort/vergessen/", {"email": "niemand@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox] == [[verified.email]]
    assert client.get("/konto/passwort/vergessen/unterwegs/").status_code == 200


def test_a_forgotten_password_is_set_anew(client: PortalClient, verified: User, mailoutbox: list[EmailMessage]) -> None:
    client.post("/konto/passwort/vergessen/", {"email": verified.email})
    assert not DU.search(str(mailoutbox[0].body))
    path = re.search(r"/konto/passwort/neu/[^\s]+", str(mailoutbox[0].body))
    assert path
    shown = client.get(path.group(), follow=True)
    assert shown.status_code == 200
    changed = client.post(shown.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert changed["Location"] == reverse("account_reset_password_from_key_done")
    assert client.get(changed["Location"]).status_code == 200
    verified.refresh_from_db()
    assert verified.check_password(NEW)
    assert client.get(path.group(), follow=True).status_code == 200  # says that it was used


def test_the_code_is_asked_for(client: PortalClient, secured: User) -> None:
    assert sign_in(client, secured) == "/konto/anmelden/zweiter-schritt/"
    assert client.get("/konto/").status_code == 302
    assert client.get("/konto/anmelden/zweiter-schritt/").status_code == 200
    wrong = client.post("/konto/anmelden/zweiter-schritt/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "Angabe passt noch nicht" in wrong.content.decode()
    right = client.post("/konto/anmelden/zweiter-schritt/", {"code": code()})
    assert right["Location"] == "/redaktion/"
    assert client.get("/redaktion/").status_code == 200


def test_a_recovery_code_works_once(client: PortalClient, secured: User) -> None:
    recovery = Authenticator.objects.get(user=secured, type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client, secured)
    done = client.post("/konto/anmelden/zweiter-schritt/", {"code": recovery})
    assert done["Location"] == "/redaktion/"
    again = PortalClient()
    sign_in(again, secured)
    assert again.post("/konto/anmelden/zweiter-schritt/", {"code": recovery}).status_code == 422


def test_the_app_is_set_up(client: PortalClient, verified: User) -> None:
    assert sign_in(client, verified) == "/redaktion/"
    assert client.get("/redaktion/")["Location"] == "/konto/sicherheit/"
    assert client.get("/konto/sicherheit/").status_code == 200
    page = client.get("/konto/sicherheit/app/einrichten/")
    secret = re.search(r'id="authenticator_secret"\s+value="(\w+)"', page.content.decode())
    assert secret
    wrong = client.post("/konto/sicherheit/app/einrichten/", {"code": "123456"})
    assert wrong.status_code == 422
    done = client.post("/konto/sicherheit/app/einrichten/", {"code": code(secret.group(1))})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(done["Location"]).content.count(b"<code>") == 10
    assert client.get("/konto/sicherheit/codes/laden/").status_code == 200
    assert client.get("/redaktion/").status_code == 200


def test_the_last_second_factor_stays(client: PortalClient, secured: User, settings: Settings) -> None:
    sign_in(client, secured)
    client.post("/konto/anmelden/zweiter-schritt/", {"code": code()})
    client.post("/konto/sicherheit/app/abschalten/", {})
    assert Authenticator.objects.filter(user=secured, type="totp").exists()
    settings.DEMO = True
    client.post("/konto/sicherheit/app/abschalten/", {})
    assert not Authenticator.objects.filter(user=secured, type="totp").exists()


@pytest.mark.parametrize("path", ["/konto/registrieren/", "/konto/extern/registrieren/", "/konto/signup/"])
@pytest.mark.django_db
def test_nobody_registers(client: PortalClient, path: str) -> None:
    expected = 404
    assert client.get(path).status_code == expected
    assert client.post(path, {"email": "neu@example.org", "password1": PASSWORD}).status_code == expected
    assert not User.objects.exists()


def test_too_many_tries_get_a_pause(client: PortalClient, verified: User) -> None:
    for _ in range(5):
        client.post("/konto/anmelden/", {"login": verified.email, "password": "falsch"})
    right = client.post("/konto/anmelden/", {"login": verified.email, "password": PASSWORD}).content.decode()
    assert "Das waren sehr viele Versuche." in right  # even the right password waits
    for number in range(31):
        last = client.post("/konto/anmelden/", {"login": f"n{number}@example.org", "password": "falsch"})
    assert last.status_code == 429
    assert "sehr viele Versuche" in last.content.decode()


def test_too_many_resets_get_a_pause(client: PortalClient, verified: User) -> None:
    for _ in range(21):
        last = client.post("/konto/passwort/vergessen/", {"email": verified.email})
    assert last.status_code == 429


def test_behind_a_proxy_the_visitor_counts(client: PortalClient, settings: Settings, verified: User) -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0  # the roof has put the true address into the request
    for number in range(31):
        forwarded = f"6.6.6.6, 203.0.113.{number}"  # the visitor wrote the first himself
        tried = {"login": f"x{number}@example.org", "password": "y"}  # the limit per account is another one
        last = client.post("/konto/anmelden/", tried, headers={"x-forwarded-for": forwarded})
    assert last.status_code == 422


def test_sessions_can_be_ended(verified: User, settings: Settings) -> None:
    settings.DEMO = True
    desk, phone = PortalClient(headers={"user-agent": "Schreibtisch"}), PortalClient(headers={"user-agent": "Telefon"})
    sign_in(desk, verified)
    sign_in(phone, verified)
    assert phone.get("/konto/").status_code == 200
    page = desk.get("/konto/sitzungen/").content.decode()
    assert ("Schreibtisch" in page, "Telefon" in page) == (True, True)
    desk.post("/konto/sitzungen/")
    assert phone.get("/konto/").status_code == 302
    assert desk.get("/konto/").status_code == 200


def test_a_new_address_waits_for_its_confirmation(
    client: PortalClient, verified: User, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.DEMO = True
    sign_in(client, verified)
    assert client.get("/konto/e-mail/").status_code == 200
    client.post("/konto/e-mail/", {"email": "neu@example.org", "action_add": ""})
    assert "neu@example.org" in client.get("/konto/e-mail/").content.decode()
    verified.refresh_from_db()
    assert verified.email != "neu@example.org"
    (letter,) = [mail for mail in mailoutbox if mail.to == ["neu@example.org"]]
    assert not DU.search(str(letter.body))
    path = re.search(r"/konto/e-mail/bestaetigen/[^\s]+", str(letter.body))
    assert path
    assert client.get(path.group()).status_code == 200
    client.post(path.group())
    verified.refresh_from_db()
    assert verified.email == "neu@example.org"


PAGES = [
    "/konto/",
    "/konto/abmelden/",
    "/konto/e-mail/",
    "/konto/passwort/",
    "/konto/sicherheit/",
    "/konto/sicherheit/app/abschalten/",
    "/konto/sicherheit/codes/",
    "/konto/sicherheit/codes/neu/",
    "/konto/sicherheit/passkeys/",
    "/konto/sicherheit/passkeys/neu/",
    "/konto/bestaetigen/",
    "/konto/bestaetigen/zweiter-schritt/",
    "/konto/sitzungen/",
    "/konto/extern/",
]


@pytest.mark.parametrize("language", ["", "/en", "/de-simple"])
def test_every_page_of_the_account_is_in_our_look(client: PortalClient, secured: User, language: str) -> None:
    sign_in(client, secured)
    client.post("/konto/anmelden/zweiter-schritt/", {"code": code()})
    for path in PAGES:
        response = client.get(language + path)
        html = response.content.decode()
        assert response.status_code == 200, path
        assert html.count("<h1") == 1, path
        assert 'class="masthead"' in html
        assert language == "/en" or not DU.search(html), path


@pytest.mark.parametrize("path", ["/konto/anmelden/", "/konto/passwort/vergessen/", "/konto/gesperrt/"])
@pytest.mark.django_db
def test_the_way_in_needs_no_account(client: PortalClient, path: str) -> None:
    html = client.get(path).content.decode()
    assert html.count("<h1") == 1
    assert "Landkreis anmelden" not in html


def test_the_technical_admin_needs_the_second_factor(client: PortalClient, admin: User, settings: Settings) -> None:
    EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/")["Location"].startswith("/konto/anmelden/")
    assert client.post("/admin/login/", {"username": admin.email, "password": PASSWORD}).status_code == 302
    sign_in(client, admin)
    assert client.get("/admin/")["Location"] == "/konto/sicherheit/"
    TOTP.activate(admin, SECRET)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    settings.DEMO = True
    assert client.get("/admin/").status_code == 200


def test_the_technical_admin_is_not_for_others(client: PortalClient, secured: User) -> None:
    sign_in(client, secured)
    client.post("/konto/anmelden/zweiter-schritt/", {"code": code()})
    assert client.get("/admin/login/").status_code == 403


@pytest.mark.django_db
def test_a_refused_form_says_so_in_its_status(visitor: PortalClient) -> None:
    wrong = {"login": "niemand@example.org", "password": "falsch-falsch-falsch"}
    answers = [visitor.post("/konto/anmelden/", wrong).status_code for _try in range(12)]
    assert (answers[0], answers[-1]) == (422, 429)
    assert set(answers) == {422, 429}
