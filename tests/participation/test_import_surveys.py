"""Bringing a survey on the web and by command: seen first, then whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions import importing
from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.exchange.lss import read_lss
from elbe_elster.participation.models import Question, Survey, SurveyImport
from elbe_elster.participation.questionnaire.document import to_json
from tests.factories import UserFactory
from tests.participation.made_lss import Lss, named

if TYPE_CHECKING:
    from pathlib import Path

    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
HOME = "/redaktion/umfragen/uebernahme/"


def made(title: str = "Digital vor Ort") -> bytes:
    form = Lss("de", "en", "de-easy")
    form.settings["surveyls_title"] = {"de": title, "en": "Digital on site"}
    form.group({"de": "Eins", "en": "One"})
    form.question("Y", "NETZ", {"de": "Netz?", "en": "Net?", "de-easy": "Haben Sie Internet?"}, mandatory="S")
    form.question("M", "WIE", {"de": "Wie?"}, subs=[("a", {"de": "A"}), ("b", {"de": "B"})], relevance='NETZ == "Y"')
    form.question("F", "GUT", {"de": "Wie gut?"}, subs=[("r", {"de": "R"})], answers=[("1", {"de": "gut"})])
    form.question("|", "DATEI", {"de": "<script>alert(1)</script>"})
    return form.xml()


@pytest.fixture
def team(sign_in: SignIn, survey_team: User) -> PortalClient:
    return sign_in(survey_team)


def upload(browser: PortalClient, content: bytes, name: str = "umfrage.lss") -> str:
    answer = browser.post(HOME, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return answer.headers["Location"]


@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), (Role.CURATOR, 403), (Role.REPRESENTATIVE, 403), (Role.ADMIN, 200)]
)
def test_who_may_bring_a_survey(who: Role | None, status: int, client: PortalClient, sign_in: SignIn) -> None:
    browser = sign_in(UserFactory(roles=[who])) if who else client
    assert browser.get(HOME).status_code == status


def test_it_is_looked_at_before_anything_is_written(team: PortalClient) -> None:
    place = upload(team, made())
    assert Survey.objects.count() == 0
    page = team.get(place).content.decode()
    assert "So käme der Fragebogen an. Noch ist nichts angelegt." in page
    assert "Dateien nimmt das Portal in Umfragen nicht an." in page
    assert "alert(1)" not in page
    preview = team.get(f"{place}fragen/").content.decode()
    assert "Nur wenn Sie Frage 1 mit „Ja“ beantwortet haben" in preview
    assert team.get(f"{place}uebernehmen/").status_code == 405
    answer = team.post(f"{place}uebernehmen/")
    assert answer.headers["Location"] == "/redaktion/umfragen/digital-vor-ort/bearbeiten/"
    survey = Survey.objects.get()
    assert (survey.title, survey.current, survey.languages) == ("Digital vor Ort", None, ["de", "en", "de-simple"])
    asked = draft_document(survey)
    wanted = to_json(read_lss(made()).questionnaire)
    for page_of in wanted["pages"]:
        for question in page_of["questions"]:
            question["pk"] = asked.question_by_code[question["code"]].pk
    assert to_json(asked) == wanted
    assert "Dieser Fragebogen ist übernommen." in team.get(place).content.decode()


def test_taking_over_twice_makes_one_survey(team: PortalClient) -> None:
    place = upload(team, made())
    locations = [team.post(f"{place}uebernehmen/").headers["Location"] for _click in range(2)]
    assert len(set(locations)) == 1
    assert Survey.objects.count() == 1
    assert bytes(SurveyImport.objects.get().content) == b""


def test_the_same_title_gets_an_address_of_its_own(team: PortalClient) -> None:
    for _time in range(2):
        team.post(f"{upload(team, made('Übernahme'))}uebernehmen/")
    assert sorted(Survey.objects.values_list("slug", flat=True)) == ["uebernahme-2", "uebernahme-3"]


def test_nobody_sees_the_file_of_another(team: PortalClient, sign_in: SignIn) -> None:
    place = upload(team, made())
    other = sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))
    assert [other.get(place).status_code, other.get(f"{place}fragen/").status_code] == [404, 404]
    assert other.post(f"{place}uebernehmen/").status_code == 404


def test_a_file_is_kept_for_a_day(team: PortalClient) -> None:
    place = upload(team, made())
    SurveyImport.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    for answer in (team.get(place), team.post(f"{place}uebernehmen/")):
        assert (answer.status_code, answer.headers["Location"]) == (302, HOME)
    assert Survey.objects.count() == 0
    assert (importing.forget_imports(), SurveyImport.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.lss", b"<html></html>", "Das ist keine Struktur aus LimeSurvey."),
        ("a.lss", b"x" * (10 * 1024 * 1024 + 1), "Die Datei ist zu groß. Erlaubt sind 10 MB."),
        ("a.exe", b"MZ", "Das ist kein Fragebogen. Möglich sind „.lss“, „.lsa“ und „.xlsx“."),
        ("a.xlsx", b"PK\x03\x04kaputt", "Die Datei ist beschädigt."),
    ],
    ids=named,
)
def test_what_cannot_be_read_is_refused_at_the_field(
    team: PortalClient, name: str, content: bytes, sentence: str
) -> None:
    answer = team.post(HOME, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert SurveyImport.objects.count() == 0


def test_the_questions_leave_as_xlsform(team: PortalClient) -> None:
    team.post(f"{upload(team, made())}uebernehmen/")
    answer = team.get("/redaktion/umfragen/digital-vor-ort/xlsform/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="digital-vor-ort-xlsform.xlsx"'
    again = importing.read_survey(answer.content)
    pages = [[question.code for question in page.questions] for page in again.questionnaire.pages]
    assert pages == [["netz", "wie", "gut"]]


# The command --------------------------------------------------------------------


def test_the_command_says_everything_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "umfrage.txt"
    file.write_bytes(made())
    call_command("import_survey", str(file), "--json", "--dry-run")
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        *("title", "languages", "pages", "questions", "subquestions", "options", "conditions", "quotas"),
        *("kept", "changed", "dropped"),
    ]
    counted = {name: report[name] for name in list(report)[:8]}
    assert counted == {
        "title": "Digital vor Ort",
        "languages": ["de", "en", "de-simple"],
        "pages": 1,
        "questions": 3,
        "subquestions": 3,
        "options": 1,
        "conditions": 1,
        "quotas": 0,
    }
    assert {tuple(entry) for name in ("kept", "changed", "dropped") for entry in report[name]} == {
        ("code", "what", "why")
    }
    assert Survey.objects.count() == 0
    call_command("import_survey", str(file), "--format", "lss")
    assert capsys.readouterr().out.splitlines()[-1] == "Entwurf angelegt: digital-vor-ort"
    assert Question.objects.count() == 3


def test_the_command_refuses_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "umfrage.lss"
    file.write_bytes(made())
    sentences = []
    for arguments in ([str(tmp_path / "nichts")], [str(file), "--format", "xlsform"], [str(tmp_path)]):
        with pytest.raises(CommandError) as error:
            call_command("import_survey", *arguments)
        sentences.append(str(error.value))
    assert sentences == [
        "Die Datei lässt sich nicht öffnen: No such file or directory.",
        "Die Datei ist eine LimeSurvey-Struktur, nicht ein XLSForm.",
        "Die Datei lässt sich nicht öffnen: Is a directory.",
    ]
    assert Survey.objects.count() == 0


def test_nothing_is_half_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    brought = read_lss(made())
    monkeypatch.setattr(importing, "refresh_entries", broken)
    with pytest.raises(RuntimeError):
        importing.import_survey(brought=brought, actor=None)
    assert (Survey.objects.count(), Question.objects.count()) == (0, 0)
