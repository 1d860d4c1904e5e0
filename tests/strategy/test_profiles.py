"""The pages of the project profiles: who sees which, and that nothing internal gets out."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from elbe_elster.strategy.models import (
    ChronicleEntry,
    CostRow,
    Deviation,
    Document,
    FormerAddress,
    FundingRow,
    Measure,
    Milestone,
    ProjectProfile,
    Resolution,
)
from elbe_elster.strategy.money import Money, money_by_measure, sum_actual, sum_granted, sum_hoped, sum_planned
from elbe_elster.strategy.profiles import profile_sheet
from elbe_elster.strategy.publicity import INTERNAL_PROFILE_FIELDS
from elbe_elster.strategy.steps import step_groups, steps_reached
from tests.client import PortalClient
from tests.conftest import SignIn
from tests.factories import (
    ActionFieldFactory,
    AdministrationFactory,
    BodyFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectProfileFactory,
)

Count = Callable[[], CaptureQueriesContext]
pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def shown(client: PortalClient, path: str = "/projekte/") -> list[str]:
    return [profile.slug for profile in client.get(path).context["profiles"]]


def cost(profile: ProjectProfile | None, planned: int, **fields: Any) -> CostRow:
    return CostRow.objects.create(profile=profile, kind="service", year=2026, planned=planned, **fields)


def funding(profile: ProjectProfile | None, amount: int, state: str, **fields: Any) -> FundingRow:
    return FundingRow.objects.create(profile=profile, kind="grant", amount=amount, state=state, **fields)


# List -------------------------------------------------------------------------


def test_list_shows_what_is_public_to_everybody(client: PortalClient, sign_in: SignIn, curator: object) -> None:
    ProjectProfileFactory(slug="sichtbar")
    ProjectProfileFactory(slug="entwurf", publication="draft")
    ProjectProfileFactory(slug="zurueck", publication="withdrawn")
    ProjectProfileFactory(slug="papierkorb", trashed_at=timezone.now())
    ProjectProfileFactory(slug="massnahme-entwurf", measure=MeasureFactory(publication="draft"))
    ProjectProfileFactory(slug="massnahme-papierkorb", measure=MeasureFactory(trashed_at=timezone.now()))
    assert shown(client) == ["sichtbar"]
    assert shown(sign_in(curator)) == ["sichtbar"]  # type: ignore[arg-type]  # a fixture's person


def test_list_can_be_narrowed_to_a_field(client: PortalClient) -> None:
    bus, school = ActionFieldFactory(slug="mobilitaet", number=1001), ActionFieldFactory(slug="bildung", number=1002)
    ProjectProfileFactory(slug="rufbus", measure=MeasureFactory(primary_field=bus))
    ProjectProfileFactory(slug="tafeln", measure=MeasureFactory(primary_field=school))
    assert shown(client, "/projekte/?feld=bildung") == ["tafeln"]
    assert shown(client, "/projekte/?feld=unsinn") == ["rufbus", "tafeln"]
    chips = client.get("/projekte/?feld=bildung&x=1").context["chips"]
    assert [(chip.url, chip.n, chip.current) for chip in chips] == [
        ("?feld=mobilitaet&x=1", 1, False),
        ("?x=1", 1, True),
    ]


def test_list_of_an_empty_portal_says_so(client: PortalClient) -> None:
    assert "Hier steht noch kein Projekt" in client.get("/projekte/").content.decode()


def test_list_asks_no_more_for_more_rows(same_queries_for_one_and_three: Callable[..., int]) -> None:
    assert same_queries_for_one_and_three(ProjectProfileFactory, "/projekte/") == 2


# One profile ------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
def test_profile_exists_in_every_language(client: PortalClient, prefix: str) -> None:
    ProjectProfileFactory(slug="rufbus")
    assert client.get(f"{prefix}/projekte/rufbus/").status_code == 200
    assert client.get(f"{prefix}/projekte/").status_code == 200


@pytest.mark.parametrize(
    ("profile", "measure"),
    [
        ({"publication": "draft"}, {}),
        ({"publication": "withdrawn"}, {}),
        ({"trashed_at": timezone.now()}, {}),
        ({}, {"publication": "draft"}),
        ({}, {"publication": "withdrawn"}),
        ({}, {"trashed_at": timezone.now()}),
    ],
)
def test_hidden_profile_is_not_there(
    client: PortalClient, sign_in: SignIn, curator: object, profile: dict[str, object], measure: dict[str, object]
) -> None:
    hidden = ProjectProfileFactory(slug="rufbus", measure=MeasureFactory(**measure), **profile)
    FormerAddress.objects.create(slug="alt", profile=hidden)
    browsers = [client, sign_in(curator)]  # type: ignore[arg-type]  # a fixture's person
    answers = [one.get(path).status_code for one in browsers for path in ("/projekte/rufbus/", "/projekte/alt/")]
    assert answers == [404, 404, 404, 404]


def test_former_address_leads_on_for_ever(client: PortalClient) -> None:
    FormerAddress.objects.create(slug="alt", profile=ProjectProfileFactory(slug="neu"))
    FormerAddress.objects.create(slug="massnahme-alt", measure=MeasureFactory(slug="massnahme-neu"))
    response = client.get("/en/projekte/alt/")
    assert (response.status_code, response["Location"]) == (301, "/en/projekte/neu/")
    assert client.get("/projekte/massnahme-alt/").status_code == 404


def test_nothing_internal_gets_out(client: PortalClient) -> None:
    texts = ("resources", "technical_conditions", "risks", "internal_note")
    assert set(texts) < INTERNAL_PROFILE_FIELDS
    profile = ProjectProfileFactory(slug="rufbus", **{name: f"GEHEIM-{name}" for name in texts}, risk_level="high")
    other = ProjectProfileFactory(measure=profile.measure, publication="draft", title_de="GEHEIM-Entwurf")
    Measure.objects.filter(pk=profile.measure.pk).update(internal_note="GEHEIM-Maßnahme", contact_name="GEHEIM-Name")
    funding(profile, 100, "granted", internal_note="GEHEIM-Verhandlung")
    cost(other, 100, note="GEHEIM-Kosten")
    MilestoneFactory(measure=None, profile=other, title_de="GEHEIM-Schritt")
    ChronicleEntry.objects.create(measure=profile.measure, profile=other, text="GEHEIM-Eintrag")
    for public, owner, title in ((False, profile, "GEHEIM-intern"), (True, other, "GEHEIM-anderes")):
        Document.objects.create(
            profile=owner, title=title, public=public, file=ContentFile(b"x", "x.pdf"), file_name="x.pdf", size=1,
            credit="Kreis", media_type="application/pdf",
        )  # fmt: skip
    for path in ("/projekte/rufbus/", "/projekte/"):
        assert "GEHEIM" not in client.get(path).content.decode()


def test_profile_shows_everything_public(client: PortalClient) -> None:
    measure = MeasureFactory(number="M-03", lead=BodyFactory(name="Stabsstelle Digitales"))
    profile = ProjectProfileFactory(
        slug="rufbus", measure=measure, situation_de="Kein *Bus*", aims_de="Jeder kommt an", plan_de="Erst klein",
        legal_conditions="Genehmigung", cases=12000, core_process=True, example=True,
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2027, 12, 31), ends_precision="year",
    )  # fmt: skip
    profile.administrations.add(AdministrationFactory(slug="finsterwalde"))
    MilestoneFactory(measure=None, profile=profile, title_de="Start", due_on=dt.date(2027, 3, 31))
    cost(profile, 12000, actual=Decimal("500.50"))
    funding(profile, 9000, "granted", own_share=25, programme="Programm Land")
    Resolution.objects.create(profile=profile, body_name="Kreistag", date=dt.date(2025, 6, 1), text="Zustimmung")
    Deviation.objects.create(profile=profile, kind="date", subject="Start", reason="Lieferung kam später")
    ChronicleEntry.objects.create(measure=measure, profile=profile, text="Los geht es", date=dt.date(2026, 2, 1))
    html = client.get("/projekte/rufbus/").content.decode()
    words = (
        "Kein <em>Bus</em>", "Jeder kommt an", "Erst klein", "Genehmigung", "12.000", "Stabsstelle Digitales", "M-03",
        "Start", "März 2027", "12.000\u00a0€", "500,50\u00a0€", "9.000\u00a0€", "25 %", "Programm Land", "Kreistag",
        "Lieferung kam später", "Los geht es", "/kommunen/finsterwalde/", "Januar 2026 bis 2027", "Beispiel",
    )  # fmt: skip
    assert [word for word in words if word not in html] == []


def test_profile_with_nothing_filled_in_has_no_empty_sections(client: PortalClient) -> None:
    ProjectProfileFactory(slug="leer")
    html = client.get("/projekte/leer/").content.decode()
    assert [name for name in ("worum", "schritte", "geld", "wer", "beschluesse", "dateien", "chronik")
            if f'id="{name}"' in html] == []  # fmt: skip


def test_profile_asks_the_same_for_more_rows(
    client: PortalClient, same_queries_for_one_and_three: Callable[..., int]
) -> None:
    profile = ProjectProfileFactory(slug="rufbus")

    def make() -> None:
        MilestoneFactory(measure=None, profile=profile)
        cost(profile, 10)
        funding(profile, 10, "planned")
        profile.administrations.add(AdministrationFactory())
        ChronicleEntry.objects.create(measure=profile.measure, profile=profile, text="Neu")

    assert same_queries_for_one_and_three(make, "/projekte/rufbus/") == 10


# Steps and money --------------------------------------------------------------


def test_milestones_are_grouped_by_how_far_they_are() -> None:
    profile = ProjectProfileFactory()
    rows: list[tuple[str, dict[str, Any]]] = [
        ("Entfallen", {"state": "dropped"}),
        ("Pünktlich", {"state": "done", "due_on": dt.date(2026, 3, 31), "done_on": dt.date(2026, 3, 31)}),
        ("Spät", {"state": "done", "due_on": dt.date(2026, 3, 31), "done_on": dt.date(2026, 4, 1)}),
        ("Überfällig", {"due_on": dt.date(2026, 11, 22)}),
        ("Heute", {"due_on": dt.date(2026, 11, 23), "state": "under_way"}),
        ("Irgendwann", {}),
    ]
    for title, fields in rows:
        MilestoneFactory(measure=None, profile=profile, title_de=title, **fields)
    groups = step_groups(Milestone.objects.filter(profile=profile), TODAY)
    found = [
        (str(group.label), [(step.milestone.title, step.look, str(step.words), step.is_next) for step in group.steps])
        for group in groups
    ]
    assert found == [
        ("Erreicht", [("Pünktlich", "good", "Erreicht", False), ("Spät", "late", "Später erreicht", False)]),
        ("In Arbeit", [("Heute", "good", "In Arbeit", False)]),
        ("Noch zu tun", [("Überfällig", "late", "Überfällig", True), ("Irgendwann", "open", "Noch offen", False)]),
        ("Entfallen", [("Entfallen", "rest", "Entfallen", False)]),
    ]
    assert steps_reached(groups) == (2, 5)
    assert step_groups([]) == []


def test_sums_of_rows() -> None:
    profile = ProjectProfileFactory()
    cost(profile, 100)
    assert sum_actual(CostRow.objects.all()) is None
    cost(profile, 50, actual=Decimal("20.50"))
    for state, amount in (("planned", 1), ("applied", 2), ("granted", 4), ("refused", 8)):
        funding(profile, amount, state)
    sheet = profile_sheet(ProjectProfile.objects.for_list().get())
    sums = sum_planned(sheet.costs), sum_actual(sheet.costs), sum_granted(sheet.fundings), sum_hoped(sheet.fundings)
    assert sums == (Decimal(150), Decimal("20.50"), Decimal(4), Decimal(7))


def test_money_of_a_measure_is_its_own_and_that_of_visible_profiles(count_queries: Count) -> None:
    measure, hidden = MeasureFactory(), MeasureFactory(publication="draft")
    seen = ProjectProfileFactory(measure=measure)
    draft = ProjectProfileFactory(measure=measure, publication="draft")
    cost(None, 100, measure=measure, actual=10)
    cost(seen, 20)
    cost(draft, 4000)
    cost(None, 8000, measure=hidden)
    cost(ProjectProfileFactory(measure=hidden), 8000)
    funding(seen, 7, "granted")
    funding(None, 3, "applied", measure=measure)
    funding(draft, 9000, "granted")
    alone = MeasureFactory()
    funding(None, 5, "granted", measure=alone)
    with count_queries() as queries:
        sums = money_by_measure()
    assert sums == {
        measure.pk: Money(Decimal(120), Decimal(10), Decimal(7)),
        alone.pk: Money(granted=Decimal(5)),
    }
    assert len(queries) == 2
