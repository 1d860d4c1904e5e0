"""Writing drafts: nothing that was typed is lost, whatever happens."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.urls import reverse

from elbe_elster.strategy.actions.examples import load_examples
from elbe_elster.strategy.drafting.content import data_of, posted, written
from elbe_elster.strategy.models import Curation, Draft, DraftVersion, Measure, ProjectProfile
from tests.factories import (
    GoalFactory,
    IndicatorFactory,
    MeasureFactory,
    MilestoneFactory,
)

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
EDIT = "/redaktion/massnahmen/{}/bearbeiten/"


def sent(page: Any, /, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the page, with some boxes changed."""
    work = page.context["work"]
    data = dict(data_of(work.text, work.kind).lists())
    marks = {name: [page.context[name]] for name in ("stamp", "opened", "page")}
    return {name: value for name, value in {**data, **marks, **changes}.items() if value != [""] or name in marks}


def entrusted(user: User, measure: Measure) -> User:
    Curation.objects.create(user=user, measure=measure)
    return user


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


def test_every_box_has_its_own_label(publisher: User, sign_in: SignIn) -> None:
    measure = MeasureFactory()
    IndicatorFactory(measure=measure, headline=True)
    IndicatorFactory(measure=measure, headline=False)
    MilestoneFactory(measure=measure)
    page = sign_in(publisher).get(EDIT.format(measure.number)).content.decode()
    names = re.findall(r'\sid="([^"]+)"', page)
    assert [name for name in names if "-headline" in name] == [
        f"id_indicators-{key}-headline" for key in (*measure.indicators.values_list("pk", flat=True), "__key__")
    ]
    assert sorted(names) == sorted(set(names))


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
    assert answer["Location"] == f"{address}#tabelle-milestones"
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
    assert answer["Location"] == f"/redaktion/massnahmen/{measure.number}/abgleich/"
    assert Draft.objects.get().values["title_de"] == "Ihrer"
    told = first.post(address, sent(mine, title_de="Meiner 2"), headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["merge"]) == (409, answer["Location"])

    page = first.get(answer["Location"])
    shown = {one.name: (one.base, one.mine, one.theirs, one.chosen) for one in page.context["comparison"].shown}
    assert shown == {
        "title_de": ("Alt", "Meiner 2", "Ihrer", ""),
        "need_de": ("Weil.", "Weil.", "Ihr Grund.", "theirs"),
    }
    choice = {"stamp": page.context["comparison"].stamp, "choice-title_de": "own", "own-title_de": "Unserer"}
    assert first.post(answer["Location"], {**choice, "stamp": "0"}).status_code == 409
    assert first.post(answer["Location"], choice).status_code == 302
    draft = Draft.objects.get()
    assert (draft.values["title_de"], draft.values["need_de"]) == ("Unserer", "Ihr Grund.")
    assert DraftVersion.objects.count() == 0
    assert first.get(answer["Location"])["Location"] == address


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
        first.post(merge, {"stamp": page.context["comparison"].stamp, "choice-title_de": "mine"})
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
    first.post(merge, {"stamp": page.context["comparison"].stamp})
    assert [row["key"] for row in Draft.objects.get().values["milestones"]] == ["na", "nb"]


def test_who_was_signed_out_finds_the_text_again(curator: User, sign_in: SignIn, client: PortalClient) -> None:
    measure = MeasureFactory()
    address = EDIT.format(measure.number)
    page = sign_in(entrusted(curator, measure)).get(address)
    answer = client.post(address, sent(page, title_de="Nicht verloren"))
    assert answer["Location"].startswith("/konto/anmelden/?next=")
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
    assert {answer["Location"] for answer in answers} == {f"/redaktion/entwuerfe/{draft.pk}/bearbeiten/"}
    assert (draft.values["title_de"], draft.values["number"], draft.created_by) == ("Rufbus", "M-08", curator)
    shown = browser.get(answers[0]["Location"])
    assert shown.status_code == 200
    assert shown.content.decode().count('class="kern-error"') == 0  # what is missing is no error while one writes
    assert browser.get(f"{answers[0]['Location']}?pruefen=1").content.decode().count('class="kern-error"') == 2


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


def test_the_editor_asks_as_often_for_many_rows_as_for_one(
    publisher: User, sign_in: SignIn, same_queries_for_one_and_three: Any
) -> None:
    measure = MeasureFactory()
    GoalFactory()
    same_queries_for_one_and_three(
        lambda: MilestoneFactory(measure=measure), EDIT.format(measure.number), sign_in(publisher)
    )


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
