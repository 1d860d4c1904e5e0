"""Save, destroy, bring back: what comes back is what was there."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from tests.roof.test_run_settings import ROOT
from tests.worker import copied_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def address() -> Iterator[str]:
    with copied_database("test_backup_0") as address, psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int PRIMARY KEY, words text)")
        connection.execute("INSERT INTO kept SELECT n, 'Größe „' || n || '“' FROM generate_series(1, 500) n")
        connection.close()
        yield address


def run(address: str, var: Path, *arguments: str) -> tuple[int, str]:
    given = {name: os.environ[name] for name in ("PATH", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "elbe_elster.backup", *arguments],
        env={**given, "DATABASE_URL": address, "PORTAL_VAR": str(var)},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def contents(address: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    with psycopg.connect(address) as connection:
        named = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return {
            name: connection.execute(
                sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(name))
            ).fetchall()
            for (name,) in named
        }


def test_what_was_saved_comes_back(address: str, tmp_path: Path) -> None:
    media = tmp_path / "media" / "bilder"
    media.mkdir(parents=True)
    (media / "schloss.jpg").write_bytes(b"\xff\xd8 Schloss")
    exports = tmp_path / "media" / "exports"
    exports.mkdir()
    (exports / "antworten.csv").write_bytes(b"nr;single")
    before = contents(address)
    file = tmp_path / "portal.tar"
    assert run(address, tmp_path, "save", str(file)) == (0, f"Gesichert in {file}.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DELETE FROM kept WHERE id > 10")
        connection.execute("DROP TABLE django_migrations CASCADE")
        connection.execute("CREATE TABLE newer (id int)")
    (media / "schloss.jpg").unlink()
    (media / "neu.jpg").write_bytes(b"neu")
    assert run(address, tmp_path, "restore", str(file)) == (0, f"Eingespielt aus {file}.\n")
    assert contents(address) == before
    assert {path.name: path.read_bytes() for path in media.iterdir()} == {"schloss.jpg": b"\xff\xd8 Schloss"}
    assert list(exports.iterdir()) == []  # files of responses live for a day, and not in a backup


@pytest.mark.parametrize("damage", ["missing", "nonsense", "cut"])
def test_a_damaged_file_changes_nothing(address: str, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "portal.tar"
    run(address, tmp_path, "save", str(file))
    before = contents(address)
    if damage == "missing":
        file.unlink()
    elif damage == "nonsense":
        file.write_text("keine Sicherung")
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    code, said = run(address, tmp_path, "restore", str(file))
    assert (code, said.count("\n")) == (1, 1), said
    assert "Es wurde nichts verändert" in said or "es wurde nichts verändert" in said
    assert contents(address) == before
