"""A line between browser and portal that can be cut: a village, a tunnel, a server that is restarted."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 65536


class Line:
    """Passes everything on to the portal, unless it is ``cut`` (nobody answers) or ``deaf`` (answers are lost)."""

    def __init__(self, portal: str) -> None:
        address = urlsplit(portal)
        assert address.hostname
        assert address.port
        self.far = (address.hostname, address.port)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.deaf_for = ""  # begin of a request whose answer is lost, such as "POST"
        self.cut = False
        self.lost = 0

    def serve(self) -> None:
        """Until the socket is closed."""
        while True:
            try:
                near, _from = self.listening.accept()
            except OSError:
                return
            if self.cut:
                near.close()
                continue
            threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, socket.create_connection(self.far) as far, suppress(OSError):
            answering = threading.Thread(target=self._answers, args=(far, near), daemon=True)
            while data := near.recv(CHUNK):
                if self.cut:
                    return
                if self.deaf_for and data.startswith(self.deaf_for.encode()):
                    self.deaf_for = ""
                    with socket.create_connection(self.far) as other:
                        other.sendall(_whole(near, data).replace(b"Connection: keep-alive", b"Connection: close"))
                        self.lost += other.recv(CHUNK).startswith(b"HTTP/1.1 ")  # the portal did its work
                    return
                far.sendall(data)
                if answering.ident is None:
                    answering.start()

    def _answers(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(CHUNK):
                near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)


def _whole(near: socket.socket, data: bytes) -> bytes:
    """The request with all of its body."""
    while b"\r\n\r\n" not in data:
        data += near.recv(CHUNK)
    head, _gap, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while found and len(body) < int(found[1]):
        body += near.recv(CHUNK)
    return head + b"\r\n\r\n" + body


@contextmanager
def line_to(portal: str) -> Iterator[Line]:
    """A line to the portal for the length of the block."""
    line = Line(portal)
    thread = threading.Thread(target=line.serve, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        line.listening.close()
