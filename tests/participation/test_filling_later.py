"""Making a pause: a file the person keeps, or a code that finds what we keep."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from elbe_elster.participation.models import Draft, Envelope, Survey
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import published, question, questionnaire
from tests.participation.filling import Form, Person

if TYPE_CHECKING:
    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
OK, UNPROCESSABLE = 200, 422


def two_pages() -> Survey:
    """A question on each of two pages."""
    return published(questionnaire((question("a"),), (question("b", Kind.LONG_TEXT),)))


def resume_address(person: Person) -> str:
    return f"/beteiligung/umfragen/{person.survey.slug}/weiter/"


def with_code(person: Person) -> str:
    """Ask for a code; gives it as it is written down."""
    person.press("save").press("code")
    found = re.search(r"later__code[^>]*>([^<]+)<", person.html)
    assert found
    return found[1].strip()


def test_nothing_is_stored_before_somebody_asks(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="a").press("save", q_b="angefangen")
    assert (person.title, Draft.objects.count()) == ("Später weitermachen", 0)
    person.press("resume")
    assert (person.title, person.form.values["q-b"]) == ("Teil 2", ["angefangen"])


def test_a_code_brings_the_answers_back_and_handing_in_deletes_them(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="a")
    code = with_code(person)
    stored = Draft.objects.get()
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code)
    assert stored.kept_until == timezone.localdate() + dt.timedelta(days=30)
    assert code.replace("-", "").encode() not in bytes(stored.content) + bytes(stored.digest)
    other = Person(client, person.survey)
    other.got(client.post(resume_address(person), {"code": f" {code.lower()} "}))
    assert (other.title, other.press().answers[0]) == ("Teil 2", ("1 Frage a?", "Antwort a"))
    other.press("submit")
    assert (Draft.objects.count(), Envelope.objects.count()) == (0, 1)


def test_a_second_code_ends_the_first_and_a_code_can_be_forgotten(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="a")
    first = with_code(person)
    second = with_code(person.press("resume"))
    assert client.post(resume_address(person), {"code": first}).status_code == UNPROCESSABLE
    assert client.post(resume_address(person), {"code": second, "step": "forget"}).status_code == OK
    assert (Draft.objects.count(), client.post(resume_address(person), {"code": second}).status_code) == (0, 422)


def test_a_code_is_good_for_its_survey_and_thirty_days(client: PortalClient) -> None:
    person, other = Person(client, two_pages()).begin(), Person(client, two_pages())
    code = with_code(person)
    assert client.post(resume_address(other), {"code": code}).status_code == UNPROCESSABLE
    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        assert client.post(resume_address(person), {"code": code}).status_code == UNPROCESSABLE


def test_codes_cannot_be_tried_out(client: PortalClient, valkey: Any) -> None:
    person = Person(client, two_pages())
    answers = [client.post(resume_address(person), {"code": "ABCDEFGH"}).status_code for _ in range(61)]
    assert (set(answers[:60]), answers[60]) == ({UNPROCESSABLE}, 429)
    assert valkey.keys("*survey-drafts*") == []


def test_a_file_brings_the_answers_back_by_its_button_and_by_uploading_it(client: PortalClient) -> None:
    person = Person(client, two_pages()).begin().press(q_a="b").press("save", q_b='Mit "Zeichen" <b>').press("file")
    assert person.answers == [("1 Frage a?", "Antwort b"), ("2 Frage b?", "Mit &quot;Zeichen&quot; &lt;b&gt;")]
    file = SimpleUploadedFile("antworten.html", person.response.content)
    with time_machine.travel(timezone.now() + dt.timedelta(days=20)):
        uploaded = client.post(resume_address(person), {"file": file})
        pressed = client.post(resume_address(person), {"token": Form(person.html).values["token"]})
    for response in (uploaded, pressed):
        assert Form(response.content.decode()).values["q-b"] == ['Mit "Zeichen" <b>']
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"kein HTML", b'name="token" value="gefaelscht"', b"x" * 1_000_001])
def test_a_file_that_is_not_ours_is_refused(client: PortalClient, content: bytes) -> None:
    person = Person(client, two_pages())
    response = client.post(resume_address(person), {"file": SimpleUploadedFile("a.html", content)})
    assert response.status_code == UNPROCESSABLE
