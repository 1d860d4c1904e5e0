"""Gives each pytest worker a database and a Valkey database of its own, before Django reads its settings.

Loaded by ``-p tests.worker`` (pyproject.toml). The addresses stand in the environment, so that a command
which a test starts as a process of its own works on the same data.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from elbe_elster import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
DATABASE = f"test_{NAME}"
NUMBER = int(NAME.removeprefix("gw")) * 2  # an even Valkey database for the worker, the odd one for its live portal
SERVER_URL = embedded.database_url().rsplit("/", 1)[0]

if "TEST_TEMPLATE" not in os.environ:
    raise SystemExit("Die Tests brauchen eigene Server: `make test` oder `python -m tests.run tests/…`.")


def queue_url(number: int) -> str:
    """Address of one numbered database of the tests' Valkey."""
    return f"unix://{embedded.socket_dir() / 'valkey.sock'}?db={number}"


os.environ["DATABASE_URL"] = f"{SERVER_URL}/{DATABASE}"
os.environ["REDIS_URL"] = queue_url(NUMBER)
# Playwright keeps an event loop in the thread of the tests; Django would take it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@contextmanager
def copied_database(name: str) -> Iterator[str]:
    """A fresh copy of the migrated template for the length of the block; gives its address."""
    copy, template = sql.Identifier(name), sql.Identifier(os.environ["TEST_TEMPLATE"])
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy)
    with psycopg.connect(f"{SERVER_URL}/postgres", autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(copy, template))
    try:
        yield f"{SERVER_URL}/{name}"
    finally:
        with psycopg.connect(f"{SERVER_URL}/postgres", autocommit=True) as connection:
            connection.execute(drop)
