"""How many whole submissions a second: the form is fetched, 20 answers are sent, the portal says thank you.

Two rounds, because a form that comes back within seconds is taken for a program: everybody fetches the form, waits, and
sends. Each person has an address of their own. Beside it PostgreSQL alone, with transactions of 20 rows.
"""

from __future__ import annotations

import http.client
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from bench.surveys import OPTIONS, SHORT, SIZES

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE, AT_ONCE = 600, 4
WAIT = 15  # seconds between fetching and sending, more than any guard asks for
FORM = f"/beteiligung/umfragen/{SHORT}/ausfuellen/"
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"')
HEAD = {"Content-Type": "application/x-www-form-urlencoded"}


def measure(address: str) -> dict[str, Any]:
    """Rates a second, and how many submissions did not end with thanks."""
    place = urlsplit(address).netloc
    numbers = [range(part, PEOPLE, AT_ONCE) for part in range(AT_ONCE)]
    forms: dict[int, dict[str, str]] = {}
    said: list[int] = []

    def fetch(people: range) -> None:
        line = http.client.HTTPConnection(place, timeout=60)
        for person in people:
            line.request("GET", FORM, headers={"X-Forwarded-For": _address(person)})
            forms[person] = dict(HIDDEN.findall(line.getresponse().read().decode()))

    def send(people: range) -> None:
        line = http.client.HTTPConnection(place, timeout=60)
        for person in people:
            answers = {f"q-q{n}": f"a{(person * n) % OPTIONS + 1}" for n in range(1, SIZES[SHORT][1] + 1)}
            body = urlencode({**forms[person], **answers, "step": "submit"})
            line.request("POST", FORM, body, {**HEAD, "X-Forwarded-For": _address(person)})
            answer = line.getresponse()
            answer.read()
            said.append(answer.status)

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        fetched = _seconds(lambda: list(crowd.map(fetch, numbers)))
        time.sleep(WAIT)
        sent = _seconds(lambda: list(crowd.map(send, numbers)))
    return {
        "people": PEOPLE,
        "failed": len([status for status in said if status != http.client.FOUND]),
        "per_second": round(PEOPLE / (fetched + sent), 1),
        "forms_per_second": round(PEOPLE / fetched, 1),
        "posts_per_second": round(PEOPLE / sent, 1),
    }


def _address(person: int) -> str:
    return f"203.{person // 256 % 256}.{person % 256}.7"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare_database(seconds: float = 3.0) -> float:
    """Transactions of 20 rows a second that PostgreSQL alone takes from four lines; needs Django to be set up."""
    from django.db import connection

    parameters = connection.get_connection_params()
    rows = ", ".join(f"({n}, 0, {n % OPTIONS + 1}, 0)" for n in range(SIZES[SHORT][1]))

    def write(_line: int) -> int:
        own = connection.Database.connect(**parameters)
        count, stop = 0, time.monotonic() + seconds
        with own.cursor() as cursor:
            while time.monotonic() < stop:
                cursor.execute(f"INSERT INTO bench_bare VALUES {rows}")  # noqa: S608
                own.commit()
                count += 1
        own.close()
        return count

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute("CREATE TABLE bench_bare (question bigint, item smallint, option smallint, state smallint)")
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        total = sum(crowd.map(write, range(AT_ONCE)))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_bare")
    return round(total / seconds)
