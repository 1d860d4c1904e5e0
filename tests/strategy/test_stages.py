"""An administration tells its own stage: who may, what is stored, what the Chronik says, and its public page."""

from __future__ import annotations

import datetime as dt
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from elbe_elster.accounts.models import Role
from elbe_elster.region.models import Administration
from elbe_elster.strategy.actions.stages import Told, tell_stage
from elbe_elster.strategy.models import Adoption, ChronicleEntry, EntryKind
from elbe_elster.strategy.permissions import can_tell_stage
from tests.factories import AdministrationFactory, AdoptionFactory, MeasureFactory, SeatHolderFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PATH = "/kommunen/finsterwalde/stand/"
DAY = dt.date(2026, 11, 23)


def stored() -> list[tuple[str, str, str, dt.date, str, str]]:
    rows = Adoption.objects.order_by("measure__slug", "administration__slug")
    names = ("measure__slug", "administration__slug", "stage", "since", "note", "contact_email")
    return list(rows.values_list(*names))


def sentences() -> list[str]:
    return list(ChronicleEntry.objects.order_by("pk").values_list("text", flat=True))


def opened(browser: PortalClient, path: str = PATH) -> dict[str, str]:
    """Everything the form on the page would send, untouched."""
    html = browser.get(path).content.decode()
    sent = {}
    for tag in re.findall(r"<input\s[^>]*>", html):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("name", "").startswith(("m", "initial-m")):
            sent[given["name"]] = given.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="(m\d+-stage)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="(\w*)"\s+selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.fixture
def finsterwalde(representative: User) -> Administration:
    return Administration.objects.get(slug="finsterwalde")


# Who may ----------------------------------------------------------------------


def test_only_the_own_administration(  # noqa: PLR0917 -- one person each
    representative: User, stranger: User, admin: User, curator: User, circle_office: User, sign_in: SignIn,
    visitor: PortalClient,
) -> None:  # fmt: skip
    MeasureFactory(slug="m")
    former: User = UserFactory(roles=[Role.REPRESENTATIVE])
    administration = Administration.objects.get(slug="finsterwalde")
    seat = representative.seats.get().seat
    SeatHolderFactory(user=former, seat=seat, part="deputy", starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 1, 1))
    deputy: User = UserFactory(roles=[Role.REPRESENTATIVE])
    SeatHolderFactory(user=deputy, seat=seat, part="deputy")
    people: dict[str, User] = {"representative": representative, "deputy": deputy, "admin": admin, "stranger": stranger,
              "curator": curator, "office": circle_office, "former": former}  # fmt: skip
    expected = dict.fromkeys(("representative", "deputy", "admin"), 200)
    for name, person in people.items():
        browser = sign_in(person)
        status = expected.get(name, 403)
        assert (browser.get(PATH).status_code, browser.post(PATH, {}).status_code) == (
            status,
            302 if status == 200 else 403,
        ), name
        assert can_tell_stage(person, administration) == (status == 200), name
    refused = sign_in(stranger).get(PATH).content.decode()
    assert "Sie können nur Ihren eigenen Stand ändern." in refused
    for answer in (visitor.get(PATH), visitor.post(PATH, {})):
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/konto/anmelden/")
    assert sign_in(admin).get("/kommunen/gibt-es-nicht/stand/").status_code == 404
    assert stored() == []


def test_strangers_change_nothing(stranger: User, finsterwalde: Administration, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    answer = sign_in(stranger).post(PATH, {f"m{measure.pk}-stage": "in_use"})
    assert (answer.status_code, stored(), sentences()) == (403, [], [])


# The form ---------------------------------------------------------------------


def test_several_at_once_and_only_what_was_changed(
    representative: User, finsterwalde: Administration, sign_in: SignIn, time_machine: Any
) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))
    one, two, three = (MeasureFactory(slug=slug) for slug in ("m1", "m2", "m3"))
    AdoptionFactory(measure=three, administration=finsterwalde, note="bleibt")
    browser = sign_in(representative)
    data = opened(browser)
    assert len(data) == 3 * 8
    data |= {f"m{one.pk}-stage": "in_use", f"m{one.pk}-since": "2026-05-01", f"m{two.pk}-stage": "interested"}
    data |= {f"m{two.pk}-note": "Wer hilft?", f"m{two.pk}-contact_email": "it@finsterwalde.example"}
    for _again in range(2):  # a double click is harmless
        assert browser.post(PATH, data).status_code == 302
        assert stored() == [
            ("m1", "finsterwalde", "in_use", dt.date(2026, 5, 1), "", ""),
            ("m2", "finsterwalde", "interested", DAY, "Wer hilft?", "it@finsterwalde.example"),
            ("m3", "finsterwalde", "planned", dt.date(2026, 2, 1), "bleibt", ""),
        ]
        assert sentences() == [
            "Stadt Finsterwalde hat die Maßnahme im Einsatz.",
            "Stadt Finsterwalde hat Interesse an dieser Maßnahme.",
        ]
    assert list(ChronicleEntry.objects.order_by("pk").values_list("kind", "date")) == [
        (EntryKind.ADOPTION, dt.date(2026, 5, 1)),
        (EntryKind.ADOPTION, DAY),
    ]


