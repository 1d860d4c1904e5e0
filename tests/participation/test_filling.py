from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from elbe_elster.participation.models import FreeText
from elbe_elster.participation.questionnaire.document import Kind
from tests.participation.answering import count_now, published, question, questionnaire
from tests.participation.filling import Person

if TYPE_CHECKING:
    from tests.client import PortalClient

pytestmark = pytest.mark.django_db


def test_a_survey_from_the_first_page_to_thanks(client: PortalClient) -> None:
    survey = published(questionnaire((question("a"),), (question("b", Kind.LONG_TEXT),)))
    person = Person(client, survey).begin()
    assert (person.title, person.form.shown, person.form.steps) == ("Teil 1", ["a"], ["next", "save"])
    person.press(q_a="b")
    assert (person.title, person.form.steps) == ("Teil 2", ["next", "back", "save"])
    person.press(q_b="Mehr Busse\nam Abend")
    assert person.title == "Stimmt alles?"
    assert person.answers == [("1 Frage a?", "Antwort b"), ("2 Frage b?", "Mehr Busse am Abend")]
    person.press("submit")
    assert (person.response.status_code, person.response.url) == (302, f"/beteiligung/umfragen/{survey.slug}/danke/")
    assert count_now(survey) == 1
    assert [text.text for text in FreeText.objects.all()] == ["Mehr Busse\nam Abend"]
    assert client.get(person.response.url).status_code == 200
