from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.utils.translation import override

from elbe_elster.strategy.actions.loading import CONTENT, load_strategy
from elbe_elster.strategy.models import ActionField, ProcessStep, Strategy

pytestmark = pytest.mark.django_db

LANGUAGES = ("de", "en", "de-simple")


def test_seven_fields_in_their_order() -> None:
    load_strategy()
    assert [(field.number, field.name, field.icon, field.colour) for field in ActionField.objects.in_force()] == [
        (1, "Mobilität", "f1", 1),
        (2, "Verwaltung und Organisationsentwicklung", "f2", 2),
        (3, "Bildung", "f3", 3),
        (4, "Klimaschutz & Nachhaltigkeit, Katastrophenschutz", "f4", 4),
        (5, "Gutes und selbstbestimmtes Leben", "f5", 5),
        (6, "Gesundheit", "f6", 6),
        (7, "Arbeit & Wirtschaft", "f7", 7),
    ]


def test_seven_steps_four_of_them_with_people() -> None:
    load_strategy()
    assert [(step.number, step.with_people) for step in ProcessStep.objects.in_force()] == [
        (1, False),
        (2, True),
        (3, True),
        (4, True),
        (5, False),
        (6, True),
        (7, False),
    ]


def test_every_text_exists_in_every_language() -> None:
    load_strategy()
    rows = [*Strategy.objects.all(), *ProcessStep.objects.all(), *ActionField.objects.all()]
    texts = ("title", "summary", "text", "subject", "name", "questions", "examples")
    for row in rows:
        for name in texts:
            if hasattr(row, name):
                values = []
                for language in LANGUAGES:
                    with override(language):
                        values.append(getattr(row, name))
                assert all(values)
    field = ActionField.objects.get(number=2)
    with override("en"):
        assert field.name == "Administration and organisational development"
    with override("de-simple"):
        assert field.name == "Ämter und wie sie arbeiten"


@pytest.mark.parametrize("path", sorted((CONTENT / "fields").glob("*.yaml")), ids=lambda path: path.stem)
def test_texts_are_generous_and_leichte_sprache_is_short(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert 110 <= len(entry["text"]["de"].split()) <= 210
    for language in LANGUAGES:
        assert 3 <= len(entry["questions"][language]) <= 5
    sentences = entry["text"]["de-simple"].replace("?", ".").replace(":", ".").split(".")
    assert max(len(sentence.split()) for sentence in sentences) <= 12


def test_second_loading_changes_nothing() -> None:
    load_strategy()
    report = load_strategy()
    assert (report.created, report.updated, report.kept, report.unchanged) == ([], [], [], 18)


def test_edit_of_staff_stays_and_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_strategy()
    ActionField.objects.filter(number=1).update(summary_de="Unser eigener Satz.")
    capsys.readouterr()
    call_command("load_strategy")
    assert capsys.readouterr().out.splitlines() == [
        "Strategie: 0 neu, 0 geändert, 18 unverändert, 1 von der Redaktion bearbeitet und behalten",
        "  behalten: Handlungsfeld mobilitaet: summary_de",
    ]
    assert ActionField.objects.get(number=1).summary == "Unser eigener Satz."


def test_history_follows_every_language() -> None:
    load_strategy()
    field: Any = ActionField.objects.get(number=3)  # columns of languages and history exist at run time only
    field.name_en = "Schooling"
    field.save()
    history = field.events.order_by("pgh_id").values_list("pgh_label", "name_en", "name_de")
    assert list(history) == [("insert", "Education", "Bildung"), ("update", "Schooling", "Bildung")]


def test_succeeded_edition_leaves_its_fields_behind() -> None:
    load_strategy()
    old = Strategy.objects.get()
    new = Strategy.objects.create(edition="zweite", title="Neu")
    old.successor = new
    old.save()
    assert list(Strategy.objects.current()) == [new]
    assert list(ActionField.objects.in_force()) == []
