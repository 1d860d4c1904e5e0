from __future__ import annotations

import datetime as dt
import json
import uuid
from io import StringIO
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from elbe_elster.legal import actions, limits, retention
from elbe_elster.legal.checks import check_imprint
from elbe_elster.legal.cookies import cookies
from elbe_elster.legal.forms import FindingForm, page_path
from elbe_elster.legal.loading import load_texts
from elbe_elster.legal.models import AccessibilityStatement, BarrierReport, Finding, LegalText
from elbe_elster.outbox.models import Letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
TOKEN = "6f1a2f0e-3a7b-4d43-9f0a-0f6f5b0b8a11"
REPORT = {"message": "Die Schrift ist zu klein.", "page": "/strategie/?x=1", "email": "", "token": TOKEN, "website": ""}


@pytest.fixture
def texts() -> None:
    load_texts()


def form_of(text: LegalText, **changes: object) -> dict[str, object]:
    names = [f"{name}_{suffix}" for suffix in ("de", "en", "de_simple") for name in ("title", "body")]
    return {
        **{name: getattr(text, name) or "" for name in names},
        "base_revision": text.revision,
        "reason": "",
        **changes,
    }


@pytest.mark.parametrize("prefix", ["", "/en", "/de-simple"])
@pytest.mark.parametrize(
    "path", ["/impressum/", "/datenschutz/", "/leichte-sprache/", "/barrierefreiheit/", "/barriere-melden/"]
)
@pytest.mark.usefixtures("texts")
def test_everybody_reads_the_pages_in_three_languages(visitor: PortalClient, prefix: str, path: str) -> None:
    response = visitor.get(prefix + path)
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1


@pytest.mark.usefixtures("texts")
def test_what_is_missing_is_marked_and_listed(visitor: PortalClient) -> None:
    assert (
        '<mark class="gap">Telefonnummer <small>(noch einzutragen)</small></mark>'
        in visitor.get("/impressum/").content.decode()
    )
    assert check_imprint() == []
    said = StringIO()
    call_command("load_texts", stdout=said)
    assert "Noch einzutragen in impressum: " in said.getvalue()
    assert "Telefonnummer" in said.getvalue()


def test_without_imprint_the_check_says_so() -> None:
    assert [warning.id for warning in run_checks(include_deployment_checks=True) if warning.id == "legal.W001"] == [
        "legal.W001"
    ]


def test_loading_again_changes_nothing_and_keeps_edits(curator: User) -> None:
    assert set(load_texts().values()) == {"neu"}
    assert list(load_texts().values()) == ["unverändert"] * 3 + ["schon da, bleibt"]
    text = LegalText.objects.get(slug="impressum")
    values = {**form_of(text), "body_de": "Unser Text"}
    actions.update_text(text=text, revision=1, values=values, actor=curator)  # type: ignore[arg-type]
    assert load_texts()["impressum"] == "von der Redaktion bearbeitet, bleibt"
    assert LegalText.objects.get(slug="impressum").body_in("de") == "Unser Text"


@pytest.mark.parametrize("language", ["de", "en", "de-simple"])
def test_every_language_names_the_same_gaps(language: str) -> None:
    from elbe_elster.legal.loading import read_text
    from elbe_elster.legal.placeholders import find_placeholders

    if language == "de-simple":
        return
    for slug in ("impressum", "datenschutz", "leichte-sprache"):
        assert find_placeholders(read_text(slug, language)[1]) == find_placeholders(read_text(slug, "de")[1])


# Editing ----------------------------------------------------------------------


@pytest.mark.usefixtures("texts")
def test_only_editors_reach_the_staff_pages(  # noqa: PLR0917 -- one person each
    visitor: PortalClient, sign_in: SignIn, survey_team: User, representative: User, curator: User, publisher: User
) -> None:
    paths = [
        "/redaktion/texte/",
        "/redaktion/texte/impressum/",
        "/redaktion/texte/impressum/verlauf/",
        "/redaktion/texte/barrierefreiheit/",
        "/redaktion/texte/barrierefreiheit/mangel/",
        "/redaktion/barrieren/",
    ]
    for path in paths:
        assert visitor.get(path).status_code == 302, path
        for person, status in ((survey_team, 403), (representative, 403), (curator, 200), (publisher, 200)):
            assert sign_in(person).get(path).status_code == status, (path, person)


