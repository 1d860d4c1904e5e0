"""Four eyes: nothing becomes public that two people have not seen, and nothing at another moment than was set."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions import publishing
from elbe_elster.strategy.actions.applying import DraftError, draft_errors
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.drafting.content import written
from elbe_elster.strategy.drafting.work import Work, stamp_of
from elbe_elster.strategy.models import (
    Body,
    ChronicleEntry,
    Curation,
    Deviation,
    Draft,
    DraftState,
    FormerAddress,
    Indicator,
    Measure,
    Publication,
    Remark,
)
from tests.factories import ActionFieldFactory, MeasureFactory, MilestoneFactory, ProjectProfileFactory, UserFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn
from tests.strategy.reviewing import REVIEW, draft_of, letters, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(db: None) -> User:
    return UserFactory(email="zweite@example.org", name="Zweite", roles=[Role.PUBLISHER])


def everything_typed() -> dict[str, Any]:
    """What stands in the form of something new, tables included."""
    field = ActionFieldFactory()
    blank = written(Measure())
    row = {"key": "nx", "remove": "", "text_en": "", "text_de_simple": "", "title_en": "", "title_de_simple": ""}
    row |= {"title_de": "Ausschreibung", "state": "open", "due": "4. Quartal 2026", "done_on": "", "text_de": ""}
    row |= {"late_reason": "", "proof": "", "proof_url": ""}
    told = {"key": "nc", "remove": "", "kind": "contribution", "date": "05/2026", "text_de": "Wunsch im Gespräch."}
    told |= dict.fromkeys(("url", "url_label_de", "text_en", "text_de_simple"), "")
    number = {"key": "ni", "remove": "", "name_de": "Fahrten", "unit_de": "im Monat", "readings": "05/2026: 1.200"}
    number |= dict.fromkeys(("baseline", "baseline_on", "target", "target_on", "source", "headline"), "")
    number |= dict.fromkeys(("name_en", "name_de_simple", "unit_en", "unit_de_simple"), "")
    partner = {"key": "np", "remove": "", "body": "", "role": "fährt", "new_body": "Verkehrsverbund"}
    return {
        **blank, "title_de": "Rufbus für Öko-Höfe", "number": "m-12", "summary_de": "Ein Bus.", "new_lead": "Amt 5",
        "primary_field": str(field.pk), "milestones": [row], "chronicle": [told], "indicators": [number],
        "partnerships": [partner],
    }  # fmt: skip


def assert_rows_arrived(measure: Measure) -> None:
    milestone = measure.milestones.get()
    assert (milestone.due_on, milestone.due_precision) == (dt.date(2026, 12, 31), "quarter")
    entry = measure.chronicle.get(kind="contribution")
    assert (entry.date, entry.precision, entry.text) == (dt.date(2026, 5, 1), "month", "Wunsch im Gespräch.")
    reading = Indicator.objects.get().readings.get()
    assert (reading.date, reading.value) == (dt.date(2026, 5, 31), Decimal(1200))
    assert [(str(row.body), row.role) for row in measure.partnerships.all()] == [("Verkehrsverbund", "fährt")]


def test_from_a_title_to_the_public(curator: User, publisher: User, sign_in: SignIn, client: PortalClient) -> None:
    values = everything_typed()
    draft = Draft.objects.create(kind="measure", values=values, created_by=curator, updated_by=curator)
    address = f"/redaktion/entwuerfe/{draft.pk}/freigabe/"
    mine, theirs = sign_in(curator), sign_in(publisher)
    assert mine.post(address, {"step": "submit", "text": "Bitte."}).status_code == 302
    assert letters() == [("freigabe@example.org", "Redaktion", "Bitte freigeben: m-12 Rufbus für Öko-Höfe")]
    preview = theirs.get(address.replace("freigabe", "vorschau"))
    assert "Rufbus für Öko-Höfe" in preview.content.decode()
    assert "Vorschau: So sieht die Seite aus" in preview.content.decode()
    assert preview["X-Robots-Tag"] == "noindex"
    assert (Measure.objects.count(), Body.objects.count()) == (0, 0)  # a preview stores nothing

    theirs.post(address, {"step": "publish"})
    measure = Measure.objects.get()
    assert (measure.number, measure.slug, str(measure.lead)) == ("M-12", "rufbus-fuer-oeko-hoefe", "Amt 5")
    assert_rows_arrived(measure)
    assert Draft.objects.count() == 0
    assert [(remark.author, remark.step) for remark in measure.remarks.all()] == [
        (curator, DraftState.SUBMITTED),
        (publisher, ""),
    ]
    assert Curation.objects.filter(user=curator, measure=measure).exists()  # the writer goes on
    assert letters()[1] == ("redaktion@example.org", "Redaktion", "Veröffentlicht: M-12 Rufbus für Öko-Höfe")
    assert client.get(measure.get_absolute_url()).status_code == 200
    # the letters of the draft lead on, for those who may see it
    address_now = REVIEW.format("M-12")
    assert Letter.objects.filter(text__contains=address).count() == 1
    assert [(answer.status_code, answer["Location"]) for answer in (mine.get(address), theirs.post(address))] == [
        (302, address_now)
    ] * 2
    assert mine.get(address.replace("freigabe", "bearbeiten"))["Location"] == "/redaktion/massnahmen/M-12/bearbeiten/"
    assert mine.get(address_now).status_code == 200
    assert sign_in(UserFactory(roles=[Role.REPRESENTATIVE])).get(address).status_code == 404
    assert mine.get(f"/redaktion/entwuerfe/{draft.pk + 1}/freigabe/").status_code == 404
    measure.trashed_at = measure.published_at
    measure.save()
    assert mine.get(address).status_code == 404


def test_nobody_approves_what_they_submitted(publisher: User, admin: User, curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    Curation.objects.create(user=curator, measure=measure)
    draft = submitted(measure, publisher, title_de="Neu")
    for user in (publisher, curator):
        for step in ("publish", "return", "schedule"):
            data = {"step": step, "return-text": "x", "schedule-day": "2099-01-01", "schedule-time": "08:00"}
            assert sign_in(user).post(REVIEW.format(measure.number), data).status_code == 403
        with pytest.raises(PermissionDenied):
            publishing.publish_draft(draft=draft, actor=user)
    measure.refresh_from_db()
    assert measure.title_de != "Neu"
    assert "Freigeben muss jemand anders" in sign_in(publisher).get(REVIEW.format(measure.number)).content.decode()
    browser = sign_in(admin)
    browser.post(REVIEW.format(measure.number), {"step": "publish"})
    browser.post(REVIEW.format(measure.number), {"step": "publish"})  # a double click
    measure.refresh_from_db()
    assert measure.title_de == "Neu"


def test_an_admin_needs_four_eyes_as_well(admin: User) -> None:
    draft = submitted(MeasureFactory(), admin, title_de="Neu")
    assert not publishing.may_approve(admin, draft)


def test_what_is_wrong_is_said_at_the_box(curator: User, sign_in: SignIn) -> None:
    MeasureFactory(number="M-01")
    measure = MeasureFactory(number="M-02")
    milestone = MilestoneFactory(measure=measure)
    Curation.objects.create(user=curator, measure=measure)
    draft = draft_of(measure, curator, starts="06/2026", ends="03/2026", summary_de="", done_on="gestern")
    error = draft_errors(draft=draft, actor=curator)
    assert error is not None
    assert sorted(error.errors) == ["done_on", "summary_de"]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"starts": "06/2026", "ends": "03/2026"}, ["ends"]),
        ({"phase": "done"}, ["done_on"]),
        ({"milestones": [{**draft.values["milestones"][0], "state": "done"}]}, [f"milestones-{milestone.pk}-done_on"]),
        ({"participation": "none"}, ["participation_note"]),
        ({"merged_into": str(measure.pk), "phase": "merged"}, ["merged_into"]),
        ({"contact_email": "niemand"}, ["contact_email"]),
    ]
    for changes, boxes in cases:
        draft.values = {**draft.base, **changes}
        draft.save()
        found = draft_errors(draft=draft, actor=curator)
        assert found is not None
        assert list(found.errors) == boxes, changes
        answer = sign_in(curator).post(REVIEW.format(measure.number), {"step": "submit"})
        assert answer.status_code == 422
        assert f"bearbeiten/?pruefen=1#id_{boxes[0]}" in answer.content.decode()
    assert (Draft.objects.get().state, Letter.objects.count()) == (DraftState.EDITING, 0)


def test_a_number_is_used_once(curator: User) -> None:
    other = MeasureFactory(number="M-01", title_de="Anderes")
    values = {**written(Measure()), "number": "M-01", "title_de": "x", "summary_de": "y"}
    values |= {"primary_field": str(ActionFieldFactory().pk)}
    draft = Draft.objects.create(kind="measure", values=values, created_by=curator)
    error = draft_errors(draft=draft, actor=curator)
    assert error is not None
    assert error.errors == {"number": ["Die Nummer M-01 hat schon: Anderes."]}
    other.trashed_at = other.published_at
    other.save()
    error = draft_errors(draft=draft, actor=curator)
    assert error is not None
    assert error.errors == {"number": ["Die Nummer M-01 hat schon ein Eintrag im Papierkorb."]}


def test_a_project_is_found_under_the_address_it_had(curator: User, publisher: User, sign_in: SignIn) -> None:
    profile = ProjectProfileFactory(slug="alt", published_at=timezone.now())
    draft = draft_of(profile, curator, slug="neu")
    publishing.publish_draft(draft=publishing.submit_draft(work=Work.on_draft(draft), actor=curator), actor=publisher)
    answer = sign_in(publisher).get("/redaktion/projekte/alt/freigabe/")
    assert (answer.status_code, answer["Location"]) == (302, "/redaktion/projekte/neu/freigabe/")


def test_what_is_missing_is_said_by_name(curator: User) -> None:
    draft = Draft.objects.create(kind="measure", values=written(Measure()), created_by=curator)
    error = draft_errors(draft=draft, actor=curator)
    assert error is not None
    assert error.errors == {
        "number": ["Tragen Sie eine Nummer ein, zum Beispiel „M-31“."],
        "title_de": ["Schreiben Sie einen Titel."],
        "summary_de": ["Schreiben Sie in einem Satz, worum es geht."],
        "primary_field": ["Wählen Sie ein Handlungsfeld."],
    }


def test_changes_are_asked_for_with_a_comment(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01", title_de="Alt")
    Curation.objects.create(user=curator, measure=measure)
    submitted(measure, curator, title_de="Neu")
    Letter.objects.all().delete()
    browser = sign_in(publisher)
    assert browser.post(REVIEW.format("M-01"), {"step": "return", "return-text": ""}).status_code == 422
    browser.post(REVIEW.format("M-01"), {"step": "return", "return-text": "Bitte kürzer."})
    draft = Draft.objects.get()
    assert draft.state == DraftState.RETURNED
    assert letters() == [("redaktion@example.org", "Redaktion", "Bitte noch einmal ansehen: M-01 Alt")]
    shown = sign_in(curator).get(REVIEW.format("M-01")).content.decode()
    assert "Bitte kürzer." in shown
    assert "Bitte kürzer." not in public_text(measure)


def public_text(measure: Measure) -> str:
    from tests.client import PortalClient

    return str(PortalClient().get(measure.get_absolute_url()).content.decode())


def test_a_submitted_draft_is_written_on_only_after_it_was_taken_back(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01")
    Curation.objects.create(user=curator, measure=measure)
    submitted(measure, curator, title_de="Neu")
    browser = sign_in(curator)
    page = browser.get("/redaktion/massnahmen/M-01/bearbeiten/").content.decode()
    assert 'name="title_de"' not in page
    browser.post("/redaktion/massnahmen/M-01/zurueckholen/")
    draft = Draft.objects.get()
    assert (draft.state, draft.submitted_by, draft.values["title_de"]) == (DraftState.EDITING, None, "Neu")


def test_reasons_are_asked_for_exactly_when_needed(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01", ends_on=dt.date(2026, 12, 31))
    Curation.objects.create(user=curator, measure=measure)
    draft_of(measure, curator, ends="03/2027")
    browser = sign_in(curator)
    shown = browser.get(REVIEW.format("M-01")).content.decode()
    assert [name for name in ("reason_date", "reason_cost", "reason_scope") if f'name="{name}"' in shown] == [
        "reason_date"
    ]
    assert browser.post(REVIEW.format("M-01"), {"step": "submit"}).status_code == 422
    assert browser.post(REVIEW.format("M-01"), {"step": "submit", "reason_date": ""}).status_code == 422
    data = {"step": "submit", "reason_date": "Lieferung kam später."}
    assert browser.post(REVIEW.format("M-01"), data).status_code == 302
    assert "Lieferung kam später." in sign_in(publisher).get(REVIEW.format("M-01")).content.decode()
    sign_in(publisher).post(REVIEW.format("M-01"), {"step": "publish"})
    deviation = Deviation.objects.get()
    assert (deviation.subject, deviation.reason) == ("Ende", "Lieferung kam später.")
    assert ChronicleEntry.objects.get().kind == "change"


def test_what_was_imported_meanwhile_is_not_lost(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01", need_de="Alt", title_de="Titel")
    Curation.objects.create(user=curator, measure=measure)
    draft = submitted(measure, curator, title_de="Neu")
    change_record(record=measure, values={"need_de": "Importiert"}, actor=publisher)
    publishing.publish_draft(draft=draft, actor=publisher)
    measure.refresh_from_db()
    assert (measure.title_de, measure.need_de) == ("Neu", "Importiert")  # different boxes: both

    draft = submitted(measure, curator, need_de="Meins")
    change_record(record=measure, values={"need_de": "Nochmals importiert"}, actor=publisher)
    with pytest.raises(DraftError) as caught:
        publishing.publish_draft(draft=draft, actor=publisher)
    assert [(one.name, one.mine, one.theirs) for one in caught.value.conflicts] == [
        ("need_de", "Meins", "Nochmals importiert")
    ]
    browser = sign_in(curator)
    assert "Beide Fassungen abgleichen" in browser.get(REVIEW.format("M-01")).content.decode()
    merge = "/redaktion/massnahmen/M-01/abgleich/"
    page = browser.get(merge)
    browser.post(merge, {"stamp": page.context["comparison"].stamp, "choice-need_de": "mine"})
    draft.refresh_from_db()
    assert (draft.state, draft.base["need_de"]) == (DraftState.EDITING, "Nochmals importiert")
    assert draft.values["need_de"] == "Meins"


def test_a_new_address_leaves_the_old_one_behind(curator: User, publisher: User) -> None:
    measure = MeasureFactory(slug="alt")
    publishing.publish_draft(draft=submitted(measure, curator, slug="neu"), actor=publisher)
    assert list(FormerAddress.objects.values_list("slug", "measure")) == [("alt", measure.pk)]
    measure.refresh_from_db()
    publishing.publish_draft(draft=submitted(measure, curator, slug="alt"), actor=publisher)
    assert list(FormerAddress.objects.values_list("slug", "measure")) == [("neu", measure.pk)]


def test_withdrawing_is_at_once_and_only_for_who_publishes(
    curator: User, publisher: User, sign_in: SignIn, client: PortalClient
) -> None:
    measure = MeasureFactory(number="M-01")
    profile = ProjectProfileFactory(measure=measure)
    Curation.objects.create(user=curator, measure=measure)
    address = "/redaktion/massnahmen/M-01/zurueckziehen/"
    assert sign_in(curator).post(address, {"reason": "x"}).status_code == 403
    browser = sign_in(publisher)
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert client.get(measure.get_absolute_url()).status_code == 200
    assert browser.post(address, {"reason": "Falsche Zahlen."}).status_code == 302
    assert [client.get(row.get_absolute_url()).status_code for row in (measure, profile)] == [404, 404]
    assert [remark.text for remark in Remark.objects.all()] == ["Zurückgezogen: Falsche Zahlen."]
    publishing.submit_draft(work=Work.on_record(Measure.objects.get()), actor=curator)  # back again, as it is
    publishing.publish_draft(draft=Draft.objects.get(), actor=publisher)
    assert client.get(measure.get_absolute_url()).status_code == 200


def test_the_preview_shows_the_draft_to_editors_only_and_stores_nothing(
    curator: User, sign_in: SignIn, client: PortalClient
) -> None:
    profile = ProjectProfileFactory(
        title_de="Alt", publication=Publication.DRAFT, measure=MeasureFactory(publication=Publication.DRAFT)
    )
    Curation.objects.create(user=curator, measure=profile.measure)
    draft_of(profile, curator, title_de="Ganz neu", ends="03/2030")
    address = f"/redaktion/projekte/{profile.slug}/vorschau/"
    assert client.get(address).status_code == 302
    page = sign_in(curator).get(address)
    assert "Ganz neu" in page.content.decode()
    profile.refresh_from_db()
    assert (profile.title_de, profile.publication, profile.measure.publication) == ("Alt", "draft", "draft")


def test_what_lies_in_the_trash_does_not_come_out(curator: User, publisher: User, second: User) -> None:
    measure = MeasureFactory()
    draft = submitted(measure, curator, title_de="Neu")
    soon = timezone.now() + dt.timedelta(hours=1)
    publishing.schedule_draft(draft=draft, actor=second, publish_at=soon)
    Measure.objects.update(trashed_at=timezone.now())
    with time_machine.travel(soon + dt.timedelta(minutes=1)):
        assert publishing.publish_due_drafts() == 0
    measure.refresh_from_db()
    assert measure.title_de != "Neu"


def test_nobody_approves_a_version_they_have_not_seen(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01", title_de="Alt")
    draft = submitted(measure, curator, title_de="Eins")
    browser = sign_in(publisher)
    seen = stamp_of(draft)
    assert f'name="seen" value="{seen}"' in browser.get(REVIEW.format("M-01")).content.decode()
    Draft.objects.filter(pk=draft.pk).update(values=draft.values | {"title_de": "Zwei"}, revision=draft.revision + 1)
    answer = browser.post(REVIEW.format("M-01"), {"step": "publish", "seen": seen}, follow=True)
    assert "Der Entwurf ist inzwischen ein anderer." in answer.content.decode()
    assert publishing.publish_draft(draft=draft, actor=publisher) is None  # read before it was changed
    measure.refresh_from_db()
    assert measure.title == "Alt"
    browser.post(REVIEW.format("M-01"), {"step": "publish", "seen": stamp_of(Draft.objects.get())})
    measure.refresh_from_db()
    assert measure.title == "Zwei"
