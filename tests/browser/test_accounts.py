"""Passkeys in a real browser, with a virtual authenticator in the place of finger or face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PERSON, PASSWORD = "freigabe@demo.invalid", "elbe-elster-demo"


def plug_in_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_set_up_and_opens_the_door(chromium: Browser, address: str) -> None:
    address = address.replace("127.0.0.1", "localhost")  # passkeys belong to names
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    plug_in_authenticator(page)

    page.goto(f"{address}/konto/anmelden/")
    page.get_by_label("E-Mail-Adresse").fill(PERSON)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/redaktion/")

    page.goto(f"{address}/konto/sicherheit/passkeys/neu/")
    page.get_by_label("Ohne Passwort anmelden").check()
    page.get_by_role("button", name="Hinzufügen").click()
    page.wait_for_url("**/konto/sicherheit/codes/")
    page.goto(f"{address}/konto/sicherheit/")
    assert page.get_by_text("Eingerichtet").count() == 1

    page.goto(f"{address}/konto/abmelden/")
    page.locator("main").get_by_role("button", name="Abmelden").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/konto/anmelden/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url("**/redaktion/")
    assert page.locator("h1").inner_text() == "Redaktion"
    assert problems == []
    context.close()


def test_an_error_takes_the_focus_and_leads_to_its_field(chromium: Browser, address: str) -> None:
    context = chromium.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/konto/passwort/vergessen/")
    page.get_by_label("E-Mail-Adresse").fill("keine Adresse")
    page.get_by_role("button", name="Link schicken").click()
    page.wait_for_selector(".summary")
    assert page.title().startswith("Fehler:")
    assert page.locator(".summary").evaluate("node => node === document.activeElement")
    page.locator(".summary a").click()
    assert page.locator("#id_email").evaluate("node => node === document.activeElement")
    assert page.locator("#id_email").input_value() == "keine Adresse"
    context.close()
