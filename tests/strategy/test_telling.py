"""Letters to followers: who is told what and when; twice, at the same time, and with workers that die."""

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
from elbe_elster.strategy.actions import telling
from elbe_elster.strategy.actions.telling import tell_followers
from elbe_elster.strategy.models import ChronicleEntry, EntryKind, Frequency, Precision, Subscription
from elbe_elster.strategy.models.following import weekly_moment
from elbe_elster.strategy.tasks import serve_followers
from tests.cellar.smtp_server import SmtpServer
from tests.factories import (
    ActionFieldFactory,
    ChronicleEntryFactory,
    MeasureFactory,
    ProjectProfileFactory,
    SubscriptionFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
SUNDAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)  # 8 o'clock in the county
MINUTE = dt.timedelta(minutes=1)
PATIENCE = 20  # seconds


def write(text: str, at: dt.datetime = SUNDAY, **fields: Any) -> ChronicleEntry:
    entry: ChronicleEntry = ChronicleEntryFactory(text_de=text, written_at=at, **fields)
    return entry


def follow(email: str = "anna@example.org", since: dt.datetime = SUNDAY - MINUTE, **fields: Any) -> Subscription:
    row: Subscription = SubscriptionFactory(
        email=email, **{"created_at": since, "confirmed_at": since, "told_until": since, **fields}
    )
    return row


def told() -> dict[str, list[list[str]]]:
    """By recipient: for each letter the sentences in it, in order."""
    found: dict[str, list[list[str]]] = {}
    for letter in Letter.objects.order_by("pk"):
        lines = [line.split(": ", 1)[1] for line in letter.text.splitlines() if line.startswith("- ")]
        found.setdefault(letter.recipient, []).append(lines)
    return found


# At once ----------------------------------------------------------------------


def test_each_follower_gets_what_they_follow() -> None:
    field, other = ActionFieldFactory(), ActionFieldFactory()
    one, two, both = (MeasureFactory(primary_field=each) for each in (field, other, other))
    both.further_fields.add(field)
    follow("alles@example.org")
    follow("feld@example.org", action_field=field)
    follow("massnahme@example.org", measure=two)
    follow("still@example.org", measure=MeasureFactory())
    follow("unbestaetigt@example.org", confirmed_at=None)
    for day, (measure, text) in enumerate(((one, "eins"), (two, "zwei"), (both, "beide")), start=1):
        write(text, measure=measure, date=dt.date(2026, 2, day))
    assert tell_followers(now=SUNDAY + 2 * MINUTE) == 3
    assert told() == {
        "alles@example.org": [["beide", "zwei", "eins"]],
        "feld@example.org": [["beide", "eins"]],
        "massnahme@example.org": [["zwei"]],
    }
    assert tell_followers(now=SUNDAY + 3 * MINUTE) == 0


def test_nobody_is_told_what_nobody_sees() -> None:
    follow()
    write("Entwurf", measure=MeasureFactory(publication="draft"))
    write("Zurückgezogen", measure=MeasureFactory(publication="withdrawn"))
    write("Papierkorb", measure=MeasureFactory(trashed_at=SUNDAY))
    profile = ProjectProfileFactory(publication="withdrawn")
    write("Steckbrief", measure=profile.measure, profile=profile)
    follow("entwurf@example.org", measure=MeasureFactory(publication="draft"))
    assert (tell_followers(now=SUNDAY + 2 * MINUTE), told()) == (0, {})


def test_what_is_hidden_before_its_turn_is_not_told() -> None:
    follow(frequency=Frequency.WEEKLY)
    entry = write("weg")
    write("bleibt")
    type(entry.measure).objects.filter(pk=entry.measure_id).update(publication="withdrawn")
    tell_followers(now=MONDAY + 2 * MINUTE)
    assert told() == {"anna@example.org": [["bleibt"]]}


def test_a_sentence_rests_a_minute_and_neighbours_travel_together() -> None:
    follow()
    write("eins")
    write("zwei", SUNDAY + dt.timedelta(seconds=40), date=dt.date(2026, 2, 4))
    assert tell_followers(now=SUNDAY + dt.timedelta(seconds=59)) == 0
    assert tell_followers(now=SUNDAY + dt.timedelta(seconds=100)) == 1
    assert told() == {"anna@example.org": [["zwei", "eins"]]}


def test_what_was_written_before_the_confirmation_is_not_told() -> None:
    write("vorher", SUNDAY - dt.timedelta(days=1))
    follow()
    assert (tell_followers(now=SUNDAY + 2 * MINUTE), told()) == (0, {})


