"""Access codes: readable, made in lots, good once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from elbe_elster.participation.actions.codes import make_codes, withdraw_lot
from elbe_elster.participation.actions.urn import Outcome
from elbe_elster.participation.codes.labels import drawn
from elbe_elster.participation.codes.letters import LENGTH, LETTERS, random_code, readable, typed_code
from elbe_elster.participation.models import Access, AccessCode, Channel, CodeLot, Envelope, Survey
from tests.participation.answering import answer, published, question, questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(db: None) -> Survey:
    return published(questionnaire((question("car"),)), access=Access.CODES)


def test_codes_have_no_letters_that_look_alike() -> None:
    assert set(LETTERS) & set("0OQ1IL2Z5S6G8BUAE") == set()
    assert len(set(LETTERS)) == len(LETTERS)
    assert {len(random_code()) for _ in range(100)} == {LENGTH}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("CDFH-JKMN", "CDFHJKMN"),
        (" cdfh jkmn ", "CDFHJKMN"),
        ("c d f h – j k m n", "CDFHJKMN"),
        ("CDFHJKM", ""),
        ("CDFHJKMN9", ""),
        ("CDFHJKM0", ""),
        ("' OR 1=1", ""),
        ("", ""),
        ("C" * 10_000, ""),
        ("ſDFHJKMN", ""),
    ],
)
def test_codes_are_read_whatever_case_and_gaps(typed: str, code: str) -> None:
    assert typed_code(typed) == code
    assert not code or typed_code(readable(code)) == code


def test_a_lot_has_as_many_codes_as_asked_for(survey: Survey) -> None:
    lot = make_codes(survey=survey, name="Brief", count=25)
    codes = list(lot.codes.values_list("code", flat=True))
    assert (len(set(codes)), codes, lot.created_on) == (25, sorted(codes), timezone.localdate())
    assert all(re.fullmatch(f"[{LETTERS}]{{8}}", code) for code in codes)
    counted: Any = CodeLot.objects.with_counts().get(pk=lot.pk)
    assert (counted.made, counted.used, counted.unused) == (25, 0, 25)


@pytest.mark.parametrize("count", [0, 9, 2_001])
def test_a_lot_is_neither_small_nor_huge(survey: Survey, count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        make_codes(survey=survey, name="Brief", count=count)
    assert not AccessCode.objects.exists()


def test_a_survey_with_codes_takes_nothing_online_without_one(survey: Survey) -> None:
    code = make_codes(survey=survey, name="Brief", count=10).codes.values_list("code", flat=True)[0]
    assert answer(survey, {}) == Outcome.CODE_REFUSED
    assert answer(survey, {}, code=code) == Outcome.COUNTED
    assert answer(survey, {}, code=code) == Outcome.CODE_REFUSED
    assert answer(survey, {}, channel=Channel.KIOSK) == Outcome.COUNTED
    assert Envelope.objects.count() == 2


def test_a_withdrawn_lot_opens_nothing_and_answers_stay(survey: Survey) -> None:
    lot, other = (make_codes(survey=survey, name=name, count=10) for name in ("Brief", "Zweiter Brief"))
    first, second = lot.codes.values_list("code", flat=True)[:2]
    assert answer(survey, {}, code=first) == Outcome.COUNTED
    withdraw_lot(lot=lot)
    assert answer(survey, {}, code=second) == Outcome.CODE_REFUSED
    assert (Envelope.objects.count(), AccessCode.objects.count(), other.codes.count()) == (1, 10, 10)


def test_a_code_of_another_survey_is_refused(survey: Survey) -> None:
    another = published(questionnaire((question("bus"),)), access=Access.CODES)
    code = make_codes(survey=another, name="Brief", count=10).codes.values_list("code", flat=True)[0]
    assert answer(survey, {}, code=code) == Outcome.CODE_REFUSED
    assert answer(another, {}, code=code) == Outcome.COUNTED


def test_a_qr_code_is_a_drawing_without_anything_foreign() -> None:
    svg = drawn("https://example.org/beteiligung/umfragen/digital-leben/code/#CDFHJKMN")
    assert re.fullmatch(
        r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33"><path d="(M\d+ \d+h1v1h-1z)+"/></svg>', svg
    )
