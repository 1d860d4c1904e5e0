"""Letters leave once: a real SMTP server that accepts, defers, refuses, hangs and drops the line at each step."""

from __future__ import annotations

import time
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import dj_email_url
import pytest
from django.utils import timezone

from elbe_elster.outbox import delivery
from elbe_elster.outbox.actions import (
    mark_letter_arrived,
    resend_letter,
    supersede_letters,
    withdraw_letter,
    write_letter,
)
from elbe_elster.outbox.clearing import clear_old_letters
from elbe_elster.outbox.models import Letter, LetterEvent, LetterState
from elbe_elster.outbox.transport import Outcome, Verdict, open_line
from tests.cellar.smtp_server import DROP, HANG, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        settings.MAIL = {"TRANSPORT": "smtp", **dj_email_url.parse(running.url), "EMAIL_TIMEOUT": 0.2}
        yield running


@pytest.fixture
def person(django_user_model: type[User]) -> User:
    return django_user_model.objects.create_user("post@demo.invalid")


def write(key: str = "k1", recipient: str = "anna@example.org", **fields: Any) -> Letter:
    fields = {"kind": "Erinnerung", "subject": "Treffen", "text": "Guten Tag.\n", **fields}
    write_letter(key=key, recipient=recipient, **fields)
    return Letter.objects.get(key=key)


def history(letter: Letter) -> list[tuple[str, int, str]]:
    return list(letter.events.values_list("kind", "attempt", "note"))


def now(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def make_due() -> None:
    Letter.objects.filter(state=LetterState.QUEUED).update(due_at=timezone.now())


def test_accepted_letter_is_sent_once(server: SmtpServer) -> None:
    letter = write(sender="portal@example.org")
    assert delivery.deliver_letters() == 1
    assert delivery.deliver_letters() == 0
    assert [(mail.sender, mail.recipient) for mail in server.accepted] == [("portal@example.org", "anna@example.org")]
    assert server.accepted[0].content == bytes(letter.message or b"")
    after = now(letter)
    assert (after.state, after.attempts, after.lease_until, after.answer) == (
        "sent", 1, None, "250 2.0.0 angenommen",
    )  # fmt: skip
    assert after.sent_at is not None
    assert history(letter) == [("sent", 1, "250 2.0.0 angenommen")]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "content"])
def test_temporary_no_lets_the_letter_wait(server: SmtpServer, stage: str) -> None:
    server.plan = {stage: "451 4.3.0 spaeter"}
    letter = write()
    before = timezone.now()
    assert delivery.deliver_letters() == 0
    after = now(letter)
    assert (after.state, after.retries, after.handed_over_at, after.answer) == (
        "queued", 1, None, "451 4.3.0 spaeter",
    )  # fmt: skip
    assert timedelta(seconds=59) < after.due_at - before < timedelta(seconds=70)
    server.plan = {}
    assert delivery.deliver_letters() == 0
    make_due()
    assert delivery.deliver_letters() == 1
    assert len(server.accepted) == 1
    assert history(letter) == [("deferred", 1, "451 4.3.0 spaeter"), ("sent", 2, "250 2.0.0 angenommen")]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "content"])
def test_permanent_no_is_shown_and_not_repeated(server: SmtpServer, stage: str) -> None:
    server.plan = {stage: ["550 5.1.1 unbekannt"]}
    letter, other = write("k1"), write("k2", "berta@example.org")
    assert delivery.deliver_letters() == 1
    assert (now(letter).state, now(letter).answer) == ("failed", "550 5.1.1 unbekannt")
    assert now(other).state == "sent"
    assert [mail.recipient for mail in server.accepted] == ["berta@example.org"]
    assert server.connections == 1


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("trouble", [DROP, HANG, "421 4.3.2 Pause"])
def test_trouble_before_hand_over_never_loses_or_doubles(server: SmtpServer, stage: str, trouble: str) -> None:
    server.plan = {stage: trouble}
    letter = write()
    assert delivery.deliver_letters() == 0
    after = now(letter)
    assert (after.state, after.retries, after.handed_over_at) == ("queued", 1, None)
    server.plan = {}
    make_due()
    assert delivery.deliver_letters() == 1
    assert len(server.received) == len(server.accepted) == 1