def test_announcements_are_told_when_they_are_written() -> None:
    follow()
    write("Infoabend", date=dt.date(2026, 12, 5))
    tell_followers(now=SUNDAY + 2 * MINUTE)
    tell_followers(now=dt.datetime(2026, 12, 6, tzinfo=dt.UTC))
    assert told() == {"anna@example.org": [["Infoabend"]]}
    assert "05.12.2026" in Letter.objects.get().text


# One address, several subscriptions -------------------------------------------


def test_one_letter_for_an_address_and_each_sentence_once() -> None:
    measure = MeasureFactory()
    follow()
    follow("Anna@example.org", measure=measure)
    write("eins", measure=measure)
    write("zwei")
    assert tell_followers(now=SUNDAY + 2 * MINUTE) == 1
    assert [len(texts) for [texts] in told().values()] == [2]


def test_the_weekly_letter_leaves_out_what_was_told_at_once() -> None:
    measure = MeasureFactory()
    follow(frequency=Frequency.WEEKLY)
    follow(measure=measure)
    write("sofort", measure=measure)
    write("am Montag")
    tell_followers(now=SUNDAY + 2 * MINUTE)
    tell_followers(now=MONDAY + 2 * MINUTE)
    assert told() == {"anna@example.org": [["sofort"], ["am Montag"]]}


def test_no_empty_weekly_letter_when_all_was_told_at_once() -> None:
    measure = MeasureFactory()
    weekly = follow(frequency=Frequency.WEEKLY)
    follow(measure=measure)
    write("sofort", measure=measure)
    tell_followers(now=SUNDAY + 2 * MINUTE)
    assert tell_followers(now=MONDAY + 2 * MINUTE) == 0
    weekly.refresh_from_db()
    assert (told(), weekly.told_until) == ({"anna@example.org": [["sofort"]]}, MONDAY + MINUTE)


def test_who_follows_a_measure_later_still_hears_the_rest_on_monday() -> None:
    measure = MeasureFactory()
    follow(frequency=Frequency.WEEKLY)
    write("vorher", measure=measure)
    follow(measure=measure, since=SUNDAY + 10 * MINUTE)  # begins to follow after that sentence
    tell_followers(now=SUNDAY + 20 * MINUTE)
    tell_followers(now=MONDAY + 2 * MINUTE)
    assert told() == {"anna@example.org": [["vorher"]]}


# Every Monday -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        ("2026-11-23T06:59:59Z", "2026-11-16T07:00Z"),
        ("2026-11-23T07:00:00Z", "2026-11-23T07:00Z"),
        ("2026-11-29T23:30:00Z", "2026-11-23T07:00Z"),  # already Monday in the county, not yet 8 o'clock
        ("2026-10-25T22:59:00Z", "2026-10-19T06:00Z"),  # the day the clocks go back
        ("2026-10-26T06:30:00Z", "2026-10-19T06:00Z"),  # 7:30 after the change
        ("2026-10-26T07:00:00Z", "2026-10-26T07:00Z"),
        ("2026-03-30T05:59:59Z", "2026-03-23T07:00Z"),  # the day after the clocks went forward
        ("2026-03-30T06:00:00Z", "2026-03-30T06:00Z"),
    ],
)
def test_monday_at_eight_in_the_county(moment: str, monday: str) -> None:
    assert weekly_moment(dt.datetime.fromisoformat(moment)) == dt.datetime.fromisoformat(monday)


def test_weekly_comes_on_monday_and_not_before() -> None:
    follow(frequency=Frequency.WEEKLY)
    write("eins")
    assert [tell_followers(now=MONDAY + step * MINUTE) for step in (-1, 0, 1, 2)] == [0, 0, 1, 0]
    write("zwei", MONDAY + 5 * MINUTE)
    assert tell_followers(now=MONDAY + dt.timedelta(days=6)) == 0
    assert tell_followers(now=MONDAY + dt.timedelta(days=7, minutes=2)) == 1
    assert told() == {"anna@example.org": [["eins"], ["zwei"]]}


def test_after_days_of_silence_one_letter_and_then_monday_again() -> None:
    follow(frequency=Frequency.WEEKLY, since=SUNDAY - dt.timedelta(days=10))
    write("vor der Pause", SUNDAY - dt.timedelta(days=9))
    write("danach", MONDAY + dt.timedelta(days=1))
    assert tell_followers(now=MONDAY + dt.timedelta(days=2)) == 1
    write("später", MONDAY + dt.timedelta(days=3))
    assert tell_followers(now=MONDAY + dt.timedelta(days=4)) == 0
    assert tell_followers(now=MONDAY + dt.timedelta(days=8)) == 1
    assert told() == {"anna@example.org": [["danach", "vor der Pause"], ["später"]]}


