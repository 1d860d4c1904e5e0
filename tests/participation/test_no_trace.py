"""Nobody can say who gave which answers, or in which order they came: proven from the schema and from what is stored."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import secrets
import statistics
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from elbe_elster import logs
from elbe_elster.participation.actions import urn
from elbe_elster.participation.actions.urn import empty_urns
from elbe_elster.participation.models import (
    AccessCode,
    CodeLot,
    ContactWish,
    Envelope,
    Response,
    Survey,
)
from elbe_elster.participation.questionnaire.answers import Given
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import answer, options, published, question, questionnaire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import redis

# From what is stored ------------------------------------------------------------------

PEOPLE = 30
AGENT = "Mozilla/5.0 (Erkennbar)"
ADDRESS = "198.51.100."
HIDDEN = re.compile(r'name="(token|presented)" value="([^"]*)"')


@pytest.fixture
def survey(db: None) -> Survey:
    document = questionnaire(
        (
            question("number", Kind.NUMBER),
            question("single"),
            question("multiple", Kind.MULTIPLE, options=options("a", "b", "c", other="c")),
            question("text", Kind.LONG_TEXT),
        )
    )
    return published(document, contact_wish=True)


def hidden_fields(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def hand_in(survey: Survey, person: int) -> None:
    """One person on the real pages, recognisable in every way a browser is."""
    browser = Client(headers={"user-agent": f"{AGENT} {person}", "x-forwarded-for": f"{ADDRESS}{person}"})
    address = f"/beteiligung/umfragen/{survey.slug}/ausfuellen/"
    form = browser.get(address).content.decode()
    sent = {
        **hidden_fields(form),
        "q-number": str(person),
        "q-single": "b",
        "q-multiple": ["a", "c"],
        "w-multiple-c": f"Anderes {person}",
        "q-text": f"Satz der Person {person}",
        "step": "submit",
    }
    done = browser.post(address, sent)
    assert (done.status_code, dict(browser.cookies)) == (302, {})


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def dump(table: str) -> list[dict[str, Any]]:
    """Every row as the disk has it: place, transaction, and each column as text."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT ctid::text AS "<place>", xmin::text AS "<transaction>", * FROM "{table}" ORDER BY ctid')  # noqa: S608
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def as_text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, memoryview | bytes) else str(value)


Dump = dict[str, list[dict[str, Any]]]


def columns_with(everything: Dump, fits: Callable[[str], bool]) -> set[tuple[str, str]]:
    """Table and column of every value that fits."""
    return {
        (table, name)
        for table, rows in everything.items()
        for row in rows
        for name, value in row.items()
        if fits(as_text(value))
    }


def check_transactions(everything: Dump) -> None:
    """All responses are written at once, and nothing about a person with them."""
    written = everything["participation_response"]
    transactions = {row["<transaction>"] for row in written}
    assert (len(written), len(transactions)) == (PEOPLE, 1)
    together = {table for table, rows in everything.items() if {row["<transaction>"] for row in rows} & transactions}
    assert together == {
        "participation_response",
        "participation_answer",
        "participation_freetext",
        "participation_responsecount",
        "participation_tally",
    }


@pytest.mark.django_db(transaction=True)
def test_a_dump_ties_no_response_to_anything(survey: Survey) -> None:
    """Thirty people with codes and contact wishes in a known order; then the urn is emptied and everything is read."""
    lot = CodeLot.objects.create(survey=survey, name="Briefe", created_on=timezone.localdate())
    for person in range(PEOPLE):
        hand_in(survey, person)
        AccessCode.objects.create(code=f"CODE{person}", lot=lot, used=True)
        ContactWish.objects.create(survey=survey, contact=f"person-{person}@example.org")
    sealed = b"".join(bytes(envelope.content) for envelope in Envelope.objects.all())
    assert (Envelope.objects.count(), Response.objects.count()) == (PEOPLE, 0)
    assert b"Satz der Person" not in sealed
    assert empty_urns(now=timezone.now() + dt.timedelta(days=1)) == PEOPLE
    everything = {table: dump(table) for table in tables()}
    check_transactions(everything)
    written = everything["participation_response"]
    keys = {str(row["key"]) for row in written}
    assert columns_with(everything, keys.__contains__) == {
        ("participation_response", "key"),
        ("participation_answer", "response_id"),
        ("participation_freetext", "response_id"),
    }
    assert columns_with(everything, lambda text: AGENT in text or ADDRESS in text) == set()
    assert columns_with(everything, lambda text: "der Person" in text) == {("participation_freetext", "text")}
    moments = [name for name, value in written[0].items() if isinstance(value, dt.datetime)]
    assert moments == []


