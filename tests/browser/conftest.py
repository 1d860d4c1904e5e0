"""One Chromium and one real portal with loaded content for each worker."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests import worker
from tests.browser import install, portal
from tests.browser.visit import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

DEMO_PASSWORD = "elbe-elster-demo"
LOG = portal.ROOT / "var" / "test" / "log"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; windows are opened and closed by the tests."""
    if not install.AXE.exists():
        pytest.fail("Der Browser fehlt: `make test` oder `python -m tests.browser.install` richtet ihn ein.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=install.chromium(), args=install.FLAGS, env={**os.environ, **install.environment()}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """A portal as in production, with the demo's content and accounts, on a database of its own."""
    with worker.copied_database(f"{worker.DATABASE}_portal") as database:
        queue = worker.queue_url(worker.NUMBER + 1)
        environment: dict[str, Any] = {"DATABASE_URL": database, "REDIS_URL": queue, "DEMO": "1"}
        portal.load_content(**environment)
        with (portal.ROOT / "var" / "test" / "static.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the workers share the collected files
            portal.collect_static(**environment)
        with portal.served(log=LOG / f"portal-{worker.NAME}.log", **environment) as served:
            yield served


@pytest.fixture(scope="session")
def visitor(chromium: Browser, address: str) -> Visitor:
    """The browser at the portal's door."""
    return Visitor(chromium, address)


@pytest.fixture(scope="session")
def session_of(visitor: Visitor) -> Callable[[str], list[Any] | None]:
    """The cookies of a demo account after signing in through the form, once a worker."""
    known: dict[str, list[Any] | None] = {"": None}

    def session_of(person: str) -> list[Any] | None:
        if person not in known:
            context = visitor.browser.new_context()
            tab = context.new_page()
            tab.set_default_timeout(10_000)
            tab.goto(f"{visitor.address}/konto/anmelden/")
            tab.fill("input[name=login]", f"{person}@demo.invalid")
            tab.fill("input[name=password]", DEMO_PASSWORD)
            tab.press("input[name=password]", "Enter")
            tab.wait_for_url(lambda url: "/anmelden/" not in url)
            known[person] = list(context.cookies())
            context.close()
        return known[person]

    return session_of


@pytest.fixture
def enter(
    chromium: Browser, session_of: Callable[[str], list[Any] | None]
) -> Iterator[Callable[[str], tuple[BrowserContext, list[str]]]]:
    """A window of a demo account, and what its console complained of."""
    opened: list[BrowserContext] = []

    def enter(person: str) -> tuple[BrowserContext, list[str]]:
        context = chromium.new_context(locale="de-DE")
        context.add_cookies(session_of(person) or [])
        problems: list[str] = []
        context.on("weberror", lambda error: problems.append(str(error.error)))
        context.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        opened.append(context)
        return context, problems

    yield enter
    for context in opened:
        context.close()
