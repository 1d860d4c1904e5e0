"""Programs are held up, people are not, and nobody loses answers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.cache import cache

from elbe_elster.participation.filling import counting, guards, plain_question, proof
from elbe_elster.participation.models import Envelope
from tests.participation.answering import published, question, questionnaire
from tests.participation.filling import Person

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey
    from tests.client import PortalClient


def solved(challenge: dict[str, Any], /, **changes: Any) -> str:
    """What an honest browser sends for a challenge, with changes of a dishonest one."""
    number = next(
        tried
        for tried in range(challenge["maxnumber"] + 1)
        if hashlib.sha256(f"{challenge['salt']}{tried}".encode()).hexdigest() == challenge["challenge"]
    )
    said = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**said, "number": number, **changes}).encode()).decode()


def test_a_proof_is_good_once() -> None:
    challenge = proof.make_challenge()
    sent = solved(challenge)
    assert [proof.is_solved(sent), proof.is_solved(sent), proof.is_solved(sent)] == [True, False, False]
    assert {name: type(value) for name, value in challenge.items()} == {
        "algorithm": str, "challenge": str, "maxnumber": int, "salt": str, "signature": str,
    }  # fmt: skip


def test_of_many_requests_at_once_one_proof_lets_one_in() -> None:
    sent = solved(proof.make_challenge())
    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(proof.is_solved, [sent] * 8)) == [*[False] * 7, True]


def test_a_proof_runs_out() -> None:
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False) as clock:
        challenge = proof.make_challenge()
        sent = solved(challenge)
        clock.shift(proof.LASTS)
        assert not proof.is_solved(sent)


def test_nobody_makes_challenges_but_us() -> None:
    salt = proof.make_challenge()["salt"]
    easy = hashlib.sha256(f"{salt}1".encode()).hexdigest()
    forged = {"algorithm": "SHA-256", "challenge": easy, "number": 1, "salt": salt, "signature": "0" * 64}
    assert not proof.is_solved(base64.b64encode(json.dumps(forged).encode()).decode())


def test_digits_do_not_wander_between_number_and_salt() -> None:
    """A known attack: a later end in the salt, taken from the digits of the number."""
    challenge = proof.make_challenge()
    number = int(json.loads(base64.b64decode(solved(challenge)))["number"])
    digits = str(number)
    longer = challenge["salt"] + digits[:1]
    assert not proof.is_solved(solved(challenge, salt=longer, number=int(digits[1:] or 0)))
    assert not proof.is_solved(solved(challenge, salt=longer.replace("&", ""), number=int(digits[1:] or 0)))


@pytest.mark.parametrize(
    "sent",
    [
        "", "x", "AAAA", "=" * 5_000, "ä", base64.b64encode(b"[]").decode(), base64.b64encode(b"{}").decode(),
        base64.b64encode(b"null").decode(), base64.b64encode(b'{"salt":1,"challenge":2,"number":"x"}').decode(),
        base64.b64encode(b"[" * 1_400).decode(), base64.b64encode(b'{"number":1e999,"salt":"","challenge":""}').decode(),
    ],
)  # fmt: skip
def test_nonsense_is_no_proof(sent: str) -> None:
    assert not proof.is_solved(sent)


@pytest.mark.parametrize("field", ["salt", "challenge", "signature"])
@pytest.mark.parametrize("letter", ["ä", "\ud800"])
def test_a_proof_in_letters_nobody_can_compare_is_none(field: str, letter: str) -> None:
    challenge = proof.make_challenge()
    assert not proof.is_solved(solved(challenge, **{field: letter + challenge[field]}))


def test_the_sum_in_words_takes_a_number_or_a_word_once() -> None:
    def answers(question: plain_question.PlainQuestion) -> tuple[int, str]:
        words = plain_question.number_words()
        left, right = (words.index(word) for word in question.text.removeprefix("Wie viel ist ")[:-1].split(" plus "))
        return left + right, words[left + right]

    question = plain_question.ask()
    number, _word = answers(question)
    assert not plain_question.is_right(question.ticket, str(number + 1))
    assert plain_question.is_right(question.ticket, f" {number} ")
    assert not plain_question.is_right(question.ticket, str(number))
    another = plain_question.ask()
    assert plain_question.is_right(another.ticket, answers(another)[1].upper())


@pytest.mark.parametrize(
    ("ticket", "answer"), [("", "7"), ("a.b.c", "7"), ("a.99999999999.c", "7"), ("x" * 999, "7"), ("a.1", "٧")]
)
def test_a_ticket_nobody_gave_out_opens_nothing(ticket: str, answer: str) -> None:
    assert not plain_question.is_right(ticket, answer)


def test_counts_are_for_a_range_and_an_hour_and_leave_this_process_never(valkey: Any) -> None:
    found = [counting.too_many("submission", f"192.0.2.{host}", an_hour=3) for host in range(5)]
    assert found == [False, False, False, True, True]
    assert not counting.too_many("submission", "198.51.100.1", an_hour=3)
    assert not counting.too_many("contact", "192.0.2.1", an_hour=3)
    assert valkey.keys("*") == []
    assert not any(b"192.0.2" in key for key in counting.counts._counts)  # noqa: SLF001 - that it is not readable


def test_the_hour_ends() -> None:
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False) as clock:
        assert [counting.too_many("submission", "192.0.2.1", an_hour=1) for _ in range(2)] == [False, True]
        clock.shift(3601)
        assert not counting.too_many("submission", "192.0.2.1", an_hour=1)


def test_a_cache_that_is_down_lets_people_in(settings: Any) -> None:
    sent = solved(proof.make_challenge())
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    cache.close()
    assert [proof.is_solved(sent), proof.is_solved(sent)] == [True, True]


# On the pages -----------------------------------------------------------------


@pytest.fixture
def survey(db: None) -> Survey:
    return published(questionnaire((question("car"),)), slug="auto")


def ready(client: PortalClient, survey: Survey) -> Person:
    """Somebody who has answered and is about to hand in."""
    return Person(client, survey).begin().press(q_car="a")


def challenge_of(person: Person) -> dict[str, Any]:
    found = re.search(r'data-guard.*?<script type="application/json">(.*?)</script>', person.html, re.DOTALL)
    assert found
    challenge: dict[str, Any] = json.loads(found[1])
    return challenge


def test_people_notice_nothing(client: PortalClient, survey: Survey) -> None:
    person = ready(client, survey).press("submit")
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


@pytest.mark.parametrize("sign", ["lure", "quick", "many"])
def test_each_sign_asks_for_a_proof_and_keeps_the_answers(
    client: PortalClient, survey: Survey, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sign == "quick":
        monkeypatch.setattr(guards, "QUICKEST", 3600)
    if sign == "many":
        monkeypatch.setattr(guards, "SUBMISSIONS_AN_HOUR", 0)
    lure = {"homepage": "https://spam.example"} if sign == "lure" else {}
    person = ready(client, survey).press("submit", **lure)
    assert (person.response.status_code, Envelope.objects.count()) == (422, 0)
    assert person.answers == [("1 Frage car?", "Antwort a")] or "Antwort a" in person.html
    person.press("submit", altcha=solved(challenge_of(person)), **lure)
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


def test_without_script_a_sum_in_words_is_enough(
    client: PortalClient, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "QUICKEST", 3600)
    person = ready(client, survey).press("submit")
    words = plain_question.number_words()
    for right in (False, True):
        asked = re.search(r"Wie viel ist (\w+) plus (\w+)\?", person.html)
        assert asked
        total = words.index(asked[1]) + words.index(asked[2])
        person.press("submit", plain_answer=str(total if right else total + 1))
        if not right:
            assert (person.response.status_code, person.form.errors) == (
                422,
                ["Das war nicht richtig. Hier ist eine neue Aufgabe."],
            )
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


def test_answering_sums_is_slowed_down_and_the_answers_stay(
    client: PortalClient, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "QUICKEST", 3600)
    monkeypatch.setattr(guards, "QUESTIONS_AN_HOUR", 2)
    person = ready(client, survey).press("submit")
    for _try in range(3):
        person.press("submit", plain_answer="99")
    assert (person.response.status_code, Envelope.objects.count()) == (422, 0)
    tired = "Aus Ihrem Netz kamen gerade sehr viele Versuche. Bitte senden Sie in einer Stunde noch einmal ab. Lassen Sie diese Seite so lange offen."  # fmt: skip
    assert person.form.errors == [tired]
    person.press("submit", altcha=solved(challenge_of(person)))  # a browser with script goes on
    assert (person.response.status_code, Envelope.objects.count()) == (302, 1)


def test_a_proof_for_one_submission_is_none_for_another(
    client: PortalClient, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "QUICKEST", 3600)
    first, second = ready(client, survey).press("submit"), ready(client, survey).press("submit")
    proof_of_first = solved(challenge_of(first))
    first.press("submit", altcha=proof_of_first)
    second.press("submit", altcha=proof_of_first)
    assert (second.response.status_code, Envelope.objects.count()) == (422, 1)
