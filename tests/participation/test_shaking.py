from __future__ import annotations

import pytest
from django.db import connection

from elbe_elster.participation.actions.codes import make_codes
from elbe_elster.participation.actions.contacts import add_contact_wish
from elbe_elster.participation.actions.shaking import shake_all
from elbe_elster.participation.models import Access, AccessCode, ContactWish, Envelope, Response
from elbe_elster.participation.sealing import unseal
from tests.participation.answering import answer, count_now, published, question, questionnaire

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 40


def on_disk(table: str, column: str) -> list[tuple[object, str]]:
    """One column of a table and the transaction of each row, as they lie on the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, xmin::text FROM {table} ORDER BY ctid")  # noqa: S608
        return [(bytes(value) if isinstance(value, memoryview) else value, xmin) for value, xmin in cursor.fetchall()]


def test_envelopes_lose_order_keys_and_transaction() -> None:
    survey = published(questionnaire((question("car"),)))
    for _ in range(PEOPLE):
        answer(survey, {})
    before = on_disk("participation_envelope", "content")
    keys = set(Envelope.objects.values_list("key", flat=True))
    assert {xmin for _, xmin in before} == {xmin for _, xmin in on_disk("participation_submissionkey", "digest")}
    assert shake_all() == PEOPLE
    after = on_disk("participation_envelope", "content")
    assert [content for content, _ in after] != [content for content, _ in before]
    assert {content for content, _ in after} == {content for content, _ in before}
    assert len({xmin for _, xmin in after}) == 1
    assert not {xmin for _, xmin in after} & {xmin for _, xmin in before}
    assert not keys & set(Envelope.objects.values_list("key", flat=True))
    assert unseal(bytes(Envelope.objects.all()[0].content), purpose="urn")


def test_contact_wishes_lose_their_order() -> None:
    survey = published(questionnaire((question("car"),)))
    for number in range(PEOPLE):
        add_contact_wish(survey=survey, name="", contact=f"person-{number}@example.org")
    before = on_disk("participation_contactwish", "contact")
    assert shake_all() == PEOPLE
    after = on_disk("participation_contactwish", "contact")
    assert [contact for contact, _ in after] != [contact for contact, _ in before]
    assert sorted(str(contact) for contact, _ in after) == sorted(str(contact) for contact, _ in before)
    assert len({xmin for _, xmin in after}) == 1
    assert ContactWish.objects.count() == PEOPLE


def test_after_the_night_codes_and_submission_keys_lie_in_no_order() -> None:
    survey, other = (published(questionnaire((question("car"),)), access=Access.CODES) for _ in range(2))
    lot = make_codes(survey=survey, name="Briefe", count=PEOPLE + 10)
    foreign = make_codes(survey=other, name="Briefe", count=10)
    AccessCode.objects.filter(lot=foreign).update(used=True)
    for code in lot.codes.order_by("?")[:PEOPLE]:
        answer(survey, {}, code=code.pk)
    tables = {"participation_accesscode": "(code, lot_id, used)::text", "participation_submissionkey": "digest"}
    before = {table: on_disk(table, column) for table, column in tables.items()}
    assert count_now(survey) == PEOPLE
    for table, column in tables.items():
        after, moved = on_disk(table, column), set(on_disk(table, column)) - set(before[table])
        assert {row for row, _ in after} == {row for row, _ in before[table]}
        assert (len(moved), len({xmin for _, xmin in moved})) == (PEOPLE, 1)
        came = [row for row, xmin in before[table] if (row, xmin) not in after]
        assert [row for row, xmin in after if (row, xmin) in moved] != came
    assert lot.codes.filter(used=True).count() == PEOPLE


def test_what_lies_still_is_left_alone_and_nothing_is_lost() -> None:
    survey, other = (published(questionnaire((question("car"),))) for _ in range(2))
    answer(survey, {})
    answer(other, {})
    assert (shake_all(), shake_all()) == (2, 0)
    answer(survey, {})
    assert shake_all() == 2
    assert (count_now(survey), count_now(other), Response.objects.count()) == (2, 1, 3)
