"""The editor in a real browser: it saves by itself, survives a lost connection and a second writer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser
PATH = "/redaktion/massnahmen/M-03/bearbeiten/"
SOON = 15_000  # milliseconds


def saved(page: Page) -> Any:
    return page.locator("[data-saved]")


def wait_until_saved(page: Page) -> None:
    expect(saved(page)).to_have_text(re.compile(r"^gespeichert um \d\d:\d\d Uhr"), timeout=SOON)


def test_nothing_typed_is_lost(address: str, enter: Callable[[str], tuple[BrowserContext, list[str]]]) -> None:
    first, problems = enter("freigabe")
    page = first.new_page()
    page.goto(address + PATH)

    # by itself, invalid or not
    page.get_by_label("In einem Satz", exact=True).fill("Ein Satz aus dem Test.")
    wait_until_saved(page)
    unfold(page, "teil-wann")
    page.get_by_label("Beginn geplant").fill("irgendwann")
    wait_until_saved(page)

    # a new row, by keyboard
    add = page.locator("[data-rows=milestones] [data-add]")
    rows = page.locator("[data-rows=milestones] [data-row]")
    before = rows.count()
    add.focus()
    page.keyboard.press("Enter")
    assert rows.count() == before + 1
    page.keyboard.type("Schritt aus dem Test")
    wait_until_saved(page)

    # without a connection the text stays here, and goes out later
    first.set_offline(True)
    page.get_by_label("In einem Satz", exact=True).fill("Ohne Verbindung getippt.")
    expect(saved(page)).to_contain_text("keine Verbindung", timeout=SOON)
    first.set_offline(False)
    wait_until_saved(page)
    problems[:] = [text for text in problems if "ERR_INTERNET_DISCONNECTED" not in text]
    assert problems == []


def unfold(page: Page, part: str) -> None:
    """Open a part of the editor; an earlier test may have left something in it that keeps it open."""
    head = page.locator(f"#{part}")
    if head.evaluate("head => !head.closest('details').open"):
        head.press("Enter")


def test_markdown_has_buttons_keys_and_a_picture(
    address: str, enter: Callable[[str], tuple[BrowserContext, list[str]]]
) -> None:
    window, problems = enter("freigabe")
    page = window.new_page()
    page.goto(address + PATH)
    page.locator("#teil-was").scroll_into_view_if_needed()
    area = page.get_by_label("Beschreibung", exact=True)
    area.fill("wichtig")
    area.press("Control+a")
    area.press("Control+b")
    assert area.input_value() == "**wichtig**"
    page.get_by_role("toolbar").first.get_by_role("button", name="Vorschau").click()
    expect(page.locator(".md-preview strong").first).to_have_text("wichtig")
    wait_until_saved(page)
    assert problems == []


def test_two_who_write_at_once_lose_nothing(
    address: str, enter: Callable[[str], tuple[BrowserContext, list[str]]]
) -> None:
    (first, _problems), (second, _others) = enter("freigabe"), enter("admin")
    page, late = first.new_page(), second.new_page()
    page.goto(address + PATH)
    late.goto(address + PATH)
    page.get_by_label("In einem Satz", exact=True).fill("Der erste Satz.")
    unfold(page, "teil-wann")
    page.get_by_label("Ende geplant").fill("12/2031")
    wait_until_saved(page)
    late.get_by_label("In einem Satz", exact=True).fill("Der zweite Satz.")
    expect(saved(late)).to_contain_text("Jemand anders hat inzwischen gespeichert", timeout=SOON)
    late.get_by_role("link", name="Beide vergleichen").click()
    late.wait_for_url("**/abgleich/")
    assert "Der erste Satz." in late.locator("main").inner_text()
    assert "Der zweite Satz." in late.locator("main").inner_text()
    late.get_by_label("Meine Fassung").first.check()
    late.get_by_role("button", name="So speichern").click()
    late.wait_for_url("**/bearbeiten/")
    assert late.get_by_label("In einem Satz", exact=True).input_value() == "Der zweite Satz."
    unfold(late, "teil-wann")
    assert late.get_by_label("Ende geplant").input_value() == "12/2031"


def test_a_text_that_never_arrived_waits_on_the_device(
    address: str, enter: Callable[[str], tuple[BrowserContext, list[str]]]
) -> None:
    first, _problems = enter("freigabe")
    page = first.new_page()
    page.goto(address + PATH)
    first.set_offline(True)
    page.get_by_label("In einem Satz", exact=True).fill("Nur auf diesem Gerät.")
    expect(saved(page)).to_contain_text("keine Verbindung", timeout=SOON)
    page.close()
    first.set_offline(False)
    again = first.new_page()
    again.goto(address + PATH)
    again.get_by_role("button", name="Diesen Text nehmen").click()
    expect(again.get_by_label("In einem Satz", exact=True)).to_have_value("Nur auf diesem Gerät.", timeout=SOON)
    again.goto(address + PATH.replace("bearbeiten", "verwerfen"))
    again.get_by_role("button", name="Entwurf verwerfen").click()
    again.wait_for_url("**/redaktion/massnahmen/")
