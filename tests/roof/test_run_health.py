"""The two addresses for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connections

from elbe_elster.outbox import heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

NOTHING_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"
ALIVE = {"ok": True, "age_seconds": 0.0}
SILENT = {"ok": False, "age_seconds": None}


@pytest.fixture(autouse=True)
def no_signs_of_life() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_alive_without_database_or_session(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"ok\n", NOTHING_KEPT)
    assert answer.cookies == {}


@pytest.mark.django_db
def test_ready_only_when_all_four_live(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    silent = client.get("/readyz")
    assert (silent.status_code, silent.json()) == (
        503,
        {"ready": False, "database": ALIVE, "queue": ALIVE, "worker": SILENT, "beat": SILENT},
    )
    heartbeat.note_sign_of_life(heartbeat.WORKER)
    assert client.get("/readyz").status_code == 503
    heartbeat.note_sign_of_life(heartbeat.BEAT)
    with django_assert_num_queries(1):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "database": ALIVE, "queue": ALIVE, "worker": ALIVE, "beat": ALIVE},
    )
    assert answer.headers["Cache-Control"] == NOTHING_KEPT
    assert answer.cookies == {}


@pytest.mark.django_db
def test_a_lost_queue_is_named(client: Client, settings: Any) -> None:
    caches = json.loads(json.dumps(settings.CACHES))
    caches["default"]["LOCATION"] = "unix:///gibt/es/nicht.sock"
    settings.CACHES = caches
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["queue"] == SILENT


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_named(client: Client) -> None:
    connection = connections["default"]
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/gibt/es/nicht"
    try:
        answer = client.get("/readyz")
    finally:
        connection.settings_dict["HOST"] = host
    assert answer.status_code == 503
    assert answer.json()["database"] == SILENT