def test_a_new_stage_with_the_old_day_counts_from_today(
    representative: User, finsterwalde: Administration, sign_in: SignIn, time_machine: Any
) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))
    row = AdoptionFactory(measure=MeasureFactory(slug="m"), administration=finsterwalde)
    browser = sign_in(representative)
    browser.post(PATH, opened(browser) | {f"m{row.measure_id}-stage": "piloting"})
    assert stored() == [("m", "finsterwalde", "piloting", DAY, "", "")]


def test_two_people_lose_nothing(representative: User, finsterwalde: Administration, sign_in: SignIn) -> None:
    touched = AdoptionFactory(measure=MeasureFactory(slug="a"), administration=finsterwalde)
    other = AdoptionFactory(measure=MeasureFactory(slug="b"), administration=finsterwalde)
    browser = sign_in(representative)
    data = opened(browser)
    for row in (touched, other):  # meanwhile the deputy was here
        tell_stage(measure=row.measure, administration=finsterwalde, told=Told("in_use"), actor=representative)
    after = stored()
    answer = browser.post(PATH, data | {f"m{touched.measure_id}-stage": "stopped"})
    assert answer.status_code == 422
    assert "Jetzt steht dort: Im Einsatz." in answer.content.decode()
    assert stored() == after
    assert browser.post(PATH, data).status_code == 302  # nothing changed by this person: nothing written
    assert stored() == after


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stage": "nonsense"}, ""),
        ({"stage": "planned", "since": "2999-01-01"}, "Dieser Tag liegt noch vor uns."),
        ({"stage": "planned", "since": "gestern"}, ""),
        ({"stage": "planned", "contact_email": "keine"}, ""),
        ({"stage": "planned", "note": "x" * 301}, ""),
    ],
)
def test_nonsense_is_refused_and_stays_typed(
    representative: User, finsterwalde: Administration, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    measure, good = MeasureFactory(), MeasureFactory()
    browser = sign_in(representative)
    sent = {f"m{measure.pk}-{name}": value for name, value in changes.items()} | {f"m{good.pk}-stage": "in_use"}
    answer = browser.post(PATH, opened(browser) | sent)
    page = answer.content.decode()
    assert (answer.status_code, stored(), said in page) == (422, [], True)
    assert [value for name, value in changes.items() if name != "stage" and value not in page] == []


def test_measures_nobody_sees_are_neither_shown_nor_written(
    representative: User, finsterwalde: Administration, sign_in: SignIn
) -> None:
    hidden = [
        MeasureFactory(publication="draft", title_de="Geheim A"),
        MeasureFactory(publication="withdrawn", title_de="Geheim B"),
        MeasureFactory(trashed_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), title_de="Geheim C"),
    ]
    browser = sign_in(representative)
    assert "Geheim" not in browser.get(PATH).content.decode()
    sent = {f"m{measure.pk}-stage": "in_use" for measure in hidden} | {f"m{'9' * 18}-stage": "x", "mx-stage": "x"}
    assert (browser.post(PATH, sent).status_code, stored(), sentences()) == (302, [], [])
    for measure in hidden:
        with pytest.raises(ValidationError):
            tell_stage(measure=measure, administration=finsterwalde, told=Told("in_use"), actor=representative)


def test_queries_of_the_form(
    representative: User, finsterwalde: Administration, sign_in: SignIn,
    same_queries_for_one_and_three: Callable[..., int],
) -> None:  # fmt: skip
    browser = sign_in(representative)
    same_queries_for_one_and_three(lambda: AdoptionFactory(administration=finsterwalde), PATH, browser)


# The Chronik ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (["interested", "planned", "piloting"], ["Stadt Finsterwalde erprobt die Maßnahme."]),
        (["planned", ""], []),
        (["planned", "planned"], ["Stadt Finsterwalde plant, die Maßnahme einzuführen."]),
        ([""], []),
    ],
)
def test_the_last_word_of_a_day_counts(
    representative: User, finsterwalde: Administration, day: list[str], expected: list[str]
) -> None:
    measure = MeasureFactory()
    for stage in day:
        tell_stage(measure=measure, administration=finsterwalde, told=Told(stage), actor=representative)
    assert sentences() == expected
    assert list(ChronicleEntry.objects.public().told_by(finsterwalde)) == list(ChronicleEntry.objects.all())


