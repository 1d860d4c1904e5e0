"""PDF files: tagged, in the right language, complete, and without anything internal."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from elbe_elster.snapshots import store
from elbe_elster.strategy.actions.reporting import freeze_report
from elbe_elster.strategy.models import (
    Adoption,
    ChronicleEntry,
    CostRow,
    FormerAddress,
    FundingRow,
    Indicator,
    Measure,
    MeasurePartner,
    Phase,
    Publication,
    Reading,
    Resolution,
    Stage,
)
from elbe_elster.strategy.pdf import press
from elbe_elster.strategy.pdf.blocks import markdown
from elbe_elster.strategy.pdf.booklet import booklet_paper
from elbe_elster.strategy.pdf.press import finished_paper, set_paper
from tests.factories import (
    AdministrationFactory,
    BodyFactory,
    GoalFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectProfileFactory,
)

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import ProjectProfile
    from tests.client import PortalClient
    from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
SECRET = "streng-geheim"
EVIL = '#panic("x") $ * _ ] [ \\ `code` <script>alert(1)</script> @label //'


def full_measure(**fields: object) -> Measure:
    """A measure with everything filled in, its internal fields with the marker."""
    measure: Measure = MeasureFactory(
        **{
            "title_de": "Rufbus per App und Telefon",
            "title_en": "Bus on call",
            "summary_de": "Wer in einem Dorf ohne Linienbus wohnt, bestellt sich eine Fahrt.",
            "description_de": f"Ein **Rufbus** fährt.\n\n## Wie\n\n1. anrufen\n2. fahren\n\n> Zitat\n\n{EVIL}",
            "need_de": "Ab 18 Uhr fährt [kein Bus](https://example.org/bus) mehr. [Böse](javascript:alert(1))",
            "benefit_de": "- mehr Fahrten\n- auch samstags\n\n| Ort | Zahl |\n|---|---|\n| Plessa | 3 |",
            "target_groups_de": "Alle ohne Auto",
            "starts_on": dt.date(2025, 1, 1),
            "ends_on": dt.date(2027, 12, 31),
            "lead": BodyFactory(name="Amt für Mobilität"),
            "example": True,
            "internal_note": SECRET,
            "contact_name": f"{SECRET} Person",
            **fields,
        }
    )
    measure.goals.add(GoalFactory(action_field=measure.primary_field, title_de="Jeder Ort ist abends erreichbar"))
    MilestoneFactory(measure=measure, title_de="Betreiber ausgewählt", due_on=dt.date(2027, 3, 31))
    CostRow.objects.create(measure=measure, kind="service", year=2026, planned=Decimal(120000))
    FundingRow.objects.create(
        measure=measure, kind="grant", programme="Landesmittel", amount=90000, internal_note=SECRET
    )
    MeasurePartner.objects.create(measure=measure, body=BodyFactory(), role="fährt")
    town = AdministrationFactory(slug="finsterwalde", name="Finsterwalde")
    Adoption.objects.create(measure=measure, administration=town, stage=Stage.PILOTING)
    indicator = Indicator.objects.create(measure=measure, name="Fahrten", unit="im Monat", baseline=412)
    Reading.objects.create(indicator=indicator, date=dt.date(2026, 10, 31), value=1036)
    Resolution.objects.create(measure=measure, body_name="Kreistag", date=dt.date(2025, 2, 20), text="Zugestimmt.")
    ChronicleEntry.objects.create(measure=measure, text="Der Rufbus fährt.", date=dt.date(2026, 11, 18))
    profile = full_profile(
        measure, slug="geheimes-projekt", title_de=f"{SECRET} Projekt", publication=Publication.DRAFT
    )
    ChronicleEntry.objects.create(measure=measure, profile=profile, text=f"{SECRET} Eintrag")
    return measure


def full_profile(measure: Measure, **fields: object) -> ProjectProfile:
    """A profile with everything filled in, its internal fields with the marker."""
    internal = dict.fromkeys(("resources", "technical_conditions", "risks", "internal_note"), SECRET)
    profile: ProjectProfile = ProjectProfileFactory(
        measure=measure,
        **{
            "title_de": "Rufbus im Amt Plessa",
            "situation_de": "Kein Bus.",
            "aims_de": "Ein Bus.",
            "plan_de": f"Fahren. {EVIL}",
            "legal_conditions": "Personenbeförderungsgesetz",
            "cases": 1200,
            "core_process": True,
            **internal,
            **fields,
        },
    )
    MilestoneFactory(measure=None, profile=profile, title_de="Erste Fahrt", due_on=dt.date(2027, 3, 31))
    return profile


def words(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def roles(body: bytes) -> list[str]:
    """What kinds of elements the tags name, in reading order: ``H1``, ``P``, ``Table``, ``TH`` …"""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]).lstrip("/"))
            walk(node.get("/K", []))

    walk(cast("Any", PdfReader(io.BytesIO(body)).trailer["/Root"])["/StructTreeRoot"])
    return found


def facts(body: bytes) -> tuple[object, ...]:
    """Pages, tagged, language, title, whether the title is shown in the window's bar, says to follow PDF/UA-1."""
    reader = PdfReader(io.BytesIO(body))
    root = cast("Any", reader.trailer["/Root"])
    title = reader.metadata.title if reader.metadata else None
    claims = b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    marked, shown = root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]
    return len(reader.pages), bool(marked), root["/Lang"], title, bool(shown), claims


