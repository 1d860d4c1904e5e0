"""The editors' desk: what they see, what they may change at once, and the quarterly check."""

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from elbe_elster.accounts.models import Role, User
from elbe_elster.strategy.models import ChronicleEntry, Curation, Deviation, Measure, Phase
from elbe_elster.strategy.needs import desk_row, with_needs
from tests.factories import BodyFactory, MeasureFactory, MilestoneFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
PAGES = ("desk", "bulk-edit", "check-round", "curation")


@pytest.fixture(autouse=True)
def _today(settings: Any) -> Any:
    settings.DEMO = True  # nobody is asked for a second factor
    with time_machine.travel(dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def publisher(client: Client) -> User:
    user = UserFactory(roles=[Role.PUBLISHER])
    client.force_login(user)
    return user


def _needs(measure: Measure) -> list[tuple[str, bool]]:
    row = desk_row(with_needs(Measure.objects.filter(pk=measure.pk)).get(), TODAY)
    return [(need.text, need.urgent) for need in row.needs]


def test_an_empty_measure_is_told_what_helps() -> None:
    assert _needs(MeasureFactory()) == [
        ("Noch nicht geprüft: Stimmt alles, was hier steht?", True),
        ("Ohne Termin lässt sich nicht sagen, ob sie im Plan ist.", False),
        ("Es fehlt eine Adresse, an die man schreiben kann.", False),
        ("Es fehlt, warum es die Maßnahme braucht.", False),
        ("Es fehlt, was sie den Menschen bringt.", False),
        ("Es gibt noch keinen Meilenstein.", False),
        ("Es steht noch nicht da, was sie kostet.", False),
        ("Es fehlt die Fassung in Leichter Sprache.", False),
    ]


def test_what_is_there_needs_nothing_and_what_ended_is_left_alone() -> None:
    measure = MeasureFactory(
        need_de="Weil.",
        benefit_de="Viel.",
        summary_de_simple="Kurz.",
        lead=BodyFactory(),
        reviewed_on=TODAY,
        next_review_on=dt.date(2027, 2, 23),
    )
    measure.costrows.create(kind="staff", year=2026, planned=1)
    MilestoneFactory(measure=measure, due_on=dt.date(2027, 6, 30))
    assert _needs(measure) == []
    assert _needs(MeasureFactory(phase=Phase.DONE, done_on=TODAY)) == []
    MilestoneFactory(measure=measure, title_de="Start", due_on=dt.date(2026, 11, 22))
    Measure.objects.filter(pk=measure.pk).update(next_review_on=dt.date(2026, 11, 22))
    assert _needs(measure) == [
        ("Die Prüfung ist fällig.", True),
        ("Ein Meilenstein ist überfällig. Ist er erreicht, oder woran liegt es?", True),
    ]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [None, Role.SURVEY_TEAM, Role.CIRCLE_OFFICE, Role.REPRESENTATIVE])
def test_others_have_no_desk(client: Client, page: str, role: Role | None) -> None:
    client.force_login(UserFactory(roles=[role] if role else []))
    assert client.get(reverse(f"strategy:{page}")).status_code == 403
    assert client.post(reverse("strategy:check-confirm")).status_code == 403
    assert client.post(reverse("strategy:check-undo")).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_visitors_are_asked_to_sign_in(client: Client, page: str) -> None:
    answer = client.get(reverse(f"strategy:{page}"))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/konto/anmelden/")


def test_a_curator_sees_what_is_entrusted_and_nothing_else(client: Client) -> None:
    mine, other, trashed = MeasureFactory(), MeasureFactory(), MeasureFactory(trashed_at=dt.datetime.now(dt.UTC))
    curator = UserFactory(roles=[Role.CURATOR])
    client.force_login(curator)
    assert "Ihnen ist noch nichts anvertraut" in client.get(reverse("strategy:desk")).content.decode()
    Curation.objects.create(user=curator, measure=mine)
    Curation.objects.create(user=curator, action_field=trashed.primary_field)
    rows = client.get(reverse("strategy:desk")).context["page"].object_list
    assert [row.measure for row in rows] == [mine]
    rows = client.get(reverse("strategy:check-round")).context["rows"]
    assert [row.measure for row in rows] == [mine]
    assert client.get(reverse("strategy:curation")).status_code == 403
    client.post(reverse("strategy:check-confirm"), {"nummer": [mine.number, other.number]})
    assert list(Measure.objects.exclude(reviewed_on=None)) == [mine]


@pytest.mark.parametrize("query", ["?q=%00%27;--", "?sicht=unsinn&seite=abc", "?seite=99999"])
def test_nonsense_in_the_address_is_ignored(client: Client, publisher: User, query: str) -> None:
    MeasureFactory()
    assert client.get(reverse("strategy:desk") + query).status_code == 200


