from collections.abc import Callable

import pytest

from elbe_elster.participation.actions.loading import load_dialogues
from elbe_elster.participation.models import Dialogue
from tests.client import PortalClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
@pytest.mark.parametrize("path", ["/beteiligung/", "/beteiligung/gespraeche/", "/strategie/weg/"])
def test_pages_exist_in_every_language(client: PortalClient, content: None, prefix: str, path: str) -> None:
    assert client.get(prefix + path).status_code == 200


def test_three_talks_belong_to_the_fourth_step(content: None) -> None:
    talks = Dialogue.objects.talks().select_related("step")
    assert [(str(talk), talk.step.number if talk.step else None, talk.date) for talk in talks] == [
        ("Dampftag, Domsdorf", 4, None),
        ("Bauernmarkt, Herzberg (Elster)", 4, None),
        ("Ausbildungsmesse MATCH, Finsterwalde", 4, None),
    ]


def test_way_shows_talks_where_they_belong(client: PortalClient, content: None) -> None:
    steps = client.get("/strategie/weg/").context["steps"]
    assert [(step.number, [talk.slug for talk in talks]) for step, talks in steps] == [
        (1, []),
        (2, []),
        (3, []),
        (4, ["dampftag-domsdorf", "bauernmarkt-herzberg", "match-finsterwalde"]),
        (5, []),
        (6, []),
        (7, []),
    ]


def test_overview_shows_only_steps_with_people(client: PortalClient, content: None) -> None:
    assert [step.number for step in client.get("/beteiligung/").context["steps"]] == [2, 3, 4, 6]


def test_nothing_runs_now_and_the_page_says_so(client: PortalClient, content: None) -> None:
    assert "Im Moment läuft keine Umfrage" in client.get("/beteiligung/").content.decode()


def test_pages_without_content_stand(client: PortalClient) -> None:
    assert [client.get(path).status_code for path in ("/beteiligung/", "/beteiligung/gespraeche/")] == [200, 200]
    assert "Noch sind keine Schritte eingetragen." in client.get("/strategie/weg/").content.decode()


def test_second_loading_changes_nothing(content: None) -> None:
    report = load_dialogues()
    assert (report.created, report.updated, report.kept, report.unchanged) == ([], [], [], 3)


@pytest.mark.parametrize("path", ["/beteiligung/", "/beteiligung/gespraeche/", "/strategie/weg/"])
def test_pages_ask_no_more_for_more_talks(
    content: None, same_queries_for_one_and_three: Callable[..., int], path: str
) -> None:
    numbers = iter(range(3))

    def make() -> Dialogue:
        talk = Dialogue.objects.filter(slug="match-finsterwalde").get()
        return Dialogue.objects.create(
            slug=f"gespraech-{next(numbers)}", host_event="Fest", place="Ort", step=talk.step
        )

    same_queries_for_one_and_three(make, path)