def links(body: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(body)).pages
    notes = [note.get_object() for page in pages for note in cast("Any", page.get("/Annots", []))]
    return [str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})]


def bookmarks(body: bytes) -> list[str]:
    def walk(items: list[Any]) -> list[str]:
        return [title for item in items for title in (walk(item) if isinstance(item, list) else [item.title])]

    return walk(PdfReader(io.BytesIO(body)).outline)


def test_a_measure_on_paper_is_tagged_complete_and_keeps_secrets(client: PortalClient) -> None:
    measure = full_measure(number="M-03", slug="rufbus")
    response = client.get("/massnahmen/rufbus.pdf")
    body, said = response.content, words(response.content)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="M-03.pdf"',
    )
    assert facts(body) == (2, True, "de", "Rufbus per App und Telefon", True, True)
    assert bookmarks(body) == [
        *("Rufbus per App und Telefon", "Worum es geht", "Warum", "Was es bringt", "Ziele", "Meilensteine"),
        *("Wer mitmacht", "Geld", "Stand in den Kommunen", "Beschlüsse", "Chronik"),
    ]
    assert {role: roles(body).count(role) for role in ("H1", "H2", "H3", "Table", "THead", "BlockQuote", "L")} == {
        "H1": 1,
        "H2": 10,
        "H3": 1,
        "Table": 7,
        "THead": 7,
        "BlockQuote": 1,
        "L": 5,
    }
    for wanted in ("M-03", "Beispiel", "Amt für Mobilität", "Januar 2025 bis Dezember 2027", "1.036", "90.000 €",
                   "Erprobung", "/massnahmen/rufbus/", "Stand: ", "Seite 1 von 2", EVIL.replace("`", "")):  # fmt: skip
        assert wanted in said, wanted
    assert SECRET not in said
    assert [link for link in links(body) if "javascript" in link] == []
    assert "https://example.org/bus" in links(body)
    assert measure.get_absolute_url() == "/massnahmen/rufbus/"


def test_a_profile_is_one_page_however_much_it_holds(client: PortalClient) -> None:
    measure = full_measure()
    long = "Ein Satz, der etwas sagt und dann endet. " * 100
    profile = full_profile(measure, slug="kurz")
    full_profile(measure, slug="lang", title_de="W" * 120, summary_de="W " * 150, situation_de=long, aims_de=long,
                 plan_de=long, legal_conditions=long)  # fmt: skip
    for number in range(30):
        MilestoneFactory(
            measure=None, profile=profile.measure.profiles.get(slug="lang"), title_de=f"{number} " + "w" * 150
        )
    short, full = (client.get(f"/projekte/{slug}.pdf").content for slug in ("kurz", "lang"))
    assert facts(short) == (1, True, "de", "Rufbus im Amt Plessa", True, True)
    assert facts(full)[0] == 1
    assert {"1.200", "Personenbeförderungsgesetz"} <= {*words(short).split()}
    assert SECRET not in words(short) + words(full)


