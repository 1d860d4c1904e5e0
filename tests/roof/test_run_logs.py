"""What the log says about a request, and what it never says."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from structlog.testing import capture_logs

from elbe_elster import logs
from tests.roof.test_run_settings import ROOT

if TYPE_CHECKING:
    from django.test import Client


def lines(client: Client, path: str, **extra: Any) -> tuple[Any, list[Any]]:
    with capture_logs() as written:
        answer = client.get(path, **extra)
    return answer, [line for line in written if line["event"] == "request"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("", "-"),
        ("nonsense", "-"),
    ],
)
def test_addresses_are_shortened(address: str, expected: str) -> None:
    assert logs.shortened(address) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/massnahmen/digitale-bauantraege-fuer-alle-gemeinden/", None),
        ("/kommunen/amt-kleine-elster-niederlausitz/", None),
        ("/konto/password/reset/key/1-c9abc7-0123456789abcdef0123456789abcdef/", "/konto/password/reset/key/[…]/"),
        ("/einladung/MTIz:1tSecret:AbCdEfGhIjKlMnOpQrStUvWx/", "/einladung/[…]/"),
    ],
)
def test_keys_in_links_are_replaced(path: str, expected: str | None) -> None:
    assert logs.readable_path(path) == (expected or path)


@pytest.mark.django_db
def test_one_line_without_query_or_cookie(client: Client) -> None:
    client.cookies["sessionid"] = "geheimer-keks"
    answer, written = lines(client, "/gibt-es-nicht/?q=geheim", REMOTE_ADDR="192.0.2.77")
    assert [set(line) for line in written] == [
        {"event", "log_level", "method", "path", "status", "milliseconds", "address"}
    ]
    line = written[0]
    assert (line["method"], line["path"], line["status"], line["address"]) == (
        "GET",
        "/gibt-es-nicht/",
        404,
        "192.0.2.0",
    )
    assert "geheim" not in str(written)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_health_checks_are_not_written(client: Client) -> None:
    assert lines(client, "/healthz")[1] == []


@pytest.mark.parametrize("claimed", ["zu kurz", "a" * 65, "ab\r\ncdefghij", "<script>alert(1)</script>"])
def test_an_ill_formed_request_id_is_replaced(client: Client, claimed: str) -> None:
    answer = client.get("/healthz", HTTP_X_REQUEST_ID=claimed)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_a_request_id_is_taken_from_trusted_proxies_only(client: Client) -> None:
    trusted = client.get("/healthz", HTTP_X_REQUEST_ID="kennung-0815", REMOTE_ADDR="10.1.2.3")
    foreign = client.get("/healthz", HTTP_X_REQUEST_ID="kennung-0815", REMOTE_ADDR="203.0.113.9")
    assert trusted.headers["X-Request-ID"] == "kennung-0815"
    assert foreign.headers["X-Request-ID"] != "kennung-0815"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("10.0.0.2", "10.9.9.9", "10.9.9.9"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("203.0.113.1", "198.51.100.1", "203.0.113.1"),
    ],
)
def test_the_visitor_behind_proxies(peer: str, forwarded: str, expected: str) -> None:
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    logs.TrustedProxyMiddleware(answer)(request)
    assert seen == [expected]


def test_a_stranger_cannot_claim_to_come_by_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = client.get("/impressum/", HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 301


def test_production_writes_json_and_hides_secrets() -> None:
    program = """
import logging, django
django.setup()
import structlog
structlog.contextvars.bind_contextvars(request_id="kennung-0815")
logging.getLogger("elbe_elster.test").warning("password=geheim von 192.0.2.77")
try:
    raise ValueError("token=geheim")
except ValueError:
    structlog.get_logger("portal.test").exception("broken")
"""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "elbe_elster.settings",
        "PORTAL_VAR": os.environ["PORTAL_VAR"],
        "SECRET_KEY": "x" * 50,
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, second = [json.loads(line) for line in done.stderr.splitlines()]
    assert (first["event"], first["level"], first["request_id"]) == (
        "password=[…] von 192.0.2.0",
        "warning",
        "kennung-0815",
    )
    assert "ValueError: token=[…]" in second["exception"]
    assert "geheim" not in done.stderr


def test_the_request_id_travels_with_a_task() -> None:
    from django_structlog.celery.receivers import CeleryReceiver

    headers: dict[str, Any] = {}
    with structlog.contextvars.bound_contextvars(request_id="kennung-0815"):
        CeleryReceiver().receiver_before_task_publish(headers=headers)
    assert headers["__django_structlog__"]["request_id"] == "kennung-0815"


def test_celery_is_told_to_log_like_the_web_server() -> None:
    from celery import signals

    from elbe_elster.celery import use_the_portals_logging

    assert any(receiver() is use_the_portals_logging for _, receiver in signals.setup_logging.receivers)
    assert logging.getLogger("portal").level == logging.INFO