def test_desk_and_check_ask_the_same_for_one_and_three(
    client: Client, publisher: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    for name in ("desk", "check-round"):
        Measure.objects.all().delete()
        MilestoneFactory(measure=MeasureFactory(), due_on=TODAY)
        client.get(reverse(f"strategy:{name}"))
        with django_assert_max_num_queries(14) as first:
            client.get(reverse(f"strategy:{name}"))
        for _ in range(2):
            MilestoneFactory(measure=MeasureFactory(), due_on=TODAY)
        with django_assert_num_queries(len(first.captured_queries)):
            client.get(reverse(f"strategy:{name}"))


def test_nothing_changed_is_noted_and_can_be_taken_back(client: Client, publisher: User) -> None:
    measure = MeasureFactory(reviewed_on=dt.date(2026, 8, 1), next_review_on=dt.date(2026, 11, 30))
    client.post(reverse("strategy:check-confirm"), {"nummer": [measure.number]})
    measure.refresh_from_db()
    assert (measure.reviewed_on, measure.next_review_on) == (TODAY, dt.date(2027, 2, 23))
    page = client.get(reverse("strategy:check-round"))
    assert [row.measure for row in page.context["rows"]] == []
    assert "Letzte Prüfung zurücknehmen" in page.content.decode()
    client.post(reverse("strategy:check-undo"))
    measure.refresh_from_db()
    assert (measure.reviewed_on, measure.next_review_on) == (dt.date(2026, 8, 1), dt.date(2026, 11, 30))
    assert ChronicleEntry.objects.count() == 0


def test_several_change_after_a_preview_or_none_at_all(client: Client, publisher: User) -> None:
    first = MeasureFactory(ends_on=dt.date(2026, 12, 31), starts_on=dt.date(2025, 1, 1))
    second = MeasureFactory(publication="draft", ends_on=dt.date(2027, 2, 28))
    step = MilestoneFactory(measure=first, title_de="Start", due_on=dt.date(2026, 11, 30))
    url = reverse("strategy:bulk-edit")
    wish = {"nummer": [first.number, second.number], "shift_months": "3"}
    refused = client.post(url, {**wish, "bestaetigt": "1"})
    assert (refused.status_code, list(refused.context["errors"])) == (422, [first])
    wish["reason"] = "Der Förderbescheid kam später."
    seen = client.post(url, wish)
    lines = [(line.label, line.before, line.after) for change in seen.context["changes"] for line in change.lines]
    assert lines == [
        ("Beginn geplant", "Januar 2025", "April 2025"),
        ("Ende geplant", "Dezember 2026", "März 2027"),
        ("Start", "November 2026", "Februar 2027"),
        ("Ende geplant", "Februar 2027", "Mai 2027"),
    ]
    assert Measure.objects.get(pk=first.pk).ends_on == dt.date(2026, 12, 31)
    assert client.post(url, {**wish, "bestaetigt": "1"}).status_code == 302
    assert list(Measure.objects.order_by("pk").values_list("ends_on", flat=True)) == [
        dt.date(2027, 3, 31),
        dt.date(2027, 5, 31),
    ]
    step.refresh_from_db()
    assert step.due_on == dt.date(2027, 2, 28)
    assert Deviation.objects.count() == 3


def test_bulk_edit_refuses_what_is_not_whole(client: Client, publisher: User) -> None:
    measure = MeasureFactory()
    url = reverse("strategy:bulk-edit")
    for wish, field in [
        ({"course": "delayed"}, "course_reason"),
        ({"phase": "done"}, "done_on"),
        ({"done_on": "2026-01-01"}, "done_on"),
        ({"phase": "done", "done_on": "2026-11-24"}, "done_on"),
        ({"shift_months": "9999"}, "shift_months"),
        ({}, "__all__"),
    ]:
        answer = client.post(url, {"nummer": [measure.number], **wish, "bestaetigt": "1"})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    for number in ("M-9999", "\x00"):
        assert client.post(url, {"nummer": [number], "course": "computed"}).status_code == 302


def test_curators_do_not_change_what_is_public_past_the_approval(client: Client) -> None:
    measure = MeasureFactory()
    curator = UserFactory(roles=[Role.CURATOR])
    Curation.objects.create(user=curator, measure=measure)
    client.force_login(curator)
    wish = {"nummer": [measure.number], "course": "resting", "course_reason": "Nur so", "bestaetigt": "1"}
    assert client.post(reverse("strategy:bulk-edit"), wish).status_code == 302
    page = client.get(reverse("strategy:desk")).content.decode()
    assert "ändert in einem Zug nur die Freigabe" in page
    assert 'name="nummer"' not in page
    assert Measure.objects.get().course_override == ""


def test_fields_and_measures_are_entrusted(client: Client, publisher: User) -> None:
    measure, other = MeasureFactory(), MeasureFactory()
    curator, colleague = UserFactory(roles=[Role.CURATOR]), UserFactory(roles=[Role.CURATOR])
    Curation.objects.create(user=curator, measure=other)
    Curation.objects.create(user=colleague, measure=other)
    url = reverse("strategy:curation")
    wish = {
        f"fields-{curator.pk}": [measure.primary_field.pk],
        f"measures-{curator.pk}": f"{measure.number.lower()}",
        f"measures-{colleague.pk}": other.number,
    }
    assert client.post(url, {**wish, f"measures-{curator.pk}": "M-77777"}).status_code == 422
    assert client.post(url, wish).status_code == 302
    assert set(Curation.objects.values_list("user", "action_field", "measure")) == {
        (curator.pk, measure.primary_field.pk, None),
        (curator.pk, None, measure.pk),
        (colleague.pk, None, other.pk),
    }


def test_the_working_table_holds_only_what_one_may_edit(client: Client) -> None:
    mine = MeasureFactory(internal_note="meins")
    MeasureFactory(internal_note="geheim")
    MeasureFactory(publication="draft", internal_note="geheim")
    curator = UserFactory(roles=[Role.CURATOR])
    Curation.objects.create(user=curator, measure=mine)
    client.force_login(curator)
    answer = client.get("/redaktion/massnahmen/tabelle/massnahmen.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {mine.number, "meins"} <= cells
    assert "geheim" not in cells
