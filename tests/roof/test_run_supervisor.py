"""The portal started as `make run` starts it, then hit: nothing is lost, everything comes back, nothing stays behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from elbe_elster import embedded
from tests.roof.test_run_settings import ROOT, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 240  # seconds; a deadline for a machine that does much else, not a pause


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Portal:
    """One running supervisor with a data folder of its own."""

    def __init__(self, var: Path) -> None:
        self.port = 0
        self.var = var
        self.output = var / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.port = free_port()
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "elbe_elster.supervisor", "--port", str(self.port)],
                env={**environment, "PORTAL_VAR": str(self.var), "PYTHONUTF8": "1"},
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for(lambda: "Strg-C" in self.said, self)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def said(self) -> str:
        return self.output.read_text()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def end(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def processes(self) -> list[psutil.Process]:
        """Everything that works on this folder, whoever started it."""
        found = []
        for process in psutil.process_iter():
            try:
                words = [process.environ().get("PORTAL_VAR", ""), *process.cmdline()]  # a server may rename itself
                is_ours = any(str(self.var) in word for word in words)
            except psutil.Error:
                continue
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found


def wait_for(condition: Callable[[], bool], portal: Portal) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, portal.said
        assert portal.is_running(), portal.said
        time.sleep(0.2)


@pytest.fixture(scope="module")
def checkout() -> Iterator[Portal]:
    """A data folder that the tests of this file share; nothing outlives it, however they end."""
    with tempfile.TemporaryDirectory(prefix="portal mit Leerzeichen ") as folder:
        var = Path(folder)
        var.chmod(0o755)
        portal = Portal(var)
        try:
            yield portal
        finally:
            if portal.is_running():
                portal.end(signal.SIGTERM)
            left = portal.processes()
            for process in left:
                process.kill()
            psutil.wait_procs(left, timeout=PATIENCE)
        assert left == []


@pytest.fixture
def portal(checkout: Portal) -> Portal:
    """The portal, running and ready, whatever the test before did to it."""
    if not checkout.is_running():
        checkout.start()
    wait_for(checkout.ready, checkout)
    return checkout


@pytest.fixture
def ended(checkout: Portal) -> Portal:
    """The portal after its end; its data are there."""
    if checkout.process is None:
        checkout.start()
    if checkout.is_running():
        checkout.end(signal.SIGTERM)
    return checkout


KEPT = "SELECT count(*) FROM kept"


def keep_a_row(portal: Portal) -> str:
    """Write something that must not get lost; gives how many rows there are now."""
    query(portal, "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1)")
    return query(portal, KEPT)


def query(portal: Portal, sql: str) -> str:
    command = [embedded.postgres_bin("psql"), "-X", "-A", "-t", "-c", sql, _database(portal)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _database(portal: Portal) -> str:
    program = "from elbe_elster import embedded; print(embedded.database_url())"
    environment = {**os.environ, "PORTAL_VAR": str(portal.var)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_everything_runs_and_is_announced(portal: Portal) -> None:
    assert f"Das Portal läuft: http://127.0.0.1:{portal.port}/" in portal.said
    assert "admin@demo.invalid" in portal.said
    assert "Passwort für alle: elbe-elster-demo" in portal.said
    status, body = portal.get("/readyz")
    parts = json.loads(body)
    assert (status, [name for name in ("database", "queue", "worker", "beat") if parts[name]["ok"]]) == (
        200,
        ["database", "queue", "worker", "beat"],
    )
    assert portal.get("/")[0] == 200


def test_a_second_start_in_the_same_checkout_is_refused(portal: Portal) -> None:
    done = start(portal.var, f"--port={free_port()}")
    assert (done.returncode, done.stdout) == (1, f"Das Portal läuft hier schon: http://127.0.0.1:{portal.port}\n")


@pytest.mark.parametrize("server", ["postgres/postmaster.pid", "valkey/valkey.pid"])
def test_a_killed_server_comes_back_with_its_data(portal: Portal, server: str) -> None:
    kept = keep_a_row(portal)
    os.kill(int((portal.var / server).read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: f"{server.partition('/')[0]} läuft wieder." in portal.said, portal)
    wait_for(portal.ready, portal)
    assert portal.get("/")[0] == 200
    assert query(portal, KEPT) == kept


def test_a_killed_web_server_comes_back(portal: Portal) -> None:
    web = next(process for process in portal.processes() if "granian" in process.cmdline())
    os.killpg(web.pid, signal.SIGKILL)
    wait_for(lambda: "Der Webserver ist unerwartet beendet worden" in portal.said, portal)
    wait_for(lambda: portal.get("/")[0] == 200, portal)


def test_a_killed_supervisor_leaves_nothing_that_hinders_the_next(portal: Portal) -> None:
    kept = keep_a_row(portal)
    portal.end(signal.SIGKILL)
    portal.start()
    wait_for(portal.ready, portal)
    assert query(portal, KEPT) == kept


def test_the_end_is_clean(portal: Portal) -> None:
    assert portal.end(signal.SIGINT) == 0
    assert portal.said.rstrip().endswith("Das Portal ist beendet. Alle Daten sind gespeichert.")
    assert portal.processes() == []


def test_data_of_a_newer_postgresql_are_left_alone(ended: Portal) -> None:
    version = ended.var / "postgres" / "PG_VERSION"
    version.write_text("19\n")
    done = start(ended.var, f"--port={free_port()}")
    version.write_text("18\n")
    assert done.returncode == 1
    assert done.stdout.startswith(f"Die Daten in {ended.var / 'postgres'} gehören zu PostgreSQL 19, ")
    assert "Es wurde nichts verändert." in done.stdout


def test_a_full_disk_is_said_in_one_sentence() -> None:
    """A real small disk where one may mount one; elsewhere the sentence for what PostgreSQL says then."""
    with tempfile.TemporaryDirectory() as folder:
        command = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", folder]
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            try:
                said = start(Path(folder), f"--port={free_port()}").stdout
            finally:
                subprocess.run(["umount", folder], check=True)
        else:
            said = embedded._explain("postgres", "No space left on device", Path("log"))  # noqa: SLF001
    assert "Die Festplatte ist voll. Schaffen Sie Platz" in said