def test_the_booklet_holds_everything_published_and_nothing_else(client: PortalClient) -> None:
    measure = full_measure(number="M-03", slug="rufbus")
    for state in (Publication.DRAFT, Publication.WITHDRAWN):
        MeasureFactory(primary_field=measure.primary_field, title_de=f"{SECRET} {state}", publication=state)
    MeasureFactory(primary_field=measure.primary_field, title_de=f"{SECRET} Müll", trashed_at=timezone.now())
    other = MeasureFactory(number="M-90", title_de="Ganz anders", phase=Phase.DECIDED)
    response = client.get("/massnahmenkatalog.pdf")
    body, said = response.content, words(response.content)
    assert facts(body)[1:] == (True, "de", "Maßnahmenkatalog", True, True)
    assert [title for title in bookmarks(body) if title.startswith(("M-", "Feld", "Fahrplan", "Was die"))] == [
        *(measure.primary_field.name, "M-03 Rufbus per App und Telefon"),
        *(other.primary_field.name, "M-90 Ganz anders", "Fahrplan", "Was die Zeichen bedeuten"),
    ]
    assert "2 Maßnahmen in 2 Handlungsfeldern" in said
    assert "Inhalt" in said
    assert "TOC" in roles(body)
    assert SECRET not in said


def test_the_numbers_on_the_cover_add_up() -> None:
    MeasureFactory(phase=Phase.DONE, done_on=dt.date(2026, 3, 1))
    MeasureFactory(phase=Phase.DISCONTINUED, ending_reason="Kein Geld.")
    MeasureFactory(phase=Phase.MERGED, merged_into=MeasureFactory(phase=Phase.IN_PROGRESS))
    MeasureFactory(course_override="resting", course_reason="Personal.")
    said = json.dumps(booklet_paper()["cover"], ensure_ascii=False, default=str)
    total = int(re.search(r"(\d+) Maßnahmen", said)[1])  # type: ignore[index]
    parts = re.search(r'"([^"]*Eingestellt oder aufgegangen[^"]*)"', said)[1].split(" · ")  # type: ignore[index]
    assert (total, sum(int(part.split()[0]) for part in parts)) == (5, 5)
    assert "2 Eingestellt oder aufgegangen" in parts


def test_an_empty_catalogue_is_a_booklet_too(client: PortalClient) -> None:
    assert "0 Maßnahmen" in words(client.get("/massnahmenkatalog.pdf").content)


def test_papers_speak_the_language_of_their_address(client: PortalClient) -> None:
    full_measure(number="M-03", slug="rufbus")
    english = client.get("/en/massnahmen/rufbus.pdf").content
    assert facts(english)[2:4] == ("en", "Bus on call")
    assert "/en/massnahmen/rufbus/" in words(english)
    assert facts(client.get("/de-simple/massnahmen/rufbus.pdf").content)[2] == "de"


@pytest.mark.parametrize(
    "hidden", [{"publication": "draft"}, {"publication": "withdrawn"}, {"trashed_at": timezone.now()}]
)
def test_what_is_hidden_has_no_paper(
    client: PortalClient, sign_in: SignIn, publisher: User, hidden: dict[str, Any]
) -> None:
    full_profile(full_measure(slug="rufbus", **hidden), slug="fahrt")
    full_profile(MeasureFactory(), slug="steckbrief", **hidden)
    for browser in (client, sign_in(publisher)):
        for path in ("/massnahmen/rufbus.pdf", "/projekte/fahrt.pdf", "/projekte/steckbrief.pdf", "/projekte/nie.pdf"):
            assert (path, browser.get(path).status_code) == (path, 404)


def test_a_paper_is_set_once_and_again_when_its_words_change(client: PortalClient) -> None:
    measure = MeasureFactory(slug="rufbus")
    first = client.get("/massnahmen/rufbus.pdf")
    again = client.get("/massnahmen/rufbus.pdf", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, first["Cache-Control"]) == (304, b"", "no-cache")
    same = client.get("/massnahmen/rufbus.pdf", headers={"Accept-Encoding": "gzip"})
    assert (same.content, same.has_header("Content-Encoding")) == (first.content, False)  # the very same file
    assert client.head("/massnahmen/rufbus.pdf")["ETag"] == first["ETag"]
    assert client.post("/massnahmen/rufbus.pdf").status_code == 405
    Measure.objects.filter(pk=measure.pk).update(title_de="Ganz neu")
    store.raise_version()
    changed = client.get("/massnahmen/rufbus.pdf")
    assert ("Ganz neu" in words(changed.content), changed["ETag"] != first["ETag"]) == (True, True)
    Measure.objects.filter(pk=measure.pk).update(publication="withdrawn")
    assert client.get("/massnahmen/rufbus.pdf", headers={"If-None-Match": changed["ETag"]}).status_code == 404


