"""Writing drafts: nothing that was typed is lost, whatever happens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.urls import reverse

from elbe_elster.accounts.models import Role
from elbe_elster.strategy.actions.examples import load_examples
from elbe_elster.strategy.drafting.content import data_of, posted, written
from elbe_elster.strategy.drafting.fields import read_number, write_number
from elbe_elster.strategy.drafting.periods import read_period, write_period
from elbe_elster.strategy.models import Curation, Draft, DraftVersion, Measure, Precision, ProjectProfile, Publication
from tests.factories import (
    ActionFieldFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectProfileFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
EDIT = "/redaktion/massnahmen/{}/bearbeiten/"


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the page, with some boxes changed."""
    work = page.context["work"]
    data = dict(data_of(work.text, work.kind).lists())
    data |= {"stamp": [page.context["stamp"]], "opened": [page.context["opened"]]}
    return {name: value for name, value in {**data, **changes}.items() if value != [""] or name in {"stamp", "opened"}}


def entrusted(user: User, measure: Measure) -> User:
    Curation.objects.create(user=user, measure=measure)
    return user


@pytest.mark.parametrize(
    ("text", "date", "precision", "again"),
    [
        ("12.6.2026", dt.date(2026, 6, 12), Precision.DAY, "12.06.2026"),
        ("2026-06-12", dt.date(2026, 6, 12), Precision.DAY, "12.06.2026"),
        ("03/2026", dt.date(2026, 3, 1), Precision.MONTH, "03/2026"),
        ("3/2026", dt.date(2026, 3, 1), Precision.MONTH, "03/2026"),
        (" März  2026", dt.date(2026, 3, 1), Precision.MONTH, "03/2026"),
        ("Okt. 2026", dt.date(2026, 10, 1), Precision.MONTH, "10/2026"),
        ("3. Quartal 2026", dt.date(2026, 7, 1), Precision.QUARTER, "3. Quartal 2026"),
        ("Q4/2026", dt.date(2026, 10, 1), Precision.QUARTER, "4. Quartal 2026"),
        ("IV/2026", dt.date(2026, 10, 1), Precision.QUARTER, "4. Quartal 2026"),
        ("2027", dt.date(2027, 1, 1), Precision.YEAR, "2027"),
    ],
)
def test_periods_are_read_as_people_write_them(text: str, date: dt.date, precision: str, again: str) -> None:
    period = read_period(text)
    assert period == (date, precision)
    assert write_period(date, precision) == again
    assert read_period(again) == period


@pytest.mark.parametrize("text", ["bald", "13/2026", "31.02.2026", "5. Quartal 2026", "26", "Ju 2026", "2026/2027", ""])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250.000,50 €", Decimal("1250000.50")),
        ("1.250", Decimal(1250)),
        ("12.5", Decimal("12.5")),
        ("1 250 Euro", Decimal(1250)),
        ("-3,5", Decimal("-3.5")),
        ("viel", None),
        ("1e5", None),
        ("NaN", None),
    ],
)
def test_numbers_are_read_in_german_and_english(text: str, number: Decimal | None) -> None:
    assert read_number(text) == number
    if number is not None:
        assert read_number(write_number(number)) == number


