"""Following by e-mail: asked for, confirmed, changed, ended; and nobody learns who follows what."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions.following import forget_unconfirmed, request_subscription
from elbe_elster.strategy.models import Measure, Subscription
from elbe_elster.strategy.models.following import sign_subscriptions
from tests.factories import ActionFieldFactory, MeasureFactory, SubscriptionFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
FORM = "/neues/per-e-mail/"
GIVEN = {"what": "alles", "frequency": "weekly", "email": "anna@example.org", "website": ""}


def rows() -> list[tuple[str, str | None, str | None, str, str, bool]]:
    found = Subscription.objects.order_by("email", "pk").select_related("measure", "action_field")
    return [
        (
            row.email,
            row.measure.slug if row.measure else None,
            row.action_field.slug if row.action_field else None,
            row.frequency,
            row.language,
            row.confirmed_at is not None,
        )
        for row in found
    ]


def link(letter: Letter, word: str) -> str:
    """The path of the one link in a letter that holds the word."""
    [found] = {found for found in re.findall(r"https?://\S+", letter.text) if word in found}
    return str(urlsplit(found).path)


def header(letter: Letter, name: str) -> str:
    return str(message_from_bytes(bytes(letter.message or b""), policy=policy.default)[name]).strip()


# Asking -----------------------------------------------------------------------


def test_from_the_form_to_the_confirmed_row(visitor: PortalClient) -> None:
    measure = MeasureFactory(slug="rufbus", title_de="Rufbus", number="M-03")
    page = visitor.get(f"{FORM}?massnahme=rufbus")
    assert page.context["form"]["what"].initial == "massnahme"
    answer = visitor.post(f"{FORM}?massnahme=rufbus", GIVEN | {"what": "massnahme", "frequency": "at_once"})
    assert (answer.status_code, answer["Location"]) == (302, f"{FORM}angefragt/")
    assert rows() == [("anna@example.org", "rufbus", None, "at_once", "de", False)]
    [letter] = Letter.objects.all()
    assert (letter.recipient, letter.kind) == ("anna@example.org", "Neues per E-Mail")
    assert "Es geht um: M-03 Rufbus." in letter.text
    confirm = link(letter, "bestaetigen")
    assert "Ja, schreiben Sie mir" in visitor.get(confirm).content.decode()
    assert rows()[0][-1] is False  # mail scanners open links
    answer = visitor.post(confirm, follow=True)
    assert "Bestätigt." in answer.content.decode()
    assert str(measure) in answer.content.decode()
    assert rows() == [("anna@example.org", "rufbus", None, "at_once", "de", True)]
    for again in (visitor.get, visitor.post):
        assert again(confirm, follow=True).redirect_chain == [(confirm.replace("bestaetigen", "verwalten"), 302)]


@pytest.mark.parametrize(
    ("query", "initial", "offered"),
    [
        ("", "alles", ["alles", "feld-feld-1"]),
        ("?feld=feld-1", "feld-feld-1", ["alles", "feld-feld-1"]),
        ("?feld=x", "alles", ["alles", "feld-feld-1"]),
        ("?massnahme=entwurf", "alles", ["alles", "feld-feld-1"]),
        ("?massnahme=weg", "alles", ["alles", "feld-feld-1"]),
        ("?massnahme=x", "alles", ["alles", "feld-feld-1"]),
        ("?massnahme=da&feld=feld-1", "massnahme", ["massnahme", "alles", "feld-feld-1"]),
    ],
)
def test_what_is_offered(visitor: PortalClient, query: str, initial: str, offered: list[str]) -> None:
    field = ActionFieldFactory(number=1)
    for slug, publication in (("da", "published"), ("entwurf", "draft"), ("weg", "withdrawn")):
        MeasureFactory(slug=slug, publication=publication, primary_field=field, title_de=f"Titel {slug}")
    page = visitor.get(FORM + query)
    what = page.context["form"]["what"]
    assert (what.initial, [value for value, _label in what.field.choices]) == (initial, offered)
    assert "Titel entwurf" not in page.content.decode()
    assert "Titel weg" not in page.content.decode()


def test_a_field_is_followed(visitor: PortalClient) -> None:
    ActionFieldFactory(number=1)
    visitor.post(FORM, GIVEN | {"what": "feld-feld-1"})
    assert rows() == [("anna@example.org", None, "feld-1", "weekly", "de", False)]


@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""}, {"email": "keine"}, {"email": "a@b"}, {"email": "a@example.org\r\nBcc: b@example.org"},
        {"email": "x" * 250 + "@example.org"}, {"what": ""}, {"what": "massnahme"}, {"what": "feld-x"},
        {"frequency": ""}, {"frequency": "hourly"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_stays_typed(visitor: PortalClient, changes: dict[str, str]) -> None:
    answer = visitor.post(FORM, GIVEN | changes)
    assert (answer.status_code, rows(), Letter.objects.count()) == (422, [], 0)
    assert changes.get("email", "anna@example.org").split("\r")[0] in answer.content.decode()


def test_programs_are_answered_and_ignored(visitor: PortalClient) -> None:
    answer = visitor.post(FORM, GIVEN | {"website": "https://spam.example"})
    assert (answer.status_code, answer["Location"]) == (302, f"{FORM}angefragt/")
    assert (rows(), Letter.objects.count()) == ([], 0)


def test_too_many_from_one_place(visitor: PortalClient) -> None:
    statuses = [visitor.post(FORM, GIVEN | {"email": f"p{number}@example.org"}).status_code for number in range(12)]
    assert statuses == [302] * 10 + [429] * 2
    answer = visitor.post(FORM, GIVEN)
    assert "anna@example.org" in answer.content.decode()
    assert Subscription.objects.count() == 10


def test_nobody_learns_whether_an_address_is_known(visitor: PortalClient) -> None:
    SubscriptionFactory(email="anna@example.org")
    SubscriptionFactory(email="berta@example.org", confirmed_at=None)
    answers = [visitor.post(FORM, GIVEN | {"email": f"{name}@example.org"}) for name in ("anna", "berta", "clara")]
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {
        (302, f"{FORM}angefragt/", b"")
    }
    subjects = dict(Letter.objects.values_list("recipient", "subject"))
    assert subjects == {
        "anna@example.org": "Sie bekommen das schon: Neues per E-Mail",
        "berta@example.org": "Bitte bestätigen: Neues per E-Mail",
        "clara@example.org": "Bitte bestätigen: Neues per E-Mail",
    }


def test_asking_twice_makes_one_row_and_one_letter(visitor: PortalClient) -> None:
    for email in ("anna@example.org", "Anna@Example.org"):
        visitor.post(FORM, GIVEN | {"email": email, "frequency": "at_once"})
    assert rows() == [("anna@example.org", None, None, "at_once", "de", False)]
    assert Letter.objects.count() == 1


def test_nobody_is_flooded_with_first_letters() -> None:
    field = ActionFieldFactory()
    for _number in range(8):
        request_subscription(
            email="anna@example.org", measure=MeasureFactory(primary_field=field), action_field=None,
            frequency="weekly", language="de",
        )  # fmt: skip
    assert (Subscription.objects.count(), Letter.objects.count()) == (5, 5)


@pytest.mark.parametrize(("prefix", "language"), [("/en", "en"), ("/de-simple", "de-simple")])
def test_letters_lead_to_pages_in_the_language_of_the_form(visitor: PortalClient, prefix: str, language: str) -> None:
    visitor.post(prefix + FORM, GIVEN)
    assert rows()[0][4] == language
    assert link(Letter.objects.get(), "bestaetigen").startswith(f"{prefix}{FORM}bestaetigen/")


# Confirming -------------------------------------------------------------------


def test_bad_and_old_links_say_so(visitor: PortalClient) -> None:
    late = SubscriptionFactory(confirmed_at=None, created_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    fresh = SubscriptionFactory(confirmed_at=None)
    for path in ("bestaetigen/x", f"bestaetigen/{late.token}", "verwalten/x", f"verwalten/{fresh.token}"):
        for method in (visitor.get, visitor.post):
            answer = method(f"{FORM}{path}/")
            assert answer.status_code == 404
            assert "Dieser Link gilt nicht mehr" in answer.content.decode()
            assert answer["X-Robots-Tag"] == "noindex"
    assert [row[-1] for row in rows()] == [False, False]


def test_what_nobody_confirms_is_deleted_after_seven_days() -> None:
    now = timezone.now()
    old = {"created_at": now - dt.timedelta(days=7, minutes=1)}
    SubscriptionFactory(email="alt@example.org", confirmed_at=None, **old)
    SubscriptionFactory(email="bestaetigt@example.org", **old)
    SubscriptionFactory(email="neu@example.org", confirmed_at=None, created_at=now - dt.timedelta(days=6, hours=23))
    assert forget_unconfirmed(now=now) == 1
    assert [row[0] for row in rows()] == ["bestaetigt@example.org", "neu@example.org"]


# Managing ---------------------------------------------------------------------


@pytest.fixture
def anna() -> list[Subscription]:
    """What Anna follows: everything, a measure and a field; and somebody else's row."""
    SubscriptionFactory(email="berta@example.org")
    return [
        SubscriptionFactory(email="anna@example.org"),
        SubscriptionFactory(email="Anna@example.org", measure=MeasureFactory(slug="m", title_de="Rufbus")),
        SubscriptionFactory(email="anna@example.org", action_field=ActionFieldFactory(slug="f")),
    ]


