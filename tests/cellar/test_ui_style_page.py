import pytest

from elbe_elster.accounts.models import User
from elbe_elster.ui import drawings
from tests.client import PortalClient
from tests.conftest import SignIn


@pytest.mark.django_db
def test_visitors_are_sent_to_the_sign_in(client: PortalClient) -> None:
    answer = client.get("/stilbuch/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/anmelden/?next=/stilbuch/")


def test_representatives_do_not_see_it(representative: User, sign_in: SignIn) -> None:
    assert sign_in(representative).get("/stilbuch/").status_code == 404


def test_the_editors_see_every_icon(curator: User, sign_in: SignIn) -> None:
    html = sign_in(curator).get("/stilbuch/").content.decode()
    assert [name for name in drawings.icons() if f"</svg>{name}</li>" not in html] == []


def test_sending_the_specimen_form_empty_shows_its_errors(curator: User, sign_in: SignIn) -> None:
    answer = sign_in(curator).post("/stilbuch/", {})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {
        "name",
        "number",
        "day",
        "secret",
        "text",
        "place",
        "way",
        "themes",
        "agreed",
    }
