"""The page of a measure: everything public that is filled in, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import CharField, TextField
from django.utils import timezone

from elbe_elster.strategy.dossier import read_dossier
from elbe_elster.strategy.measure_page import MeasurePage
from elbe_elster.strategy.models import (
    Adoption,
    CostRow,
    Deviation,
    Draft,
    FormerAddress,
    FundingRow,
    Measure,
    MeasurePartner,
    Milestone,
    ProjectProfile,
    Reading,
    Remark,
    Resolution,
)
from elbe_elster.strategy.publicity import INTERNAL_MEASURE_FIELDS, INTERNAL_PROFILE_FIELDS
from tests.factories import (
    AdministrationFactory,
    BodyFactory,
    ChronicleEntryFactory,
    GoalFactory,
    IndicatorFactory,
    MeasureFactory,
    MilestoneFactory,
    MunicipalityFactory,
    ProjectProfileFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.utils import CaptureQueriesContext

    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
SECRET = "Streng-Vertraulich"


@pytest.fixture
def measure() -> Measure:
    """A published measure with next to nothing filled in."""
    row: Measure = MeasureFactory(number="R-03", slug="rufbus", title_de="Rufbus", summary_de="Der Bus kommt.")
    return row


def owners(measure: Measure, profile: ProjectProfile) -> list[dict[str, Any]]:
    """A row belongs to one of the two."""
    return [{"measure": measure}, {"measure": None, "profile": profile}]


def fill(measure: Measure) -> None:
    """Something in every table of the page."""
    profile = ProjectProfileFactory(measure=measure, title_de="Erste Stufe", slug="erste-stufe")
    measure.goals.add(GoalFactory(title_de="Alle kommen heim"))
    measure.municipalities.add(MunicipalityFactory(name="Plessa"))
    MeasurePartner.objects.create(measure=measure, body=BodyFactory(), role="fährt")
    measure.related.add(MeasureFactory())
    measure.depends_on.add(MeasureFactory())
    for owner in owners(measure, profile):
        MilestoneFactory(**owner, due_on=dt.date(2027, 3, 31))
        CostRow.objects.create(**owner, kind="investment", year=2026, planned=1000, actual="10.50")
        FundingRow.objects.create(**owner, kind="grant", amount=500, state="granted", programme="Land")
        Resolution.objects.create(**owner, body_name="Kreistag", date=dt.date(2025, 2, 20), text="Zugestimmt")
        Deviation.objects.create(**owner, kind="date", subject="Start", reason="Lieferung kam später")
    Adoption.objects.create(measure=measure, administration=AdministrationFactory(), stage="in_use")
    indicator = IndicatorFactory(measure=measure, name_de="Fahrten", unit_de="Fahrten", headline=True, target=9)
    Reading.objects.create(indicator=indicator, date=dt.date(2026, 10, 31), value=7)
    ChronicleEntryFactory(measure=measure, profile=profile, text_de="Der Bus fährt.")


def test_shows_what_is_filled_in(client: PortalClient, measure: Measure) -> None:
    fill(measure)
    page = client.get("/massnahmen/rufbus/").content.decode()
    for text in ("Rufbus", "Alle kommen heim", "Plessa", "fährt", "Erste Stufe", "1.000", "10,50", "Der Bus fährt."):
        assert text in page
    assert "2.000\u00a0€" in page  # both rows of planned costs


def headings(page: str) -> list[str]:
    """The ids of the sections' headings."""
    names = (
        "weg",
        "worum",
        "ziele",
        "meilensteine",
        "projekte",
        "kommunen",
        "kennzahlen",
        "geld",
        "beschluesse",
        "kurz",
    )
    return [name for name in (*names, "dateien", "chronik") if f'<h2 id="{name}"' in page]


def test_empty_fields_vanish(client: PortalClient, measure: Measure) -> None:
    page = client.get("/massnahmen/rufbus/").content.decode()
    assert headings(page) == ["kurz", "chronik"]
    for word in ("None", "Zuständig", "Zeitraum", "Priorität", "Was es bringt", "Beispiel"):
        assert word not in page


