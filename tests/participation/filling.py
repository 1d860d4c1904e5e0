"""A person without script who fills in a survey: reads the form, puts values in, presses a button."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey
    from tests.client import PortalClient

Values = dict[str, list[str]]


class Form(HTMLParser):
    """What a browser would send of the first form with the token, and what of it can be seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: Values = {}
        self.hidden: set[str] = set()
        self.shown: list[str] = []
        self.errors: list[str] = []
        self.steps: list[str] = []
        self._select = ""
        self._textarea = ""
        self._error = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if code := given.get("data-question"):
            (self.hidden.add if "hidden" in given else self.shown.append)(code)
        name = given.get("name", "")
        if tag == "input" and name and name != "viewport":
            if given["type"] not in {"radio", "checkbox"} or "checked" in given:
                self.values.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._select = name
            self.values.setdefault(name, [""])
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = [given["value"]]
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = [""]
        elif tag == "button" and name == "step":
            self.steps.append(given["value"])
        elif tag == "p" and given.get("class") == "kern-error":
            self._error = True
            self.errors.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._select = self._textarea = ""
        if tag == "p":
            self._error = False

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea][0] += data.removeprefix("\n")
        if self._error:
            self.errors[-1] = " ".join(f"{self.errors[-1]} {data}".split()).removeprefix("Fehler: ")


@dataclass
class Person:
    """Somebody with a browser."""

    client: PortalClient
    survey: Survey
    prefix: str = ""
    response: Any = None
    form: Form = field(default_factory=lambda: Form(""))

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return f"{self.prefix}/beteiligung/umfragen/{self.survey.slug}/ausfuellen/"

    def begin(self) -> Person:
        """Open the first page."""
        return self.got(self.client.get(self.address))

    def press(self, step: str = "next", **values: Any) -> Person:
        """Put values in (``q_a`` is the field ``q-a``; None empties it) and press a button."""
        sent = dict(self.form.values)
        for name, value in values.items():
            sent[name.replace("_", "-")] = [] if value is None else [value] if isinstance(value, str) else list(value)
        return self.send({**sent, "step": [step]})

    def send(self, data: Any) -> Person:
        """Send exactly this."""
        return self.got(self.client.post(self.address, data))

    def got(self, response: Any) -> Person:
        """Look at an answer."""
        assert response.cookies == {}
        assert response.headers["Cache-Control"] == "no-store"
        self.response = response
        self.form = Form(self.html)
        return self

    @property
    def html(self) -> str:
        """The page."""
        found: str = self.response.content.decode()
        return found

    @property
    def title(self) -> str:
        """The heading of the page."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.html, re.DOTALL)
        return " ".join(found[1].split()) if found else ""

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Questions and answers in words, on the page where they are checked."""
        rows = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", self.html, re.DOTALL)
        return [tuple(" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in row) for row in rows]  # type: ignore[misc]
