"""Breakdowns: proposed from the region, told what is left of them, fixed by the publication."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from elbe_elster.participation.actions import running
from elbe_elster.participation.actions.breakdowns import add_breakdown, change_breakdown, remove_breakdown
from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.breakdowns import NewGroup, proposals, prospects, region_now
from elbe_elster.participation.models import Breakdown, Survey
from elbe_elster.participation.questionnaire.document import Kind, Option
from elbe_elster.participation.run_page import hints_of
from elbe_elster.region.models import Municipality
from tests.participation.answering import options, question, questionnaire

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PLACE = "/redaktion/umfragen/umfrage/gliederung/"


def place() -> Any:
    """The question for the municipality."""
    rows = enumerate(Municipality.objects.order_by("name"), start=1)
    every = [Option(row.key, number, {"de": row.name}) for number, row in rows]
    outside = Option("outside", len(every) + 1, {"de": "außerhalb", "en": "outside"})
    return question("ort", Kind.MUNICIPALITY, options=(*every, outside))


def surveyed(*asked: Any, **fields: Any) -> Survey:
    """A draft that asks this."""
    survey = Survey.objects.create(**{"slug": "umfrage", "title": "Umfrage", **fields})
    write_pages(survey=survey, questionnaire=questionnaire(asked))
    return survey


def labels(groups: list[NewGroup]) -> list[str]:
    """The German names."""
    return [group.labels["de"] for group in groups]


@pytest.fixture
def team(survey_team: User, sign_in: SignIn) -> PortalClient:
    """A browser of the survey team."""
    return sign_in(survey_team)


@pytest.mark.usefixtures("content")
def test_municipalities_are_grouped_by_amt() -> None:
    asked, region = place(), region_now()
    found = proposals(asked, region, 0)
    assert list(found) == ["towns", "administrations", "each"]
    assert [len(groups) for groups in found.values()] == [18, 14, 34]
    numbers = sorted(number for group in found["towns"] for number in group.options)
    assert numbers == [option.number for option in asked.options]
    assert labels(found["administrations"]) == [
        "Amt Elsterland",
        "Amt Kleine Elster (Niederlausitz)",
        "Amt Plessa",
        "Amt Schlieben",
        "Amt Schradenland",
        "Doberlug-Kirchhain",
        "Elsterwerda",
        "Finsterwalde",
        "Herzberg (Elster)",
        "Röderland",
        "Schönewalde",
        "Sonnewalde",
        "Verbandsgemeinde Liebenwerda",
        "außerhalb",
    ]
    assert "Amt Schlieben ohne Schlieben" in labels(found["towns"])
    few = proposals(asked, region, 400)["towns"]  # Schlieben has too few people for a line of its own
    assert "Amt Schlieben" in labels(few)
    assert "Schlieben" not in labels(few)


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (None, None, ["bis 17", "18 bis 29", "30 bis 44", "45 bis 59", "60 bis 74", "ab 75"]),
        (18, 120, ["18 bis 29", "30 bis 44", "45 bis 59", "60 bis 74", "ab 75"]),
        (100, 199, ["100 bis 119", "120 bis 139", "140 bis 159", "160 bis 179", "180 bis 199"]),
    ],
)
def test_numbers_are_banded(least: int | None, most: int | None, expected: list[str]) -> None:
    bounds = {"least": None if least is None else Decimal(least), "most": None if most is None else Decimal(most)}
    assert labels(proposals(question("alter", Kind.NUMBER, **bounds), region_now(), 0)["bands"]) == expected


@pytest.mark.usefixtures("content")
def test_small_groups_are_told_before_the_start() -> None:
    survey = surveyed(place(), question("q1"), expected_responses=400)
    row = survey.questions.get(code="ort")
    each = proposals(draft_document(survey).question_by_code["ort"], region_now(), 400)["each"]
    breakdown = add_breakdown(survey=survey, question=row, labels={"de": "Wohnort"}, groups=each)
    ((_row, found),) = prospects(survey, draft_document(survey))
    assert found is not None
    by_name = {row.group.label: row for row in found.rows}
    finsterwalde, outside = by_name["Finsterwalde"], by_name["außerhalb"]
    assert finsterwalde.group.people == 15968
    assert finsterwalde.base == pytest.approx(400 * 15968 / 100902, rel=0.01)
    assert (outside.group.people, outside.base, outside.survives) == (None, None, None)
    assert [hint.text for hint in hints_of(survey, draft_document(survey))] == [
        f"Gliederung „Wohnort“: {len(found.lost)} von 34 Gruppen bekommen wohl weniger als 10 Antworten."
    ]
    towns = proposals(draft_document(survey).question_by_code["ort"], region_now(), 400)["administrations"]
    change_breakdown(breakdown=breakdown, labels={"de": "Wohnort"}, groups=towns)
    ((_row, better),) = prospects(survey, draft_document(survey))
    assert better is not None
    assert (better.lost, hints_of(survey, draft_document(survey))) == ([], [])
    Survey.objects.update(expected_responses=None)
    survey.refresh_from_db()
    assert [hint.text for hint in hints_of(survey, draft_document(survey))] == [
        "Wie viele Antworten erwarten Sie? Sonst kann niemand sagen, welche Gruppen groß genug werden."
    ]


def test_groups_are_fixed_by_the_publication(team: PortalClient) -> None:
    survey = surveyed(question("q1"), question("q2"))
    row = survey.questions.get(code="q1")
    groups = [NewGroup({"de": "A oder B"}, (1, 2)), NewGroup({"de": "C"}, (3,))]
    breakdown = add_breakdown(survey=survey, question=row, labels={"de": "Antwort"}, groups=groups)
    assert add_breakdown(survey=survey, question=row, labels={"de": "Zweimal"}, groups=groups) == breakdown
    running.publish_survey(survey=survey, actor=None)
    refused = ["Die Gliederungen stehen seit der Veröffentlichung fest."]
    for act in (
        lambda: add_breakdown(
            survey=survey, question=survey.questions.get(code="q2"), labels={"de": "X"}, groups=groups
        ),
        lambda: change_breakdown(breakdown=breakdown, labels={"de": "X"}, groups=groups[:1]),
        lambda: remove_breakdown(breakdown=breakdown),
    ):
        with pytest.raises(SurveyRefusedError) as error:
            act()
        assert error.value.messages == refused
    page = team.get(PLACE).content.decode()
    assert ("Seit der Veröffentlichung steht die Gliederung fest" in page, "Gruppen ändern" in page) == (True, False)
    assert team.post(f"{PLACE}{breakdown.pk}/", {"step": "remove"}).status_code == 302
    assert [(g.number, g.label, g.options) for g in breakdown.groups.all()] == [(1, "A oder B", [1, 2]), (2, "C", [3])]


def test_groups_are_put_together_in_the_form(team: PortalClient) -> None:
    surveyed(
        question("q1", options=options("a", "b", "c", "d")),
        question("alter", Kind.NUMBER),
        question("text", Kind.LONG_TEXT),
        replace(question("alt"), retired=True),
        languages=["en"],
    )
    assert [code for code, _name in team.get(PLACE).context["choices"]] == ["q1", "alter"]
    for _click in range(2):
        team.post(PLACE, {"question": "q1"})
    (breakdown,) = Breakdown.objects.all()
    assert [(g.label, g.options) for g in breakdown.groups.all()] == [
        (f"Antwort {x}", [n]) for n, x in enumerate("abcd", 1)
    ]
    form = {
        "name-de": "Nach Antwort",
        "name-en": "By answer",
        "option-1": "1",
        "option-2": "1",
        "option-3": "2",
        "option-4": "0",
    }
    path = f"{PLACE}{breakdown.pk}/"
    wrong = team.post(path, {**form, "label-1-de": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["label-1-de"])
    assert team.post(path, {**form, "label-1-de": "A oder B", "label-1-en": "A or B"}).status_code == 302
    breakdown.refresh_from_db()
    assert (breakdown.label_de, breakdown.label_en) == ("Nach Antwort", "By answer")  # type: ignore[attr-defined]
    assert [(g.label_de, g.label_en, g.options) for g in breakdown.groups.all()] == [  # type: ignore[attr-defined]
        ("A oder B", "A or B", [1, 2]),
        ("Antwort c", None, [3]),
    ]
    assert team.post(path, {"step": "each"}).status_code == 302
    assert breakdown.groups.count() == 4
    assert team.post(path, {"step": "remove"}).status_code == 302
    assert Breakdown.objects.count() == 0
    other = Survey.objects.create(slug="andere", title="Andere")
    assert team.get(f"/redaktion/umfragen/{other.slug}/gliederung/1/").status_code == 404


@pytest.mark.parametrize(
    ("values", "wrong", "bands"),
    [
        ({"most-1": "17", "least-2": "18"}, [], [("bis 17", None, 17), ("ab 18", 18, None)]),
        ({"most-1": "18", "least-2": "18"}, ["least-2"], []),
        ({"least-1": "9", "most-1": "3"}, ["most-1"], []),
        ({"label-1-de": "Alle"}, ["least-1"], []),
        ({}, ["__all__"], []),
        ({"least-1": "0", "most-1": "99", "label-1-de": "Alle"}, [], [("Alle", 0, 99)]),
    ],
)
def test_bands_do_not_overlap(team: PortalClient, values: dict[str, str], wrong: list[str], bands: list[Any]) -> None:
    surveyed(question("alter", Kind.NUMBER))
    team.post(PLACE, {"question": "alter"})
    breakdown = Breakdown.objects.get()
    response = team.post(f"{PLACE}{breakdown.pk}/", {"name-de": "Alter", **values})
    if wrong:
        assert (response.status_code, list(response.context["form"].errors)) == (422, wrong)
        assert breakdown.groups.count() == 6
    else:
        assert [(g.label, g.least, g.most) for g in breakdown.groups.all()] == bands
