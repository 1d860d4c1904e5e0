"""Filling in with script, in a real browser: questions come and go, and nothing is lost in a dead spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from playwright.sync_api import expect

from tests import worker
from tests.browser.line import line_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

pytestmark = pytest.mark.browser
SURVEY = "/beteiligung/umfragen/digital-leben/"
FILL = f"{SURVEY}ausfuellen/"
SOON = 15_000  # milliseconds


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A window, and a complaint where its console complained."""
    context = chromium.new_context(locale="de-DE")
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(SOON)
    yield page
    context.close()
    assert problems == []


def envelopes() -> int:
    """How many submissions lie in the urn of the portal the browser sees."""
    with psycopg.connect(f"{worker.SERVER_URL}/{worker.DATABASE}_portal") as connection:
        row: Any = connection.execute("SELECT count(*) FROM participation_envelope").fetchone()
        return int(row[0])


def question(tab: Page, code: str) -> Any:
    return tab.locator(f"[data-question={code}]")


def choose(tab: Page, name: str, value: str) -> None:
    tab.locator(f"[name='{name}'][value='{value}']").check()


def go(tab: Page, step: str = "next") -> None:
    tab.locator(f"button[name=step][value={step}]").first.click()


def test_questions_come_and_go_and_answers_come_back(address: str, tab: Page) -> None:
    tab.goto(address + FILL)
    expect(question(tab, "devices")).to_be_visible()
    expect(question(tab, "why_not")).to_be_hidden()
    tab.locator("[name=q-devices][value=phone]").check()
    choose(tab, "q-internet_use", "never")
    expect(question(tab, "devices")).to_be_hidden()
    expect(question(tab, "why_not")).to_be_visible()
    expect(tab.locator("[data-status]")).to_contain_text("Warum nutzen Sie das Internet nicht?")
    shown = tab.locator("[data-question]:not([hidden])").evaluate_all("all => all.map(one => one.dataset.question)")
    assert tab.locator("[name=presented]").input_value().split() == shown
    choose(tab, "q-internet_use", "daily")
    expect(question(tab, "why_not")).to_be_hidden()
    assert tab.locator("[name=q-devices][value=phone]").is_checked()

    # what was answered before it was hidden is kept on the way, but is no answer
    choose(tab, "q-internet_use", "never")
    go(tab)
    go(tab, "back")
    expect(question(tab, "devices")).to_be_hidden()
    choose(tab, "q-internet_use", "daily")
    expect(tab.locator("[name=q-devices][value=phone]")).to_be_checked()


def test_the_server_shows_what_the_browser_showed(address: str, tab: Page) -> None:
    """Nothing appears only after „Weiter“: with script the next page comes at once."""
    tab.goto(address + FILL)
    first = tab.locator("h1").inner_text()
    for value in ("never", "daily", "never"):
        choose(tab, "q-internet_use", value)
    go(tab)
    expect(tab.locator("h1")).not_to_have_text(first)


def office(tab: Page, address: str) -> None:
    """Go on to the page about offices."""
    tab.goto(address + FILL)
    choose(tab, "q-internet_use", "daily")
    for _page in range(9):
        if question(tab, "services").count():
            return
        before = tab.locator("h1").inner_text()
        go(tab)
        expect(tab.locator("h1")).not_to_have_text(before)
    pytest.fail("the page about offices did not come")


def to_the_check_page(tab: Page) -> None:
    """Answer what must be answered and go on to the last page."""
    choose(tab, "q-internet_use", "daily")
    for _page in range(20):
        if tab.locator("button[value=submit]").count():
            return
        before = tab.locator("[name=token]").input_value()
        go(tab)
        expect(tab.locator("[name=token]")).not_to_have_value(before, timeout=SOON)  # one page may remind once
    pytest.fail("the last page did not come")


def test_an_exclusive_option_stands_alone(address: str, tab: Page) -> None:
    office(tab, address)
    choose(tab, "q-online_office", "no")
    boxes = {code: tab.locator(f"[name=q-office_missing][value={code}]") for code in ("unknown", "eid", "none")}
    boxes["unknown"].check()
    boxes["eid"].check()
    boxes["none"].check()
    assert {code: box.is_checked() for code, box in boxes.items()} == {"unknown": False, "eid": False, "none": True}
    boxes["eid"].check()
    assert {code: box.is_checked() for code, box in boxes.items()} == {"unknown": False, "eid": True, "none": False}