def test_every_section_has_its_place(client: PortalClient, measure: Measure) -> None:
    fill(measure)
    Measure.objects.update(need_de="Weil der letzte Bus um fünf fährt.")
    page = client.get("/massnahmen/rufbus/").content.decode()
    expected = ["weg", "worum", "ziele", "meilensteine", "projekte", "kommunen", "kennzahlen", "geld", "beschluesse"]
    assert headings(page) == [*expected, "kurz", "chronik"]


def mark_internal(row: Any, internal: frozenset[str]) -> None:
    """Write the secret into every internal text of a row."""
    for field in row._meta.concrete_fields:
        free = isinstance(field, CharField | TextField) and not field.choices
        if field.name in internal and free:
            setattr(row, field.name, SECRET)
    row.save()


def test_internal_fields_never_appear(client: PortalClient, measure: Measure) -> None:
    fill(measure)
    mark_internal(measure, INTERNAL_MEASURE_FIELDS)
    profile = measure.profiles.get()
    mark_internal(profile, INTERNAL_PROFILE_FIELDS)
    FundingRow.objects.update(internal_note=SECRET)
    measure.contact_name = SECRET
    measure.save()
    Remark.objects.create(measure=measure, text=SECRET)
    Draft.objects.create(kind="measure", measure=measure, values={"title_de": SECRET})
    assert measure.internal_note == profile.risks == SECRET
    for prefix in ("", "/en", "/de-simple"):
        for path in ("/massnahmen/rufbus/", "/massnahmen/", "/massnahmen/?ansicht=karten"):
            assert SECRET not in client.get(prefix + path).content.decode()


def test_the_name_of_a_person_shows_only_when_released(client: PortalClient, measure: Measure) -> None:
    Measure.objects.update(contact_name="Alex Beispiel", contact_public=True)
    assert "Alex Beispiel" in client.get("/massnahmen/rufbus/").content.decode()


@pytest.mark.parametrize(
    "values",
    [{"publication": "draft"}, {"publication": "withdrawn"}, {"trashed_at": timezone.now()}, {"slug": "anders"}],
)
def test_what_is_not_public_is_not_there(
    client: PortalClient, publisher: Any, sign_in: Callable[..., PortalClient], values: dict[str, Any]
) -> None:
    MeasureFactory(**{"slug": "rufbus", **values})
    assert client.get("/massnahmen/rufbus/").status_code == 404
    assert sign_in(publisher).get("/massnahmen/rufbus/").status_code == 404


def test_hidden_neighbours_do_not_show(client: PortalClient, measure: Measure) -> None:
    draft = MeasureFactory(title_de=SECRET, publication="draft")
    for relation in (measure.related, measure.depends_on, draft.depends_on):
        relation.add(measure if relation is draft.depends_on else draft)
    profile = ProjectProfileFactory(measure=measure, title_de=SECRET, publication="draft")
    MilestoneFactory(measure=None, profile=profile, title_de=SECRET)
    ChronicleEntryFactory(measure=measure, profile=profile, text_de=SECRET)
    CostRow.objects.create(profile=profile, kind="staff", year=2026, planned=77777)
    FundingRow.objects.create(profile=profile, kind="grant", amount=77777, programme=SECRET)
    Resolution.objects.create(profile=profile, body_name=SECRET, date=TODAY, text="x")
    Deviation.objects.create(profile=profile, kind="cost", subject=SECRET, reason="x")
    page = client.get("/massnahmen/rufbus/").content.decode()
    assert SECRET not in page
    assert "77.777" not in page


