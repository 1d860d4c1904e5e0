"""``make run``: starts everything the portal needs on this machine, keeps it alive and ends it cleanly.

Web server, worker and beat are children in process groups of their own. Every one of them carries the mark
``PORTAL_CHILD_OF`` in its environment, by which a later start finds and ends what a killed supervisor left behind.
"""

from __future__ import annotations

import argparse
import errno
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from typing import NoReturn

from elbe_elster import embedded, preparation
from elbe_elster.processes import MARK, Child, die_with_parent, end_marked
from elbe_elster.startup import StartError, check_port, lock_checkout, write_portal_env

DEMO_PASSWORD = "elbe-elster-demo"  # noqa: S105 -- it is printed on purpose
START_SECONDS = 60
STOP_SECONDS = 12
CALM_SECONDS = 60  # after this long a child counts as healthy again
LONGEST_PAUSE = 60  # seconds between two restarts
WARNINGS = ("WARNING", "ERROR", "CRITICAL", "[warning", "[error", "[critical", "Traceback", '"level": "error"')
WILDCARDS = {"0.0.0.0", "::", ""}  # noqa: S104 -- recognised, not chosen


class Ended(BaseException):
    """Somebody asked the portal to end."""


def say(text: str) -> None:
    """One line on the screen, at once. A closed terminal is no reason to fall."""
    try:
        print(text, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Supervisor:
    """Starts, watches and ends the children."""

    def __init__(self, host: str, port: int, *, demo: bool) -> None:
        self.host = host
        self.demo = demo
        self.port = port
        self.began = time.monotonic()
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--app", "elbe_elster.celery", "--quiet"]
        web = [*python, "granian", "elbe_elster.wsgi:application", "--interface", "wsgi", "--host", host]
        web += ["--port", str(port), "--workers", "2", "--blocking-threads", "2", "--no-ws", "--respawn-failed-workers"]
        web += ["--workers-kill-timeout", "8", "--backpressure", "128", "--log-level", "warning"]
        worker = [*celery, "worker", "--concurrency", "2", "--without-mingle", "--loglevel", "WARNING"]
        self.web = Child("web", "Der Webserver", web)
        self.others = [
            Child("worker", "Der Hintergrunddienst", worker),
            Child("beat", "Der Taktgeber", [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"]),
        ]
        self.pause_servers = 0.0

    @property
    def children(self) -> list[Child]:
        """All of them, in the order of their start."""
        return [self.web, *self.others]

    def run(self) -> int:
        """Start everything and watch it until somebody ends it."""
        try:
            with embedded.running() as servers:
                try:
                    self._start(servers)
                    while True:
                        self._watch(servers)
                        time.sleep(0.5)
                finally:
                    _ignore_signals()
                    self._end()
        except Ended:
            say("Das Portal ist beendet. Alle Daten sind gespeichert.")
            return 0

    def _start(self, servers: list[embedded.Server]) -> None:
        if servers:
            self._progress("Datenbank und Warteschlange laufen")
        self._prepare()
        self.web.start()
        self._wait_until_served()
        self._progress("Der Webserver antwortet")
        for child in self.others:
            child.start()
        self._greet()

    def _prepare(self) -> None:
        import psycopg

        from elbe_elster import environment

        url = environment.text("DATABASE_URL") or embedded.database_url()
        try:
            if preparation.is_done(url):
                return
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            raise StartError(f"Die Datenbank aus DATABASE_URL ist nicht zu erreichen: {reason}") from error
        env = {**os.environ, MARK: str(embedded.var_dir().resolve())}
        done = subprocess.run(
            [sys.executable, "-m", "elbe_elster.preparation"],
            cwd=embedded.ROOT,
            env=env,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace")
            (embedded.var_dir() / "log" / "preparation.log").write_text(said, encoding="utf-8")
            raise StartError(_explain_preparation(said))
        self._progress("Alles ist eingerichtet")

    def _wait_until_served(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.web.has_died() or time.monotonic() > deadline:
                last = (self.web.new_lines() or ["keine Meldung"])[-1]
                raise StartError(f"Der Webserver startet nicht: {last} (mehr in {self.web.log})")
            time.sleep(0.05)

    def _answers(self) -> bool:
        host = "127.0.0.1" if self.host in WILDCARDS else self.host
        connection = http.client.HTTPConnection(host, self.port, timeout=10)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def _greet(self) -> None:
        say(f"\nDas Portal läuft: {os.environ['BASE_URL']}/")
        if self.host in WILDCARDS:
            say("Achtung: Es ist für alle im Netz zu erreichen, und das Passwort der Demo-Konten ist bekannt.")
        if self.demo:
            say("\nDemo-Konten (Anmeldung unter /konto/anmelden/):")
            for address, title in _demo_accounts():
                say(f"  {address:<36}{title}")
            say(f"  Passwort für alle: {DEMO_PASSWORD}")
        say(f"\nWas die Teile melden, steht in {embedded.var_dir() / 'log'}. Strg-C beendet alles.")

    def _watch(self, servers: list[embedded.Server]) -> None:
        self._revive_servers(servers)
        now = time.monotonic()
        for child in self.children:
            self._show_warnings(child)
            if child.due:
                if now >= child.due:
                    child.due = 0.0
                    child.start()
            elif child.has_died():
                child.failures = 0 if now - child.started > CALM_SECONDS else child.failures
                pause = min(2**child.failures, LONGEST_PAUSE)
                child.failures += 1
                child.due = now + pause
                say(f"{child.title} ist unerwartet beendet worden und startet in {pause} s neu (mehr in {child.log}).")

    def _revive_servers(self, servers: list[embedded.Server]) -> None:
        for server in servers:
            if server.pid() is not None:
                continue
            say(f"{server.name} ist unerwartet beendet worden und startet neu.")
            try:
                embedded.revive(server)
            except embedded.EmbeddedError as error:
                self.pause_servers = min(max(1.0, self.pause_servers * 2), LONGEST_PAUSE)
                say(f"{error} Nächster Versuch in {self.pause_servers:.0f} s.")
                time.sleep(self.pause_servers)
            else:
                self.pause_servers = 0.0
                say(f"{server.name} läuft wieder.")

    def _show_warnings(self, child: Child) -> None:
        if child.process is not None:
            for line in child.new_lines():
                if any(word in line for word in WARNINGS):
                    say(f"[{child.name}] {line}")

    def _end(self) -> None:
        say("\nDas Portal wird beendet …")
        alive = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(process.poll() is None for process in alive) and time.monotonic() < deadline:
            time.sleep(0.05)
        end_marked(patience=1)

    def _progress(self, text: str) -> None:
        seconds = f"{time.monotonic() - self.began:.1f}".replace(".", ",")
        say(f"{text} ({seconds} s)")


def _demo_accounts() -> list[tuple[str, str]]:
    return [
        ("redaktion@demo.invalid", "Redaktion"),
        ("freigabe@demo.invalid", "Freigabe"),
        ("beteiligung@demo.invalid", "Beteiligungsteam"),
        ("geschaeftsstelle@demo.invalid", "Geschäftsstelle des Koordinierungskreises"),
        ("finsterwalde@demo.invalid", "Vertretung von Finsterwalde"),
        ("amt-plessa@demo.invalid", "Vertretung des Amtes Plessa"),
        ("herzberg@demo.invalid", "Vertretung von Herzberg (Elster)"),
        ("admin@demo.invalid", "Administration"),
    ]


def _explain_preparation(said: str) -> str:
    if "No space left on device" in said or "DiskFull" in said:
        return "Die Festplatte ist voll. Schaffen Sie Platz und starten Sie noch einmal, es ist nichts verloren."
    lines = [line for line in said.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Interrupt|Full)\b", line)]
    last = (named or lines or ["keine Meldung"])[-1]
    if "OperationalError" in last and "connect" in said:
        return f"Die Datenbank ist nicht zu erreichen, prüfen Sie DATABASE_URL: {last.partition(': ')[2]}"
    return f"Das Einrichten ist gescheitert: {last} (mehr in {embedded.var_dir() / 'log' / 'preparation.log'})"


def _prepare_environment(host: str, port: int) -> bool:
    """Complete and check the settings before anything runs; return whether this is a demo."""
    write_portal_env()
    shown = "localhost" if host in WILDCARDS else f"[{host}]" if ":" in host else host
    os.environ.setdefault("BASE_URL", f"http://{shown}:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")
    from elbe_elster import settings  # nonsense stops the start here

    if host in WILDCARDS and settings.DEMO:
        os.environ.setdefault("ALLOWED_HOSTS", "*")
    (embedded.var_dir() / "beat").mkdir(parents=True, exist_ok=True)
    (embedded.var_dir() / "log").mkdir(parents=True, exist_ok=True)
    return bool(settings.DEMO)


def _raise_ended(*_: object) -> NoReturn:
    raise Ended


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _arguments() -> tuple[str, int]:
    parser = argparse.ArgumentParser(prog="python -m elbe_elster.supervisor")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="8000")
    given = parser.parse_args()
    if not given.port.isdecimal() or not 1 <= int(given.port) <= 65535:  # noqa: PLR2004 -- the highest port
        raise StartError(f"PORT={given.port} ist kein Port. Erlaubt sind Zahlen von 1 bis 65535.")
    return given.host.strip("[]"), int(given.port)


def main() -> int:
    """Run the portal until it is ended; return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_ended)
    if os.environ.get("MAKELEVEL") and sys.platform == "linux":
        die_with_parent()
    try:
        host, port = _arguments()
        demo = _prepare_environment(host, port)
        with lock_checkout(os.environ["BASE_URL"]):
            left = end_marked(patience=5)
            if left:
                say(f"Vom letzten Mal liefen noch {left} Prozesse; sie sind beendet.")
            check_port(host, port)
            return Supervisor(host, port, demo=demo).run()
    except (StartError, embedded.EmbeddedError) as error:
        say(str(error))
    except Ended:
        return 0
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        say("Die Festplatte ist voll. Schaffen Sie Platz und starten Sie noch einmal, es ist nichts verloren.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