@pytest.mark.usefixtures("texts")
def test_a_changed_german_text_makes_translations_old(sign_in: SignIn, curator: User) -> None:
    text = LegalText.objects.get(slug="impressum")
    browser = sign_in(curator)
    response = browser.post(
        "/redaktion/texte/impressum/", form_of(text, body_de="Neu", still_fits=["en"], reason="Umzug")
    )
    assert response.status_code == 302
    text.refresh_from_db()
    assert (text.body_in("de"), text.missing_languages, text.outdated_languages) == ("Neu", [], ["de-simple"])
    history = browser.get("/redaktion/texte/impressum/verlauf/").content.decode()
    assert "Umzug" in history
    assert str(curator) in history


@pytest.mark.usefixtures("texts")
def test_a_preview_stores_nothing(sign_in: SignIn, curator: User) -> None:
    text = LegalText.objects.get(slug="impressum")
    shown = sign_in(curator).post("/redaktion/texte/impressum/", form_of(text, body_de="**Fett**", preview="1"))
    assert "<strong>Fett</strong>" in shown.content.decode()
    assert LegalText.objects.get(slug="impressum").revision == 1


@pytest.mark.usefixtures("texts")
def test_two_editors_lose_nothing(sign_in: SignIn, curator: User, publisher: User) -> None:
    text = LegalText.objects.get(slug="impressum")
    sign_in(curator).post("/redaktion/texte/impressum/", form_of(text, body_de="Von der Redaktion"))
    late = sign_in(publisher).post("/redaktion/texte/impressum/", form_of(text, body_de="Von der Freigabe"))
    page = late.content.decode()
    assert late.status_code == 409
    assert ("Von der Redaktion" in page, "Von der Freigabe" in page) == (True, True)
    assert LegalText.objects.get(slug="impressum").body_in("de") == "Von der Redaktion"
    again = form_of(text, body_de="Von der Freigabe", base_revision=2)
    assert sign_in(publisher).post("/redaktion/texte/impressum/", again).status_code == 302


@pytest.mark.usefixtures("texts")
def test_an_earlier_version_comes_back(sign_in: SignIn, curator: User) -> None:
    from elbe_elster.legal import models

    text = LegalText.objects.get(slug="impressum")
    before = text.body_in("en")
    browser = sign_in(curator)
    browser.post("/redaktion/texte/impressum/", form_of(text, body_de="Weg", body_en="Gone"))
    first = models.LegalTextEvent.objects.filter(pgh_obj=text).earliest("pgh_id")  # type: ignore[attr-defined]
    assert browser.post(f"/redaktion/texte/impressum/verlauf/{first.pgh_id}/").status_code == 302
    text.refresh_from_db()
    assert (text.body_in("en"), text.body_in("de").startswith("## Wer"), text.revision) == (before, True, 3)


