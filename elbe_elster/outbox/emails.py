"""Turns a message of Django into finished letters: one person each, text and HTML, stable identity."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from email.charset import QP, Charset
from email.headerregistry import Address
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from .models import ACCOUNT_KIND, Letter

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

KEY_HEADER = "X-Portal-Key"
KIND_HEADER = "X-Portal-Kind"
EXPIRES_HEADER = "X-Portal-Expires"
HTML = "text/html"
OWN_HEADERS = {"message-id", "auto-submitted", "from", "to", "cc", "bcc"}

# Every text travels as 7 bit, so that no server on the way has to convert (and perhaps damage) it.
SEVEN_BIT = Charset("utf-8")
SEVEN_BIT.body_encoding = QP


class LetterError(ValueError):
    """The message cannot become a letter; the sentence says why."""


@dataclass(frozen=True)
class Wish:
    """What a caller said about the letter beside the message itself."""

    key: str = ""
    kind: str = ACCOUNT_KIND
    expires_at: datetime | None = None
    due_at: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)


def letters_from(message: EmailMessage) -> list[Letter]:
    """Unsaved letters, one a recipient, as the message's headers ``X-Portal-…`` wish.

    Raises LetterError or BadHeaderError.
    """
    wish = wish_of(message)
    key = wish.key or uuid.uuid4().hex
    recipients = {bare_address(each).lower(): each for each in message.recipients()}
    return [
        finished_letter(message, recipient=recipient, key=f"{key}:{address}", wish=wish)
        for address, recipient in recipients.items()
    ]


def wish_of(message: EmailMessage) -> Wish:
    """Reads the headers that are meant for the outbox and keeps the others apart."""
    given = {name.lower(): str(value) for name, value in message.extra_headers.items()}
    expires = given.get(EXPIRES_HEADER.lower(), "")
    kept = {name: value for name, value in message.extra_headers.items() if not name.lower().startswith("x-portal-")}
    return Wish(
        key=given.get(KEY_HEADER.lower(), ""),
        kind=given.get(KIND_HEADER.lower(), "") or ACCOUNT_KIND,
        expires_at=_moment(expires) if expires else None,
        headers=kept,
    )


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise LetterError(_("„%(said)s“ ist kein Zeitpunkt nach ISO 8601.") % {"said": said}) from error
    if timezone.is_naive(moment):
        raise LetterError(_("Der Zeitpunkt „%(said)s“ braucht eine Zeitzone.") % {"said": said})
    return moment


def bare_address(said: str) -> str:
    """The address of ``Name <address>``, its domain as DNS spells it. Raises LetterError."""
    refuse_line_breaks(said)
    address = parseaddr(said)[1]
    try:
        validate_email(address)
        local, domain = address.rsplit("@", 1)
        address = f"{local}@{punycode(domain)}"
        Address(addr_spec=address)
    except (ValidationError, ValueError, IndexError) as error:
        raise LetterError(_("„%(said)s“ ist keine E-Mail-Adresse.") % {"said": said}) from error
    return address


def refuse_line_breaks(*values: str) -> None:
    """A line break in a header would let a stranger add headers. Raises BadHeaderError."""
    for value in values:
        if "\n" in value or "\r" in value:
            raise BadHeaderError(_("Eine Kopfzeile darf keinen Zeilenumbruch enthalten: %(value)r") % {"value": value})


def finished_letter(message: EmailMessage, *, recipient: str, key: str, wish: Wish) -> Letter:
    """The letter to one person, ready to be stored and sent. Raises LetterError or BadHeaderError."""
    subject = str(message.subject)
    refuse_line_breaks(key, wish.kind, subject, *map(str, wish.headers.values()))
    sender = str(wish.headers.get("From", message.from_email))
    bare_address(sender)
    ready = _with_both_texts(message, subject)
    ready.subject, ready.from_email, ready.to = subject, sender, [recipient]
    ready.extra_headers = {
        **{name: value for name, value in wish.headers.items() if name.lower() not in OWN_HEADERS},
        "Message-ID": message_id(key),
        "Auto-Submitted": "auto-generated",
    }
    now = timezone.now()
    return Letter(
        key=key,
        kind=wish.kind,
        recipient=bare_address(recipient),
        sender=sender,
        subject=subject,
        message=ready.message().as_bytes(linesep="\r\n"),
        text=str(ready.body),
        html=next((str(content) for content, mimetype in map(tuple, ready.alternatives) if mimetype == HTML), ""),
        due_at=wish.due_at or now,
        expires_at=wish.expires_at,
        created_at=now,
    )


def message_id(key: str) -> str:
    """The same for every attempt, so that a repetition can be recognised; tells nothing about the key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{settings.SITE_HOST}>"


def _with_both_texts(message: EmailMessage, subject: str) -> EmailMultiAlternatives:
    """A copy with a text part and an HTML part; every other part stays as it is."""
    alternatives: list[Any] = [tuple(part) for part in getattr(message, "alternatives", [])]
    text = str(message.body)
    if message.content_subtype == "html":
        alternatives.insert(0, (text, HTML))
        text = _text_of(text)
    elif not any(mimetype == HTML for _content, mimetype in alternatives):
        page = render_to_string("outbox/letter_mail.html", {"text": text, "subject": subject})
        alternatives.insert(0, (page, HTML))
    copy = EmailMultiAlternatives(body=text, reply_to=message.reply_to, alternatives=alternatives)
    copy.attachments = list(message.attachments)
    copy.mixed_subtype = message.mixed_subtype
    copy.encoding = message.encoding or SEVEN_BIT
    return copy


def _text_of(html: str) -> str:
    """Plain words of an HTML page, paragraphs kept, addresses of links in brackets."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = "\n".join(line.strip() for line in "".join(reader.words).splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


class _Words(HTMLParser):
    """Collects what a person would read."""

    BREAKS = dict.fromkeys(("p", "div", "h1", "h2", "h3", "table", "ul", "ol"), "\n\n") | dict.fromkeys(
        ("br", "li", "tr"), "\n"
    )
    SILENT = frozenset({"style", "script", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        self.link = (dict(attrs).get("href") or "") if tag == "a" else self.link
        self.words.append(self.BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0
        if tag == "a" and self.link:
            self.words.append(f" ({self.link})")
            self.link = ""
        self.words.append(self.BREAKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"\s+", " ", data))
