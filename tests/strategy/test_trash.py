"""The trash: gone everywhere at once, back within 30 days, then deleted."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from elbe_elster.strategy.actions.drafts import begin_draft
from elbe_elster.strategy.actions.trash import empty_trash, restore_record, trash_record
from elbe_elster.strategy.models import Curation, Document, Measure, Milestone, Phase, ProjectProfile, Publication
from elbe_elster.strategy.tasks import clear_trash
from tests.factories import MeasureFactory, MilestoneFactory, ProjectProfileFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
LIST = "/redaktion/massnahmen/papierkorb/"


def test_gone_at_once_and_back_again(publisher: User, sign_in: SignIn, client: PortalClient) -> None:
    measure = MeasureFactory(number="M-01", title_de="Rufbus")
    profile = ProjectProfileFactory(measure=measure)
    browser = sign_in(publisher)
    address = "/redaktion/massnahmen/M-01/papierkorb/"
    assert "30 Tage lang" in browser.get(address).content.decode()
    assert Measure.objects.trashed().count() == 0
    assert browser.post(address, {"reason": "Doppelt"})["Location"] == LIST
    assert [client.get(row.get_absolute_url()).status_code for row in (measure, profile)] == [404, 404]
    assert browser.get("/redaktion/massnahmen/M-01/bearbeiten/").status_code == 404
    assert "Rufbus" in browser.get(LIST).content.decode()
    for _click in range(2):
        status = browser.post(f"{LIST}massnahme/{measure.pk}/").status_code
    assert status == 404  # it is not there any more
    assert client.get(measure.get_absolute_url()).status_code == 200
    assert "Der Papierkorb ist leer." in browser.get(LIST).content.decode()


def test_who_may_and_what_they_see(curator: User, representative: User, publisher: User, sign_in: SignIn) -> None:
    mine = MeasureFactory(number="M-01", title_de="Meine", publication=Publication.DRAFT)
    public = MeasureFactory(number="M-02", title_de="Öffentliche")
    others = MeasureFactory(number="M-03", title_de="Fremde", publication=Publication.DRAFT)
    for measure in (mine, public):
        Curation.objects.create(user=curator, measure=measure)
    browser = sign_in(curator)
    assert browser.post("/redaktion/massnahmen/M-01/papierkorb/").status_code == 302
    assert browser.post("/redaktion/massnahmen/M-02/papierkorb/").status_code == 403
    assert browser.post("/redaktion/massnahmen/M-03/papierkorb/").status_code == 403
    for measure in (public, others):
        trash_record(record=measure, actor=publisher)
    shown = [(str(row["record"]), row["may"]) for row in browser.get(LIST).context["rows"]]
    assert sorted(shown) == [("M-01 Meine", True), ("M-02 Öffentliche", False)]
    assert len(sign_in(publisher).get(LIST).context["rows"]) == 3
    assert browser.post(f"{LIST}massnahme/{public.pk}/").status_code == 403
    assert browser.post(f"{LIST}massnahme/{others.pk}/").status_code == 403
    assert sign_in(representative).post(f"{LIST}massnahme/{mine.pk}/").status_code == 403
    assert browser.post(f"{LIST}massnahme/{mine.pk}/").status_code == 302
    assert list(Measure.objects.kept()) == [mine]


def test_after_thirty_days_it_is_deleted_with_its_files(publisher: User, curator: User) -> None:
    old, young = MeasureFactory(), MeasureFactory()
    target = MeasureFactory()
    merged = MeasureFactory(phase=Phase.MERGED, merged_into=target)
    profile = ProjectProfileFactory(measure=old)
    MilestoneFactory(measure=None, profile=profile)
    name = default_storage.save("strategy/test.txt", ContentFile(b"x"))
    Document.objects.create(
        measure=old, file=name, file_name="test.txt", size=1, credit="x", title="x", media_type="text/plain"
    )
    now = timezone.now()
    with time_machine.travel(now - dt.timedelta(days=30, minutes=1)):
        for measure in (old, target):
            trash_record(record=measure, actor=publisher)
    with time_machine.travel(now - dt.timedelta(days=29)):
        trash_record(record=young, actor=publisher)
    assert empty_trash() == 1
    assert list(Measure.objects.order_by("pk")) == [young, target, merged]  # something went into the target
    assert (ProjectProfile.objects.count(), Milestone.objects.count()) == (0, 0)
    clear_trash()
    young.refresh_from_db()
    restore_record(record=young, actor=curator)
    young.refresh_from_db()
    assert young.trashed_at is None
    default_storage.delete(name)


def test_the_list_asks_as_often_for_three_as_for_one(
    publisher: User, sign_in: SignIn, same_queries_for_one_and_three: Any
) -> None:
    def make() -> None:
        trash_record(record=ProjectProfileFactory().measure, actor=publisher)
        trash_record(record=ProjectProfileFactory(), actor=publisher)

    same_queries_for_one_and_three(make, LIST, sign_in(publisher))


def test_a_draft_of_something_new_has_no_trash(curator: User, sign_in: SignIn) -> None:

    draft = begin_draft(kind="measure", token=uuid.uuid4(), values={"title_de": "Neu"}, actor=curator)
    assert sign_in(curator).get(f"/redaktion/entwuerfe/{draft.pk}/papierkorb/").status_code == 404