@pytest.mark.usefixtures("texts")
def test_no_markup_of_people_gets_out(visitor: PortalClient) -> None:
    LegalText.objects.filter(slug="impressum").update(
        body_de="<script>alert(1)</script> [x](javascript:alert(1)) [[<b>fett</b>]]"
    )
    page = visitor.get("/impressum/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<b>fett" not in page


# Statement --------------------------------------------------------------------


@pytest.mark.usefixtures("texts")
def test_full_is_refused_while_something_is_open(sign_in: SignIn, curator: User) -> None:
    statement = AccessibilityStatement.objects.get()
    statement.conformity = "full"
    with pytest.raises(ValidationError):
        actions.update_statement(statement=statement, revision=1, actor=curator)
    Finding.objects.update(fixed_on=timezone.localdate())
    actions.update_statement(statement=statement, revision=1, actor=curator)
    finding = Finding(
        statement=statement, what="Neu", where="Hier", criterion="1.1.1",
        due_on=timezone.localdate(),
    )  # fmt: skip
    with pytest.raises(ValidationError):
        actions.save_finding(finding=finding, actor=curator)
    with pytest.raises(actions.OutdatedRevisionError):
        actions.update_statement(statement=statement, revision=1, actor=curator)


@pytest.mark.usefixtures("texts")
def test_machines_read_what_people_read(visitor: PortalClient) -> None:
    Finding.objects.filter(criterion="EN 301 549").update(fixed_on=timezone.localdate())
    found = json.loads(visitor.get("/en/barrierefreiheit.json").content)
    assert (found["conformity"], found["language"], [row["what"] for row in found["findings"]]) == (
        "partial",
        "en",
        ["There is no video in German Sign Language yet."],
    )


@pytest.mark.usefixtures("texts", "publisher", "curator")
def test_the_reminder_comes_once_a_month_before_the_year_is_over(admin: User) -> None:
    AccessibilityStatement.objects.update(created_on=dt.date(2026, 1, 10), reviewed_on=dt.date(2026, 1, 31))
    with time_machine.travel("2026-12-27 12:00Z"):
        assert actions.remind_of_review() is False
    with time_machine.travel("2026-12-28 12:00Z"):
        assert [actions.remind_of_review(), actions.remind_of_review()] == [True, False]
    assert sorted(Letter.objects.values_list("recipient", flat=True)) == [admin.email, "freigabe@example.org"]


# Barrier reports --------------------------------------------------------------


@pytest.mark.usefixtures("curator", "survey_team")
def test_a_report_gets_a_number_and_tells_staff_once(visitor: PortalClient) -> None:
    first = visitor.post("/barriere-melden/", REPORT)
    second = visitor.post("/barriere-melden/", REPORT)
    report = BarrierReport.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/barriere-melden/danke/{report.receipt}/"
    assert (report.page, report.email, report.due_on - timezone.localdate()) == ("/strategie/", "", dt.timedelta(28))
    assert list(Letter.objects.values_list("recipient", flat=True)) == ["redaktion@example.org"]
    done = visitor.get(first.headers["Location"]).content.decode()
    assert (report.receipt in done, report.message in done) == (True, False)


def test_what_was_typed_stays(visitor: PortalClient) -> None:
    wrong = visitor.post("/barriere-melden/", {**REPORT, "email": "keine-adresse"})
    assert wrong.status_code == 422
    assert REPORT["message"] in wrong.content.decode()
    assert BarrierReport.objects.count() == 0


def test_programs_and_floods_are_kept_out(visitor: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.post("/barriere-melden/", {**REPORT, "website": "https://spam.example"})
    assert BarrierReport.objects.count() == 0
    monkeypatch.setattr(limits, "REPORTS_AN_HOUR", 1)
    tokens = [TOKEN[:-1] + digit for digit in "12"]
    answers = [visitor.post("/barriere-melden/", {**REPORT, "token": token}) for token in tokens]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert REPORT["message"] in answers[1].content.decode()
    assert visitor.post("/barriere-melden/", {**REPORT, "token": tokens[0]}).status_code == 302


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://evil.example/massnahmen/?a=b", "/massnahmen/"),
        ("//evil.example/x", "/x"),
        ("javascript:alert(1)", ""),
        ("/a\x00b", "/ab"),
        ("http://[", ""),
        ("/" + "x" * 600, "/" + "x" * 499),
    ],
)
def test_only_a_path_of_this_portal_is_kept(given: str, kept: str) -> None:
    assert page_path(given) == kept


def test_addresses_are_shortened_before_they_are_counted() -> None:
    assert [limits.shortened(each) for each in ("203.0.113.77", "2001:db8:1:2::3", "unix")] == [
        "203.0.113.0",
        "2001:db8:1::",
        "",
    ]