def test_whoever_comes_while_it_is_set_gets_the_same_file() -> None:
    with ThreadPoolExecutor(3) as threads:
        papers = list(
            threads.map(lambda _: finished_paper(name="probe", template="record.typ", gather=_probe), range(3))
        )
    assert len({paper.body for paper in papers}) == 1  # each setting would have an identifier of its own


def _probe() -> dict[str, Any]:
    frame = {"site": "", "publisher": "", "lang": "de", "url": "", "as_of": "", "running": "", "summary": ""}
    said = dict.fromkeys(("found", "as_of", "page", "of", "contents"), "")
    paper = {"title": "Probe", "words": said, "kicker": [], "facts": {"t": "facts", "items": []}, "one_page": False}
    return {**frame, **paper, "variants": [[]]}


def test_queries_do_not_grow(client: PortalClient) -> None:
    full_measure()
    with CaptureQueriesContext(connection) as one:
        client.get("/massnahmenkatalog.pdf")
    full_profile(MeasureFactory(), slug="noch-eins")
    full_profile(MeasureFactory(), slug="und-noch-eins")
    cache.clear()
    with CaptureQueriesContext(connection) as three:
        client.get("/massnahmenkatalog.pdf")
    assert len(three) == len(one)


def test_letters_that_cannot_be_printed_are_replaced(client: PortalClient) -> None:
    MeasureFactory(
        slug="rufbus",
        title_de="Bus \U0001f600 \u5b57 \u202eevil \ue000 A\u2011B \ufb01x",
        summary_de="\u0416 \u03b1 \u0141\x00"[:-1],
    )
    said = words(client.get("/massnahmen/rufbus.pdf").content)
    assert "Bus ¿ ¿ evil A-B ﬁx" in said
    assert "Ж α Ł" in said


@given(st.text(max_size=400))
@settings(max_examples=20, deadline=None)
def test_any_markdown_can_be_set(source: str) -> None:
    paper = {**_probe(), "variants": [[{"title": "T", "note": "", "blocks": markdown(source)}]]}
    assert set_paper("record.typ", json.dumps(paper)).startswith(b"%PDF-1.7")


def test_a_press_that_fails_says_so(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    MeasureFactory(slug="rufbus")
    monkeypatch.setattr(press, "SECONDS", 0.001)
    response = client.get("/massnahmen/rufbus.pdf")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Die Druckfassung ist gerade nicht da" in response.content.decode()


def test_a_report_is_printed_for_those_who_work_on_it(
    client: PortalClient, sign_in: SignIn, publisher: User, stranger: User
) -> None:
    measure = full_measure(number="M-03")
    first = freeze_report(actor=publisher, title="Erster Bericht", previous=None, foreword="")
    MilestoneFactory(measure=measure, title_de="Fahrplan steht", state="done", done_on=timezone.localdate())
    MeasureFactory(number="M-04", title_de="Neue Maßnahme", primary_field=measure.primary_field)
    report = freeze_report(actor=publisher, title="Zweiter Bericht", previous=first, foreword="Guten Tag")
    path = f"/redaktion/berichte/{report.pk}.pdf"
    assert [browser.get(path).status_code for browser in (client, sign_in(stranger))] == [302, 403]
    response = sign_in(publisher).get(path)
    said = words(response.content)
    assert facts(response.content)[1:] == (True, "de", "Zweiter Bericht", True, True)
    assert response["Cache-Control"] == "private, no-store"
    for wanted in ("Guten Tag", "Neu dabei – M-04 Neue Maßnahme", "Fahrplan steht", "M-03 Rufbus per App und Telefon"):
        assert wanted in said, wanted
    assert SECRET not in said
    assert sign_in(publisher).get("/redaktion/berichte/0.pdf").status_code == 404


def test_a_former_address_of_a_paper_leads_on(client: PortalClient) -> None:
    profile = ProjectProfileFactory(slug="neu", measure=MeasureFactory(slug="rufbus"))
    hidden = MeasureFactory(slug="verborgen", publication="draft")
    FormerAddress.objects.create(slug="alt", measure=profile.measure)
    FormerAddress.objects.create(slug="alt", profile=profile)
    FormerAddress.objects.create(slug="geheim", measure=hidden)
    answers = [client.get(f"/{path}.pdf") for path in ("massnahmen/alt", "projekte/alt", "massnahmen/geheim")]
    assert [(answer.status_code, answer.get("Location")) for answer in answers] == [
        (301, "/massnahmen/rufbus.pdf"),
        (301, "/projekte/neu.pdf"),
        (404, None),
    ]
