"""One look at one page with a real browser, and everything about it that is not as promised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.browser import install
from tests.browser.pages import SIMPLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Response
    from playwright.sync_api import Page as BrowserPage

    from tests.browser.pages import Page

WATCH = """
window.portalViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.portalViolations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
AXE = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
})).violations.flatMap((rule) => rule.nodes.map((node) =>
  `${rule.id}: ${node.target.join(" ")} ${(node.any[0] || node.all[0] || node.none[0] || {}).message || rule.help}`))
"""


@dataclass(frozen=True)
class Way:
    """A way of looking at a page: which browser window, which language."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    prefix: str = ""
    language: str = "de"


DESKTOP = {"viewport": {"width": 1280, "height": 900}}
WAYS = [
    Way("light", DESKTOP),
    Way("dark", {**DESKTOP, "color_scheme": "dark"}),
    Way("320 px", {"viewport": {"width": 320, "height": 640}}),
    Way("forced colours", {**DESKTOP, "forced_colors": "active"}),
    Way("de-simple", DESKTOP, prefix=SIMPLE, language="de-simple"),
    Way("en", DESKTOP, prefix="/en", language="en"),
]


@dataclass
class Visitor:
    """A browser at the portal's address; ``session`` holds the cookies of whoever is signed in."""

    browser: Browser
    address: str

    def context(self, way: Way, session: list[Any] | None = None) -> BrowserContext:
        """A fresh window without history, signed in as the session says."""
        context = self.browser.new_context(reduced_motion="reduce", **way.options)
        context.add_init_script(WATCH)
        if session:
            context.add_cookies(session)
        return context

    def complaints(self, page: Page, way: Way, session: list[Any] | None = None) -> list[str]:
        """What is wrong with one page in one way of looking at it."""
        context = self.context(way, session)
        try:
            return [f"{way.name}: {text}" for text in self._look(context, page, way)]
        finally:
            context.close()

    def _look(self, context: BrowserContext, page: Page, way: Way) -> list[str]:
        tab = context.new_page()
        heard = _Heard(self.address, page.status)
        tab.on("console", heard.console)
        tab.on("pageerror", lambda error: heard.complaints.append(f"script: {error}"))
        tab.on("response", heard.response)
        response = tab.goto(self.address + way.prefix + page.path, wait_until="load")
        if response is None or response.status != page.status:
            return [f"status {response and response.status}"]
        found = heard.complaints + wrong_frame(tab, way)
        if page.strict:
            tab.evaluate(install.AXE.read_text())
            found += [f"axe {text}" for text in tab.evaluate(AXE)]
        found += [f"policy {text}" for text in tab.evaluate("window.portalViolations")]
        if not page.person and not page.cookies:
            found += [f"cookie {cookie['name']}" for cookie in context.cookies()]
        return found


@dataclass
class _Heard:
    address: str
    expected: int
    complaints: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        is_own_status = self.expected != 200 and f"status of {self.expected}" in message.text
        if message.type in {"error", "warning"} and not is_own_status:
            self.complaints.append(f"console: {message.text}")

    def response(self, response: Response) -> None:
        if response.url.startswith(("data:", "blob:")):
            return
        if urlsplit(response.url).netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"foreign: {response.url}")
        if response.status >= 400 and response.status != self.expected:
            self.complaints.append(f"{response.status}: {response.url}")


def wrong_frame(tab: BrowserPage, way: Way) -> list[str]:
    """Language, one main heading, a title, nothing wider than the window."""
    found = []
    facts = tab.evaluate(
        """() => ({
          lang: document.documentElement.lang, title: document.title.trim(),
          h1: document.querySelectorAll("h1").length,
          wide: document.documentElement.scrollWidth - document.documentElement.clientWidth})"""
    )
    if facts["lang"] != way.language:
        found.append(f"lang is {facts['lang']!r}")
    if facts["h1"] != 1:
        found.append(f"{facts['h1']} h1")
    if not facts["title"]:
        found.append("no title")
    if facts["wide"] > 0:
        found.append(f"{facts['wide']} px too wide")
    return found


def transferred(visitor: Visitor, page: Page, *, visits: int) -> list[tuple[int, int]]:
    """Bytes over the wire and number of requests of each of several visits in one window."""
    context = visitor.context(WAYS[0])
    tab = context.new_page()
    sizes: dict[str, int] = {}
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    found = []
    for _visit in range(visits):
        sizes.clear()
        tab.goto(visitor.address + page.path, wait_until="networkidle")
        sent = [int(size) for size in sizes.values() if size > 0]
        found.append((sum(sent), len(sent)))
        tab.goto("about:blank")
    context.close()
    return found
