"""The example catalogue: what is in it, that loading respects staff, and that it goes without a trace."""

from __future__ import annotations

import datetime as dt
import io
import time
from typing import TYPE_CHECKING, Any

import pghistory.models
import pytest
import yaml
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from elbe_elster.accounts.demo import load_demo_accounts
from elbe_elster.content.files import LOADER, ContentError
from elbe_elster.strategy.actions import examples
from elbe_elster.strategy.actions.catalogue import load_catalogue
from elbe_elster.strategy.actions.catalogue_files import read_catalogue
from elbe_elster.strategy.actions.examples import RemovalRefusedError, load_examples, remove_examples
from elbe_elster.strategy.actions.loading import CONTENT
from elbe_elster.strategy.models import (
    ActionField,
    Adoption,
    Body,
    ChronicleEntry,
    Course,
    Curation,
    Document,
    EntryKind,
    Goal,
    Measure,
    MeasurePartner,
    Milestone,
    Phase,
    ProjectProfile,
    Reading,
)
from tests.factories import ActionFieldFactory, MeasureFactory, MilestoneFactory, ProjectProfileFactory

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoCaptureOnCommitCallbacks

    from tests.client import PortalClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

TODAY = dt.date(2026, 11, 23)  # the day the examples tell of


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of the room, without histories."""
    models = apps.get_app_config("strategy").get_models(include_auto_created=True)
    kept = [model for model in models if not issubclass(model, pghistory.models.Event)]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in kept}


def real_measure(**values: Any) -> Measure:
    """A measure that is no example, in the first field there is."""
    field = ActionField.objects.get(number=1)
    measure: Measure = MeasureFactory(strategy=field.strategy, primary_field=field, **values)
    return measure


def said(command: str, *options: str) -> list[str]:
    """What a command prints."""
    out = io.StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue().splitlines()


# What is in it ------------------------------------------------------------------------------------------------------


def test_every_field_has_examples_and_every_course_occurs() -> None:
    started = time.process_time()
    load_examples()
    assert time.process_time() - started < 3
    measures = Measure.objects.filter(example=True)
    assert measures.count() >= 24
    assert ProjectProfile.objects.filter(example=True).count() >= 12
    assert [
        (field.number, field.measures.filter(example=True).count() >= 4, field.goals.count() >= 2)
        for field in ActionField.objects.in_force()
    ] == [(number, True, True) for number in range(1, 8)]
    assert {measure.course for measure in measures.with_course(TODAY)} == {"", *Course.values}
    assert set(measures.values_list("phase", flat=True)) == set(Phase.values)
    assert Measure.objects.published().count() == measures.count() + 1


def test_everything_but_the_circle_is_an_example() -> None:
    load_examples()
    assert [
        list(model._default_manager.filter(example=False).values_list(name, flat=True))
        for model, name in ((Measure, "number"), (ProjectProfile, "slug"), (Goal, "title"), (Body, "name"))
    ] == [["M-01"], [], [], ["Kreisverwaltung Elbe-Elster"]]
    outside = Body.objects.filter(example=True, administration=None).values_list("name", flat=True)
    assert [name for name in outside if "(Beispiel)" not in name] == []
    posts = Body.objects.filter(example=True).values_list("email", flat=True)
    assert [email for email in posts if not email.endswith((".invalid", ".example"))] == []


def test_the_circle_says_only_what_is_known(visitor: PortalClient) -> None:
    circle = Measure.objects.get(number="M-01")
    assert (circle.primary_field.slug, circle.permanent, circle.phase) == ("verwaltung", True, Phase.IN_PROGRESS)
    assert [(entry.date, entry.kind) for entry in circle.chronicle.all()] == [(dt.date(2024, 3, 1), "milestone")]
    assert not circle.adoptions.exists()
    assert "Beispiel" not in visitor.get(circle.get_absolute_url()).content.decode()


def test_texts_exist_in_three_languages_and_leichte_sprache_is_short() -> None:
    load_examples()
    for measure in Measure.objects.all():
        for name in ("title", "summary", "need", "benefit", "target_groups"):
            texts = [getattr(measure, f"{name}_{language}") for language in ("de", "en", "de_simple")]
            assert all(texts), f"{measure.number} {name}"
        words = " ".join(getattr(measure, f"{name}_de_simple") for name in ("summary", "need", "benefit"))
        sentences = words.replace("?", ".").replace("\n", ".").split(".")
        assert max(len(sentence.split()) for sentence in sentences) <= 12, measure.number
    for profile in ProjectProfile.objects.all():
        for name in ("title", "summary"):
            assert all(getattr(profile, f"{name}_{language}") for language in ("de", "en", "de_simple")), profile.slug
    without: dict[Any, dict[str, None]] = {Milestone: {"title_en": None}, ChronicleEntry: {"text_en": None}}
    assert [model for model, values in without.items() if model.objects.filter(**values).exists()] == []


def test_nothing_happens_after_today() -> None:
    load_examples()
    assert not ChronicleEntry.objects.filter(date__gt=TODAY).exists()
    assert not Milestone.objects.filter(done_on__gt=TODAY).exists()
    assert not Reading.objects.filter(date__gt=TODAY).exists()
    assert not Adoption.objects.filter(since__gt=TODAY).exists()


def test_the_on_demand_bus_is_the_one_of_the_pictures(visitor: PortalClient) -> None:
    load_examples()
    bus = Measure.objects.with_course(TODAY).get(number="M-03")
    readings = bus.indicators.get(headline=True).readings.values_list("value", flat=True)
    assert (bus.title, bus.course, list(map(int, readings))) == (
        "Rufbus per App und Telefon",
        Course.ON_TRACK,
        [412, 538, 601, 583, 874, 1036],
    )
    assert [(step.title_de, step.state, step.came_late) for step in bus.milestones.all()] == [  # type: ignore[attr-defined]
        ("Betreiber ausgewählt", "done", False),
        ("Start in Plessa", "done", True),
        ("Samstagsverkehr in zwei Ämtern", "done", False),
        ("Auswertung nach sechs Monaten", "under_way", False),
        ("Rufbus in allen 33 Gemeinden", "open", False),
    ]
    stages = list(bus.adoptions.values_list("stage", flat=True))
    assert {stage: stages.count(stage) for stage in stages} == {
        "in_use": 4,
        "piloting": 3,
        "planned": 3,
        "interested": 3,
        "not_concerned": 1,
    }
    assert "Beispiel" in visitor.get(bus.get_absolute_url()).content.decode()


# Loading ------------------------------------------------------------------------------------------------------------


def test_second_loading_changes_nothing() -> None:
    load_examples()
    before = tables()
    report = load_examples()
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert tables() == before
    assert said("load_examples")[0].startswith("Beispiele: 0 neu, 0 geändert, ")


def test_what_staff_have_edited_or_deleted_stays() -> None:
    load_examples()
    bus = Measure.objects.get(number="M-03")
    Measure.objects.filter(pk=bus.pk).update(title_de="Unser Rufbus", phase=Phase.DECIDED)
    bus.goals.clear()
    bus.milestones.filter(title_de="Betreiber ausgewählt").update(title_de="Betreiber steht fest")  # type: ignore[misc]
    bus.milestones.filter(title_de="Start in Plessa").delete()  # type: ignore[misc]
    bus.partnerships.all().delete()
    Measure.objects.get(number="M-16").delete()
    ProjectProfile.objects.filter(slug="zehn-fragen").update(example=False, title_de="Wirklich")
    before = tables()
    report = load_examples()
    assert tables() == before
    assert sorted(report.kept) == [
        "1-mobilitaet.yaml: M-03 Meilenstein betreiber: title_de",
        "1-mobilitaet.yaml: M-03: phase",
        "1-mobilitaet.yaml: M-03: title_de",
        "7-arbeit-wirtschaft.yaml: zehn-fragen: gehört jetzt der Redaktion",
    ]


def test_a_real_measure_under_the_same_number_is_not_touched() -> None:
    real = real_measure(number="M-03", slug="echt", title_de="Echt")
    load_examples()
    there = Measure.objects.filter(number="M-03")
    assert [(row.pk, row.title, row.example) for row in there] == [(real.pk, "Echt", False)]
    assert not real.milestones.exists()
    assert not ProjectProfile.objects.filter(slug="rufbus-erste-stufe").exists()


def test_the_demo_curator_looks_after_every_field() -> None:
    load_examples()
    assert not Curation.objects.exists()
    remove_examples()
    load_demo_accounts()
    load_examples(restore=True)
    load_examples()
    fields = Curation.objects.filter(measure=None).order_by("action_field")
    assert list(fields.values_list("user__email", "action_field__number")) == [
        ("redaktion@demo.invalid", number) for number in range(1, 8)
    ]


MEASURE = """
field: mobilitaet
measures:
  - number: M-77
    slug: kaputt
    phase: {phase}
    added: 2026-01-05
    title: {title}
    summary: Ein Satz.
    milestones: {milestones}
