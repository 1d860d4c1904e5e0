"""What is checked and written before anything is started: the key of this checkout, the port, the lock."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import socket
from typing import TextIO

from elbe_elster import embedded


class StartError(RuntimeError):
    """The portal cannot start; the message is one sentence for the person at the terminal."""


def write_portal_env() -> None:
    """Write key and DEMO of this checkout once, readable by its owner only."""
    path = embedded.var_dir() / "portal.env"
    if path.exists() and path.stat().st_size:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"DEMO=1\nSECRET_KEY={secrets.token_urlsafe(50)}\n")
    fresh.replace(path)


def check_port(host: str, port: int) -> None:
    """Whether one may listen there. Raises StartError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise StartError(f"Die Adresse HOST={host} gibt es nicht.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = f"Der Port {port} ist belegt. Wählen Sie einen anderen: make run PORT={_free_port(port)}"
        elif error.errno == errno.EACCES:
            sentence = f"Den Port {port} darf hier nur root öffnen. Wählen Sie einen anderen: make run PORT=8000"
        else:
            sentence = (
                f"Unter {host}:{port} kann das Portal nicht lauschen: {error.strerror}. Prüfen Sie HOST und PORT."
            )
        raise StartError(sentence) from error


def _free_port(taken: int) -> int:
    for port in range(taken + 1, min(taken + 100, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    return 8000


def lock_checkout(address: str) -> TextIO:
    """Hold the one lock of this checkout; the kernel frees it however the process ends. Raises StartError."""
    file = (embedded.var_dir() / "supervisor.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        raise StartError(f"Das Portal läuft hier schon: {file.read().strip()}") from error
    file.truncate(0)
    file.write(address)
    file.flush()
    return file