def test_back_to_the_morning_is_no_news_but_another_day_is(representative: User, finsterwalde: Administration) -> None:
    measure = MeasureFactory()

    def tell(stage: str, day: dt.date) -> None:
        tell_stage(measure=measure, administration=finsterwalde, told=Told(stage), actor=representative, today=day)

    tell("planned", DAY - dt.timedelta(days=2))
    for stage in ("in_use", "planned"):
        tell(stage, DAY - dt.timedelta(days=1))
    assert sentences() == ["Stadt Finsterwalde plant, die Maßnahme einzuführen."]
    tell("", DAY)
    assert sentences() == [
        "Stadt Finsterwalde plant, die Maßnahme einzuführen.",
        "Stadt Finsterwalde hat die Angabe zum eigenen Stand zurückgezogen.",
    ]
    assert stored() == []


def test_other_administrations_and_measures_are_left_alone(representative: User, finsterwalde: Administration) -> None:
    measure = MeasureFactory()
    plessa = AdministrationFactory(slug="amt-plessa", name="Amt Plessa")
    for administration in (finsterwalde, plessa):
        tell_stage(measure=measure, administration=administration, told=Told("planned"), actor=representative)
    tell_stage(measure=measure, administration=finsterwalde, told=Told("in_use"), actor=representative)
    assert sentences() == [
        "Amt Plessa plant, die Maßnahme einzuführen.",
        "Stadt Finsterwalde hat die Maßnahme im Einsatz.",
    ]


def test_the_history_knows_who(representative: User, finsterwalde: Administration) -> None:
    from elbe_elster.strategy.models import AdoptionEvent  # type: ignore[attr-defined]

    tell_stage(measure=MeasureFactory(), administration=finsterwalde, told=Told("planned"), actor=representative)
    [event] = AdoptionEvent.objects.select_related("pgh_context")
    assert (event.stage, event.pgh_context.metadata["user"]) == ("planned", representative.pk)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment(representative: User, finsterwalde: Administration) -> None:
    measure = MeasureFactory(slug="m")
    start = threading.Barrier(4)

    def tell() -> None:
        start.wait()
        try:
            tell_stage(measure=measure, administration=finsterwalde, told=Told("in_use"), actor=representative)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row[:3] for row in stored()] == [("m", "finsterwalde", "in_use")]
    assert sentences() == ["Stadt Finsterwalde hat die Maßnahme im Einsatz."]


# The public page --------------------------------------------------------------


def test_the_page_of_an_administration(visitor: PortalClient, finsterwalde: Administration) -> None:
    for number, stage in enumerate(("planned", "in_use", "not_concerned", "in_use", "stopped"), start=1):
        measure = MeasureFactory(number=f"M-{number}", slug=f"m-{number}")
        AdoptionFactory(measure=measure, administration=finsterwalde, stage=stage, contact_email="it@fi.example")
    for fields in ({"publication": "draft"}, {"publication": "withdrawn"}):
        AdoptionFactory(measure=MeasureFactory(title_de="Geheim", **fields), administration=finsterwalde)
    AdoptionFactory(note="Von nebenan")
    page = visitor.get("/kommunen/finsterwalde/")
    assert [(row.measure.slug, row.stage) for row in page.context["adoptions"]] == [
        ("m-2", "in_use"),
        ("m-4", "in_use"),
        ("m-1", "planned"),
        ("m-5", "stopped"),
    ]
    assert [row.measure.slug for row in page.context["not_concerned"]] == ["m-3"]
    assert [(str(label), step, number) for label, step, number in page.context["counts"]] == [
        ("Im Einsatz", 4, 2),
        ("Geplant", 2, 1),
        ("Beendet", 0, 1),
        ("Nicht betroffen", 0, 1),
    ]
    html = page.content.decode()
    assert ("Geheim" in html, "Von nebenan" in html, 'href="/massnahmen/?kommune=finsterwalde"' in html) == (
        False,
        False,
        True,
    )


def test_its_entries_and_nobody_elses(
    visitor: PortalClient, representative: User, stranger: User, finsterwalde: Administration
) -> None:
    measure, gone = MeasureFactory(), MeasureFactory()
    plessa = Administration.objects.get(slug="amt-plessa")
    for row in (measure, gone):
        tell_stage(measure=row, administration=finsterwalde, told=Told("planned"), actor=representative)
    tell_stage(measure=measure, administration=plessa, told=Told("in_use"), actor=stranger)
    type(gone).objects.filter(pk=gone.pk).update(publication="withdrawn")
    page = visitor.get("/kommunen/finsterwalde/")
    assert [entry.text for entry in page.context["entries"]] == ["Stadt Finsterwalde plant, die Maßnahme einzuführen."]
    assert len(page.context["adoptions"]) == 1


def test_queries_of_the_page(
    finsterwalde: Administration, representative: User, same_queries_for_one_and_three: Callable[..., int]
) -> None:
    def make() -> None:
        tell_stage(measure=MeasureFactory(), administration=finsterwalde, told=Told("planned"), actor=representative)

    assert same_queries_for_one_and_three(make, "/kommunen/finsterwalde/") <= 8
