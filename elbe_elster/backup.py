"""Saves database and uploaded files into one file, and brings them back.

``python -m elbe_elster.backup save FILE`` while the portal runs; ``restore FILE`` while it does not. A restore is one
transaction: it happens whole or not at all.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from elbe_elster import embedded

DUMP = "database.dump"
MEDIA = "media"
EXPORTS = "exports"  # below MEDIA, see participation.actions.exporting
FRESH_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


class BackupError(RuntimeError):
    """Saving or restoring failed; the message says why in one sentence and that nothing was changed."""


def save(file: Path) -> None:
    """Write database and uploaded files to ``file``, readable by its owner only. Raises BackupError."""
    fresh = file.with_name(f"{file.name}.new")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dump = Path(folder) / DUMP
        _run("Die Datenbank lässt sich nicht sichern", "pg_dump", "--format=custom", f"--file={dump}", _database())
        media = _media()
        fresh.touch(mode=0o600)
        with tarfile.open(fresh, "w") as archive:
            archive.add(dump, DUMP)
            if media.is_dir():
                archive.add(media, MEDIA, filter=_without_exports)
    fresh.replace(file)


def _without_exports(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Exports of responses live for a day; a backup would keep them for longer."""
    return None if member.name.startswith(f"{MEDIA}/{EXPORTS}/") else member


def restore(file: Path) -> None:
    """Replace database and uploaded files by those of ``file``. Raises BackupError, then nothing has changed."""
    media = _media()
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent) as name:
        folder = Path(name)
        try:
            with tarfile.open(file, "r:") as archive:
                archive.extractall(folder, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise BackupError(f"{file} ist keine lesbare Sicherung ({error}). Es wurde nichts verändert.") from error
        if not (folder / DUMP).exists():
            raise BackupError(
                f"In {file} fehlt {DUMP}; das ist keine Sicherung des Portals. Es wurde nichts verändert."
            )
        _restore_database(folder)
        _restore_media(folder / MEDIA, media)


def _restore_database(folder: Path) -> None:
    script = folder / "restore.sql"
    fault = "Die Sicherung lässt sich nicht einspielen, es wurde nichts verändert"
    _run(fault, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}.body", str(folder / DUMP))
    body = Path(f"{script}.body")
    with script.open("w", encoding="utf-8") as file, body.open(encoding="utf-8") as lines:
        file.write(FRESH_SCHEMA)
        file.writelines(line for line in lines if not line.startswith("CREATE SCHEMA public"))
    _run(
        fault, "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
        f"--file={script}", _database(),
    )  # fmt: skip


def _restore_media(saved: Path, media: Path) -> None:
    old = media.with_name("media.old")
    shutil.rmtree(old, ignore_errors=True)
    if media.exists():
        if media.is_mount():
            for child in media.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
            if saved.exists():
                shutil.copytree(saved, media, dirs_exist_ok=True)
            return
        media.replace(old)
    if saved.exists():
        saved.replace(media)
    shutil.rmtree(old, ignore_errors=True)


def _database() -> str:
    from elbe_elster import environment

    return f"--dbname={environment.text('DATABASE_URL') or embedded.database_url()}"


def _media() -> Path:
    return embedded.var_dir() / MEDIA


def _program(name: str) -> str:
    """The program of the wheel where it is installed, otherwise the system's; it must be as new as the server."""
    try:
        return embedded.postgres_bin(name)
    except embedded.EmbeddedError as error:
        found = shutil.which(name)
        if found is None:
            raise BackupError(f"Das Programm {name} fehlt (Paket postgresql-client).") from error
        return found


def _run(fault: str, program: str, *arguments: str) -> None:
    path = _program(program)
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["keine Meldung"])[0]
        raise BackupError(f"{fault}: {reason}")


def main() -> int:
    """Save or restore; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m elbe_elster.backup")
    parser.add_argument("what", choices=["save", "restore"])
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    try:
        with embedded.running():
            {"save": save, "restore": restore}[given.what](given.file.resolve())
    except (BackupError, embedded.EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{given.file}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{'Gesichert in' if given.what == 'save' else 'Eingespielt aus'} {given.file}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
