"""``make test``: runs pytest beside a PostgreSQL and a Valkey of the tests' own.

The database is migrated once, into a template named after the migrations; every worker copies it.
What the shell says about databases, mail or addresses does not reach the tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "test"
FOREIGN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "DEBUG", "DEMO")


def main(arguments: list[str]) -> int:
    """Run pytest with the arguments given; return its exit code."""
    _set_environment()
    from elbe_elster import embedded
    from elbe_elster.ui import catalogues

    catalogues.compile_all()
    VAR.mkdir(parents=True, exist_ok=True)
    (ROOT / "var" / "static").mkdir(parents=True, exist_ok=True)
    with (VAR / "tests.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one run a checkout: the workers' databases have fixed names
        try:
            with embedded.running():
                os.environ["TEST_TEMPLATE"] = _migrated_template()
                command = [sys.executable, "-m", "pytest", *(arguments or ["-n", "2", "--dist", "loadfile"])]
                return subprocess.run(command, check=False, cwd=ROOT).returncode
        except embedded.EmbeddedError as error:
            print(error, file=sys.stderr)
            return 1


def _set_environment() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= {
        "PORTAL_VAR": str(VAR),
        "PORTAL_VOLATILE": "1",
        "SECRET_KEY": "only-for-the-tests-of-this-checkout-0123456789",
        "DJANGO_SETTINGS_MODULE": "elbe_elster.settings",
    }


def _migrated_template() -> str:
    """Name of a database with all migrations applied; made anew when one of them or a library has changed."""
    sources = [*sorted((ROOT / "elbe_elster").glob("**/migrations/*.py")), ROOT / "requirements" / "test.txt"]
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
    template = f"template_{digest[:16]}"
    with psycopg.connect(host=str(_socket_dir()), user="portal", dbname="postgres", autocommit=True) as connection:
        known = [name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")]
        if template in known:
            return template
        for name in known:
            if name.startswith(("template_", "building_", "test_")):
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        building = template.replace("template_", "building_")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            check=True,
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": _database_url(building)},
        )
        rename = "ALTER DATABASE {} RENAME TO {}"
        connection.execute(sql.SQL(rename).format(sql.Identifier(building), sql.Identifier(template)))
    return template


def _socket_dir() -> Path:
    from elbe_elster import embedded

    return embedded.socket_dir()


def _database_url(name: str) -> str:
    from elbe_elster import embedded

    return embedded.database_url().rsplit("/", 1)[0] + "/" + name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
