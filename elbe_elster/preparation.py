"""What must be done before the first page is served: tables, static files, content, demo accounts.

``python -m elbe_elster.preparation`` does what is not done yet, in one process, and says what it did. The supervisor
asks ``is_done()`` first, which needs no Django and a few milliseconds.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
from typing import TYPE_CHECKING

from elbe_elster import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DATA_SUFFIXES = {".yaml", ".yml", ".md", ".csv", ".json", ".toml", ".txt"}


def done_file() -> Path:
    """Where it is written down for which files and which database everything was done."""
    return embedded.var_dir() / "prepared"


def is_done(database_url: str) -> bool:
    """Whether neither code, content nor database changed since everything was done."""
    try:
        return done_file().read_text(encoding="utf-8") == fingerprint(database_url)
    except OSError:
        return False


def fingerprint(database_url: str) -> str:
    """One line that changes when migrations, static files, content or the database's state do."""
    return f"{_files()} {_database_state(database_url)} DEMO={os.environ.get('DEMO', '')}"


def _files() -> str:
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    """Every file whose change makes work here. A removed collection of static files counts as a change, too."""
    root = embedded.ROOT
    for path in (root / "elbe_elster").rglob("*"):
        in_code = {"migrations", "management"} & set(path.parts) and path.suffix == ".py"
        if (in_code or path.suffix in DATA_SUFFIXES) and path.is_file():
            yield path
    for folder in (root / "static", root / "var" / "look", root / "requirements"):
        yield from (path for path in folder.rglob("*") if path.is_file())
    yield from (path for path in [root / "var" / "static" / "staticfiles.json"] if path.exists())


def _database_state(url: str) -> str:
    """The migrations the database knows. Another, an empty or a restored database has another state."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT count(*), max(applied)::text FROM django_migrations").fetchone()
    except psycopg.errors.UndefinedTable:
        return "empty"
    return f"{row}"


def main() -> int:
    """Do everything; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")
    import django

    from elbe_elster import environment

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    _step("Tabellen sind angelegt", lambda: call_command("migrate", verbosity=0, interactive=False))
    if "--no-static" not in sys.argv:
        _step("Bilder, Schriften und Blätter sind gesammelt", lambda: _collect(call_command))
    _step("Inhalte sind geladen", lambda: call_command("load_content"))
    _step("Die Suche kennt alle Inhalte", lambda: call_command("rebuild_search", stdout=io.StringIO()))
    if settings.DEMO:
        from elbe_elster.participation.actions.examples import load_survey_examples
        from elbe_elster.strategy.actions.examples import load_examples

        _step("Demo-Konten sind angelegt", lambda: call_command("load_demo_accounts", verbosity=0))
        _step("Beispiele sind geladen, soweit sie nicht entfernt wurden", load_examples)
        _step("Beispiel-Umfragen sind da, soweit sie nicht entfernt wurden", load_survey_examples)
    if os.environ.get("PORTAL_CHILD_OF"):
        url = environment.text("DATABASE_URL") or embedded.database_url()
        done_file().write_text(fingerprint(url), encoding="utf-8")
    return 0


def _collect(call_command: Callable[..., object]) -> None:
    call_command("collectstatic", verbosity=0, interactive=False)


def _step(done: str, act: Callable[[], object]) -> None:
    started = time.monotonic()
    act()
    seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
    print(f"  {done} ({seconds} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