def manage(row: Subscription) -> str:
    return f"{FORM}verwalten/{row.token}/"


def test_the_page_shows_what_one_address_follows(visitor: PortalClient, anna: list[Subscription]) -> None:
    before = rows()
    for row in anna:
        assert list(visitor.get(manage(row)).context["rows"]) == anna
    assert rows() == before


def test_a_withdrawn_measure_has_no_name(visitor: PortalClient, anna: list[Subscription]) -> None:
    Measure.objects.update(publication="withdrawn", title="Noch geheim")
    for path in (manage(anna[1]), f"{FORM}abbestellen/{sign_subscriptions([anna[1].pk])}/"):
        html = visitor.get(path).content.decode()
        assert ("Noch geheim" in html, "eine Maßnahme, die zurzeit nicht öffentlich ist" in html) == (False, True)


def test_changing_how_often(visitor: PortalClient, anna: list[Subscription]) -> None:
    other = Subscription.objects.get(email="berta@example.org")
    sent = {f"frequency-{anna[1].pk}": "weekly", f"frequency-{anna[2].pk}": "hourly", f"frequency-{other.pk}": "weekly"}
    answer = visitor.post(manage(anna[0]), sent, follow=True)
    assert "Gespeichert." in answer.content.decode()
    assert [row[3] for row in rows()] == ["weekly", "at_once", "at_once", "at_once"]  # Anna's with a capital first
    assert rows()[0][:2] == ("Anna@example.org", "m")