def test_former_addresses_lead_on(client: PortalClient, measure: Measure) -> None:
    FormerAddress.objects.create(slug="anrufbus", measure=measure)
    FormerAddress.objects.create(slug="geheim", measure=MeasureFactory(publication="draft"))
    FormerAddress.objects.create(slug="projekt", profile=ProjectProfileFactory(measure=measure))
    response = client.get("/massnahmen/anrufbus/")
    assert (response.status_code, response["Location"]) == (301, "/massnahmen/rufbus/")
    assert client.get("/en/massnahmen/anrufbus/")["Location"] == "/en/massnahmen/rufbus/"
    assert [client.get(f"/massnahmen/{slug}/").status_code for slug in ("geheim", "projekt", "nie")] == [404, 404, 404]


def test_a_merged_measure_says_where_it_went(client: PortalClient, measure: Measure) -> None:
    MeasureFactory(number="R-09", slug="bus", title_de="Alter Bus", phase="merged", merged_into=measure)
    page = client.get("/massnahmen/bus/").content.decode()
    assert "Diese Maßnahme ist aufgegangen in:" in page
    assert 'href="/massnahmen/rufbus/"' in page
    assert "Hierin aufgegangen" in client.get("/massnahmen/rufbus/").content.decode()


def shown(slug: str = "rufbus") -> MeasurePage:
    """What the page is made of, on a fixed day."""
    dossier = read_dossier(slug, TODAY)
    assert dossier
    return MeasurePage(dossier, TODAY)


def test_chronik_shows_planned_entries_first_and_folds_old_ones(client: PortalClient, measure: Measure) -> None:
    MilestoneFactory(measure=measure, title_de="Auswertung", due_on=dt.date(2027, 3, 31))
    MilestoneFactory(measure=measure, title_de="Entfallen", due_on=dt.date(2027, 4, 30), state="dropped")
    MilestoneFactory(measure=measure, title_de="Überfällig", due_on=dt.date(2026, 4, 30))
    ChronicleEntryFactory(measure=measure, text_de="Fest", date=dt.date(2027, 5, 1))
    for number in range(60):
        ChronicleEntryFactory(
            measure=measure,
            text_de=f"Nummer {number}",
            date=dt.date(2024, 1, 1) + dt.timedelta(number),
            precision="month",
        )
    page = shown()
    assert [(entry.when, entry.text) for entry in page.ahead] == [("01.05.2027", "Fest"), ("März 2027", "Auswertung")]
    assert [entry.text for entry in page.newest] == [f"Nummer {number}" for number in range(59, 47, -1)]
    assert [entry.text for entry in page.older] == [f"Nummer {number}" for number in range(47, -1, -1)]
    assert "48 ältere Einträge" in client.get("/massnahmen/rufbus/").content.decode()


def test_after_the_end_no_step_comes_next(measure: Measure) -> None:
    MilestoneFactory(measure=measure, title_de="Auswertung", due_on=dt.date(2027, 3, 31))
    page = shown()
    assert (page.next_step and page.next_step.title, [entry.text for entry in page.ahead]) == (
        "Auswertung",
        ["Auswertung"],
    )
    Measure.objects.update(phase="done", done_on=TODAY)
    page = shown()
    assert (page.next_step, page.ahead) == (None, [])


def test_thread_tells_the_way_from_contribution_to_result(measure: Measure) -> None:
    Measure.objects.update(added_on=dt.date(2024, 6, 1), ends_on=dt.date(2027, 12, 31), ends_precision="year")
    texts = (
        ("contribution", "Abends kommt keiner weg."),
        ("contribution", "Später gesagt."),
        ("decision", "Zugestimmt."),
    )
    for number, (kind, text) in enumerate(texts):
        ChronicleEntryFactory(
            measure=measure, kind=kind, text_de=text, date=dt.date(2023, 5 + number, 1), precision="month"
        )
    MilestoneFactory(measure=measure, state="done", done_on=dt.date(2026, 1, 1))
    MilestoneFactory(measure=measure)
    assert [(one.label, one.text, one.when, one.state) for one in shown().thread] == [
        ("Beitrag", "Abends kommt keiner weg.", "Mai 2023", ""),
        ("Maßnahme", "Steht als R-03 im Katalog.", "Juni 2024", ""),
        ("Beschluss", "Zugestimmt.", "Juli 2023", ""),
        ("Meilenstein", "1 von 2 erreicht.", "heute", "now"),
        ("Ergebnis", "Soll dann fertig sein.", "2027", "next"),
    ]


