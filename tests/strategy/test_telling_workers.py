"""Telling twice, at the same time, and with workers that die: nothing lost, nothing doubled."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import dj_email_url
import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from elbe_elster.outbox import delivery
from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions.telling import tell_followers
from elbe_elster.strategy.models import Subscription
from elbe_elster.strategy.tasks import serve_followers
from tests.cellar.smtp_server import SmtpServer
from tests.factories import MeasureFactory
from tests.strategy.followers import MINUTE, SUNDAY, follow, told, write

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds


def test_many_workers_at_the_same_time_tell_once() -> None:
    for number in range(5):
        follow(f"p{number}@example.org")
        follow(f"p{number}@example.org", measure=MeasureFactory())
    write("eins")
    start, counts = threading.Barrier(6), []

    def work() -> None:
        start.wait()
        try:
            counts.append(tell_followers(now=SUNDAY + 2 * MINUTE))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 5
    assert told() == {f"p{number}@example.org": [["eins"]] for number in range(5)}


def test_a_worker_killed_between_claim_and_letter_loses_nothing() -> None:
    """The letter's row is kept waiting by a lock; the worker has claimed and is killed there."""
    follow()
    write("eins", timezone.now() - dt.timedelta(minutes=10))
    Subscription.objects.update(told_until=timezone.now() - dt.timedelta(hours=1), confirmed_at=SUNDAY)
    code = "import django; django.setup(); from elbe_elster.strategy.tasks import serve_followers; serve_followers()"
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": "elbe_elster.settings"}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE outbox_letter IN EXCLUSIVE MODE")
        worker = subprocess.Popen([sys.executable, "-c", code], env=given, stderr=subprocess.DEVNULL)
        _wait_for(lambda: _waiting_for_lock() > 0)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert (Letter.objects.count(), told()) == (0, {})
    _wait_for(lambda: tell_followers() == 1)
    assert told() == {"anna@example.org": [["eins"]]}
    assert tell_followers() == 0


def _waiting_for_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def _wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_sentence_of_a_slow_transaction_is_not_missed() -> None:
    """Written first, committed last: whoever was told in between hears of it all the same."""
    follow()
    measure = MeasureFactory()
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url) as slow:
        slow.execute(
            "INSERT INTO strategy_chronicleentry (measure_id, kind, date, precision, text, text_de, url, url_label,"
            " written_at, loaded) VALUES (%s, 'news', '2026-02-01', 'day', 'langsam', 'langsam', '', '', now(), '{}')",
            [measure.pk],
        )
        later = timezone.now() + 5 * MINUTE
        write("schnell", timezone.now() + MINUTE, measure=measure)
        assert tell_followers(now=later) == 0
    assert tell_followers(now=later) == 1
    [[texts]] = told().values()
    assert sorted(texts) == ["langsam", "schnell"]


def test_from_the_heartbeat_to_the_mail_server(settings: Any) -> None:
    follow()
    write("eins", timezone.now() - dt.timedelta(minutes=10))
    with SmtpServer() as server:
        settings.MAIL = {"TRANSPORT": "smtp", **dj_email_url.parse(server.url)}
        for _beat in range(2):
            serve_followers()
            delivery.deliver_letters()
        [mail] = server.received
    message = message_from_bytes(mail.content, policy=policy.default)
    assert (mail.recipient, str(message["Subject"])[:6]) == ("anna@example.org", "Neues:")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["List-Unsubscribe"]).strip()[:8] in {"<http://", "<https:/"}
    assert Letter.objects.get().state == "sent"


def test_the_heartbeat_is_planned() -> None:
    from elbe_elster.celery import app

    entry = app.conf.beat_schedule["followers"]
    assert (entry["task"], entry["schedule"]) == (serve_followers.name, 30)
