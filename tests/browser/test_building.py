"""Building a survey in a real browser, by keyboard only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = pytest.mark.browser
SHOWN_STEPS = 400  # presses of the tabulator


def reach(page: Page, target: Locator) -> None:
    """Press the tabulator until the target has the focus."""
    for _step in range(SHOWN_STEPS):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never reached: {target}")


def press(page: Page, target: Locator) -> None:
    """Open a link or push a button by keyboard."""
    reach(page, target)
    page.keyboard.press("Enter")


def add_question(page: Page, kind: str, label: str, *, options: list[str] | None = None) -> None:
    """Choose a kind, write the question, paste its options, save."""
    press(page, page.get_by_role("link", name="Frage hinzufügen").last)
    reach(page, page.get_by_label("Frage", exact=True))
    page.keyboard.type(label)
    radio = page.get_by_label(kind, exact=True)
    first = page.locator("[name=kind]").first
    reach(page, first)
    page.keyboard.press("Space")
    for _step in range(20):
        if radio.is_checked():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/frage/*/")
    if options:
        reach(page, page.get_by_label("Weitere Antworten"))
        for option in options:
            page.keyboard.type(option)
            page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Speichern", exact=True).last)
    page.wait_for_url("**/bearbeiten/#*")


def move_by_keyboard(page: Page) -> None:
    """The fourth question one up and back again: the focus stays on the button."""
    questions = page.locator("[data-question] h3")
    press(page, page.locator("#up-wann_zuletzt"))
    expect(questions).to_have_text(["Fahren Sie Bus?", "Wie oft?", "Wann zuletzt?", "Wie weit?", "Was fehlt?"])
    expect(page.locator("#up-wann_zuletzt")).to_be_focused()
    page.get_by_role("button", name="Rückgängig").focus()
    page.keyboard.press("Enter")
    expect(questions).to_have_text(["Fahren Sie Bus?", "Wie oft?", "Wie weit?", "Wann zuletzt?", "Was fehlt?"])


def test_a_survey_of_five_questions_with_a_condition_by_keyboard(
    address: str, enter: Callable[[str], tuple[BrowserContext, list[str]]]
) -> None:
    window, problems = enter("beteiligung")
    page = window.new_page()
    page.goto(f"{address}/redaktion/umfragen/")
    press(page, page.get_by_role("link", name="Neue Umfrage"))
    reach(page, page.get_by_label("Titel"))
    page.keyboard.type("Bus und Bahn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bus-und-bahn/bearbeiten/")

    add_question(page, "Ja oder Nein", "Fahren Sie Bus?")
    add_question(page, "Eine Antwort auswählen", "Wie oft?", options=["Täglich", "Seltener"])
    add_question(page, "Zahl", "Wie weit?")
    add_question(page, "Datum", "Wann zuletzt?")
    add_question(page, "Langer Text", "Was fehlt?")
    questions = page.locator("[data-question] h3")
    expect(questions).to_have_text(["Fahren Sie Bus?", "Wie oft?", "Wie weit?", "Wann zuletzt?", "Was fehlt?"])

    # a condition: the second only for those who said yes
    menu = page.locator("#frage-wie_oft summary")
    press(page, menu)
    press(page, page.locator("#frage-wie_oft").get_by_role("link", name="Nur unter einer Bedingung zeigen"))
    subject = page.get_by_label("Frage", exact=True)
    reach(page, subject)
    page.keyboard.type("1. Fahren")
    value = page.get_by_label("Antwort", exact=True)
    expect(value).to_be_visible()
    reach(page, value)
    page.keyboard.type("Ja")
    press(page, page.get_by_role("button", name="Speichern", exact=True).last)
    page.wait_for_url("**/bearbeiten/#frage-wie_oft")
    expect(page.locator("#frage-wie_oft .outline__if")).to_have_text("Nur wenn Sie Frage 1 mit „Ja“ beantwortet haben")

    move_by_keyboard(page)
    assert problems == []


def test_dragging_a_question_to_another_part(
    address: str, enter: Callable[[str], tuple[BrowserContext, list[str]]]
) -> None:
    window, problems = enter("beteiligung")
    page = window.new_page()
    page.goto(f"{address}/redaktion/umfragen/neu/")
    page.get_by_label("Titel").fill("Ziehen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bearbeiten/")
    add_question(page, "Zahl", "Eins")
    add_question(page, "Zahl", "Zwei")
    handle, target = page.locator("#frage-zwei [data-handle]"), page.locator("#frage-eins")
    page.evaluate("scrollTo(0, 0)")
    handle.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 4, steps=5)
    page.mouse.up()
    expect(page.locator("[data-question] h3")).to_have_text(["Zwei", "Eins"])
    assert problems == []
