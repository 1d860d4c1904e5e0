"""``python -m tests.browser.shoot PATH… [--as E-MAIL]``: photographs pages of this checkout into ``var/shots``.

Desktop and phone width, light and dark. Serves the checkout's own database in debug mode, so that changed
templates, static files and a rebuilt look show at once. ``--url`` photographs a running portal instead.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from elbe_elster import embedded
from tests.browser import install, portal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

SHOTS = portal.ROOT / "var" / "shots"
WIDTHS = (1280, 390)
DEMO_ACCOUNTS = "demo.invalid"


def main() -> int:
    """Photograph what the command line asks for; print the files."""
    wanted = _arguments()
    if not (install.AXE.exists() and install.chromium()):
        install.main()
    with embedded.running():
        cookie = session_cookie(wanted.person) if wanted.person else None
        with _address(wanted.url) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=install.chromium(), args=install.FLAGS, env={**os.environ, **install.environment()}
            )
            for path in wanted.paths:
                for width in wanted.widths:
                    for scheme in wanted.schemes:
                        print(shoot(browser, address, path, width, scheme, cookie))
            browser.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shoot")
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--as", dest="person", help="account, such as redaktion (of demo.invalid) or an address")
    parser.add_argument("--url", help="address of a running portal on this checkout's data")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--schemes", nargs="+", default=("light", "dark"), choices=("light", "dark"))
    return parser.parse_args()


@contextmanager
def _address(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with portal.served(log=portal.ROOT / "var" / "log" / "shoot.log", DEBUG="1", DEMO="1") as address:
        yield address


def shoot(browser: Browser, address: str, path: str, width: int, scheme: str, cookie: str | None) -> Path:  # noqa: PLR0917
    """Photograph one page from top to bottom; says on the screen what the browser complains about."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 600 else 844},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=1,
    )
    if cookie:
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.on("console", lambda message: print(f"  {path}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: print(f"  {path}: {error}"))
    response = page.goto(address + path, wait_until="networkidle")
    if response is not None and not response.ok:
        print(f"  {path}: status {response.status}")
    SHOTS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w]+", "-", path).strip("-") or "home"
    file = SHOTS / f"{name}-{width}-{scheme}.png"
    page.screenshot(path=file, full_page=True)
    context.close()
    return file


def session_cookie(person: str) -> str:
    """Sign a person in without the form; gives the session's key."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    email = person if "@" in person else f"{person}@{DEMO_ACCOUNTS}"
    user = get_user_model().objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    sys.exit(main())