def test_a_quiet_week_sends_nothing_and_the_next_news_wait_for_monday() -> None:
    follow(frequency=Frequency.WEEKLY)
    assert tell_followers(now=MONDAY + 2 * MINUTE) == 0
    write("Mittwoch", MONDAY + dt.timedelta(days=2))
    assert tell_followers(now=MONDAY + dt.timedelta(days=3)) == 0
    assert tell_followers(now=MONDAY + dt.timedelta(days=7, minutes=2)) == 1


# The letter -------------------------------------------------------------------


def test_the_letter_word_for_word(settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"
    measure = MeasureFactory(number="M-03", slug="rufbus", title_de="Rufbus", example=True)
    other = MeasureFactory(number="M-04", slug="pegel", title_de="Pegelmelder")
    row = follow()
    write("Er fährt samstags.", measure=measure, kind=EntryKind.RESULT, date=dt.date(2026, 11, 18))
    write("Neuer Termin.", measure=other, kind=EntryKind.CHANGE, date=dt.date(2026, 10, 1), precision=Precision.MONTH)
    write("Beschlossen.", measure=measure, kind=EntryKind.DECISION, date=dt.date(2026, 9, 2))
    tell_followers(now=SUNDAY + 2 * MINUTE)
    letter = Letter.objects.get()
    stop = f"https://portal.example/neues/per-e-mail/abbestellen/{row.pk}:"
    head, tail = letter.text.split(stop)
    assert (
        head
        == f"""Guten Tag,

das ist neu:

M-03 Rufbus (Beispiel)
https://portal.example/massnahmen/rufbus/
- 18.11.2026, Ergebnis: Er fährt samstags.
- 02.09.2026, Beschluss: Beschlossen.

M-04 Pegelmelder
https://portal.example/massnahmen/pegel/
- Oktober 2026, Geändert: Neuer Termin.

--

Sie bekommen diese E-Mail, weil Sie das verfolgen: Alle Maßnahmen.

Ändern, was Sie bekommen und wie oft:
https://portal.example/neues/per-e-mail/verwalten/{row.token}/

Abbestellen:
"""
    )
    assert letter.subject == "Neues von 2 Maßnahmen"
    message = message_from_bytes(bytes(letter.message or b""), policy=policy.default)
    assert str(message["List-Unsubscribe"]).strip() == f"<{stop}{tail.strip()}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<img" not in letter.html
    assert "href=" in letter.html


def test_the_letter_speaks_the_followers_language() -> None:
    follow(language="en")
    entry = write("Er fährt.", text_en="It runs.", measure=MeasureFactory(slug="m", title_de="Rufbus", title_en="Bus"))
    tell_followers(now=SUNDAY + 2 * MINUTE)
    letter = Letter.objects.get()
    assert ("It runs." in letter.text, "Er fährt." in letter.text) == (True, False)
    assert "/en/massnahmen/m/" in letter.text
    assert (entry.measure.title_en, "Bus" in letter.subject) == ("Bus", True)


def test_a_very_long_letter_ends_with_a_link() -> None:
    follow()
    measure = MeasureFactory()
    for number in range(telling.MOST_ENTRIES + 3):
        write(str(number), measure=measure, date=dt.date(2026, 1, 1) + dt.timedelta(days=number))
    tell_followers(now=SUNDAY + 2 * MINUTE)
    [[texts]] = told().values()
    assert texts == [str(number) for number in range(telling.MOST_ENTRIES + 2, 2, -1)]
    assert "Und noch mehr:" in Letter.objects.get().text
    assert tell_followers(now=SUNDAY + 3 * MINUTE) == 0


def test_queries_do_not_grow_with_entries(count_queries: Callable[[], CaptureQueriesContext]) -> None:
    follow(action_field=ActionFieldFactory())
    follow()
    counts = []
    for step in (1, 3):
        for _number in range(step):
            write("Satz", SUNDAY + step * dt.timedelta(hours=1))
        with count_queries() as queries:
            assert tell_followers(now=SUNDAY + step * dt.timedelta(hours=1) + 2 * MINUTE) == 1
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Twice, at the same time, and aborted -----------------------------------------


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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
