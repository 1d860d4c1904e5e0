"""The printed form: everything that is asked, with boxes, codes and hints, tagged, without a mark of anybody."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.utils import timezone
from pypdf import PdfReader

from elbe_elster.participation.actions.freezing import draft_document
from elbe_elster.participation.models import Access, Survey, SurveyVersion
from elbe_elster.participation.questionnaire.conditions import Compare, Constant, CountOf, Selected
from elbe_elster.participation.questionnaire.document import Item, Kind, Option, Page, Question, Questionnaire, to_json
from tests.participation.answering import options, published, question

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
EVIL = '#panic("x") $ * _ ] [ \\ `code` <script>alert(1)</script> @label //'


def words(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def facts(body: bytes) -> tuple[object, ...]:
    """Tagged, language, title, says to follow PDF/UA-1."""
    reader = PdfReader(io.BytesIO(body))
    root = cast("Any", reader.trailer["/Root"])
    title = reader.metadata.title if reader.metadata else None
    claims = b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    return bool(root["/MarkInfo"]["/Marked"]), root["/Lang"], title, claims


def everything() -> Questionnaire:
    """Every kind once, with hints of every sort."""
    often = Selected("einfach", "a")
    many = Compare(">=", CountOf("mehrfach"), Constant(Decimal(2)))
    rows = (Item("x", 1, {"de": "Zeile x"}), Item("y", 2, {"de": "Zeile y"}, condition=many))
    first = (
        question("einfach", no_answer=True),
        question("mehrfach", Kind.MULTIPLE, options=options("a", "b", "c", other="b", exclusive="c"),
                 most=Decimal(2), condition=often),
        question("ja_nein", Kind.YES_NO),
        question("skala", Kind.SCALE, help={"de": "1 ist *schlecht*, 5 ist gut."}),
        question("hinweis", Kind.INFORMATION),
        question("tabelle", Kind.MATRIX_SINGLE, items=rows),
    )  # fmt: skip
    second = (
        question("viele", Kind.MATRIX_MULTIPLE),
        question("rang", Kind.RANKING),
        question("zahl", Kind.NUMBER, least=Decimal(0), most=Decimal(120), unit={"de": "Jahre"}),
        question("tag", Kind.DATE, earliest="2020-01-01"),
        question("kurz", Kind.SHORT_TEXT),
        question("lang", Kind.LONG_TEXT),
        question("ort", Kind.MUNICIPALITY, options=options("plessa", "crinitz", "schilda")),
        question("alt", Kind.SHORT_TEXT, retired=True),
        Question(0, "boese", Kind.SINGLE, {"de": EVIL + "W" * 200}, options=(Option("a", 1, {"de": EVIL}),)),
    )
    return Questionnaire(
        ("de",),
        (
            Page("p1", {"de": "Unterwegs"}, {"de": "Zuerst **Wege**."}, questions=first),
            Page("p2", {"de": "Zu Ihnen"}, condition=many, questions=second),
        ),
    )


def test_every_kind_stands_on_the_form_with_codes_and_hints(client: PortalClient) -> None:
    published(everything(), slug="alles", title="Alles auf Papier", purpose="Wir fragen **alles**.",
              paper_return="Rathaus Plessa", minutes=7, thanks="Bis bald.",
              closes_at=timezone.now() + dt.timedelta(days=5))  # fmt: skip
    response = client.get("/beteiligung/umfragen/alles/fragebogen.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert facts(response.content) == (True, "de", "Alles auf Papier", True)
    said = words(response.content).replace("- ", "")  # hyphens at the ends of lines
    wanted = (
        "Wir fragen alles.",
        "Rathaus Plessa",
        "etwa 7 Minuten",
        "Niemand weiß, wer geantwortet hat.",
        "Teil 1 von 2 Unterwegs",
        "Zuerst Wege.",
        "1 Frage einfach? Bitte machen Sie ein Kreuz. 1 Antwort a",
        "2 Antwort b → Bitte weiter mit Frage 3",
        "k keine Angabe → Bitte weiter mit Frage 3",
        "2 Frage mehrfach? Sie können mehrere Kreuze machen. Bitte höchstens 2 Kreuze.",
        "3 Antwort c dann bitte kein anderes Kreuz",
        "1 ist schlecht, 5 ist gut.",
        "5 Frage tabelle? Bitte machen Sie in jeder Zeile ein Kreuz.",
        "Nur wenn Sie bei Frage 2 mindestens 2 Ant",
        "Teil 2 von 2 Zu Ihnen Nur wenn Sie bei Frage 2 mindestens 2 Antworten gewählt haben",
        "Sie können in jeder Zeile mehrere Kreuze machen.",
        "Schreiben Sie 1 in das Kästchen vor dem Wichtigsten",
        "8 Frage zahl? Eine Zahl von 0 bis 120. Jahre",
        "Ein Tag ab dem 01.01.2020. TT MM JJJJ",
        "10 Frage kurz?",
        "11 Frage lang?",
        "12 Frage ort?",
        EVIL,
        "Bis bald.",
        "alles, Fassung 1, de",
        "Seite 1 von",
    )
    assert [words for words in wanted if words not in said] == []
    assert "Frage alt?" not in said
    assert "Entwurf" not in said


def test_two_forms_are_the_same_to_the_last_letter(client: PortalClient) -> None:
    """No sheet carries a number of its own."""
    published(everything(), slug="alles", title="Alles")
    path = "/beteiligung/umfragen/alles/fragebogen.pdf"
    assert client.get(path).content == client.get(path).content
    assert words(client.get(path).content) == words(client.get(f"{path}?nummer=7").content)


def test_large_type_and_other_languages(client: PortalClient) -> None:
    spoken = replace(question("wo", Kind.SHORT_TEXT), label={"de": "Wo?", "en": "Where?"})
    survey = published(
        Questionnaire(("de",), (Page("p", {"de": "Teil"}, questions=(spoken,)),)),
        slug="wo", title_de="Wo", title_en="Place", languages=["en"],
    )  # fmt: skip
    plain = client.get("/beteiligung/umfragen/wo/fragebogen.pdf").content
    large = client.get("/beteiligung/umfragen/wo/fragebogen-grosse-schrift.pdf").content
    english = client.get("/en/beteiligung/umfragen/wo/fragebogen.pdf").content
    assert len({plain, large, english}) == 3
    assert ("Wo?" in words(large), facts(english)[1:3], "Where?" in words(english)) == (True, ("en", "Place"), True)
    missing = client.get("/de-simple/beteiligung/umfragen/wo/fragebogen.pdf").content
    assert "wo, Fassung 1, de" in words(missing)
    assert survey.languages == ["en"]


def test_forty_questions_keep_together(client: PortalClient) -> None:
    asked = tuple(question(f"f{number}", Kind.SINGLE) for number in range(1, 41))
    published(Questionnaire(("de",), (Page("p", {"de": "Teil"}, questions=asked),)), slug="lang")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(client.get("/beteiligung/umfragen/lang/fragebogen.pdf").content)).pages]  # fmt: skip
    for number in range(1, 41):
        on = [page for page in pages if re.search(rf"Frage f{number}\?", page)]
        assert len(on) == 1
        after = on[0].split(f"Frage f{number}?")[1]
        assert after.index("Antwort c") < (after.find("Frage f") if "Frage f" in after else len(after))


@pytest.mark.parametrize(
    "hidden",
    [
        {"opens_at": timezone.now() + dt.timedelta(days=2)},
        {"closes_at": timezone.now() - dt.timedelta(minutes=5)},
        {"access": Access.CODES},
        {"trashed_at": timezone.now()},
        {"current": None},
    ],
)
def test_only_what_runs_for_everybody_is_public(
    client: PortalClient, sign_in: SignIn, curator: User, hidden: dict[str, Any]
) -> None:
    survey = published(everything(), slug="alles")
    Survey.objects.filter(pk=survey.pk).update(**hidden)
    for browser in (client, sign_in(curator)):
        for name in ("fragebogen", "fragebogen-grosse-schrift"):
            assert browser.get(f"/beteiligung/umfragen/alles/{name}.pdf").status_code == 404


def test_the_team_prints_every_version_and_the_draft(sign_in: SignIn, survey_team: User) -> None:
    survey = published(everything(), slug="alles", opens_at=timezone.now() + dt.timedelta(days=2))
    survey.questions.filter(code="kurz").update(label_de="Neu gefragt?")
    SurveyVersion.objects.create(survey=survey, number=2, document=to_json(draft_document(survey)))
    survey.questions.filter(code="kurz").update(label_de="Noch neuer?")
    browser = sign_in(survey_team)
    path = "/redaktion/umfragen/alles/papier/de.pdf"
    said = [words(browser.get(f"{path}?fassung={number}").content) for number in (1, 2, 0)]
    assert [("Frage kurz?" in text, "Neu gefragt?" in text, "Noch neuer?" in text) for text in said] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert ["Entwurf, nicht ausgeben" in text for text in said] == [False, False, True]
    assert "no-store" in browser.get(path)["Cache-Control"]
    assert browser.get(f"{path}?fassung=2&schrift=gross").status_code == 200
    for wrong in (
        f"{path}?fassung=9",
        "/redaktion/umfragen/alles/papier/fr.pdf",
        "/redaktion/umfragen/nie/papier/de.pdf",
    ):
        assert browser.get(wrong).status_code == 404
    assert browser.get(f"{path}?fassung=x").status_code == 200


def test_where_forms_come_back_is_said_on_the_page_of_the_forms(
    client: PortalClient, sign_in: SignIn, survey_team: User
) -> None:
    published(everything(), slug="alles", languages=["en"])
    assert "Lieber auf Papier?" not in client.get("/beteiligung/umfragen/alles/").content.decode()
    browser = sign_in(survey_team)
    page = browser.get("/redaktion/umfragen/alles/papier/").content.decode()
    assert ("papier/de.pdf?fassung=1" in page, "papier/en.pdf" in page, "papier/de-simple.pdf" in page) == (True, True, False)  # fmt: skip
    sent = {"paper_return_de": "Bücherei Herzberg", "paper_return_en": "Library Herzberg"}
    assert browser.post("/redaktion/umfragen/alles/papier/", sent).status_code == 302
    assert "Bücherei Herzberg" in words(client.get("/beteiligung/umfragen/alles/fragebogen.pdf").content)
    page = client.get("/beteiligung/umfragen/alles/").content.decode()
    assert ("Lieber auf Papier?" in page, "/beteiligung/umfragen/alles/fragebogen.pdf" in page) == (True, True)


@pytest.mark.parametrize(("name", "status"), [("curator", 403), ("representative", 403), ("survey_team", 200), ("admin", 200)])  # fmt: skip
def test_only_the_team_sees_the_page_of_the_forms(
    request: pytest.FixtureRequest, client: PortalClient, sign_in: SignIn, name: str, status: int
) -> None:
    published(everything(), slug="alles")
    browser = sign_in(request.getfixturevalue(name))
    for path in ("/redaktion/umfragen/alles/papier/", "/redaktion/umfragen/alles/papier/de.pdf"):
        assert (path, browser.get(path).status_code, client.get(path).status_code) == (path, status, 302)
