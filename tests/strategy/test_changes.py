"""The one door for changes: what it refuses, and what follows from what it writes."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from elbe_elster.accounts.models import Role
from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.models import (
    ChronicleEntry,
    CostRow,
    Deviation,
    DeviationKind,
    Indicator,
    Measure,
    Milestone,
    Phase,
    Precision,
    Reading,
)
from tests.factories import (
    ActionFieldFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectProfileFactory,
    StrategyFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def _told() -> list[tuple[str, str]]:
    return [(entry.kind, entry.text) for entry in ChronicleEntry.objects.order_by("pk")]


def _refused(measure: Measure, **call: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        change_record(record=measure, actor=None, today=TODAY, **{"values": {}, **call})
    return caught.value.message_dict


def test_nothing_different_writes_nothing() -> None:
    measure = MeasureFactory(phase=Phase.DECIDED)
    step = MilestoneFactory(measure=measure, due_on=dt.date(2026, 12, 31))
    rows = {"milestones": [{"id": step.pk, "title_de": step.title, "due_on": step.due_on}]}
    changes = change_record(record=measure, values={"phase": "decided", "goals": []}, rows=rows, actor=None)
    assert not changes
    assert _told() == []
    assert measure.pgh_event_model.objects.filter(pgh_obj=measure).count() == 1


def test_a_new_measure_is_written_whole_and_nothing_is_told_of_a_draft() -> None:
    goal = GoalFactory()
    values = {
        "strategy": StrategyFactory(),
        "number": "M-07",
        "slug": "rufbus",
        "title_de": "Rufbus",
        "summary_de": "Ein Anruf, und der Bus kommt.",
        "primary_field": goal.action_field,
        "goals": [goal.pk],
    }
    rows = {"milestones": [{"title_de": "Start", "state": "done", "done_on": TODAY}]}
    changes = change_record(record=Measure(), values=values, rows=rows, actor=UserFactory())
    measure = Measure.objects.get()
    assert changes.created
    assert (measure.number, measure.publication, list(measure.goals.all())) == ("M-07", "draft", [goal])
    assert [(row.title, row.done_on) for row in measure.milestones.all()] == [("Start", TODAY)]
    assert (_told(), Deviation.objects.count()) == ([], 0)


def test_changed_dates_costs_and_scope_need_a_reason() -> None:
    goal = GoalFactory()
    measure = MeasureFactory(ends_on=dt.date(2026, 12, 31), ends_precision=Precision.YEAR)
    measure.goals.add(goal)
    cost = CostRow.objects.create(measure=measure, kind="staff", year=2026, planned=Decimal(40000))
    step = MilestoneFactory(measure=measure, title_de="Start", due_on=dt.date(2026, 3, 31))
    call: dict[str, Any] = {
        "values": {"ends_on": dt.date(2027, 12, 31), "goals": []},
        "rows": {
            "milestones": [{"id": step.pk, "due_on": dt.date(2026, 5, 31)}],
            "costrows": [{"id": cost.pk, "planned": Decimal("52500.50")}],
        },
    }
    assert _refused(measure, **call) == {
        "reason_date": [
            "Schreiben Sie den Grund, er ist öffentlich. Ende: bisher 2026, jetzt 2027.",
            "Schreiben Sie den Grund, er ist öffentlich. Start: bisher März 2026, jetzt Mai 2026.",
        ],
        "reason_cost": [
            "Schreiben Sie den Grund, er ist öffentlich. Geplante Kosten: bisher 40.000 Euro, jetzt 52.500,50 Euro."
        ],
        "reason_scope": [f"Schreiben Sie den Grund, er ist öffentlich. Ziel: bisher {goal.title}, jetzt entfällt."],
    }
    assert Measure.objects.get().ends_on == dt.date(2026, 12, 31)
    assert Milestone.objects.get().due_on == dt.date(2026, 3, 31)
    reasons = dict.fromkeys(DeviationKind, "Die Fahrzeuge kamen später.")
    changes = change_record(record=measure, actor=UserFactory(), reasons=reasons, today=TODAY, **call)
    assert (len(changes.shifts), changes.tables) == (4, ["milestones", "costrows"])
    assert set(Deviation.objects.values_list("kind", "subject", "before", "after", "changed_on")) == {
        ("date", "Ende", "2026", "2027", TODAY),
        ("date", "Start", "März 2026", "Mai 2026", TODAY),
        ("cost", "Geplante Kosten", "40.000 Euro", "52.500,50 Euro", TODAY),
        ("scope", "Ziel", goal.title, "entfällt", TODAY),
    }
    assert _told()[0] == ("change", "Ende: bisher 2026, jetzt 2027. Grund: Die Fahrzeuge kamen später.")
    event = measure.pgh_event_model.objects.filter(pgh_obj=measure).last()
    assert event.pgh_context.metadata["reason"] == "Die Fahrzeuge kamen später."


def test_drafts_move_their_dates_without_reason() -> None:
    measure = MeasureFactory(publication="draft", ends_on=dt.date(2026, 12, 31))
    assert change_record(record=measure, values={"ends_on": dt.date(2027, 1, 31)}, actor=None)
    profile = ProjectProfileFactory(measure=measure, ends_on=dt.date(2026, 12, 31))
    assert change_record(record=profile, values={"ends_on": dt.date(2027, 1, 31)}, actor=None)
    assert Deviation.objects.count() == 0


def test_a_first_date_is_no_deviation() -> None:
    measure = MeasureFactory()
    assert change_record(record=measure, values={"ends_on": dt.date(2027, 1, 31)}, actor=None)
    assert Deviation.objects.count() == 0


def test_the_chronicle_tells_phases_courses_milestones_and_resolutions() -> None:
    measure = MeasureFactory(phase=Phase.DECIDED)
    step = MilestoneFactory(measure=measure, title_de="Betreiber ausgewählt", title_en="Operator chosen")
    change_record(
        record=measure,
        values={"phase": Phase.IN_PROGRESS, "course_override": "resting", "course_reason": "Förderung fehlt."},
        rows={
            "milestones": [{"id": step.pk, "state": "done", "done_on": dt.date(2026, 11, 2)}],
            "resolutions": [{"body_name": "Kreistag", "date": dt.date(2026, 10, 5), "text": "Zustimmung"}],
        },
        actor=None,
        today=TODAY,
    )
    assert _told() == [
        ("news", "Die Umsetzung hat begonnen."),
        ("course", "Verlauf: Ruht. Grund: Förderung fehlt."),
        ("milestone", "Betreiber ausgewählt."),
        ("decision", "Kreistag: Zustimmung"),
    ]
    assert list(ChronicleEntry.objects.order_by("pk").values_list("date", flat=True)) == [
        TODAY,
        TODAY,
        dt.date(2026, 11, 2),
        dt.date(2026, 10, 5),
    ]
    with override("en"):
        assert ChronicleEntry.objects.get(kind="milestone").text == "Operator chosen."


def test_contradictions_are_refused_at_their_field_and_nothing_is_written() -> None:
    measure = MeasureFactory(starts_on=dt.date(2026, 1, 1))
    other = MeasureFactory(number="M-99")
    step = MilestoneFactory(measure=measure, title_de="Start")
    assert _refused(measure, values={"ends_on": dt.date(2025, 12, 31)}) == {
        "ends_on": ["Das geplante Ende liegt vor dem Beginn."]
    }
    assert _refused(measure, values={"phase": Phase.DONE}) == {
        "done_on": ["„Abgeschlossen“ und der Tag des Abschlusses gehören zusammen."]
    }
    assert list(_refused(measure, values={"number": other.number})) == ["number"]
    assert list(_refused(measure, values={"title_de": ""})) == ["title_de"]
    rows = {"milestones": [{"title_de": "Neu"}, {"id": step.pk, "state": "done"}]}
    assert _refused(measure, values={"phase": Phase.DISCONTINUED, "ending_reason": "x"}, rows=rows) == {
        "milestones-1-done_on": ["„Erreicht“ und der Tag, an dem es so weit war, gehören zusammen."]
    }
    assert Measure.objects.get(pk=measure.pk).phase == Phase.IN_PROGRESS
    assert [row.title for row in measure.milestones.all()] == ["Start"]


def test_mergers_never_make_a_circle() -> None:
    first, second, third = MeasureFactory(), MeasureFactory(), MeasureFactory()
    merged = Phase.MERGED
    change_record(record=first, values={"phase": merged, "merged_into": second}, actor=None)
    change_record(record=second, values={"phase": merged, "merged_into": third}, actor=None)
    assert list(_refused(third, values={"phase": merged, "merged_into": first})) == ["merged_into"]
    assert list(_refused(third, values={"phase": merged, "merged_into": third})) == ["merged_into"]
    assert _told()[0] == ("news", f"Die Maßnahme geht auf in: {second}.")


def test_rows_of_rows_are_written_and_foreign_rows_are_not_touched() -> None:
    measure, stranger = MeasureFactory(), MilestoneFactory(title_de="Fremd")
    indicator = Indicator.objects.create(measure=measure, name="Fahrten", unit="Fahrten", headline=True)
    reading = Reading.objects.create(indicator=indicator, date=dt.date(2026, 5, 31), value=412)
    readings = [{"id": reading.pk, "value": Decimal(413)}, {"date": dt.date(2026, 6, 30), "value": Decimal(538)}]
    rows = {
        "indicators": [{"id": indicator.pk, "readings": readings}],
        "milestones": [{"id": stranger.pk, "title_de": "Geraubt"}],
    }
    change_record(record=measure, values={}, rows=rows, actor=None)
    assert list(indicator.readings.values_list("date", "value")) == [
        (dt.date(2026, 5, 31), Decimal(413)),
        (dt.date(2026, 6, 30), Decimal(538)),
    ]
    stranger.refresh_from_db()
    assert stranger.title == "Fremd"
    assert [row.title for row in measure.milestones.all()] == ["Geraubt"]


def test_a_change_costs_the_same_whatever_the_size_of_the_catalogue(django_assert_max_num_queries: Any) -> None:
    fields = [ActionFieldFactory() for _ in range(3)]
    for number in range(20):
        MeasureFactory(primary_field=fields[number % 3])
    editor = UserFactory(roles=[Role.PUBLISHER])
    with django_assert_max_num_queries(40):
        change_record(record=Measure.objects.first(), values={"title_de": "Neu"}, actor=editor)  # type: ignore[arg-type]
