"""The one rule that says whether a measure is on time, and who sees and edits what."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from elbe_elster.accounts.models import Role, User
from elbe_elster.strategy import permissions
from elbe_elster.strategy.models import Course, Curation, Measure, MilestoneState, Phase, ProjectProfile
from tests.factories import MeasureFactory, MilestoneFactory, ProjectProfileFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("fields", "milestones", "course"),
    [
        ({}, [], Course.NOT_ASSESSED),
        ({"ends_on": dt.date(2026, 11, 23)}, [], Course.ON_TRACK),
        ({"ends_on": dt.date(2026, 11, 22)}, [], Course.DELAYED),
        ({"ends_on": dt.date(2026, 5, 24)}, [], Course.DELAYED),
        ({"ends_on": dt.date(2026, 5, 23)}, [], Course.AT_RISK),
        ({"ends_on": dt.date(2027, 12, 31)}, [("open", dt.date(2026, 11, 22))], Course.DELAYED),
        ({}, [("under_way", dt.date(2026, 11, 23)), ("open", None)], Course.ON_TRACK),
        ({}, [("done", dt.date(2026, 1, 31)), ("dropped", dt.date(2026, 1, 31))], Course.NOT_ASSESSED),
        ({"phase": Phase.DECIDED, "starts_on": dt.date(2026, 10, 1), "starts_precision": "quarter"}, [], "on_track"),
        ({"phase": Phase.DECIDED, "starts_on": dt.date(2026, 10, 1), "starts_precision": "month"}, [], "delayed"),
        ({"starts_on": dt.date(2026, 10, 1)}, [], Course.NOT_ASSESSED),
        ({"permanent": True, "reviewed_on": dt.date(2025, 11, 23)}, [], Course.ON_TRACK),
        ({"permanent": True, "reviewed_on": dt.date(2025, 11, 22)}, [], Course.NOT_ASSESSED),
        (
            {"course_override": "resting", "course_reason": "Förderung offen"},
            [("open", dt.date(2020, 1, 1))],
            "resting",
        ),
        ({"phase": Phase.DONE, "done_on": dt.date(2026, 1, 1)}, [("open", dt.date(2020, 1, 1))], ""),
        ({"phase": Phase.DISCONTINUED, "ending_reason": "Kein Geld"}, [], ""),
    ],
)
def test_course_of_a_measure(fields: dict[str, Any], milestones: list[tuple[str, Any]], course: str) -> None:
    measure = MeasureFactory(**fields)
    for state, due in milestones:
        done = {"done_on": dt.date(2026, 1, 1)} if state == "done" else {}
        MilestoneFactory(measure=measure, state=state, due_on=due, **done)
    assert Measure.objects.with_course(TODAY).get().course == course
    assert list(Measure.objects.with_course(TODAY).in_course(course)) == [measure]


def test_milestones_of_visible_profiles_count_for_the_measure() -> None:
    measure = MeasureFactory()
    shown, hidden = ProjectProfileFactory(measure=measure), ProjectProfileFactory(measure=measure, publication="draft")
    MilestoneFactory(measure=None, profile=hidden, due_on=dt.date(2020, 1, 1))
    assert Measure.objects.with_course(TODAY).get().course == Course.NOT_ASSESSED
    MilestoneFactory(measure=None, profile=shown, due_on=dt.date(2026, 11, 1), state=MilestoneState.UNDER_WAY)
    assert Measure.objects.with_course(TODAY).get().course == Course.DELAYED
    assert ProjectProfile.objects.with_course(TODAY).get(pk=shown.pk).course == Course.DELAYED


def test_lists_and_permissions_agree_for_everybody() -> None:
    published, draft = MeasureFactory(), MeasureFactory(publication="draft")
    withdrawn, trashed = MeasureFactory(publication="withdrawn"), MeasureFactory(trashed_at=timezone.now())
    for owner in (published, draft, withdrawn, trashed):
        ProjectProfileFactory(measure=owner)
    ProjectProfileFactory(measure=published, publication="draft")
    curator = UserFactory(roles=[Role.CURATOR])
    Curation.objects.create(user=curator, measure=draft)
    Curation.objects.create(user=curator, action_field=trashed.primary_field)
    away = UserFactory(roles=[Role.ADMIN], is_active=False)
    people = {role: UserFactory(roles=[role]) for role in Role if role != Role.CURATOR}
    viewers: list[User | AnonymousUser] = [AnonymousUser(), UserFactory(), curator, away, *people.values()]
    for viewer in viewers:
        for measure in Measure.objects.all():
            listed = measure in Measure.objects.visible_to(viewer)
            assert permissions.can_see_measure(viewer, measure) == listed
            assert permissions.can_edit_measure(viewer, measure) == (measure in Measure.objects.editable_by(viewer))
        for profile in ProjectProfile.objects.all():
            listed = profile in ProjectProfile.objects.visible_to(viewer)
            assert permissions.can_see_profile(viewer, profile) == listed
    seen = {role: list(Measure.objects.visible_to(person)) for role, person in people.items()}
    assert seen[Role.REPRESENTATIVE] == [published]
    assert seen[Role.PUBLISHER] == [published, draft, withdrawn]
    assert list(Measure.objects.visible_to(AnonymousUser())) == [published]
    assert list(Measure.objects.visible_to(away)) == [published]
    assert list(Measure.objects.editable_by(curator)) == [draft]
