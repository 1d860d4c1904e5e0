"""Sign-in and encryption on the line, against a server that insists on both."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from typing import TYPE_CHECKING, Any

import dj_email_url
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from elbe_elster.outbox import delivery
from elbe_elster.outbox.actions import write_letter
from elbe_elster.outbox.models import Letter
from tests.browser.portal import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)


class Pile(Message):
    """Keeps the subjects of what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.subjects: list[str] = []

    def handle_message(self, message: Any) -> None:
        self.subjects.append(message["Subject"])


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of its own making, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "server.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"portal", b"gehe:im")
    return AuthResult(success=right, handled=right)


@pytest.fixture
def strict_server(certificate: Path) -> Iterator[tuple[Pile, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    pile, port = Pile(), free_port()
    controller = Controller(
        pile, "127.0.0.1", port,
        tls_context=context, require_starttls=True, auth_required=True, authenticator=_authenticate,
    )  # fmt: skip
    controller.start()
    yield pile, port
    controller.stop()


def _send(settings: Any, url: str) -> Letter:
    settings.MAIL = {"TRANSPORT": "smtp", **dj_email_url.parse(url)}
    write_letter(key="k", kind="Erinnerung", recipient="anna@example.org", subject="Treffen", text="Guten Tag")
    delivery.deliver_letters()
    return Letter.objects.get()


def test_encrypted_and_signed_in(
    strict_server: tuple[Pile, int], certificate: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pile, port = strict_server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    letter = _send(settings, f"submission://portal:gehe%3Aim@127.0.0.1:{port}")
    assert (letter.state, pile.subjects) == ("sent", ["Treffen"])


def test_unknown_certificate_gets_nothing(strict_server: tuple[Pile, int], settings: Any) -> None:
    pile, port = strict_server
    letter = _send(settings, f"submission://portal:gehe%3Aim@127.0.0.1:{port}")
    assert (letter.state, letter.retries, pile.subjects) == ("queued", 1, [])
    assert letter.answer.startswith("Die verschlüsselte Verbindung zum Mailserver kam nicht zustande")


def test_wrong_password_lets_letters_wait(
    strict_server: tuple[Pile, int], certificate: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pile, port = strict_server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    letter = _send(settings, f"submission://portal:falsch@127.0.0.1:{port}")
    assert (letter.state, letter.retries, pile.subjects) == ("queued", 1, [])
    assert letter.answer.startswith("535 ")
    assert "falsch" not in letter.answer


def test_open_line_is_refused_for_good_reason(strict_server: tuple[Pile, int], settings: Any) -> None:
    pile, port = strict_server
    letter = _send(settings, f"smtp://127.0.0.1:{port}")
    assert (letter.state, pile.subjects) == ("failed", [])
    assert letter.answer.startswith("530 ")
