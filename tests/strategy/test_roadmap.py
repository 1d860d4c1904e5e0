"""The roadmap: what happens in which quarter, in words."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from elbe_elster.strategy.lives import Life, Quarter
from elbe_elster.strategy.models import ActionField, Measure, Milestone, Phase
from elbe_elster.strategy.picture import RUN_LOOKS, STEP_LOOKS, picture_key, roadmap_picture
from elbe_elster.strategy.roadmap import Roadmap, quarters_between, roadmap, years_asked
from tests.client import PortalClient
from tests.factories import ActionFieldFactory, MeasureFactory, MilestoneFactory, ProjectProfileFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
Story = dict[str, tuple[str, list[str]]]


def story(measure: Measure, first: int = 2026, last: int = 2027, today: dt.date = TODAY) -> Story:
    """What happens by quarter: what goes on, and the words; quarters without anything are left out."""
    life = Life(measure, list(Milestone.objects.filter(measure=measure)), today)
    cells = [life.cell(quarter) for quarter in quarters_between(first, last)]
    return {
        f"{cell.quarter.year}/{cell.quarter.number}": (cell.run, [one.words for one in cell.happenings])
        for cell in cells
        if not cell.is_empty
    }


def plan(first: int = 2026, last: int = 2026) -> Roadmap:
    return roadmap(quarters_between(first, last), ActionField.objects.all(), TODAY)


# One measure ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        (
            {"starts_on": dt.date(2026, 6, 1), "ends_on": dt.date(2027, 3, 31)},
            {
                "2026/2": ("ran", ["Beginn: Juni 2026"]),
                "2026/3": ("ran", []),
                "2026/4": ("runs", []),
                "2027/1": ("goes_on", ["Ende: März 2027"]),
            },
        ),
        (
            {"starts_on": dt.date(2026, 1, 1), "starts_precision": "year", "ends_on": dt.date(2026, 12, 31),
             "ends_precision": "year", "phase": Phase.DECIDED},
            {"2026/1": ("", ["Beginn: 2026"]), "2026/4": ("planned", ["Ende: 2026"])},
        ),
        (
            {"starts_on": dt.date(2026, 7, 1), "starts_precision": "quarter", "ends_on": dt.date(2027, 3, 31),
             "ends_precision": "quarter", "phase": Phase.IDEA},
            {
                "2026/3": ("", ["Beginn war geplant: 3. Quartal 2026"]),
                "2026/4": ("planned", []),
                "2027/1": ("planned", ["Ende: 1. Quartal 2027"]),
            },
        ),
        (
            {"starts_on": dt.date(2025, 1, 1), "started_on": dt.date(2026, 4, 2), "ends_on": dt.date(2026, 6, 30)},
            {
                "2026/2": ("ran", ["Beginn: 02.04.2026", "Ende war geplant: Juni 2026"]),
                "2026/3": ("late", []),
                "2026/4": ("late", []),
            },
        ),
        (
            {"permanent": True, "starts_on": dt.date(2026, 10, 1)},
            {
                "2026/4": ("runs", ["Beginn: Oktober 2026"]),
                "2027/1": ("goes_on", []), "2027/2": ("goes_on", []), "2027/3": ("goes_on", []), "2027/4": ("goes_on", []),
            },
        ),
        (
            {"phase": Phase.DONE, "started_on": dt.date(2025, 12, 31), "ends_on": dt.date(2025, 12, 31),
             "done_on": dt.date(2026, 1, 1)},
            {"2026/1": ("late", ["Fertig: 01.01.2026"])},
        ),
        ({"ends_on": dt.date(2027, 12, 31), "phase": Phase.QUALIFIED}, {"2027/4": ("", ["Ende: Dezember 2027"])}),
        ({"permanent": True}, {}),
    ],
)  # fmt: skip
def test_life_of_a_measure(fields: dict[str, Any], expected: Story) -> None:
    assert story(MeasureFactory(**fields)) == expected


def test_milestones_stand_in_the_quarter_of_their_last_day() -> None:
    measure = MeasureFactory(phase=Phase.DECIDED)
    for title, due, precision, done in (
        ("Jahr", dt.date(2026, 12, 31), "year", None),
        ("Silvester", dt.date(2026, 12, 31), "day", None),
        ("Neujahr", dt.date(2027, 1, 1), "day", None),
        ("Quartal", dt.date(2027, 3, 31), "quarter", None),
        ("Monat", dt.date(2026, 9, 30), "month", None),
        ("früher", dt.date(2027, 3, 31), "month", dt.date(2026, 9, 30)),
        ("ohne", None, "month", None),
    ):
        state = {"state": "done", "done_on": done} if done else {}
        MilestoneFactory(measure=measure, title_de=title, due_on=due, due_precision=precision, **state)
    assert story(measure) == {
        "2026/3": ("", ["Überfällig seit September 2026: Monat", "Erreicht am 30.09.2026: früher"]),
        "2026/4": ("", ["Fällig bis 2026: Jahr", "Fällig bis 31.12.2026: Silvester"]),
        "2027/1": ("", ["Fällig bis 01.01.2027: Neujahr", "Fällig bis 1. Quartal 2027: Quartal"]),
    }


def test_in_progress_since_nobody_knows_when() -> None:
    measure = MeasureFactory()
    MilestoneFactory(measure=measure, title_de="A", state="done", done_on=dt.date(2026, 5, 1))
    MilestoneFactory(measure=measure, title_de="B", due_on=dt.date(2027, 2, 1), due_precision="day")
    assert story(measure) == {
        "2026/2": ("ran", ["Erreicht am 01.05.2026: A"]),
        "2026/3": ("ran", []),
        "2026/4": ("runs", []),
        "2027/1": ("goes_on", ["Fällig bis 01.02.2027: B"]),
    }


def test_quarters_of_a_year() -> None:
    assert [(one.first, one.last) for one in quarters_between(2028, 2028)] == [
        (dt.date(2028, 1, 1), dt.date(2028, 3, 31)),
        (dt.date(2028, 4, 1), dt.date(2028, 6, 30)),
        (dt.date(2028, 7, 1), dt.date(2028, 9, 30)),
        (dt.date(2028, 10, 1), dt.date(2028, 12, 31)),
    ]
    assert Quarter(2026, 3).label == "3. Quartal 2026"


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        (("", ""), (2026, 2027)),
        (("unsinn", "²026"), (2026, 2027)),
        (("2025", ""), (2025, 2026)),
        (("", "2028"), (2027, 2028)),
        (("2026", "2026"), (2026, 2026)),
        (("2027", "2025"), (2025, 2027)),
        (("2020", "2099"), (2020, 2023)),
        (("1999", "9999"), (2026, 2027)),
        (("", "2000"), (2000, 2000)),
        (("2100", ""), (2100, 2100)),
    ],
)
def test_years_asked(asked: tuple[str, str], years: tuple[int, int]) -> None:
    assert years_asked(*asked, TODAY) == years


# All measures -----------------------------------------------------------------


def test_roadmap_holds_public_measures_that_go_on() -> None:
    field, other = ActionFieldFactory(number=1001), ActionFieldFactory(number=1002)
    dates = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31), "primary_field": field}
    shown = MeasureFactory(**dates)
    undated = MeasureFactory(primary_field=other)
    later = MeasureFactory(primary_field=other, starts_on=dt.date(2029, 1, 1), phase=Phase.IDEA)
    MeasureFactory(phase=Phase.DISCONTINUED, ending_reason="Kein Geld", **dates)
    MeasureFactory(phase=Phase.MERGED, merged_into=shown, **dates)
    MeasureFactory(publication="draft", **dates)
    MeasureFactory(publication="withdrawn", **dates)
    MeasureFactory(trashed_at=timezone.now(), **dates)
    drawn = plan()
    groups = [(group.field, [line.measure for line in group.lines]) for group in drawn.groups]
    assert (groups, drawn.undated, drawn.elsewhere) == ([(field, [shown])], [undated], [later])
    assert drawn.groups[0].summaries == [["1 Maßnahme"]] * 4
    assert (drawn.only(other).groups, drawn.only(other).undated, drawn.only(field).undated) == ([], [undated], [])


def test_only_milestones_of_public_profiles_are_told() -> None:
    measure = MeasureFactory(starts_on=dt.date(2026, 10, 1))
    seen = ProjectProfileFactory(measure=measure)
    hidden = ProjectProfileFactory(measure=measure, publication="draft")
    for owner, title in ((seen, "sichtbar"), (hidden, "geheim")):
        MilestoneFactory(measure=None, profile=owner, title_de=title, due_on=dt.date(2026, 12, 31))
    MilestoneFactory(measure=measure, title_de="entfallen", state="dropped", due_on=dt.date(2026, 12, 31))
    (line,) = plan().lines
    assert [one.words for one in line.cells[3].happenings] == [
        "Beginn: Oktober 2026",
        "Fällig bis Dezember 2026: sichtbar",
    ]
    assert plan().groups[0].summaries[3] == ["1 Maßnahme", "1 Meilenstein"]


def test_list_by_quarter_tells_the_same() -> None:
    MeasureFactory(number="M-01", starts_on=dt.date(2026, 2, 1))
    MeasureFactory(number="M-02", starts_on=dt.date(2026, 5, 1))
    found = [
        (part.quarter.number, [entry.measure.number for entry in part.entries], part.others, part.is_open)
        for part in plan().by_quarter
    ]
    assert found == [(1, ["M-01"], 0, False), (2, ["M-02"], 1, False), (3, [], 2, False), (4, [], 2, True)]


def test_picture_draws_what_the_table_says() -> None:
    field = ActionFieldFactory(short_name_de="Bus & <Bahn>")
    measure = MeasureFactory(number="M-01", title_de="Ein Titel, der <viel> zu lang ist für die Spalte mit den Namen",
                             primary_field=field, starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 6, 30))  # fmt: skip
    MilestoneFactory(measure=measure, state="done", done_on=dt.date(2026, 4, 2))
    MilestoneFactory(measure=measure, due_on=dt.date(2026, 5, 31))
    root = ET.fromstring(roadmap_picture(plan()))  # noqa: S314 - our own drawing
    classes = [element.get("class", "") for element in root.iter()]
    drawn = [name.removeprefix("roadpic__") for name in classes if name.startswith("roadpic__") and "line" not in name]
    assert drawn == ["rule", "ran", "late", "reached", "overdue"]
    texts = [element.text for element in root.iter() if element.text]
    assert texts[0] == "Fahrplan 2026 bis 2026"
    assert "Bus & <Bahn>" in texts
    assert [text for text in texts if text.startswith("M-")] == ["M-01  Ein Titel, der <viel> zu lang ist f…"]
    assert len(picture_key()) == len({*RUN_LOOKS, *STEP_LOOKS}) - 1  # what ran looks like what runs


# Page -------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
def test_page_and_picture_exist_in_every_language(client: PortalClient, prefix: str) -> None:
    MeasureFactory(starts_on=dt.date(2026, 1, 1), title_de="Rufbus")
    response = client.get(f"{prefix}/fahrplan/?von=2026")
    assert (response.status_code, "Rufbus" in response.content.decode()) == (200, True)
    picture = client.get(f"{prefix}/fahrplan.svg?von=2026")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert "Rufbus" in picture.content.decode()


def test_table_says_each_date_once_and_in_whole_words(client: PortalClient) -> None:
    field = ActionFieldFactory()
    bus = MeasureFactory(
        number="M-07", primary_field=field, starts_on=dt.date(2025, 5, 1), ends_on=dt.date(2025, 11, 30)
    )
    MilestoneFactory(measure=bus, title_de="Los & weiter", state="done", done_on=dt.date(2025, 5, 20))
    MeasureFactory(number="M-08", primary_field=field, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2027, 12, 31))
    html = client.get("/fahrplan/?von=2025&bis=2025").content.decode()
    body = html.partition("roadmap__field")[2].partition("</tbody>")[0]
    rows = [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in body.split("<tr")[1:]
    ]
    assert rows == [
        ["", "Beginn Meilenstein erreicht", "lief", "Ende war geplant"],
        ["Beginn: Mai 2025 Erreicht am 20.05.2025: Los &amp; weiter Ende war geplant: November 2025"],
        ["lief", "lief", "lief", "lief"],
    ]
    assert 'colspan="4" headers="fahrplan-M-07"' in " ".join(html.split())


def test_page_shows_nothing_of_what_is_hidden(client: PortalClient) -> None:
    measure = MeasureFactory(starts_on=dt.date(2026, 1, 1), internal_note="GEHEIM-Notiz")
    MilestoneFactory(measure=measure, title_de="Start", due_on=dt.date(2026, 3, 1), proof="Vermerk")
    draft = ProjectProfileFactory(measure=measure, publication="draft", title_de="GEHEIM-Projekt")
    MilestoneFactory(measure=None, profile=draft, title_de="GEHEIM-Schritt", due_on=dt.date(2026, 3, 1))
    MeasureFactory(publication="draft", title_de="GEHEIM", starts_on=dt.date(2026, 1, 1))
    for path in ("/fahrplan/?von=2026&bis=2026", "/fahrplan.svg?von=2026&bis=2026"):
        assert "GEHEIM" not in client.get(path).content.decode()


def test_page_can_be_narrowed_to_a_field_and_keeps_the_years(client: PortalClient) -> None:
    bus, school = ActionFieldFactory(slug="mobilitaet", number=1001), ActionFieldFactory(slug="bildung", number=1002)
    MeasureFactory(number="M-01", primary_field=bus, starts_on=dt.date(2025, 1, 1))
    MeasureFactory(number="M-02", primary_field=school, starts_on=dt.date(2025, 1, 1))
    context = client.get("/fahrplan/?von=2025&bis=2026&feld=bildung").context
    assert [line.measure.number for line in context["plan"].lines] == ["M-02"]
    choice = context["choice"]
    assert [(chip.url, chip.n, chip.current) for chip in choice.chips] == [
        ("?von=2025&bis=2026&feld=mobilitaet", 1, False),
        ("?von=2025&bis=2026", 1, True),
    ]
    assert (choice.before, choice.after, choice.picture) == (
        "?von=2024&bis=2025&feld=bildung",
        "?von=2026&bis=2027&feld=bildung",
        "/fahrplan.svg?von=2025&bis=2026&feld=bildung",
    )


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("", ""),
        ("von=2025&bis=quatsch", ""),
        ("von=2025&bis=2028", ""),
        ("von=2028&bis=2025", "Die Jahre standen verkehrt herum. Sie sehen 2025 bis 2028."),
        ("von=2024&bis=2029", "Der Fahrplan zeigt höchstens vier Jahre auf einmal. Sie sehen 2024 bis 2027."),
        ("von=2029&bis=2024", "Der Fahrplan zeigt höchstens vier Jahre auf einmal. Sie sehen 2024 bis 2027."),
    ],
)
def test_page_says_if_it_shows_other_years_than_asked(client: PortalClient, query: str, note: str) -> None:
    response = client.get(f"/fahrplan/?{query}")
    assert (response.context["choice"].note, note in response.content.decode()) == (note, True)


def test_empty_years_say_so(client: PortalClient) -> None:
    MeasureFactory(starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31), phase=Phase.IDEA)
    html = client.get("/fahrplan/?von=2050").content.decode()
    assert ("In diesen Jahren steht nichts an" in html, "In anderen Jahren" in html) == (True, True)
    assert client.get("/fahrplan.svg?von=2050").status_code == 200


def test_page_asks_no_more_for_more_rows(same_queries_for_one_and_three: Callable[..., int]) -> None:
    def make() -> None:
        measure = MeasureFactory(starts_on=dt.date(2026, 1, 1), permanent=True)
        MilestoneFactory(measure=measure, due_on=dt.date(2026, 6, 30))
        profile = ProjectProfileFactory(measure=measure)
        MilestoneFactory(measure=None, profile=profile, due_on=dt.date(2026, 6, 30))

    assert same_queries_for_one_and_three(make, "/fahrplan/?von=2026") == 3