def test_an_answer_goes_out_once(sign_in: SignIn, curator: User) -> None:
    report = BarrierReport.objects.create(message="Hilfe", email="mensch@example.org", due_on=dt.date(2020, 1, 1))
    browser = sign_in(curator)
    assert "überfällig" in browser.get("/redaktion/barrieren/").content.decode()
    path = f"/redaktion/barrieren/{report.receipt}/"
    assert browser.post(path, {"answer": " "}).status_code == 422
    assert [browser.post(path, {"answer": "Ist behoben."}).status_code for _again in range(2)] == [302, 302]
    letter = Letter.objects.get()
    assert (letter.recipient, "Ist behoben." in letter.text) == ("mensch@example.org", True)


def test_the_list_asks_no_more_for_more_reports(
    sign_in: SignIn, curator: User, same_queries_for_one_and_three: Callable[..., int]
) -> None:
    same_queries_for_one_and_three(
        lambda: BarrierReport.objects.create(message="Hilfe"), "/redaktion/barrieren/", sign_in(curator)
    )


# Retention and cookies --------------------------------------------------------


def test_every_model_has_a_rule() -> None:
    labels = {model._meta.label for model in retention.models_with_rows()}
    assert sorted(labels - set(retention.rules())) == []


def test_rules_name_only_what_exists() -> None:
    known = {model._meta.label for model in apps.get_models()}
    assert sorted(set(retention.rules()) - known) == []


def test_addresses_of_reporters_go_after_ninety_days(capsys: pytest.CaptureFixture[str]) -> None:
    for days in (89, 91):
        BarrierReport.objects.create(
            message="Hilfe", email=f"vor-{days}@example.org", state="answered", answer="Gut",
            answered_at=timezone.now() - dt.timedelta(days=days),
        )  # fmt: skip
    call_command("apply_retention", "--dry-run")
    assert "legal.BarrierReport: 1" in capsys.readouterr().out
    assert BarrierReport.objects.exclude(email="").count() == 2
    call_command("apply_retention")
    assert list(BarrierReport.objects.values_list("email", flat=True).order_by("email")) == ["", "vor-89@example.org"]


@pytest.mark.usefixtures("texts")
def test_no_cookie_beyond_the_list(visitor: PortalClient, sign_in: SignIn, curator: User) -> None:
    for path in ("/", "/impressum/", "/barrierefreiheit/", "/suche/?q=Daten"):
        visitor.get(path)
        assert dict(visitor.cookies) == {}, path
    visitor.get("/barriere-melden/")
    browser = sign_in(curator)
    report = BarrierReport.objects.create(message="Hilfe")
    browser.post(f"/redaktion/barrieren/{report.receipt}/", {"answer": "Gut"})
    assert {*visitor.cookies, *browser.cookies} <= {cookie.name for cookie in cookies()}
    page = visitor.get("/datenschutz/").content.decode()
    assert all(cookie.name in page for cookie in cookies())


def test_what_nobody_sees_is_never_complained_about(visitor: PortalClient) -> None:
    broken = {"token": "kaputt", "website": "", "page": "/", "email": "", "message": "Der Knopf fehlt."}
    assert visitor.post("/barriere-melden/", broken).status_code == 302
    shown = visitor.post("/barriere-melden/", {**broken, "message": "", "token": ""})
    assert shown.status_code == 422
    assert "Token" not in shown.content.decode()
    assert BarrierReport.objects.count() == 1


def test_who_gives_an_address_gets_a_receipt_without_their_words(visitor: PortalClient) -> None:
    told = {
        "token": str(uuid.uuid4()),
        "website": "",
        "page": "/",
        "email": "ich@example.org",
        "message": "Knopf fehlt.",
    }
    for _twice in range(2):
        visitor.post("/en/barriere-melden/", told)
    letter = Letter.objects.get(recipient="ich@example.org")
    report = BarrierReport.objects.get()
    assert (letter.subject, letter.kind) == (f"Your report {report.receipt} has arrived", "Barrierefreiheit")
    assert "Knopf" not in letter.text


def test_languages_have_names() -> None:
    labels = [str(FindingForm().fields[f"what_{suffix}"].label) for suffix in ("de", "en", "de_simple")]
    assert [label.partition(" (")[2] for label in labels] == ["Deutsch)", "Englisch)", "Leichte Sprache)"]
