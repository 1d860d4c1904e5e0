"""The post page: who sees it, what it hides, what a person can do there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from elbe_elster.outbox import checks, heartbeat
from elbe_elster.outbox.actions import write_letter
from elbe_elster.outbox.models import Letter, LetterState

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db

LIST = "/redaktion/post/"


def write(key: str = "k", **fields: Any) -> Letter:
    text = {"subject": "Treffen am Montag", "text": "Geheimes Wort: Elster", "recipient": "anna@example.org"}
    write_letter(key=key, **{"kind": "Erinnerung", **text, **fields})
    return Letter.objects.get(key=key)


def unclear(letter: Letter) -> Letter:
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.UNCLEAR, handed_over_at=timezone.now())
    return letter


def addresses(letter: Letter) -> list[str]:
    page = f"{LIST}{letter.pk}/"
    return [LIST, page, *(page + end for end in ("html/", "brief.eml", "noch-einmal/", "angekommen/", "nicht-mehr/"))]


@pytest.mark.parametrize("who", ["curator", "circle_office", "admin"])
def test_keepers_see_everything(who: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    browser = sign_in(request.getfixturevalue(who))
    assert [browser.get(path).status_code for path in addresses(write())] == [200] * 7


@pytest.mark.parametrize("who", ["publisher", "survey_team", "representative"])
def test_others_get_a_sentence(who: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    browser = sign_in(request.getfixturevalue(who))
    answers = [browser.get(path) for path in addresses(write())]
    assert [answer.status_code for answer in answers] == [403] * 7
    assert not any("Treffen" in answer.content.decode() for answer in answers)


def test_visitors_are_asked_to_sign_in(client: Any) -> None:
    for path in addresses(write()):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/konto/anmelden/")


def test_list_filters_and_counts(curator: User, sign_in: SignIn) -> None:
    write("1", subject="Treffen am Montag")
    unclear(write("2", subject="Größere Runde", recipient="berta@example.org"))
    write("3", subject="Umfrage", kind="Einladung")
    browser = sign_in(curator)

    def found(query: str) -> set[str]:
        return {letter.key for letter in browser.get(f"{LIST}?{query}").context["page"]}

    assert found("") == {"1", "2", "3"}
    assert found("state=unclear") == {"2"}
    assert found("state=nonsense") == {"1", "2", "3"}
    assert found("kind=Einladung") == {"3"}
    assert found("q=größere+BERTA") == {"2"}
    assert found("q=treffen&state=unclear") == set()
    chips = browser.get(f"{LIST}?state=unclear&q=a").context["state_chips"]
    assert [(str(chip["label"]), chip["count"], chip["chosen"]) for chip in chips] == [
        ("wartet", 2, False), ("unterwegs", 0, False), ("gesendet", 0, False),
        ("gescheitert", 0, False), ("unklar", 1, True), ("überholt", 0, False),
    ]  # fmt: skip
    assert (chips[4]["query"], chips[0]["query"]) == ("q=a", "q=a&state=queued")


def test_list_never_reads_contents(
    curator: User, sign_in: SignIn, same_queries_for_one_and_three: Callable[..., int]
) -> None:
    keys = iter("abc")
    assert (
        same_queries_for_one_and_three(lambda: write(next(keys)), LIST, sign_in(curator)) <= 15
    )  # five write the session's visit, every five minutes


def test_account_letters_are_for_their_recipient_only(circle_office: User, sign_in: SignIn, settings: Any) -> None:
    letter = write(kind="Konto und Technik")
    browser = sign_in(circle_office)
    page = browser.get(f"{LIST}{letter.pk}/")
    assert (page.status_code, "Elster</p>" in page.content.decode()) == (200, False)
    assert "Geheimes Wort" not in page.content.decode()
    assert [browser.get(f"{LIST}{letter.pk}/{end}").status_code for end in ("html/", "brief.eml")] == [403, 403]
    settings.DEMO = True
    assert "Geheimes Wort" in browser.get(f"{LIST}{letter.pk}/").content.decode()


def test_design_is_shown_in_a_cage(curator: User, sign_in: SignIn) -> None:
    letter = write(html="<p>Hallo</p><img src='https://spy.example/x.gif'>")
    browser = sign_in(curator)
    page, frame = browser.get(f"{LIST}{letter.pk}/"), browser.get(f"{LIST}{letter.pk}/html/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert (page["X-Frame-Options"], frame["X-Frame-Options"]) == ("DENY", "SAMEORIGIN")
    policy = {rule.strip() for rule in frame["Content-Security-Policy"].split(";")}
    assert policy == {
        "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "frame-ancestors 'self'",
        "form-action 'none'", "base-uri 'none'", "sandbox",
    }  # fmt: skip
    [frame_tag] = re.findall(r"<iframe\s[^>]*>", page.content.decode())
    assert re.findall(r"\ssandbox(=\"\")?[\s>]", frame_tag) == [""]


def test_attachments_are_listed(curator: User, sign_in: SignIn) -> None:
    calendar = ("BEGIN:VCALENDAR\r\n", "text/calendar; method=REQUEST")
    letter = write(alternatives=[calendar], attachments=[("Plan.pdf", b"%PDF" * 10, "application/pdf")])
    assert sign_in(curator).get(f"{LIST}{letter.pk}/").context["attachments"] == [
        {"name": "", "type": "text/calendar", "size": 17},
        {"name": "Plan.pdf", "type": "application/pdf", "size": 40},
    ]


@pytest.mark.parametrize(
    ("end", "state", "event"),
    [
        ("noch-einmal/", "queued", "resent"),
        ("angekommen/", "sent", "arrived"),
        ("nicht-mehr/", "superseded", "withdrawn"),
    ],
)
def test_decisions_ask_first_and_are_signed(  # noqa: PLR0917
    end: str, state: str, event: str, curator: User, sign_in: SignIn, valkey: Any
) -> None:
    letter = unclear(write())
    path = f"{LIST}{letter.pk}/{end}"
    browser = sign_in(curator)
    assert browser.get(path).status_code == 200
    letter.refresh_from_db()
    assert letter.state == "unclear"
    assert browser.post(path)["Location"] == f"{LIST}{letter.pk}/"
    letter.refresh_from_db()
    assert (letter.state, [(each.kind, each.user) for each in letter.events.all()]) == (state, [(event, curator)])
    assert "Redaktion" in browser.get(f"{LIST}{letter.pk}/").content.decode()


def test_late_decision_gets_a_sentence(curator: User, sign_in: SignIn) -> None:
    letter = write()
    answer = sign_in(curator).post(f"{LIST}{letter.pk}/angekommen/", follow=True)
    assert "lässt sich als angekommen vermerken" in answer.content.decode()


def test_cleared_letter_says_so(curator: User, sign_in: SignIn) -> None:
    letter = write()
    Letter.objects.update(state=LetterState.FAILED, message=None, text="", html="")
    browser = sign_in(curator)
    assert "nach 30 Tagen gelöscht" in browser.get(f"{LIST}{letter.pk}/").content.decode()
    assert [browser.get(f"{LIST}{letter.pk}/{end}").status_code for end in ("html/", "brief.eml")] == [404, 404]


def test_signs_of_life_in_words(curator: User, sign_in: SignIn) -> None:
    heartbeat.note_sign_of_life(heartbeat.WORKER)
    cache.set("sign-of-life:beat", timezone.now().timestamp() - 7300)
    browser = sign_in(curator)
    page = browser.get(LIST)
    assert "Taktgeber oder Versand schweigen" in page.content.decode()
    assert [(sign["label"], sign["ago"], sign["silent"]) for sign in page.context["signs"]] == [
        ("Taktgeber", "vor 2 Stunden", True),
        ("Versand", "vor 0 Sekunden", False),
        ("Letzter Durchgang", "noch nie", True),
    ]
    heartbeat.note_sign_of_life(heartbeat.BEAT)
    heartbeat.note_sign_of_life(heartbeat.SWEEP)
    assert "Taktgeber oder Versand schweigen" not in browser.get(LIST).content.decode()


def test_deployment_without_mail_server_is_warned(settings: Any) -> None:
    settings.MAIL = {"TRANSPORT": "none"}
    assert [message.id for message in checks.check_transport()] == ["outbox.W001"]
    settings.MAIL = {"TRANSPORT": "smtp"}
    assert checks.check_transport() == []


def test_admin_only_looks(admin: User, sign_in: SignIn) -> None:
    letter = write(kind="Konto und Technik")
    browser = sign_in(admin)
    page = browser.get(f"/admin/outbox/letter/{letter.pk}/change/")
    assert (page.status_code, "Geheimes Wort" in page.content.decode()) == (200, False)
    assert [browser.get(f"/admin/outbox/{name}/").status_code for name in ("letter", "letterevent")] == [200, 200]
    assert browser.post(f"/admin/outbox/letter/{letter.pk}/delete/").status_code == 403
