"""The last metre: a line to the mail server of ``EMAIL_URL``, or files below ``var/mail`` in demo and development."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from .models import Letter

CONNECT_SECONDS = 10
COMMAND_SECONDS = 30
ANSWER_TIMES = 4  # the answer to the content may take this many times longer than one to a command
GO_AHEAD = 354
CLOSING = 421
LOST = -1  # no answer at all
PERMANENT = 500


class Verdict(Enum):
    """How an attempt ended."""

    ACCEPTED = auto()
    DEFERRED = auto()
    REFUSED = auto()
    UNCLEAR = auto()
    LOST_CLAIM = auto()


@dataclass(frozen=True)
class Outcome:
    """A verdict with the server's own words."""

    verdict: Verdict
    answer: str


class LineError(Exception):
    """There is no line to the mail server; no letter has been offered."""


class Line(Protocol):
    """Something letters can be sent over, one after the other."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def deliver(self, letter: Letter, *, hand_over: Callable[[], bytes | None]) -> Outcome:
        """Offer the letter, ask ``hand_over`` for the content, send it, tell the answer.

        Without content the claim is lost and nothing is sent. Raises LineError when the server is not there.
        """
        ...


def open_line() -> Line | None:
    """The line this installation sends over; None where none is set and letters have to wait."""
    mail: dict[str, Any] = settings.MAIL
    if mail["TRANSPORT"] == "smtp":
        return SmtpLine(mail)
    return FileLine(settings.VAR_DIR / "mail") if mail["TRANSPORT"] == "files" else None


class SmtpLine(contextlib.AbstractContextManager["SmtpLine"]):
    """One connection for many letters, opened with the first one."""

    def __init__(self, mail: dict[str, Any]) -> None:
        self.mail = mail
        self.command_seconds = float(mail.get("EMAIL_TIMEOUT") or COMMAND_SECONDS)
        self.connection: smtplib.SMTP | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection is not None and error is None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
        self.drop()

    def drop(self) -> None:
        """Close the connection without a word."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def deliver(self, letter: Letter, *, hand_over: Callable[[], bytes | None]) -> Outcome:
        """As ``Line`` says."""
        fresh = self.connection is None
        connection = self._connected()
        try:
            code, answer = self._offer(connection, letter)
        except (OSError, smtplib.SMTPException) as error:
            code, answer = LOST, said(error).encode()
        if code == GO_AHEAD:
            return self._send_content(connection, hand_over)
        if code not in {LOST, CLOSING}:
            self._reset(connection)
            return judged(code, answer)
        self.drop()
        if fresh:
            return judged(code, answer)
        return self.deliver(letter, hand_over=hand_over)  # only the old line was over: no reason for a pause

    def _connected(self) -> smtplib.SMTP:
        if self.connection is not None:
            return self.connection
        try:
            connection = self.connection = self._called()
            self._introduce(connection)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise LineError(said(error)) from error
        if connection.sock is not None:
            connection.sock.settimeout(self.command_seconds)
        return connection

    def _called(self) -> smtplib.SMTP:
        host, port = self.mail["EMAIL_HOST"], self.mail["EMAIL_PORT"] or 0
        patience = min(CONNECT_SECONDS, self.command_seconds)
        if self.mail["EMAIL_USE_SSL"]:
            safe = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, settings.SITE_HOST, timeout=patience, context=safe)
        return smtplib.SMTP(host, port, settings.SITE_HOST, timeout=patience)

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if self.mail["EMAIL_USE_TLS"]:
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if self.mail["EMAIL_HOST_USER"]:
            connection.login(self.mail["EMAIL_HOST_USER"], self.mail["EMAIL_HOST_PASSWORD"] or "")

    def _offer(self, connection: smtplib.SMTP, letter: Letter) -> tuple[int, bytes]:
        """MAIL, RCPT, DATA; the first answer that is not a yes, or 354."""
        code, answer = connection.mail(envelope_address(letter.sender))
        if is_yes(code):
            code, answer = connection.rcpt(envelope_address(letter.recipient))
        if is_yes(code):
            code, answer = connection.docmd("DATA")
        return code, answer

    def _reset(self, connection: smtplib.SMTP) -> None:
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def _send_content(self, connection: smtplib.SMTP, hand_over: Callable[[], bytes | None]) -> Outcome:
        try:
            content = hand_over()
        except BaseException:
            self.drop()  # without the final dot the server keeps nothing
            raise
        if content is None:
            self.drop()
            return Outcome(Verdict.LOST_CLAIM, "")
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self.command_seconds * ANSWER_TIMES)
            connection.send(dotted(content))
            code, answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            return Outcome(Verdict.UNCLEAR, said(error))
        if connection.sock is not None:
            connection.sock.settimeout(self.command_seconds)
        if code == CLOSING:
            self.drop()
        if not (is_yes(code) or is_no(code)):
            self.drop()
            return Outcome(Verdict.UNCLEAR, answer.decode(errors="replace"))
        return judged(code, answer)


class FileLine(contextlib.AbstractContextManager["FileLine"]):
    """Writes every letter as a file that a mail program can open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to close."""

    def deliver(self, letter: Letter, *, hand_over: Callable[[], bytes | None]) -> Outcome:
        """As ``Line`` says; the file has its name from the letter, so a second attempt makes no second file."""
        content = hand_over()
        if content is None:
            return Outcome(Verdict.LOST_CLAIM, "")
        name = f"{letter.created_at:%Y%m%d-%H%M%S}-{letter.pk}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self.folder / f".{name}"
            draft.write_bytes(content)
            draft.replace(self.folder / name)
        except OSError as error:
            return Outcome(Verdict.DEFERRED, str(error))
        return Outcome(Verdict.ACCEPTED, _("Als Datei abgelegt: %(name)s") % {"name": name})


def is_yes(code: int) -> bool:
    """Whether the server agrees (RFC 5321, 4.2.1)."""
    return 200 <= code < 300  # noqa: PLR2004


def is_no(code: int) -> bool:
    """Whether the server refuses, for now or for good (RFC 5321, 4.2.1)."""
    return 400 <= code < 600  # noqa: PLR2004


def judged(code: int, answer: bytes) -> Outcome:
    """What a server's answer means for the letter."""
    words = answer.decode(errors="replace")
    if is_yes(code):
        return Outcome(Verdict.ACCEPTED, f"{code} {words}")
    verdict = Verdict.REFUSED if code >= PERMANENT else Verdict.DEFERRED
    return Outcome(verdict, words if code == LOST else f"{code} {words}")


def said(error: Exception) -> str:
    """The server's words, or a sentence about what happened to the line."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        return f"{error.smtp_code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
    if isinstance(error, smtplib.SMTPServerDisconnected | TimeoutError):
        return _("Der Mailserver hat nicht geantwortet oder die Verbindung beendet.")
    if isinstance(error, ssl.SSLError):
        return _("Die verschlüsselte Verbindung zum Mailserver kam nicht zustande: %(error)s") % {"error": error}
    if isinstance(error, OSError):
        return _("Der Mailserver ist nicht erreichbar: %(error)s") % {"error": error}
    return str(error) or type(error).__name__


def dotted(content: bytes) -> bytes:
    """The content as DATA wants it: dots at line starts doubled, closed by a line with one dot (RFC 5321, 4.5.2)."""
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"


def envelope_address(address: str) -> str:
    """The bare address with its domain as DNS spells it."""
    local, _at, domain = parseaddr(address)[1].rpartition("@")
    return f"{local}@{punycode(domain)}"
