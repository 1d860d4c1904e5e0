"""Nonsense in the environment stops the start with one sentence that names the variable."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NONSENSE = [
    ("DATABASE_URL", "mysql://portal@rechner/portal"),
    ("DATABASE_URL", "postgresql://portal:geheim@rechner:abc/portal"),
    ("DATABASE_URL", "postgresql://rechner"),
    ("REDIS_URL", "nonsense"),
    ("REDIS_URL", "redis://rechner:abc"),
    ("REDIS_URL", "redis://"),
    ("EMAIL_URL", "ftp://rechner"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp://name:geheim@rechner:abc"),
    ("BASE_URL", "nonsense"),
    ("BASE_URL", "https://ein name"),
    ("BASE_URL", "http://rechner:abc"),
    ("BASE_URL", "https://rechner/pfad"),
    ("ALLOWED_HOSTS", "http://rechner"),
    ("TRUSTED_PROXIES", "nonsense"),
    ("DEBUG", "vielleicht"),
    ("DEMO", "2"),
    ("SECRET_KEY_FILE", "/gibt/es/nicht"),
]


def start(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "PYTHONUTF8"}}
    return subprocess.run(
        [sys.executable, "-m", "elbe_elster.supervisor", *arguments],
        env={**given, "PORTAL_VAR": str(var), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_stops_the_start_with_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, **{name: value})
    said = (done.stdout + done.stderr).strip()
    assert (done.returncode, said.count("\n")) == (1, 0), said
    assert said.startswith(f"Die Einstellung {name} ist nicht brauchbar: ")
    assert "geheim" not in said


@pytest.mark.parametrize("key", ["", "zu-kurz"])
def test_production_wants_a_long_key(tmp_path: Path, key: str) -> None:
    done = start(tmp_path, DEMO="0", SECRET_KEY=key, DATABASE_URL="postgresql://rechner/portal")
    found = (tmp_path / "portal.env").read_text()  # a key of this checkout's own fills the gap, never a short one given
    assert re.search(r"SECRET_KEY=\S{50,}", found)
    if key:
        assert (done.stdout + done.stderr).startswith("Die Einstellung SECRET_KEY ist nicht brauchbar: ")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    done = start(tmp_path, f"--port={port}")
    assert (done.returncode, done.stdout) == (1, f"PORT={port} ist kein Port. Erlaubt sind Zahlen von 1 bis 65535.\n")


def test_a_taken_port_is_named_with_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(tmp_path, f"--port={port}")
    expected = rf"Der Port {port} ist belegt\. Wählen Sie einen anderen: make run PORT=\d+\n"
    assert done.returncode == 1
    assert re.fullmatch(expected, done.stdout), done.stdout


def test_a_host_that_does_not_exist(tmp_path: Path) -> None:
    done = start(tmp_path, "--host=gibt-es-nicht.invalid")
    assert (done.returncode, done.stdout) == (1, "Die Adresse HOST=gibt-es-nicht.invalid gibt es nicht.\n")


def test_the_key_is_written_once_and_only_for_its_owner(tmp_path: Path) -> None:
    start(tmp_path, "--port=0")
    start(tmp_path, DEBUG="vielleicht")
    path = tmp_path / "portal.env"
    first = path.read_text()
    start(tmp_path, DEBUG="vielleicht")
    assert (path.stat().st_mode & 0o777, path.read_text()) == (0o600, first)