"""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phase": "done"}, "x.yaml: M-77: „Abgeschlossen“ und der Tag des Abschlusses gehören zusammen."),
        ({"phase": "flying"}, "x.yaml: M-77: phase: Wert 'flying' ist keine gültige Option."),
        ({"title": "{en: Only English}"}, "x.yaml: M-77: „title“ fehlt auf Deutsch."),
        ({"milestones": "[{key: a, title: A, due: bald}]"}, "x.yaml: M-77: „bald“ ist kein Datum. Beispiele: 2026, "),
        ({"milestones": "[{key: a, title: A, state: done}]"}, "x.yaml: M-77 Meilenstein a: „Erreicht“ und der Tag, "),
        (
            {"milestones": "[{key: a, title: {de: Erst dies, dann das}}]"},
            "x.yaml: M-77: „dann das“ steht ohne Wert. Texte mit Komma gehören in Anführungszeichen.",
        ),
        ({"milestones": "[{title: A}]"}, "x.yaml: M-77: 'key' fehlt oder ist unbekannt."),
    ],
)
def test_a_broken_file_is_refused_with_file_and_number(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(MEASURE.format(**{"phase": "idea", "title": "Ein Titel", "milestones": "[]", **changes}))
    before = tables()
    with pytest.raises(ContentError) as refused:
        load_catalogue(read_catalogue([path]), example=True)
    assert str(refused.value).startswith(message)
    assert tables() == before


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.yaml")), ids=lambda path: path.stem)
def test_both_readers_of_yaml_read_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, Loader=LOADER) == yaml.load(text, Loader=yaml.SafeLoader)  # noqa: S506 - both are safe


def test_a_number_used_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(MEASURE.format(phase="idea", title="Titel", milestones="[]"))
    with pytest.raises(ContentError, match=r"b\.yaml: M-77: M-77 steht schon in a\.yaml: M-77\."):
        read_catalogue(sorted(tmp_path.iterdir()))


# Removing -----------------------------------------------------------------------------------------------------------


def test_removal_leaves_exactly_what_is_real(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, visitor: PortalClient
) -> None:
    real = real_measure(number="X-1")
    profile = ProjectProfileFactory(measure=real)
    MilestoneFactory(measure=real)
    mine = Document.objects.create(measure=real, title="Echt", size=4, file=ContentFile(b"echt", "echt.txt"))
    before = tables()
    load_examples()
    bus, office = Measure.objects.get(number="M-03"), Body.objects.get(name="Amt für Mobilität")
    Measure.objects.filter(pk=real.pk).update(lead=office)
    ProjectProfile.objects.filter(pk=profile.pk).update(lead=office)
    MeasurePartner.objects.create(measure=real, body=office)
    real.goals.set(Goal.objects.all()[:2])
    real.related.set([bus])
    bus.depends_on.set([real])
    gone = Document.objects.create(measure=bus, title="Beispiel", size=4, file=ContentFile(b"weg!", "weg.txt"))
    with django_capture_on_commit_callbacks(execute=True):
        lines = said("remove_examples", "--yes")
    assert tables() == before
    assert (mine.file.storage.exists(mine.file.name), gone.file.storage.exists(gone.file.name)) == (True, False)
    mine.file.storage.delete(mine.file.name)
    assert "  29 Maßnahmen" in lines
    assert [line for line in lines if "ohne Verweis" in line] == [
        f"  ohne Verweis auf Beispiele: {profile}",
        "  ohne Verweis auf Beispiele: X-1 Maßnahme X-1",
    ]
    assert visitor.get(reverse("strategy:action_field-list")).status_code == 200
    assert said("remove_examples") == ["Es gibt keine Beispiele."]


def test_removed_examples_come_back_only_when_asked() -> None:
    load_examples()
    remove_examples()
    before = tables()
    assert not load_examples()
    assert tables() == before
    load_examples(restore=True)
    assert Measure.objects.filter(example=True).count() == 29


@pytest.mark.parametrize("what", ["profile", "merged"])
def test_nothing_real_is_lost_and_nothing_half_removed(what: str) -> None:
    load_examples()
    bus = Measure.objects.get(number="M-03")
    if what == "profile":
        ProjectProfileFactory(measure=bus, title_de="Echtes Projekt")
        reason = "Der Projektsteckbrief „Echtes Projekt“ ist kein Beispiel, gehört aber zu M-03."
    else:
        real_measure(number="X-1", phase=Phase.MERGED, merged_into=bus)
        reason = "Die Maßnahme X-1 ist kein Beispiel, ging aber in M-03 auf."
    before = tables()
    with pytest.raises(RemovalRefusedError) as refused:
        remove_examples()
    assert str(refused.value).splitlines() == [
        reason,
        "Ordnen Sie das zuerst anders zu. Bis dahin bleibt alles, wie es ist.",
    ]
    with pytest.raises(CommandError):
        call_command("remove_examples", "--yes", stdout=io.StringIO())
    assert tables() == before


def test_the_command_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    load_examples()
    before = tables()
    monkeypatch.setattr("builtins.input", lambda _question: "nein")
    assert said("remove_examples")[-1] == "Es bleibt alles, wie es ist."
    assert tables() == before
    monkeypatch.setattr("builtins.input", lambda _question: "Ja")
    assert said("remove_examples")[1] == "Entfernt:"
    assert not Measure.objects.filter(example=True).exists()


def test_removal_in_production_needs_no_examples_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    load_examples()
    monkeypatch.setattr(examples, "EXAMPLES", tmp_path)
    assert remove_examples()
    assert not remove_examples()


def test_kinds_of_the_thread_occur() -> None:
    load_examples()
    kinds = set(ChronicleEntry.objects.filter(measure__example=True).values_list("kind", flat=True))
    assert kinds == set(EntryKind.values)


def test_examples_stay_apart_from_other_fields() -> None:
    other = ActionFieldFactory(strategy=ActionField.objects.in_force()[0].strategy, number=99)
    load_examples()
    assert not other.measures.exists()