def test_freshness_in_plain_words(measure: Measure) -> None:
    Measure.objects.update(reviewed_on=dt.date(2026, 10, 2), next_review_on=dt.date(2027, 3, 1))
    page = shown()
    assert (page.reviewed, page.next_review) == ("zuletzt geprüft im Oktober 2026", "März 2027")
    Measure.objects.update(next_review_on=dt.date(2026, 11, 1))
    assert shown().next_review == "in diesen Tagen"


def test_indicators_are_tables_with_start_and_aim(measure: Measure) -> None:
    indicator = IndicatorFactory(
        measure=measure, name_de="Fahrten im Monat", unit_de="Fahrten", headline=True, baseline=300, target="2000.5"
    )
    for month, value in ((5, 412), (10, "1036.25")):
        Reading.objects.create(indicator=indicator, date=dt.date(2026, month, 28), value=value)
    page = shown()
    assert page.headline
    assert (page.headline.latest, page.headline.sentence, page.headline.before) == (
        "1.036,25",
        "Fahrten im Oktober 2026",
        "Mai 2026: 412",
    )
    assert [(line.when, line.number) for line in page.more_indicators[0].lines] == [
        ("Am Anfang", "300"),
        ("Mai 2026", "412"),
        ("Oktober 2026", "1.036,25"),
        ("Ziel", "2.000,5"),
    ]


def test_administrations_the_furthest_first(measure: Measure) -> None:
    for slug, stage in (("a", "interested"), ("b", "in_use"), ("c", "not_concerned"), ("d", "in_use")):
        Adoption.objects.create(
            measure=measure, administration=AdministrationFactory(slug=slug, name=slug), stage=stage
        )
    page = shown()
    assert [place.name for place in page.places] == ["b", "d", "a", "c"]
    assert page.place_counts == [("Im Einsatz", 2), ("Interesse", 1), ("Nicht betroffen", 1)]


def test_markdown_with_script_shows_as_text(client: PortalClient, measure: Measure) -> None:
    Measure.objects.update(description_de="<script>alert(1)</script>\n\n[x](javascript:alert(1)) **fett**")
    page = client.get("/massnahmen/rufbus/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<strong>fett</strong>" in page


def test_english_falls_back_to_german(client: PortalClient, measure: Measure) -> None:
    Measure.objects.update(title_en="Bus on demand")
    MilestoneFactory(measure=measure, title_de="Auf Deutsch", title_en="")
    page = client.get("/en/massnahmen/rufbus/").content.decode()
    assert "Bus on demand" in page
    assert "Der Bus kommt." in page
    assert "Auf Deutsch" in page


def test_few_queries_however_much_there_is(
    client: PortalClient, measure: Measure, count_queries: Callable[[], CaptureQueriesContext]
) -> None:
    found = []
    for _ in range(3):
        client.get("/massnahmen/rufbus/")
        with count_queries() as queries:
            client.get("/massnahmen/rufbus/")
        found.append(len(queries))
        fill_again(measure)
    assert found == [1, 1, 1]


def fill_again(measure: Measure) -> None:
    """Some more of everything that can be repeated."""
    profile = ProjectProfileFactory(measure=measure)
    for owner in owners(measure, profile):
        MilestoneFactory(**owner)
        CostRow.objects.create(**owner, kind="investment", year=2026, planned=1000)
    Adoption.objects.create(measure=measure, administration=AdministrationFactory(), stage="in_use")
    ChronicleEntryFactory(measure=measure, profile=profile, text_de="Der Bus fährt.")
    measure.goals.add(GoalFactory())
    measure.related.add(MeasureFactory())
    assert Milestone.objects.exists()