@pytest.mark.parametrize("trouble", [DROP, HANG, "nonsense", "354 noch mehr"])
def test_no_answer_after_hand_over_is_unclear(server: SmtpServer, trouble: str, person: User) -> None:
    server.plan = {"content": trouble}
    letter = write()
    assert delivery.deliver_letters() == 0
    assert now(letter).state == "unclear"
    server.plan = {}
    assert delivery.deliver_letters() == 0
    assert delivery.return_stuck_letters(now=timezone.now() + timedelta(days=1)) == 0
    assert len(server.received) == 1
    resend_letter(letter=letter, by=person)
    assert delivery.deliver_letters() == 1
    assert [kind for kind, _attempt, _note in history(letter)] == ["unclear", "resent", "sent"]
    same = {message_from_bytes(mail.content)["Message-ID"] for mail in server.received}
    assert (len(server.received), len(same)) == (2, 1)


def test_line_closed_between_two_letters_costs_nothing(server: SmtpServer) -> None:
    server.plan = {"mail": ["250 gut", DROP, "250 gut", "421 zu viele"]}
    for number in range(4):
        write(f"k{number}", f"p{number}@example.org")
    assert delivery.deliver_letters() == 4
    assert [mail.recipient for mail in server.accepted] == [f"p{number}@example.org" for number in range(4)]
    assert server.connections == 3
    assert set(Letter.objects.values_list("retries", "attempts")) == {(0, 1)}


def test_absent_server_rests_everything_and_tries_one_batch(settings: Any) -> None:
    with SmtpServer() as gone:
        url = gone.url
    settings.MAIL = {"TRANSPORT": "smtp", **dj_email_url.parse(url)}
    settings_batch = delivery.BATCH
    for number in range(settings_batch + 3):
        write(f"k{number:03}", due_at=timezone.now() - timedelta(minutes=1))
    assert delivery.deliver_letters() == 0
    assert Letter.objects.due(timezone.now()).count() == 0
    assert dict(Letter.objects.counts_by_state()) == {"queued": settings_batch + 3}
    assert Letter.objects.filter(retries=1).count() == settings_batch


def test_pauses_grow_and_end(server: SmtpServer) -> None:
    server.plan = {"rcpt": "450 4.2.1 voll"}
    letter = write()
    pauses = []
    for _try in delivery.PAUSES:
        start = timezone.now()
        delivery.deliver_letters()
        pauses.append(round((now(letter).due_at - start).total_seconds() / 60))
        make_due()
    assert pauses == list(delivery.MINUTES)
    delivery.deliver_letters()
    after = now(letter)
    assert (after.state, after.answer) == ("failed", "Nach 10 Versuchen aufgegeben. Zuletzt: 450 4.2.1 voll")


def test_expired_letter_is_closed_not_sent(server: SmtpServer) -> None:
    late = write(expires_at=timezone.now() - timedelta(minutes=1))
    fresh = write("k2", expires_at=timezone.now() + timedelta(minutes=1))
    assert delivery.deliver_letters() == 1
    assert delivery.close_expired_letters() == 1
    assert (now(late).state, now(fresh).state) == ("superseded", "sent")
    assert [event for event, _attempt, _note in history(late)] == ["expired"]
    assert len(server.received) == 1


def test_without_server_letters_wait(settings: Any) -> None:
    settings.MAIL = {"TRANSPORT": "none"}
    letter = write()
    assert delivery.deliver_letters() == 0
    assert (now(letter).state, now(letter).attempts) == ("queued", 0)


def test_files_in_the_demo(settings: Any, tmp_path: Any) -> None:
    settings.MAIL = {"TRANSPORT": "files"}
    settings.VAR_DIR = tmp_path
    letter = write()
    assert delivery.deliver_letters() == 1
    files = list((tmp_path / "mail").iterdir())
    assert [file.read_bytes() for file in files] == [bytes(letter.message or b"")]
    assert now(letter).answer == f"Als Datei abgelegt: {files[0].name}"


