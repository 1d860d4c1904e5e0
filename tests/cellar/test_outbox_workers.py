"""Workers that die: real processes, killed while the mail server keeps them waiting. Nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import dj_email_url
import pytest
from django.utils import timezone

from elbe_elster.outbox import delivery, heartbeat
from elbe_elster.outbox.actions import write_letter
from elbe_elster.outbox.models import Letter
from tests.cellar.smtp_server import HANG, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = "import django; django.setup(); from elbe_elster.outbox.delivery import deliver_letters; deliver_letters()"
PATIENCE = 20  # seconds


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        settings.MAIL = {"TRANSPORT": "smtp", **dj_email_url.parse(running.url)}
        yield running


@contextmanager
def process(server: SmtpServer, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the portal that sends over this server; it does not outlive the block."""
    given = {"DJANGO_SETTINGS_MODULE": "elbe_elster.settings", "EMAIL_URL": server.url.replace("=1", "=30")}
    running = subprocess.Popen([sys.executable, *arguments], env={**os.environ, **given}, stderr=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def write(number: int = 1) -> Letter:
    write_letter(key=f"k{number}", kind="Erinnerung", recipient=f"p{number}@example.org", subject="Treffen", text="Tag")
    return Letter.objects.get(key=f"k{number}")


def wait_for(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def later() -> Any:
    return timezone.now() + timedelta(minutes=10)


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_killed_before_hand_over_is_sent_by_the_next(server: SmtpServer, stage: str) -> None:
    server.plan = {stage: HANG}
    letter = write()
    with process(server, "-c", WORKER) as worker:
        assert server.reached[stage].wait(PATIENCE)
        worker.kill()
        worker.wait()
    letter.refresh_from_db()
    assert (letter.state, letter.handed_over_at) == ("in_flight", None)
    server.plan = {}
    assert delivery.claim_letters(Letter.objects.all()) == []
    assert delivery.return_stuck_letters(now=later()) == 1
    delivery.deliver_letters()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("sent", 2)
    assert len(server.received) == 1
    assert list(letter.events.values_list("kind", flat=True)) == ["returned", "sent"]


def test_killed_while_the_server_thinks_is_unclear(server: SmtpServer) -> None:
    server.plan = {"content": HANG}
    letter = write()
    with process(server, "-c", WORKER) as worker:
        assert server.reached["content"].wait(PATIENCE)
        worker.kill()
        worker.wait()
    server.plan = {}
    assert delivery.return_stuck_letters(now=later()) == 1
    delivery.deliver_letters()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, len(server.received)) == ("unclear", 1, 1)


def test_killed_between_answer_and_note_is_unclear(server: SmtpServer) -> None:
    """The worker is frozen while it waits, gets its answer, and never wakes up again."""
    server.plan = {"content": HANG}
    letter = write()
    with process(server, "-c", WORKER) as worker:
        assert server.reached["content"].wait(PATIENCE)
        worker.send_signal(signal.SIGSTOP)
        server.go_on()
        assert server.reached["answered"].wait(PATIENCE)
        worker.kill()
        worker.wait()
    assert delivery.return_stuck_letters(now=later()) == 1
    letter.refresh_from_db()
    assert (letter.state, len(server.accepted)) == ("unclear", 1)


def test_killed_in_the_middle_of_a_batch(server: SmtpServer) -> None:
    server.plan = {"rcpt": ["250 gut"] * 7 + [HANG]}
    for number in range(20):
        write(number)
    with process(server, "-c", WORKER) as worker:
        wait_for(lambda: len(server.accepted) == 7 and server.reached["rcpt"].is_set() and not server.plan["rcpt"])
        worker.kill()
        worker.wait()
    server.plan = {}
    delivery.return_stuck_letters(now=later())
    delivery.deliver_letters()
    assert Letter.objects.counts_by_state() == {"sent": 20}
    assert sorted(mail.recipient for mail in server.received) == sorted(
        f"p{number}@example.org" for number in range(20)
    )


def test_two_workers_at_once_send_each_letter_once(server: SmtpServer) -> None:
    server.plan = {"connect": HANG}
    for number in range(200):
        write(number)
    with process(server, "-c", WORKER) as one, process(server, "-c", WORKER) as two:
        wait_for(lambda: server.connections == 2)
        server.plan = {}
        server.go_on()
        assert (one.wait(PATIENCE), two.wait(PATIENCE)) == (0, 0)
    assert Letter.objects.counts_by_state() == {"sent": 200}
    assert sorted(mail.recipient for mail in server.received) == sorted(
        f"p{number}@example.org" for number in range(200)
    )
    assert set(Letter.objects.values_list("attempts", flat=True)) == {1}


def test_worker_and_beat_for_real(server: SmtpServer, tmp_path: Path) -> None:
    """Celery's own processes: a letter leaves on commit, a forgotten one with the heartbeat, and both say they live."""
    assert heartbeat.sign_of_life(heartbeat.WORKER) is None
    celery = ("-m", "celery", "-A", "elbe_elster.celery")
    with process(server, *celery, "worker", "--concurrency=1", "--without-gossip", "--without-mingle") as worker:
        wait_for(lambda: heartbeat.sign_of_life(heartbeat.WORKER) is not None)
        assert heartbeat.sign_of_life(heartbeat.BEAT) is None
        write(1)
        wait_for(lambda: len(server.accepted) == 1)
        Letter.objects.bulk_create([_forgotten()])
        assert len(server.accepted) == 1
        with process(server, *celery, "beat", "--schedule", str(tmp_path / "beat")) as beat:
            wait_for(lambda: len(server.accepted) == 2)
            assert beat.poll() is None
        signs = [heartbeat.sign_of_life(name) for name in (heartbeat.BEAT, heartbeat.WORKER, heartbeat.SWEEP)]
        assert [heartbeat.is_silent(age) for age in signs] == [False, False, False]
        worker.terminate()
        assert worker.wait(PATIENCE) == 0
    wait_for(lambda: Letter.objects.counts_by_state() == {"sent": 2})


def _forgotten() -> Letter:
    """A letter nobody has told the queue about: the broker was down or flushed."""
    letter = Letter.objects.get(key="k1")
    letter.pk, letter.key, letter.state, letter.sent_at = None, "forgotten", "queued", None
    letter.handed_over_at = letter.lease_until = None
    return letter
