"""A real SMTP server for the tests that misbehaves where it is told to."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

HANG = "hang"
DROP = "drop"
ANSWERS = {
    "connect": "220 mail.invalid ESMTP",
    "ehlo": "250 mail.invalid",
    "mail": "250 2.1.0 Absender gut",
    "rcpt": "250 2.1.5 Empfaenger gut",
    "data": "354 Bitte",
    "content": "250 2.0.0 angenommen",
    "rset": "250 2.0.0 von vorn",
    "quit": "221 2.0.0 Auf Wiedersehen",
    "noop": "250 2.0.0 gut",
}


@dataclass(frozen=True)
class Mail:
    """What the server was given: envelope and content as sent, dots taken back."""

    sender: str
    recipient: str
    content: bytes


class SmtpServer:
    """Listens on loopback in a thread of its own.

    ``plan[stage]`` says what to do at a stage instead of agreeing: a reply, HANG, DROP, or a list of these, used up
    one by one. ``received`` is every mail whose final dot arrived, whatever was answered; ``accepted`` those that
    were answered with 250.
    """

    def __init__(self) -> None:
        self.plan: dict[str, str | list[str]] = {}
        self.received: list[Mail] = []
        self.accepted: list[Mail] = []
        self.connections = 0
        self.reached: dict[str, threading.Event] = defaultdict(threading.Event)
        self.release = asyncio.Event()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def go_on(self) -> None:
        """Let everybody go on who hangs."""
        self._loop.call_soon_threadsafe(self.release.set)

    @property
    def url(self) -> str:
        """The server as ``EMAIL_URL`` names it, with little patience."""
        return f"smtp://127.0.0.1:{self.port}?timeout=1"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await Conversation(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    def planned(self, stage: str) -> str:
        """What to do at the stage now."""
        wish = self.plan.get(stage)
        if isinstance(wish, list):
            return wish.pop(0) if wish else ANSWERS[stage]
        return wish or ANSWERS[stage]


@dataclass
class Conversation:
    """One connection."""

    server: SmtpServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: str = ""
    recipient: str = ""

    async def run(self) -> None:
        """Talk until one side has enough."""
        if not await self.answer("connect"):
            return
        while line := await self.reader.readline():
            stage = line[:4].strip().decode().lower()
            if stage == "mail":
                self.sender = line.decode().split("<")[1].split(">")[0]
            if stage == "rcpt":
                self.recipient = line.decode().split("<")[1].split(">")[0]
            if not await self.answer(stage) or stage == "quit":
                return
            if stage == "data" and self.agreed and not await self.take_content():
                return

    async def take_content(self) -> bool:
        """Read up to the final dot, note the mail, answer."""
        content = b""
        while not (content.endswith(b"\r\n.\r\n") or content == b".\r\n"):
            chunk = await self.reader.read(65536)
            if not chunk:
                return False
            content += chunk
        mail = Mail(self.sender, self.recipient, content[:-3].replace(b"\r\n..", b"\r\n."))
        self.server.received.append(mail)
        answered = await self.answer("content")
        if answered and self.agreed:
            self.server.accepted.append(mail)
        return answered

    async def answer(self, stage: str) -> bool:
        """Do what is planned; False when the connection is over."""
        wish = self.server.planned(stage)
        self.server.reached[stage].set()
        if wish == DROP:
            return False
        if wish == HANG:
            await self.server.release.wait()
            wish = ANSWERS[stage]
        self.agreed = wish[0] in "23"
        self.writer.write(f"{wish}\r\n".encode())
        await self.writer.drain()
        if stage == "content":
            self.server.reached["answered"].set()
        return not wish.startswith("421")


def main() -> None:
    """A server of its own process that accepts everything: prints its port, ends when its input ends."""
    with SmtpServer() as server:
        print(server.port, flush=True)
        sys.stdin.read()
        print(len(server.accepted), flush=True)


if __name__ == "__main__":
    main()