def test_lost_claim_sends_nothing(server: SmtpServer) -> None:
    letter = write()
    claimed = delivery.claim_letters(Letter.objects.all())
    assert delivery.claim_letters(Letter.objects.all()) == []
    assert delivery.return_stuck_letters(now=timezone.now() + timedelta(minutes=4)) == 1
    assert delivery.claim_letters(Letter.objects.all(), now=timezone.now() + timedelta(hours=1)) != []
    with open_line() as line:  # type: ignore[union-attr]
        delivery._deliver_batch(line, claimed)  # noqa: SLF001
    assert server.received == []
    assert (now(letter).state, now(letter).attempts) == ("in_flight", 2)


def test_late_answer_settles_an_unclear_letter(server: SmtpServer) -> None:
    letter = write()
    [claimed] = delivery.claim_letters(Letter.objects.all())
    assert delivery._hand_over(claimed)  # noqa: SLF001
    delivery.return_stuck_letters(now=timezone.now() + timedelta(minutes=10))
    assert now(letter).state == "unclear"
    delivery._note(claimed, Outcome(Verdict.ACCEPTED, "250 gut"))  # noqa: SLF001
    assert now(letter).state == "sent"


def test_people_decide(server: SmtpServer, person: User) -> None:
    waiting = write("w", due_at=timezone.now() + timedelta(hours=1))
    withdraw_letter(letter=waiting, by=person)
    assert (now(waiting).state, waiting.events.get().user) == ("superseded", person)
    server.plan = {"content": [DROP]}
    unclear = write("u")
    delivery.deliver_letters()
    mark_letter_arrived(letter=unclear, by=person)
    assert now(unclear).sent_at == now(unclear).handed_over_at
    planned = write("p", due_at=timezone.now() + timedelta(hours=1))
    assert supersede_letters(keys=["p", "u", "missing"], reason="Der Termin wurde verschoben.") == 1
    assert history(planned) == [("withdrawn", 0, "Der Termin wurde verschoben.")]
    delivery.deliver_letters()
    assert len(server.received) == 1


def test_attachments_and_calendar_survive_exactly(server: SmtpServer) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Äpfel … Übergröße\r\nEND:VCALENDAR\r\n"
    binary = bytes(range(256)) * 300
    text = ".\nGrüße\n.hidden\n" + "lang " * 400 + "\n"
    write(
        text=text,
        alternatives=[(calendar, "text/calendar; method=REQUEST")],
        attachments=[("Übersicht.bin", binary, "application/octet-stream")],
    )
    delivery.deliver_letters()
    mail = message_from_bytes(server.accepted[0].content, policy=policy.default)
    parts: list[Any] = [part for part in mail.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain", "text/html", "text/calendar", "application/octet-stream",
    ]  # fmt: skip
    assert parts[0].get_payload(decode=True).decode().replace("\r\n", "\n") == text
    assert parts[2].get_payload(decode=True).decode() == calendar
    assert parts[2].get_param("method") == "REQUEST"
    assert (parts[3].get_filename(), parts[3].get_payload(decode=True)) == ("Übersicht.bin", binary)
    assert max(map(len, server.accepted[0].content.split(b"\r\n"))) <= 998
    assert server.accepted[0].content.isascii()


def test_old_letters_go_but_never_waiting_ones(server: SmtpServer) -> None:
    young, old, ancient = write("1"), write("2"), write("3")
    delivery.deliver_letters()
    waiting = write("4", due_at=timezone.now() + timedelta(days=1))
    today = timezone.now()
    Letter.objects.filter(pk=young.pk).update(created_at=today - timedelta(days=29))
    Letter.objects.filter(pk=old.pk).update(created_at=today - timedelta(days=31))
    Letter.objects.filter(pk__in=[ancient.pk, waiting.pk]).update(created_at=today - timedelta(days=91))
    assert clear_old_letters() == (1, 1)
    assert clear_old_letters() == (0, 0)
    left = [(each.key, each.text, each.message is None) for each in Letter.objects.order_by("key")]
    assert left == [("1", "Guten Tag.\n", False), ("2", "", True), ("4", "Guten Tag.\n", False)]
    assert LetterEvent.objects.count() == 2


def test_throughput_is_far_above_need(server: SmtpServer) -> None:
    for number in range(200):
        write(f"k{number}", f"p{number}@example.org")
    start = time.perf_counter()
    assert delivery.deliver_letters() == 200
    rate = 200 / (time.perf_counter() - start)
    assert (len(server.accepted), server.connections) == (200, 1)
    print(f"{rate:.0f} letters a second")
