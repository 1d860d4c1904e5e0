"""Every mail becomes a letter: what is stored, what is refused, and that a dead queue costs nothing."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu import Connection

from elbe_elster.celery import app
from elbe_elster.outbox.actions import mark_letter_arrived, withdraw_letter, write_letter
from elbe_elster.outbox.emails import LetterError
from elbe_elster.outbox.models import Letter

if TYPE_CHECKING:
    import redis
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from elbe_elster.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "elbe_elster.outbox.backend.OutboxBackend"


def parsed(letter: Letter) -> Any:
    return message_from_bytes(bytes(letter.message or b""), policy=policy.default)


def test_one_letter_for_each_recipient_and_nobody_sees_the_others() -> None:
    message = EmailMultiAlternatives(
        "Treffen", "Guten Tag.", "Portal <portal@example.org>", ["Anna <anna@example.org>", "berta@example.org"],
        cc=["carl@example.org"], bcc=["dora@example.org", "ANNA@example.org"],
    )  # fmt: skip
    assert message.send() == 1
    letters = Letter.objects.order_by("pk")
    assert [(each.recipient, parsed(each)["To"], parsed(each)["Cc"], parsed(each)["Bcc"]) for each in letters] == [
        ("ANNA@example.org", "ANNA@example.org", None, None),
        ("berta@example.org", "berta@example.org", None, None),
        ("carl@example.org", "carl@example.org", None, None),
        ("dora@example.org", "dora@example.org", None, None),
    ]


def test_what_a_letter_carries() -> None:
    expires = timezone.now() + timedelta(days=1)
    subject = "Größere Übersicht über die nächsten Sitzungen des Koordinierungskreises – " * 3
    headers = {
        "X-Portal-Key": "sitzung-7", "x-portal-kind": "Einladung", "X-Portal-Expires": expires.isoformat(),
        "Message-ID": "<fremd@example.org>", "List-Id": "kreis.example.org", "To": "andere@example.org",
    }  # fmt: skip
    EmailMessage(subject, "Grüße\nhttps://example.org/x?a=1&b=2", to=["anna@example.org"], headers=headers).send()
    letter = Letter.objects.get()
    assert (letter.key, letter.kind, letter.expires_at, letter.subject) == (
        "sitzung-7:anna@example.org", "Einladung", expires, subject,
    )  # fmt: skip
    message = parsed(letter)
    assert (message["Subject"].lstrip(), message["To"], message["List-Id"]) == (
        subject,
        "anna@example.org",
        "kreis.example.org",
    )
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] is not None
    assert "fremd" not in message["Message-ID"]
    assert not any(name.lower().startswith("x-portal") for name in message)
    plain = message.get_body(("plain",)).get_content()
    assert plain.splitlines() == ["Grüße", "https://example.org/x?a=1&b=2"]
    assert '<a href="https://example.org/x?a=1&amp;b=2"' in message.get_body(("html",)).get_content()
    assert '<html lang="de">' in letter.html
    assert bytes(letter.message or b"").isascii()


def test_html_only_gets_a_text() -> None:
    message = EmailMessage("Treffen", "", to=["anna@example.org"])
    message.content_subtype = "html"
    message.body = (
        "<style>p{}</style><h1>Tag</h1><p>Bitte <a href='https://example.org/'>hier</a> lesen &amp; antworten.</p>"
    )
    message.send()
    letter = Letter.objects.get()
    assert letter.text == "Tag\n\nBitte hier (https://example.org/) lesen & antworten.\n"
    assert parsed(letter).get_body(("html",)).get_content().strip() == message.body


def test_text_is_never_markup() -> None:
    send_mail("<b>x</b>", "<script>alert(1)</script>", None, ["anna@example.org"])
    letter = Letter.objects.get()
    assert "<script>" not in letter.html
    assert "<b>" not in letter.html


def test_same_key_is_one_letter() -> None:
    for text in ("eins", "zwei"):
        write_letter(key="k", kind="Einladung", recipient="anna@example.org", subject="S", text=text)
    assert [each.text for each in Letter.objects.all()] == ["eins"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(key="k", recipient="b@example.org", message=b"")


def test_message_id_comes_from_the_key() -> None:
    first = write("a")
    Letter.objects.all().delete()
    assert parsed(write("a"))["Message-ID"] == parsed(first)["Message-ID"]
    assert parsed(write("b"))["Message-ID"] != parsed(first)["Message-ID"]


def write(key: str) -> Letter:
    write_letter(key=key, kind="Einladung", recipient="anna@example.org", subject="S", text="T")
    return Letter.objects.get(key=key)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Treffen\nBcc: alle@example.org"},
        {"to": ["anna@example.org\nBcc: alle@example.org"]},
        {"from_email": "portal@example.org\r\nBcc: alle@example.org"},
        {"headers": {"List-Id": "x\nBcc: alle@example.org"}},
        {"headers": {"X-Portal-Key": "x\ny"}},
        {"reply_to": ["a@example.org\nBcc: alle@example.org"]},
    ],
)
def test_nobody_smuggles_headers_in(fields: dict[str, Any]) -> None:
    with pytest.raises((BadHeaderError, LetterError)):
        EmailMessage(**{"subject": "S", "body": "T", "to": ["anna@example.org"], **fields}).send()
    assert (
        EmailMessage(**{"subject": "S", "body": "T", "to": ["anna@example.org"], **fields}).send(fail_silently=True)
        == 0
    )
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "@example.org", "anna@example", "a b@example.org", "<>", "ä@example.org"]
)
def test_bad_addresses_are_refused_and_nothing_is_stored(address: str) -> None:
    with pytest.raises(LetterError, match="ist keine E-Mail-Adresse"):
        EmailMessage("S", "T", to=["anna@example.org", address]).send()
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("said", ["morgen", "2026-11-23T10:00:00"])
def test_bad_expiry_is_refused(said: str) -> None:
    with pytest.raises(LetterError):
        EmailMessage("S", "T", to=["anna@example.org"], headers={"X-Portal-Expires": said}).send()


def test_umlaut_domain_travels_as_dns_spells_it() -> None:
    send_mail("S", "T", None, ["anna@bürger.de"])
    assert Letter.objects.get().recipient == "anna@xn--brger-kva.de"


def test_nothing_to_send() -> None:
    assert EmailMessage("S", "T").send() == 0
    assert Letter.objects.count() == 0


def test_delivery_is_asked_for_on_commit_only(
    valkey: redis.Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        write("a")
        assert valkey.llen("celery") == 0
    assert valkey.llen("celery") == 1
    with django_capture_on_commit_callbacks(execute=True):
        write_letter(
            key="b", kind="x", recipient="a@example.org", subject="", text="", due_at=timezone.now() + timedelta(days=1)
        )
    assert valkey.llen("celery") == 1


def test_dead_queue_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with Connection("redis://127.0.0.1:1/0", transport_options=app.conf.broker_transport_options) as dead:
        pool = dead.Pool(1)
        monkeypatch.setattr(app, "_pool", pool)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            write("a")
    assert (len(callbacks), Letter.objects.due(timezone.now()).count()) == (1, 1)


def test_decisions_need_the_right_state(curator: User) -> None:
    letter = write("a")
    with pytest.raises(ValidationError):
        mark_letter_arrived(letter=letter, by=curator)
    withdraw_letter(letter=letter, by=curator)
    with pytest.raises(ValidationError):
        withdraw_letter(letter=letter, by=curator)
    assert letter.events.count() == 1