def rank_correlation(values: list[float]) -> float:
    """Of a list with the order of arrival: 1 the same, -1 the reverse, around 0 none."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    return statistics.correlation(range(len(values)), [ranks[value] for value in values])


def arrival_by_place(survey: Survey) -> dict[str, list[int]]:
    """Who came when, in the order of the rows on the disk and of their keys."""
    with connection.cursor() as cursor:
        found = {}
        for name, order in (("place of response", "r.ctid"), ("key", "r.key"), ("place of answer", "a.ctid")):
            cursor.execute(
                "SELECT a.number::int FROM participation_response r JOIN participation_answer a ON a.response_id = r.key"  # noqa: S608
                f" WHERE r.survey_id = %s AND a.number IS NOT NULL ORDER BY {order}",
                [survey.pk],
            )
            found[name] = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT substring(t.text FROM '[0-9]+')::int FROM participation_freetext t"
            " JOIN participation_response r ON r.key = t.response_id WHERE r.survey_id = %s ORDER BY t.ctid",
            [survey.pk],
        )
        found["place of text"] = [row[0] for row in cursor.fetchall()]
    return found


@pytest.mark.django_db
def test_no_order_on_the_disk_is_the_order_of_arrival() -> None:
    """The mean over twelve urns of thirty: chance alone gives 0 ± 0.054, so 0.33 is six times that."""
    rounds: dict[str, list[float]] = {}
    document = questionnaire((question("number", Kind.NUMBER), question("text", Kind.LONG_TEXT)))
    for _ in range(12):
        survey = published(document)
        for person in range(PEOPLE):
            answer(survey, {"number": Given(number=person), "text": Given(text=f"Satz {person}")})  # type: ignore[arg-type]
        assert urn.empty_urn(survey, now=timezone.now() + dt.timedelta(days=1)) == PEOPLE
        for name, order in arrival_by_place(survey).items():
            assert sorted(order) == list(range(PEOPLE))
            rounds.setdefault(name, []).append(rank_correlation([float(one) for one in order]))
    means = {name: statistics.mean(found) for name, found in rounds.items()}
    assert set(means) == {"place of response", "key", "place of answer", "place of text"}
    assert {name: mean for name, mean in means.items() if abs(mean) > 0.33} == {}


def test_the_measure_of_order_would_notice() -> None:
    assert rank_correlation([float(one) for one in range(PEOPLE)]) == pytest.approx(1)
    assert rank_correlation([float(one) for one in reversed(range(PEOPLE))]) == pytest.approx(-1)


# From logs, error reports and the cache -----------------------------------------------

SECRET = f"Geheim{secrets.token_hex(6)}"


@pytest.fixture
def everything_logged(settings: Any) -> Iterator[io.StringIO]:
    """What any logger says at the lowest level, drawn as in production."""
    settings.ADMINS = [("Technik", "technik@example.org")]
    settings.DEBUG = False
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter: Any = logs.configuration(readable=False)["formatters"]["portal"]
    handler.setFormatter(formatter.pop("()")(**formatter))
    root, level = logging.getLogger(), logging.getLogger().level
    known = [logging.getLogger(name) for name in ("django", "django.request", "portal", "elbe_elster", "celery")]
    levels = [logger.level for logger in known]
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for logger in known:
        logger.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    for logger, before in zip(known, levels, strict=True):
        logger.setLevel(before)


def post(survey: Survey) -> Any:
    browser = Client(raise_request_exception=False, headers={"x-forwarded-for": f"{ADDRESS}7", "user-agent": AGENT})
    address = f"/beteiligung/umfragen/{survey.slug}/ausfuellen/"
    form = hidden_fields(browser.get(address).content.decode())
    sent = {"q-number": "7", "q-text": SECRET}
    check = browser.post(address, {**form, **sent, "step": "next"}).content.decode()
    assert SECRET in check
    return browser.post(address, {**hidden_fields(check), "step": "submit"})


@pytest.mark.django_db(transaction=True)
def test_answers_are_in_no_log_and_no_error_report(
    survey: Survey, everything_logged: io.StringIO, monkeypatch: pytest.MonkeyPatch, valkey: redis.Redis
) -> None:
    assert post(survey).status_code == 302

    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("kaputt")

    monkeypatch.setattr("elbe_elster.participation.views.filling.cast", broken)
    assert post(survey).status_code == 500
    said = everything_logged.getvalue()
    assert "kaputt" in said  # it was logged
    assert [line for line in said.splitlines() if SECRET in line or "q-text" in line] == []
    assert [message for message in mail.outbox if SECRET in message.body] == []
    assert [key for key in valkey.scan_iter() if SECRET.encode() in key + (valkey.dump(key) or b"")] == []
    assert [key for key in valkey.scan_iter() if f"{ADDRESS}7".encode() in key] == []


@pytest.mark.django_db(transaction=True)
def test_a_failing_urn_says_nothing_about_answers(
    survey: Survey, everything_logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database tells with an error which row failed; that row would be somebody's answer."""
    assert post(survey).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE participation_freetext ADD CONSTRAINT nothing_fits CHECK (text = '')")
    try:
        with pytest.raises(urn.UrnError) as caught:
            empty_urns(now=timezone.now() + dt.timedelta(days=1))
        logging.getLogger("elbe_elster").error("so schreibt es die Warteschlange", exc_info=caught.value)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE participation_freetext DROP CONSTRAINT nothing_fits")
    said = everything_logged.getvalue()
    assert "so schreibt es die Warteschlange" in said
    assert SECRET not in said + str(caught.value)
    assert empty_urns(now=timezone.now() + dt.timedelta(days=1)) == 1  # nothing was lost


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
def test_answering_leaves_no_line_and_reading_no_address(survey: Survey, prefix: str) -> None:
    browser = Client(headers={"x-forwarded-for": f"{ADDRESS}7"})
    place = f"{prefix}/beteiligung/umfragen/{survey.slug}/"
    with capture_logs() as written:
        for page in ("ausfuellen/", "weiter/", "danke/", "kontakt/", "", "ergebnisse/"):
            browser.get(f"{place}{page}")
        browser.get(f"{prefix}/beteiligung/")
    lines = [(line["path"], line["address"]) for line in written if line["event"] == "request"]
    assert lines == [(place, "-"), (f"{place}ergebnisse/", "-"), (f"{prefix}/beteiligung/", f"{ADDRESS}0")]


@pytest.mark.django_db
def test_the_database_writes_no_statement_into_its_log() -> None:
    """Statements hold answers. What fails or takes long is named without them."""
    names = ("log_min_error_statement", "log_min_duration_statement", "log_statement", "log_error_verbosity")
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "log_min_error_statement": "panic",
        "log_min_duration_statement": "-1",
        "log_statement": "none",
        "log_error_verbosity": "terse",
    }
