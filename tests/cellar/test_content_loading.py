import pytest

from elbe_elster.content.files import ContentError, translated
from elbe_elster.content.loading import LoadReport, load_rows
from elbe_elster.region.models import Administration

ROW = {"slug": "herzberg", "kind": "town", "name": "Herzberg (Elster)", "seat": "Herzberg (Elster)"}

pytestmark = pytest.mark.django_db


def load(**changes: str) -> LoadReport:
    return load_rows(Administration, ("slug",), [{**ROW, **changes}])


def stored() -> list[tuple[str, str, str, str]]:
    return list(Administration.objects.values_list("slug", "kind", "name", "seat"))


def test_new_row_is_created() -> None:
    assert load() == LoadReport(created=["Verwaltung herzberg"])
    assert stored() == [("herzberg", "town", "Herzberg (Elster)", "Herzberg (Elster)")]


def test_second_loading_changes_nothing() -> None:
    load()
    assert load() == LoadReport(unchanged=1)


def test_changed_file_is_followed() -> None:
    load()
    assert load(seat="Neue Straße") == LoadReport(updated=["Verwaltung herzberg: seat"])
    assert stored() == [("herzberg", "town", "Herzberg (Elster)", "Neue Straße")]


def test_edit_of_staff_wins_over_a_changed_file() -> None:
    load()
    Administration.objects.update(seat="Markt 1")
    assert load(seat="Neue Straße") == LoadReport(kept=["Verwaltung herzberg: seat"], unchanged=1)
    assert stored() == [("herzberg", "town", "Herzberg (Elster)", "Markt 1")]


def test_edit_of_one_field_does_not_stop_the_others() -> None:
    load()
    Administration.objects.update(seat="Markt 1")
    report = load(seat="Neue Straße", name="Stadt Herzberg")
    assert report == LoadReport(updated=["Verwaltung herzberg: name"], kept=["Verwaltung herzberg: seat"])
    assert stored() == [("herzberg", "town", "Stadt Herzberg", "Markt 1")]


def test_edit_that_the_file_takes_over_later_follows_the_file_again() -> None:
    load()
    Administration.objects.update(seat="Markt 1")
    load(seat="Markt 1")
    assert load(seat="Markt 2") == LoadReport(updated=["Verwaltung herzberg: seat"])


def test_row_of_staff_with_the_same_key_is_not_overwritten() -> None:
    Administration.objects.create(slug="herzberg", kind="town", name="Unser Herzberg", seat="Hier")
    assert load() == LoadReport(kept=["Verwaltung herzberg: name", "Verwaltung herzberg: seat"], unchanged=1)
    assert stored() == [("herzberg", "town", "Unser Herzberg", "Hier")]


def test_rows_that_staff_added_stay() -> None:
    Administration.objects.create(slug="neu", kind="town", name="Neu", seat="Neu")
    load()
    assert [slug for slug, *_rest in stored()] == ["herzberg", "neu"]


def test_report_speaks_to_people() -> None:
    report = LoadReport(created=["a"], updated=["b: name"], kept=["c: seat"], unchanged=3)
    assert report.lines() == [
        "1 neu, 1 geändert, 3 unverändert, 1 von der Redaktion bearbeitet und behalten",
        "  geändert: b: name",
        "  behalten: c: seat",
    ]


def test_missing_language_is_named() -> None:
    with pytest.raises(ContentError, match="Es fehlt „title“ in der Sprache en"):
        translated({"title": {"de": "Weg", "de-simple": "Weg"}}, "title")