def test_a_draft_stands_beside_what_is_published(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(description_de="Alt.\n", starts_on=dt.date(2026, 3, 1))
    MilestoneFactory(measure=measure, title_de="Ausschreibung", due_on=dt.date(2026, 9, 30), due_precision="quarter")
    browser = sign_in(entrusted(curator, measure))
    page = browser.get(EDIT.format(measure.number))
    assert page.context["work"].text["milestones"][0]["due"] == "3. Quartal 2026"
    assert Draft.objects.count() == 0  # looking writes nothing

    answer = browser.post(EDIT.format(measure.number), sent(page))
    assert Draft.objects.count() == 0  # nor does saving what is there already
    assert answer.status_code == 302

    answer = browser.post(
        EDIT.format(measure.number), sent(page, description_de="Neu\r\nund *gut*", starts="irgendwann")
    )
    draft = Draft.objects.get()
    measure.refresh_from_db()
    assert (measure.description_de, measure.starts_on) == ("Alt.\n", dt.date(2026, 3, 1))
    assert (draft.values["description_de"], draft.values["starts"]) == ("Neu\nund *gut*", "irgendwann")
    assert (draft.base, draft.revision, draft.updated_by) == (written(measure), 1, curator)
    shown = browser.get(EDIT.format(measure.number))
    assert "irgendwann" in shown.content.decode()
    assert "Schreiben Sie einen Zeitpunkt wie" in shown.content.decode()
    assert "Neu\nund *gut*" in shown.content.decode()


def test_what_is_sent_unchanged_is_the_same(content: None, publisher: User, sign_in: SignIn) -> None:
    load_examples()
    browser = sign_in(publisher)
    for address in [
        *(EDIT.format(measure.number) for measure in Measure.objects.all()),
        *(f"/redaktion/projekte/{profile.slug}/bearbeiten/" for profile in ProjectProfile.objects.all()[:3]),
    ]:
        page = browser.get(address)
        work = page.context["work"]
        for data in (data_of(work.text, work.kind), QueryDict(page.context["opened"])):
            assert posted(work.kind, data, number=work.number) == work.text, address


def test_a_second_click_is_harmless(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    browser = sign_in(entrusted(curator, measure))
    page = browser.get(EDIT.format(measure.number))
    for _click in range(2):
        browser.post(EDIT.format(measure.number), sent(page, title_de="Besser"))
    assert [(draft.revision, draft.values["title_de"]) for draft in Draft.objects.all()] == [(1, "Besser")]
    assert DraftVersion.objects.count() == 0


def test_rows_are_added_and_removed_without_a_script(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    kept = MilestoneFactory(measure=measure, title_de="Bleibt")
    browser = sign_in(entrusted(curator, measure))
    address = EDIT.format(measure.number)
    page = browser.get(address)
    answer = browser.post(address, sent(page, add="milestones"))
    assert answer.url == f"{address}#tabelle-milestones"
    rows = Draft.objects.get().values["milestones"]
    assert [row["key"].isdigit() for row in rows] == [True, False]

    page = browser.get(address)
    new = rows[1]["key"]
    browser.post(address, sent(page, **{f"milestones-{kept.pk}-remove": "on", f"milestones-{new}-title_de": "Neu"}))
    rows = Draft.objects.get().values["milestones"]
    assert [(row["title_de"], row["remove"]) for row in rows] == [("Bleibt", "on"), ("Neu", "")]

    page = browser.get(address)
    browser.post(address, sent(page, **{f"milestones-{new}-remove": "on"}))
    assert [row["title_de"] for row in Draft.objects.get().values["milestones"]] == ["Bleibt"]


def test_the_script_hears_what_was_saved_and_who_else_is_here(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    address = EDIT.format(measure.number)
    browser = sign_in(entrusted(curator, measure))
    page = browser.get(address)
    sign_in(publisher).get(address)
    answer = browser.post(address, sent(page, title_de="Besser"), headers={"Accept": "application/json"})
    draft = Draft.objects.get()
    told = answer.json()
    assert (told["stamp"], told["others"]) == (f"{draft.pk}.1", ["Freigabe"])
    assert len(told["time"]) == 5


def test_two_people_write_and_nothing_is_lost(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(title_de="Alt", need_de="Weil.", benefit_de="Gut.")
    address = EDIT.format(measure.number)
    first, second = sign_in(entrusted(curator, measure)), sign_in(publisher)
    mine, theirs = first.get(address), second.get(address)
    second.post(address, sent(theirs, title_de="Ihrer", need_de="Ihr Grund."))
    answer = first.post(address, sent(mine, title_de="Meiner", benefit_de="Sehr gut."))
    assert answer.url == f"/redaktion/massnahmen/{measure.number}/abgleich/"
    assert Draft.objects.get().values["title_de"] == "Ihrer"
    told = first.post(address, sent(mine, title_de="Meiner 2"), headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["merge"]) == (409, answer.url)

    page = first.get(answer.url)
    shown = {one.name: (one.base, one.mine, one.theirs, one.chosen) for one in page.context["comparison"].shown}
    assert shown == {
        "title_de": ("Alt", "Meiner 2", "Ihrer", ""),
        "need_de": ("Weil.", "Weil.", "Ihr Grund.", "theirs"),
    }
    choice = {"stamp": page.context["work"].stamp, "choice-title_de": "own", "own-title_de": "Unserer"}
    assert first.post(answer.url, {**choice, "stamp": "0"}).status_code == 409
    assert first.post(answer.url, choice).status_code == 302
    draft = Draft.objects.get()
    assert (draft.values["title_de"], draft.values["need_de"]) == ("Unserer", "Ihr Grund.")
    assert DraftVersion.objects.count() == 0
    assert first.get(answer.url).url == address


def test_what_one_person_wrote_on_two_stale_pages_is_kept_twice(
    curator: User, publisher: User, sign_in: SignIn
) -> None:
    measure = MeasureFactory(title_de="Alt")
    address = EDIT.format(measure.number)
    first, second = sign_in(entrusted(curator, measure)), sign_in(publisher)
    one = first.get(address)
    second.post(address, sent(second.get(address), title_de="Ihrer"))
    two = first.get(address)
    second.post(address, sent(second.get(address), title_de="Ihrer 2"))
    for text in ("Eins", "Eins, besser"):
        first.post(address, sent(one, title_de=text))
    first.post(address, sent(two, title_de="Zwei"))
    assert [version.values["title_de"] for version in DraftVersion.objects.all()] == ["Eins, besser", "Zwei"]
    merge = address.replace("bearbeiten", "abgleich")
    for _version in range(2):
        page = first.get(merge)
        first.post(merge, {"stamp": page.context["work"].stamp, "choice-title_de": "mine"})
    assert Draft.objects.get().values["title_de"] == "Zwei"
    assert DraftVersion.objects.count() == 0


def test_a_new_row_of_one_survives_the_merge_with_the_other(curator: User, publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    address = EDIT.format(measure.number)
    first, second = sign_in(entrusted(curator, measure)), sign_in(publisher)
    mine, theirs = first.get(address), second.get(address)
    row = {"row": "1", "title_de": "Schritt", "state": "open"}
    second.post(address, sent(theirs, **{f"milestones-nb-{name}": value for name, value in row.items()}))
    first.post(address, sent(mine, **{f"milestones-na-{name}": value for name, value in row.items()}))
    merge = address.replace("bearbeiten", "abgleich")
    page = first.get(merge)
    assert [(one.label, one.chosen) for one in page.context["comparison"].shown] == [
        ("Meilenstein „Schritt“", "mine"),
        ("Meilenstein „Schritt“", "theirs"),
    ]
    first.post(merge, {"stamp": page.context["work"].stamp})
    assert [row["key"] for row in Draft.objects.get().values["milestones"]] == ["na", "nb"]


def test_who_was_signed_out_finds_the_text_again(curator: User, sign_in: SignIn, client: PortalClient) -> None:
    measure = MeasureFactory()
    address = EDIT.format(measure.number)
    page = sign_in(entrusted(curator, measure)).get(address)
    answer = client.post(address, sent(page, title_de="Nicht verloren"))
    assert answer.url.startswith("/konto/anmelden/?next=")
    client.force_login(curator)
    shown = client.get(address).content.decode()
    assert "Nicht verloren" in shown
    assert "Ihr Text von vorhin ist noch da." in shown
    assert "Nicht verloren" not in client.get(address).content.decode()  # kept once
    assert Draft.objects.count() == 0


def test_something_new_begins_with_a_title(curator: User, sign_in: SignIn) -> None:
    MeasureFactory(number="M-07")
    browser = sign_in(curator)
    page = browser.get(reverse("strategy:measure-add"))
    token = page.context["form"]["token"].value()
    refused = browser.post(reverse("strategy:measure-add"), {"title": "", "token": token})
    assert refused.status_code == 422
    answers = [browser.post(reverse("strategy:measure-add"), {"title": "Rufbus", "token": token}) for _click in "ab"]
    draft = Draft.objects.get()
    assert {answer.url for answer in answers} == {f"/redaktion/entwuerfe/{draft.pk}/bearbeiten/"}
    assert (draft.values["title_de"], draft.values["number"], draft.created_by) == ("Rufbus", "M-08", curator)
    shown = browser.get(answers[0].url)
    assert shown.status_code == 200
    assert shown.content.decode().count('class="kern-error"') == 0  # what is missing is no error while one writes
    assert browser.get(f"{answers[0].url}?pruefen=1").content.decode().count('class="kern-error"') == 2


def test_markdown_is_shown_as_the_page_shows_it(curator: User, sign_in: SignIn) -> None:
    text = "**fett** <script>alert(1)</script> [x](javascript:alert(1))"
    answer = sign_in(curator).post(reverse("strategy:markdown-preview"), {"text": text})
    assert answer.content.decode() == (
        "<p><strong>fett</strong> &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1))</p>\n"
    )


def test_a_translation_is_outdated_until_somebody_says_it_is_right(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory(need_de="Alt.", need_en="Old.", title_en="Title")
    address = EDIT.format(measure.number)
    browser = sign_in(entrusted(curator, measure))
    page = browser.get(address)
    assert page.context["work"].outdated() == set()
    browser.post(address, sent(page, need_de="Neu."))
    page = browser.get(address)
    assert page.context["work"].outdated() == {"need_en"}
    assert "veraltet" in page.content.decode()
    browser.post(address, sent(page, still_right=["need_en"]))
    page = browser.get(address)
    assert page.context["work"].outdated() == set()
    browser.post(address, sent(page, need_en="New.", still_right=[]))
    assert browser.get(address).context["work"].outdated() == set()


def test_a_draft_is_thrown_away_after_a_question(curator: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    browser = sign_in(entrusted(curator, measure))
    address = EDIT.format(measure.number)
    browser.post(address, sent(browser.get(address), title_de="Weg"))
    question = address.replace("bearbeiten", "verwerfen")
    assert "lässt sich nicht zurückholen" in browser.get(question).content.decode()
    assert Draft.objects.count() == 1
    browser.post(question)
    assert Draft.objects.count() == 0


SHOWN = ["bearbeiten", "abgleich", "freigabe", "vorschau", "verwerfen"]
SENT = ["bearbeiten", "abgleich", "freigabe", "verwerfen", "zurueckholen"]
STORED = ["verlauf", "zurueckziehen", "papierkorb"]


@pytest.fixture
def places(admin: User) -> dict[str, str]:
    """One of each place of work."""
    public, hidden = MeasureFactory(number="M-01"), MeasureFactory(number="M-02", publication=Publication.DRAFT)
    profile = ProjectProfileFactory(measure=public)
    draft = Draft.objects.create(kind="measure", values={**written(Measure()), "title_de": "Neu"}, created_by=admin)
    return {
        "public": f"/redaktion/massnahmen/{public.number}/",
        "hidden": f"/redaktion/massnahmen/{hidden.number}/",
        "profile": f"/redaktion/projekte/{profile.slug}/",
        "draft": f"/redaktion/entwuerfe/{draft.pk}/",
    }


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (None, {"public": 302, "hidden": 302, "profile": 302, "draft": 302}),
        (Role.SURVEY_TEAM, {"public": 403, "hidden": 404, "profile": 403, "draft": 404}),
        (Role.CIRCLE_OFFICE, {"public": 403, "hidden": 404, "profile": 403, "draft": 404}),
        (Role.REPRESENTATIVE, {"public": 403, "hidden": 404, "profile": 403, "draft": 404}),
        (Role.CURATOR, {"public": 403, "hidden": 403, "profile": 403, "draft": 403}),
    ],
)
def test_who_does_not_look_after_it_is_refused_everywhere(
    who: Role | None, refused: dict[str, int], places: dict[str, str], client: PortalClient, sign_in: SignIn
) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    for place, address in places.items():
        stored = [] if place == "draft" else STORED
        got = {page: browser.get(f"{address}{page}/").status_code for page in SHOWN + stored}
        assert got == dict.fromkeys(SHOWN + stored, refused[place])
        sent_to = SENT if place == "draft" else [*SENT, "zurueckziehen", "papierkorb", "wiederherstellen"]
        got = {page: browser.post(f"{address}{page}/").status_code for page in sent_to}
        assert got == dict.fromkeys(sent_to, refused[place])
    assert (Draft.objects.count(), Measure.objects.kept().count()) == (1, 2)


@pytest.mark.parametrize("role", [Role.CURATOR, Role.PUBLISHER, Role.ADMIN])
def test_who_looks_after_it_comes_in(role: Role, places: dict[str, str], sign_in: SignIn) -> None:
    user = UserFactory(roles=[role])
    for measure in Measure.objects.all():
        entrusted(user, measure)
    browser = sign_in(user)
    for place in ("public", "hidden", "profile"):
        got = {page: browser.get(f"{places[place]}{page}/").status_code for page in [*SHOWN, *STORED]}
        publishes = role != Role.CURATOR
        shows = place in {"public", "profile"}
        assert got == {
            "bearbeiten": 200,
            "abgleich": 302,
            "freigabe": 200,
            "vorschau": 302,
            "verwerfen": 302,
            "verlauf": 200,
            "zurueckziehen": (200 if shows else 302) if publishes else 403,
            "papierkorb": 200 if publishes or not shows else 403,
        }
    assert browser.get(f"{places['draft']}bearbeiten/").status_code == (403 if role == Role.CURATOR else 200)


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), (Role.SURVEY_TEAM, 403), (Role.REPRESENTATIVE, 403), (Role.CURATOR, 200), (Role.PUBLISHER, 200)],
)
def test_only_editors_begin_something_new(who: Role | None, status: int, client: PortalClient, sign_in: SignIn) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    for name in ("measure-add", "profile-add", "trash"):
        assert browser.get(reverse(f"strategy:{name}")).status_code == status
    assert browser.post(reverse("strategy:markdown-preview"), {"text": ""}).status_code == status


def test_a_new_draft_is_open_to_whoever_looks_after_its_field(curator: User, sign_in: SignIn) -> None:
    field = ActionFieldFactory()
    values = {**written(Measure()), "title_de": "Neu", "primary_field": str(field.pk)}
    draft = Draft.objects.create(kind="measure", values=values, created_by=None)
    browser = sign_in(curator)
    address = f"/redaktion/entwuerfe/{draft.pk}/bearbeiten/"
    assert browser.get(address).status_code == 403
    Curation.objects.create(user=curator, action_field=field)
    assert browser.get(address).status_code == 200


def test_the_editor_asks_as_often_for_many_rows_as_for_one(
    publisher: User, sign_in: SignIn, count_queries: Any
) -> None:
    measure = MeasureFactory()
    GoalFactory()
    browser = sign_in(publisher)
    counts = []
    for _round in range(2):
        for _row in range(len(counts) * 2 + 1):
            MilestoneFactory(measure=measure)
        browser.get(EDIT.format(measure.number))
        with count_queries() as queries:
            browser.get(EDIT.format(measure.number))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_began_is_sent_back_as_it_was() -> None:
    values = {"title_de": "A & B", "goals": ["1", "2"], "milestones": [{"key": "5", "title_de": "X"}]}
    text = data_of(values, "measure")
    assert dict(text.lists()) == {
        "title_de": ["A & B"],
        "goals": ["1", "2"],
        "milestones-5-title_de": ["X"],
        "milestones-5-row": ["1"],
    }
    assert parse_qs("a=1") == {"a": ["1"]}
