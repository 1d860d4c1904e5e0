"""Processes of ``make run``: how one is started, watched, found again and ended.

Each carries the mark ``PORTAL_CHILD_OF`` in its environment, by which a later start finds and ends what a killed
supervisor left behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from elbe_elster import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "PORTAL_CHILD_OF"
LOG_BYTES = 20_000_000
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process of the portal with its log file."""

    name: str
    title: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0  # when it may be started again
    seen: int = field(default=0, repr=False)  # bytes of the log already looked at

    @property
    def log(self) -> Path:
        """The file that takes everything the process says."""
        return embedded.var_dir() / "log" / f"{self.name}.log"

    def start(self) -> None:
        """Start the process; it ends when the supervisor dies."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.seen = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=embedded.ROOT,
                env={**os.environ, MARK: str(embedded.var_dir().resolve())},
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 -- no threads here
            )
        self.started = time.monotonic()

    def has_died(self) -> bool:
        """Whether the process was started and is no more."""
        return self.process is not None and self.process.poll() is not None

    def new_lines(self) -> list[str]:
        """What the log has gained. A log that has grown too long starts anew; the old one is kept once."""
        with self.log.open("rb") as log:
            log.seek(self.seen)
            said = log.read()
        self.seen += len(said)
        if self.seen > LOG_BYTES:
            self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)
            self.seen = 0
        return said.decode(errors="replace").splitlines()


def die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def marked() -> Iterator[psutil.Process]:
    """Processes of this installation that a supervisor has started."""
    mine = str(embedded.var_dir().resolve())
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mine and process.pid != os.getpid():
                yield process
        except psutil.Error:
            continue


def end_marked(*, patience: float) -> int:
    """End everything a supervisor of this installation started; return how many processes there were."""
    found = list(marked())
    for process in found:
        _signal(process, signal.SIGTERM)
    _, stubborn = psutil.wait_procs(found, timeout=patience)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=patience)
    return len(found)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
