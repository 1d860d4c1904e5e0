"""Letters to followers: who is told what and when."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions import telling
from elbe_elster.strategy.actions.telling import tell_followers
from elbe_elster.strategy.models import EntryKind, Frequency, Precision
from elbe_elster.strategy.models.following import weekly_moment
from tests.factories import (
    ActionFieldFactory,
    MeasureFactory,
    ProjectProfileFactory,
)
from tests.strategy.followers import MINUTE, SUNDAY, follow, told, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)  # 8 o'clock in the county


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


WORD_FOR_WORD = """Guten Tag,

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
https://portal.example/neues/per-e-mail/verwalten/{token}/

Abbestellen:
"""


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
    assert head == WORD_FOR_WORD.format(token=row.token)
    assert (letter.subject, "<img" in letter.html, "href=" in letter.html) == ("Neues von 2 Maßnahmen", False, True)
    message = message_from_bytes(bytes(letter.message or b""), policy=policy.default)
    assert str(message["List-Unsubscribe"]).strip() == f"<{stop}{tail.strip()}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_letter_speaks_the_followers_language() -> None:
    follow(language="en")
    write("Er fährt.", text_en="It runs.", measure=MeasureFactory(slug="m", title_de="Rufbus", title_en="Bus"))
    tell_followers(now=SUNDAY + 2 * MINUTE)
    letter = Letter.objects.get()
    assert ("It runs." in letter.text, "Er fährt." in letter.text) == (True, False)
    assert "/en/massnahmen/m/" in letter.text
    assert letter.subject.endswith(": Bus")


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
