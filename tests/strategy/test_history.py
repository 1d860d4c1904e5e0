"""Every version can be read and taken again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import time_machine

from elbe_elster.strategy.actions.changes import change_record
from elbe_elster.strategy.drafting.content import written
from elbe_elster.strategy.drafting.history import text_at, versions
from elbe_elster.strategy.models import Curation, DeviationKind, Draft, DraftVersion, Indicator, Measure, Reading
from tests.factories import MeasureFactory, MilestoneFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)  # every change is a transaction of its own, as in life


def told(measure: Measure) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (
            version.who,
            version.why,
            [
                (one.label, "".join({"old": "-", "new": "+"}.get(p.kind, "") + p.text for p in line))
                for one in version.changes
                for line in one.lines
            ],
        )
        for version in versions(measure)
    ]


def test_versions_say_who_when_why_and_what(curator: User, publisher: User) -> None:
    measure = MeasureFactory(title_de="Rufbus", need_de="Ein alter Satz.")
    milestone = MilestoneFactory(measure=measure, title_de="Ausschreibung", due_on=dt.date(2026, 6, 30))
    change_record(record=measure, values={"need_de": "Ein neuer Satz."}, actor=curator)
    row = {"id": milestone.pk, "due_on": dt.date(2026, 9, 30)}
    change_record(
        record=measure,
        values={},
        rows={"milestones": [row]},
        actor=publisher,
        reasons={DeviationKind.DATE: "Personal."},
    )
    newest, middle, *older = told(measure)
    assert middle == ("Redaktion", "", [("Warum es gebraucht wird", "Ein -alter+neuer Satz.")])
    assert newest[:2] == ("Freigabe", "Personal.")
    assert [text for label, text in newest[2] if label == "Meilenstein „Ausschreibung“: Geplant bis"] == [
        "30.-06+09.2026"
    ]
    assert [changes for _who, _why, changes in older] == [
        [("Meilenstein neu", "+Ausschreibung")],
        [("Angelegt", "+Rufbus")],
    ]


def test_an_older_version_becomes_a_draft(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(number="M-01", title_de="Erster")
    Curation.objects.create(user=curator, measure=measure)
    first = MilestoneFactory(measure=measure, title_de="Schritt")
    at = versions(measure)[0].at
    change_record(
        record=measure,
        values={"title_de": "Zweiter"},
        rows={"milestones": []},
        actor=curator,
        reasons={DeviationKind.SCOPE: "Nicht mehr nötig."},
    )
    browser = sign_in(curator)
    assert "Erster" in browser.get("/redaktion/massnahmen/M-01/verlauf/").content.decode()
    restore = "/redaktion/massnahmen/M-01/wiederherstellen/"
    answer = browser.post(restore, {"at": at.isoformat()})
    assert answer["Location"] == "/redaktion/massnahmen/M-01/bearbeiten/"
    draft = Draft.objects.get()
    assert draft.values["title_de"] == "Erster"
    assert [(row["title_de"], row["key"].isdigit()) for row in draft.values["milestones"]] == [("Schritt", False)]
    assert first.pk
    measure.refresh_from_db()
    assert (measure.title_de, measure.milestones.count()) == ("Zweiter", 0)  # reviewed like any other draft

    draft.values = {**written(measure), "title_de": "Mein Entwurf"}
    draft.save()
    answer = browser.post(restore, {"at": at.isoformat()})
    assert answer["Location"] == "/redaktion/massnahmen/M-01/abgleich/"  # what was written already stays
    assert Draft.objects.get().values["title_de"] == "Mein Entwurf"
    assert DraftVersion.objects.get().values["title_de"] == "Erster"
    for nonsense in ("", "gestern", "2026-01-01T00:00:00"):
        assert browser.post(restore, {"at": nonsense}).status_code == 404


def test_the_text_of_any_moment(curator: User) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)):
        measure = MeasureFactory(starts_on=dt.date(2026, 3, 1), starts_precision="month")
    before = versions(measure)[0].at
    change_record(record=measure, values={"title_de": "Neu"}, actor=curator)
    text = text_at(Measure.objects.get(), before)
    assert text == {**written(measure), "title_de": measure.title_de}
    assert text["starts"] == "03/2026"


def test_numbers_are_written_as_people_here_write_them(publisher: User) -> None:
    measure = MeasureFactory()
    indicator = Indicator.objects.create(measure=measure, name="Fahrten", unit="im Monat", baseline="1036.50")
    row = Reading.objects.create(indicator=indicator, date=dt.date(2026, 6, 30), value=412)
    entry = {"id": row.pk, "date": row.date, "precision": row.precision, "value": 1036}
    rows = [{"id": indicator.pk, "baseline": 12, "readings": [entry]}]
    change_record(record=measure, values={}, rows={"indicators": rows}, actor=publisher)
    newest = told(measure)[0]
    texts = dict(newest[2])
    assert sorted(texts.values()) == ["-1.036,5+12", "-412+1.036"]
    assert not [label for label in texts if ".00" in label]