@pytest.mark.parametrize("stop", ["other", "x", "²", "9" * 30, "-1", ""])
def test_stopping_nonsense_stops_nothing(visitor: PortalClient, anna: list[Subscription], stop: str) -> None:
    other = Subscription.objects.get(email="berta@example.org")
    answer = visitor.post(manage(anna[0]), {"stop": str(other.pk) if stop == "other" else stop})
    assert (answer.status_code, answer["Location"], len(rows())) == (302, manage(anna[0]), 4)


def test_stopping_one_and_then_all(visitor: PortalClient, anna: list[Subscription]) -> None:
    answer = visitor.post(manage(anna[0]), {"stop": str(anna[0].pk)})
    assert answer["Location"] == manage(anna[1])  # the page goes on with what is left
    answer = visitor.post(manage(anna[1]), {"stop-all": "1"})
    assert answer["Location"] == f"{FORM}abbestellt/"
    assert [row[0] for row in rows()] == ["berta@example.org"]
    assert visitor.get(manage(anna[1])).status_code == 404


# One click --------------------------------------------------------------------


def test_every_letter_can_be_stopped_by_one_click(visitor: PortalClient, settings: Any) -> None:
    visitor.post(FORM, GIVEN)
    letter = Letter.objects.get()
    said = header(letter, "List-Unsubscribe")
    assert header(letter, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    path = urlsplit(said.strip("<>")).path
    assert said == f"<{settings.BASE_URL}{link(letter, 'abbestellen')}>"
    assert "Abbestellen" in visitor.get(path).content.decode()
    assert len(rows()) == 1
    machine = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = machine.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer.cookies.output(), rows()) == (200, "", [])
    again = visitor.get(path).content.decode()
    assert ("<h1>Abbestellt</h1>" in again, "Mit dem Knopf" in again, "Was aufhört" in again) == (True, False, False)
    letter.refresh_from_db()
    assert letter.state == "superseded"  # it was still waiting


def test_one_click_ends_exactly_what_the_letter_was_about(visitor: PortalClient, anna: list[Subscription]) -> None:
    signed = sign_subscriptions([anna[0].pk, anna[2].pk])
    visitor.post(f"{FORM}abbestellen/{signed}/")
    assert [row[:2] for row in rows()] == [("Anna@example.org", "m"), ("berta@example.org", None)]


def test_forged_links_end_nothing(visitor: PortalClient, anna: list[Subscription]) -> None:
    good = sign_subscriptions([anna[0].pk])
    for said in ("x", str(anna[0].pk), good[:-1], good.replace(str(anna[0].pk), str(anna[1].pk), 1), f"{good}x", ":"):
        for method in (visitor.get, visitor.post):
            assert method(f"{FORM}abbestellen/{said}/").status_code == 404, said
    assert len(rows()) == 4


# What staff see ---------------------------------------------------------------


def test_staff_see_neither_address_nor_links(visitor: PortalClient, sign_in: SignIn, curator: User) -> None:
    visitor.post(FORM, GIVEN)
    letter = Letter.objects.get()
    browser = sign_in(curator)
    pages = ["/redaktion/post/", "/redaktion/post/?q=anna", f"/redaktion/post/{letter.pk}/"]
    for path in pages:
        html = browser.get(path).content.decode()
        assert ("anna@example.org" in html, Subscription.objects.get().token in html) == (False, False), path
    assert list(browser.get("/redaktion/post/?q=anna").context["page"]) == []
    assert list(browser.get("/redaktion/post/?q=bestätigen").context["page"]) == [letter]
    assert [browser.get(f"/redaktion/post/{letter.pk}/{end}").status_code for end in ("html/", "brief.eml")] == [
        403
    ] * 2


def test_the_privacy_page_names_the_rule(visitor: PortalClient) -> None:
    from elbe_elster.legal.loading import load_texts

    load_texts()
    html = visitor.get("/datenschutz/").content.decode()
    assert ("Abonnements von Neuigkeiten" in html, "Neues per E-Mail" in html) == (True, True)


def test_pages_without_a_person(visitor: PortalClient) -> None:
    assert [visitor.get(f"{FORM}{end}/").status_code for end in ("angefragt", "abbestellt")] == [200, 200]
