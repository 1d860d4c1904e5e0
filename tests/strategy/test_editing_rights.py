"""Who comes into the editor: every role at every address, reading and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from elbe_elster.accounts.models import Role
from elbe_elster.strategy.drafting.content import written
from elbe_elster.strategy.models import Curation, Draft, Measure, Publication
from tests.factories import ActionFieldFactory, MeasureFactory, ProjectProfileFactory, UserFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
SHOWN = ["bearbeiten", "abgleich", "freigabe", "vorschau", "verwerfen"]
SENT = ["bearbeiten", "abgleich", "freigabe", "verwerfen", "zurueckholen"]
STORED = ["verlauf", "zurueckziehen", "papierkorb"]


@pytest.fixture
def places(admin: User) -> dict[str, str]:
    """One of each place of work."""
    public, hidden = MeasureFactory(number="M-01"), MeasureFactory(number="M-02", publication=Publication.DRAFT)
    profile = ProjectProfileFactory(measure=public)
    draft = Draft.objects.create(kind="measure", values={**written(Measure()), "title_de": "Neu"}, created_by=admin)
    return {
        "public": f"/redaktion/massnahmen/{public.number}/",
        "hidden": f"/redaktion/massnahmen/{hidden.number}/",
        "profile": f"/redaktion/projekte/{profile.slug}/",
        "draft": f"/redaktion/entwuerfe/{draft.pk}/",
    }


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (None, {"public": 302, "hidden": 302, "profile": 302, "draft": 302}),
        (Role.SURVEY_TEAM, {"public": 403, "hidden": 404, "profile": 403, "draft": 404}),
        (Role.CIRCLE_OFFICE, {"public": 403, "hidden": 404, "profile": 403, "draft": 404}),
        (Role.REPRESENTATIVE, {"public": 403, "hidden": 404, "profile": 403, "draft": 404}),
        (Role.CURATOR, {"public": 403, "hidden": 403, "profile": 403, "draft": 403}),
    ],
)
def test_who_does_not_look_after_it_is_refused_everywhere(
    who: Role | None, refused: dict[str, int], places: dict[str, str], client: PortalClient, sign_in: SignIn
) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    for place, address in places.items():
        stored = [] if place == "draft" else STORED
        got = {page: browser.get(f"{address}{page}/").status_code for page in SHOWN + stored}
        assert got == dict.fromkeys(SHOWN + stored, refused[place])
        sent_to = SENT if place == "draft" else [*SENT, "zurueckziehen", "papierkorb", "wiederherstellen"]
        got = {page: browser.post(f"{address}{page}/").status_code for page in sent_to}
        assert got == dict.fromkeys(sent_to, refused[place])
    assert (Draft.objects.count(), Measure.objects.kept().count()) == (1, 2)


@pytest.mark.parametrize("role", [Role.CURATOR, Role.PUBLISHER, Role.ADMIN])
def test_who_looks_after_it_comes_in(role: Role, places: dict[str, str], sign_in: SignIn) -> None:
    user = UserFactory(roles=[role])
    for measure in Measure.objects.all():
        Curation.objects.create(user=user, measure=measure)
    browser = sign_in(user)
    for place in ("public", "hidden", "profile"):
        got = {page: browser.get(f"{places[place]}{page}/").status_code for page in [*SHOWN, *STORED]}
        publishes = role != Role.CURATOR
        shows = place in {"public", "profile"}
        assert got == {
            "bearbeiten": 200,
            "abgleich": 302,
            "freigabe": 200,
            "vorschau": 302,
            "verwerfen": 302,
            "verlauf": 200,
            "zurueckziehen": (200 if shows else 302) if publishes else 403,
            "papierkorb": 200 if publishes or not shows else 403,
        }
    assert browser.get(f"{places['draft']}bearbeiten/").status_code == (403 if role == Role.CURATOR else 200)


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), (Role.SURVEY_TEAM, 403), (Role.REPRESENTATIVE, 403), (Role.CURATOR, 200), (Role.PUBLISHER, 200)],
)
def test_only_editors_begin_something_new(who: Role | None, status: int, client: PortalClient, sign_in: SignIn) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    for name in ("measure-add", "profile-add", "trash"):
        assert browser.get(reverse(f"strategy:{name}")).status_code == status
    assert browser.post(reverse("strategy:markdown-preview"), {"text": ""}).status_code == status


def test_a_new_draft_is_open_to_whoever_looks_after_its_field(curator: User, sign_in: SignIn) -> None:
    field = ActionFieldFactory()
    values = {**written(Measure()), "title_de": "Neu", "primary_field": str(field.pk)}
    draft = Draft.objects.create(kind="measure", values=values, created_by=None)
    browser = sign_in(curator)
    address = f"/redaktion/entwuerfe/{draft.pk}/bearbeiten/"
    assert browser.get(address).status_code == 403
    Curation.objects.create(user=curator, action_field=field)
    assert browser.get(address).status_code == 200