def test_a_ranking_is_sorted_by_buttons_and_keyboard(address: str, tab: Page) -> None:
    office(tab, address)
    rows = question(tab, "services").locator("[data-option]")
    codes = rows.evaluate_all("all => all.map(one => one.dataset.option)")

    def places() -> dict[str, str]:
        found: dict[str, str] = rows.evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.dataset.option, one.querySelector('select').value]))"
        )
        return found

    def press(code: str, word: str) -> None:
        button = question(tab, "services").locator(f"[data-option='{code}']").get_by_role("button", name=word)
        button.focus()
        tab.keyboard.press("Enter")
        expect(button).to_be_focused()

    first, second, *rest = codes
    press(first, "höher")
    press(second, "höher")
    assert places() == {first: "1", second: "2", **dict.fromkeys(rest, "")}
    press(second, "höher")
    assert places() == {second: "1", first: "2", **dict.fromkeys(rest, "")}
    expect(tab.locator("[data-status]")).to_contain_text("Platz 1")
    question(tab, "services").locator(f"[data-option='{rest[0]}'] select").select_option("1")
    assert places() == {rest[0]: "1", second: "2", first: "3", **dict.fromkeys(rest[1:], "")}
    press(first, "tiefer")
    assert places() == {rest[0]: "1", second: "2", **dict.fromkeys([first, *rest[1:]], "")}


def test_a_page_sent_in_a_dead_spot_goes_out_when_the_network_is_back(address: str, tab: Page) -> None:
    tab.goto(address + FILL)
    first = tab.locator("h1").inner_text()
    choose(tab, "q-internet_use", "daily")
    tab.context.set_offline(True)
    go(tab)
    note = tab.locator("[data-offline]")
    expect(note).to_be_visible()
    expect(note).to_be_focused()
    expect(note).to_contain_text("Ihre Antworten sind noch da.")
    assert tab.locator("h1").inner_text() == first
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.once("dialog", stay)
    tab.evaluate("setTimeout(() => location.assign('/'), 0)")
    tab.wait_for_timeout(500)
    assert (asked, tab.url) == (["beforeunload"], address + FILL)
    tab.context.set_offline(False)
    expect(tab.locator("h1")).not_to_have_text(first)
    go(tab, "back")
    expect(tab.locator("[name=q-internet_use][value=daily]")).to_be_checked()
    storage = tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert storage == [0, 0, ""]


def test_while_the_server_is_away_the_page_waits(address: str, tab: Page) -> None:
    with line_to(address) as line:
        tab.goto(line.address + FILL)
        choose(tab, "q-internet_use", "daily")
        first = tab.locator("h1").inner_text()
        line.cut = True
        go(tab)
        expect(tab.locator("[data-offline]")).to_be_visible()
        line.cut = False
        tab.locator("[data-retry]").click()
        expect(tab.locator("h1")).not_to_have_text(first)


def test_a_submission_whose_answer_is_lost_counts_once(address: str, tab: Page) -> None:
    """The portal has it, the browser does not know: it sends again, and the key counts once."""
    with line_to(address) as line:
        tab.goto(line.address + FILL)
        to_the_check_page(tab)
        tab.wait_for_timeout(6_000)  # people take longer than programs
        count = envelopes()
        line.deaf_for = "POST"
        go(tab, "submit")
        note = tab.locator("[data-offline]:not([hidden])")
        note.or_(tab.get_by_role("heading", name="Danke, Ihre Antworten sind angekommen")).wait_for()
        assert (line.lost, envelopes()) == (1, count + 1)
        if note.count():  # or Chromium has sent it again by itself
            tab.locator("[data-retry]").click()
        tab.wait_for_url("**/danke/")
        assert envelopes() == count + 1


def test_back_in_the_browser_is_back_in_the_survey(address: str, tab: Page) -> None:
    tab.goto(address + FILL)
    first = tab.locator("h1").inner_text()
    choose(tab, "q-internet_use", "daily")
    go(tab)
    expect(tab.locator("h1")).not_to_have_text(first)
    second = tab.locator("h1").inner_text()
    go(tab)
    expect(tab.locator("h1")).not_to_have_text(second)
    tab.evaluate("history.back()")
    expect(tab.locator("h1")).to_have_text(second)
    tab.evaluate("history.back()")
    expect(tab.locator("h1")).to_have_text(first)
    expect(tab.locator("[name=q-internet_use][value=daily]")).to_be_checked()


def test_who_is_too_quick_computes_for_a_moment_and_is_counted(address: str, tab: Page) -> None:
    tab.goto(address + FILL)
    to_the_check_page(tab)
    count = envelopes()
    go(tab, "submit")
    tab.wait_for_url("**/danke/", timeout=60_000)
    assert envelopes() == count + 1
