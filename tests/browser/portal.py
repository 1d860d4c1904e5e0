"""A real portal for a real browser: granian on loopback, on the data its environment names."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60
STOP_SECONDS = 10


class PortalError(RuntimeError):
    """The portal did not start; the message ends with what it said."""


@contextmanager
def served(
    *, log: Path, application: str = "elbe_elster.wsgi:application", workers: int = 1, **environment: str
) -> Iterator[str]:
    """Serve the portal for the length of the block; gives its address. ``log`` takes what it says."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "2", "--no-ws", application]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "BASE_URL": address, **environment},
        )
    try:
        _wait(process, port, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise PortalError(log.read_text(errors="replace")[-2000:])


def run(*arguments: str, **environment: str) -> None:
    """Run Python on the data the environment names. Raises PortalError when that fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    if done.returncode != 0:
        raise PortalError(done.stdout[-2000:])


def free_port() -> int:
    """A port of the loopback address nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def load_content(**environment: str) -> None:
    """Put the region, the strategy, the demo accounts and all else that ships with the portal into a database."""
    run("-m", "elbe_elster.preparation", "--no-static", **environment)


def collect_static(**environment: str) -> None:
    """Collect the static files where they are not newer than what was collected."""
    collected = ROOT / "var" / "static" / "staticfiles.json"
    sources = [path for folder in ("static", "var/look") for path in (ROOT / folder).rglob("*")]
    newest = max((path.stat().st_mtime for path in sources), default=0)
    if not collected.exists() or collected.stat().st_mtime < newest:
        run("manage.py", "collectstatic", "--noinput", "--verbosity", "0", **environment)
