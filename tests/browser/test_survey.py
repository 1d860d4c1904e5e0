"""A whole survey in a real browser: every page of the running example, empty, refused and filled in, by every way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import install
from tests.browser.visit import AXE, WAYS, Visitor, Way, wrong_frame

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

FORM = "/beteiligung/umfragen/digital-leben/ausfuellen/"
MOST_STEPS = 40
ANSWER = """() => {
  for (const part of document.querySelectorAll("[data-question]:not([hidden])")) {
    const seen = new Set();
    for (const box of part.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      if (seen.has(box.name) || box.checked || box.closest("[hidden]") || "noAnswer" in box.dataset) continue;
      seen.add(box.name);
      box.click();
    }
    for (const list of part.querySelectorAll("select")) {
      if (list.closest("[data-ranking]") || list.value) continue;
      list.value = list.options[1].value;
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const field of part.querySelectorAll("textarea, input[type=text], input[type=date]")) {
      const number = field.inputMode === "numeric" || field.inputMode === "decimal";
      if (!field.value) field.value = field.type === "date" ? field.max || "2026-01-31" : number ? "20" : "Ein Satz.";
    }
  }
}"""
HIDDEN_AND_SHOWN = """() => [...document.querySelectorAll("[data-question]")].filter(
  (part) => part.hidden !== (getComputedStyle(part).display === "none")).map((part) => part.dataset.question)"""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_whole_survey_is_as_promised(visitor: Visitor, way: Way) -> None:
    context = visitor.context(way)
    tab = context.new_page()
    found, headings = [], []
    tab.goto(visitor.address + way.prefix + FORM)
    for _step in range(MOST_STEPS):
        headings.append(tab.locator("h1").inner_text())
        found += [f"{headings[-1]}: {text}" for text in _complaints(tab, way)]
        if tab.locator("button[value=submit]").count():
            break
        tab.evaluate(ANSWER)
        _go_on(tab)
    assert tab.locator("button[value=submit]").count() == 1, headings
    found += [f"Cookie {cookie['name']}" for cookie in context.cookies()]
    context.close()
    assert not found, "\n".join(found)


def _go_on(tab: BrowserPage) -> None:
    """Press „Weiter“ and wait for the next page, which the script puts in place of this one."""
    tab.evaluate("document.body.dataset.before = ''")
    tab.click("button[value=next]")
    tab.locator("body:not([data-before]) main h1").wait_for()


def _complaints(tab: BrowserPage, way: Way) -> list[str]:
    tab.evaluate(install.AXE.read_text())
    found = wrong_frame(tab, way)
    found += [f"axe {text}" for text in tab.evaluate(AXE)]
    found += [f"policy {text}" for text in tab.evaluate("window.portalViolations")]
    return found + [f"{code} is half hidden" for code in tab.evaluate(HIDDEN_AND_SHOWN)]


def test_errors_take_the_focus_and_lead_to_the_first_field(visitor: Visitor) -> None:
    context = visitor.context(WAYS[0])
    tab = context.new_page()
    tab.goto(visitor.address + FORM)
    for _step in range(MOST_STEPS):
        _go_on(tab)
        if tab.locator(".summary--reminder, .summary").count():
            break
    assert tab.evaluate("document.activeElement.classList.contains('summary')")
    for link in tab.locator(".summary a").all():
        target = (link.get_attribute("href") or "#").removeprefix("#")
        link.click()
        assert tab.evaluate("document.activeElement.id") == target
    context.close()
