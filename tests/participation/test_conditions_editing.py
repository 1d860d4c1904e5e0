"""Clicking conditions together: every tree survives the editor, and what cannot work is refused with a sentence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elbe_elster.accounts.models import Role
from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.building.lines import Choosing, answer_sorts
from elbe_elster.participation.building.nodes import (
    Line,
    LineError,
    Node,
    add_part,
    expression_of,
    node_of,
    remove_part,
)
from elbe_elster.participation.models import Survey
from elbe_elster.participation.questionnaire.answers import Given
from elbe_elster.participation.questionnaire.checking import Place, condition_problems
from elbe_elster.participation.questionnaire.conditions import (
    SIGNS,
    Answered,
    Both,
    Compare,
    Constant,
    CountOf,
    Either,
    Expression,
    Not,
    Selected,
    SumOf,
    ValueOf,
    holds,
)
from elbe_elster.participation.questionnaire.document import Kind
from tests.factories import UserFactory
from tests.participation.answering import question, questionnaire

if TYPE_CHECKING:
    from tests.client import PortalClient
    from tests.conftest import SignIn

DOCUMENT = questionnaire(
    (
        question("wahl"),
        question("viele", Kind.MULTIPLE),
        question("tabelle", Kind.MATRIX_SINGLE),
        question("skala", Kind.SCALE),
    ),
    (
        question("zahl", Kind.NUMBER),
        question("tag", Kind.DATE),
        question("text", Kind.SHORT_TEXT),
        question("letzte"),
    ),
)
SORTS = answer_sorts(DOCUMENT)
numbers = st.decimals(-1000, 1000, places=2).map(lambda number: Constant(Decimal(f"{number:f}")))
number_terms: st.SearchStrategy[Any] = st.one_of(
    numbers,
    st.sampled_from(["wahl", "skala", "zahl"]).map(ValueOf),
    st.sampled_from(["viele", "tabelle"]).map(CountOf),
    st.just(SumOf(("zahl", "skala"))),
)
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)).map(Constant) | st.just(ValueOf("tag"))
words = st.sampled_from(["ja", "ein, Komma", "-"]).map(Constant) | st.just(ValueOf("text"))
leaves: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Selected, st.just("wahl"), st.sampled_from("abc")),
    st.builds(Selected, st.just("tabelle"), st.sampled_from("abc"), st.sampled_from("xy")),
    st.builds(Answered, st.sampled_from(["wahl", "zahl", "text"])),
    st.builds(Compare, st.sampled_from(SIGNS), number_terms, number_terms),
    st.builds(Compare, st.sampled_from(SIGNS), days, days),
    st.builds(Compare, st.sampled_from("=!").map({"=": "=", "!": "!="}.__getitem__), words, words),
)
trees: st.SearchStrategy[Expression] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Both(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Either(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
given_answers = st.fixed_dictionaries(
    {},
    optional={
        "wahl": st.sampled_from("abc").map(lambda code: Given(options=(code,), option_value="abc".index(code) + 1)),
        "viele": st.sets(st.sampled_from("abc")).map(lambda codes: Given(options=tuple(sorted(codes)))),
        "tabelle": st.sampled_from("abc").map(lambda code: Given(items={"x": (code,)})),
        "skala": st.integers(1, 5).map(lambda point: Given(options=(str(point),), option_value=point)),
        "zahl": st.decimals(-1000, 1000, places=1).map(lambda number: Given(number=number)),
        "tag": st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)).map(lambda day: Given(date=day)),
        "text": st.sampled_from(["ja", "nein"]).map(lambda text: Given(text=text)),
    },
)


def simple(expression: Expression) -> Expression:
    """Without groups of one."""
    match expression:
        case Both(of) | Either(of) if len(of) == 1:
            return simple(of[0])
        case Both(of) | Either(of):
            return type(expression)(tuple(map(simple, of)))
        case Not(inner):
            return Not(simple(inner))
    return expression


@settings(max_examples=300, deadline=None)
@given(trees, given_answers)
def test_every_tree_survives_the_editor(tree: Expression, answers: dict[str, Given]) -> None:
    assert condition_problems(tree, DOCUMENT, Place(question="letzte"), frozenset(SORTS) - {"letzte"}) == []
    again = expression_of(node_of(tree), SORTS)
    assert again is not None
    assert simple(again) == simple(tree)
    assert holds(again, answers) == holds(tree, answers)


@pytest.mark.parametrize("at", ["9", "9" * 5_000, f"0-{'9' * 5_000}", "x", "-", "²"])
def test_a_place_that_does_not_exist_changes_nothing(at: str) -> None:
    node = Node(parts=[Node(parts=[Line()]), Line()])
    add_part(node, at, Line())
    remove_part(node, at)
    assert node == Node(parts=[Node(parts=[Line()]), Line()])


def test_a_tree_as_lines() -> None:
    tree = Both(
        (
            Not(Selected("tabelle", "a", "x")),
            Not(Either((Compare(">=", ValueOf("zahl"), Constant(Decimal("2.50"))), Not(Answered("text"))))),
            Compare("<", SumOf(("zahl", "skala")), Constant(Decimal(7))),
            Compare("=", ValueOf("zahl"), ValueOf("skala")),
        )
    )
    kept = '{"left": {"value": "zahl"}, "op": "compare", "right": {"value": "skala"}, "sign": "="}'
    assert node_of(tree) == Node(
        parts=[
            Line("tabelle/x", "not_selected", "a"),
            Node(
                any_of=True,
                negated=True,
                parts=[Line("zahl", "value>=", "2,50"), Line("text", "not_answered")],
            ),
            Line("+", "sum<", "7", summed=["zahl", "skala"]),
            Line(kept=kept),
        ]
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (Line("wahl", ""), "Wählen Sie, was zutreffen soll."),
        (Line("wahl", "selected"), "Wählen Sie eine Antwort."),
        (Line("zahl", "value="), "Schreiben Sie, womit verglichen wird."),
        (Line("zahl", "value=", "viel"), "Schreiben Sie eine Zahl, zum Beispiel 12,5."),
        (Line("zahl", "value=", "1e99"), "Schreiben Sie eine Zahl, zum Beispiel 12,5."),
        (Line("zahl", "value=", "NaN"), "Schreiben Sie eine Zahl, zum Beispiel 12,5."),
        (Line("zahl", "value~", "1"), "Wählen Sie, was zutreffen soll."),
        (Line("tag", "value<", "morgen"), "Schreiben Sie einen Tag, zum Beispiel 2026-12-24."),
        (Line("+", "sum=", "1"), "Wählen Sie, welche Zahlen zusammengezählt werden."),
        (Line(kept="{"), "Dieser Teil ist beschädigt. Entfernen Sie ihn."),
        (Line(kept='{"op": "exec"}'), "Dieser Teil ist beschädigt. Entfernen Sie ihn."),
        (Line(kept="[" * 9000), "Dieser Teil ist beschädigt. Entfernen Sie ihn."),
    ],
)
def test_what_a_line_lacks(line: Line, said: str) -> None:
    with pytest.raises(LineError):
        expression_of(Node(parts=[line]), SORTS)
    assert str(line.error) == said


def test_only_earlier_questions_are_offered() -> None:
    seen = frozenset({"wahl", "viele", "tabelle"})
    offered = Choosing(DOCUMENT, seen, "de").subjects()
    assert offered == [
        (
            "Teil 1",
            [
                ("wahl", "1. Frage wahl?"),
                ("viele", "2. Frage viele?"),
                ("tabelle/x", "3. Frage tabelle? – Zeile x"),
                ("tabelle/y", "3. Frage tabelle? – Zeile y"),
                ("tabelle", "3. Frage tabelle? – die ganze Tabelle"),
            ],
        )
    ]


@pytest.fixture
def survey(db: None) -> Survey:
    made = Survey.objects.create(slug="digital", title="Digital")
    write_pages(survey=made, questionnaire=DOCUMENT)
    return made


@pytest.fixture
def team(db: None, sign_in: SignIn) -> PortalClient:
    return sign_in(UserFactory(roles=[Role.SURVEY_TEAM]))


PLACE = "/redaktion/umfragen/digital/bearbeiten/frage/letzte/bedingung/"


def stored(survey: Survey) -> Expression | None:
    return draft_document(survey).question_by_code["letzte"].condition


def test_a_condition_grows_line_by_line_without_script(team: PortalClient, survey: Survey) -> None:
    page = team.get(PLACE)
    sent = {"stamp": page.context["stamp"], "any-": "1", "shape-0": "line", "subject-0": "wahl"}
    page = team.post(PLACE, {**sent, "do": "refresh"})
    assert [value for value, _label in page.context["root"].parts[0].options] == ["a", "b", "c"]
    sent |= {"relation-0": "selected", "value-0": "b"}
    page = team.post(PLACE, {**sent, "do": "group:"})
    assert page.context["root"].parts[1].is_group
    sent |= {"shape-1": "group", "any-1": "0", "not-1": "1", "shape-1-0": "line", "subject-1-0": "zahl"}
    page = team.post(PLACE, {**sent, "do": "line:1"})
    assert [part.control for part in page.context["root"].parts[1].parts] == ["number", ""]
    assert stored(survey) is None
    sent |= {"relation-1-0": "value>", "value-1-0": "2,5", "shape-1-1": "line", "subject-1-1": "text"}
    sent |= {"relation-1-1": "answered"}
    assert team.post(PLACE, {**sent, "do": "save"}).headers["Location"].endswith("#frage-letzte")
    wanted = Either(
        (
            Selected("wahl", "b"),
            Not(Both((Compare(">", ValueOf("zahl"), Constant(Decimal("2.5"))), Answered("text")))),
        )
    )
    assert stored(survey) == wanted
    page = team.get(PLACE)
    assert page.context["said"].startswith("Nur wenn")
    late = team.post(PLACE, {**sent, "do": "save"})
    assert (late.status_code, stored(survey)) == (409, wanted)
    team.post(PLACE, {"stamp": page.context["stamp"], "any-": "0", "do": "save"})
    assert stored(survey) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"subject-0": "letzte", "relation-0": "answered"}, "Diese Frage muss vorher gestellt werden."),
        ({"subject-0": "nix", "relation-0": "answered"}, "nennt eine Frage, die es nicht gibt"),
        ({"subject-0": "wahl", "relation-0": "selected", "value-0": "z"}, "nennt eine Antwort, die es nicht gibt"),
        ({"subject-0": "tabelle/z", "relation-0": "answered"}, "nennt eine Zeile, die es nicht gibt"),
        ({"subject-0": "text", "relation-0": "value<", "value-0": "b"}, "nicht geantwortet werden kann"),
        ({"subject-0": "zahl", "relation-0": "selected", "value-0": "1"}, "nicht geantwortet werden kann"),
        ({"subject-0": "zahl", "relation-0": "value=", "value-0": "viel"}, "Schreiben Sie eine Zahl"),
        ({"kept-0": '{"op": "answered", "question": "letzte"}'}, "Diese Frage muss vorher gestellt werden."),
    ],
)
def test_what_cannot_work_is_refused(line: dict[str, str], said: str, team: PortalClient, survey: Survey) -> None:
    stamp = team.get(PLACE).context["stamp"]
    answer = team.post(PLACE, {"stamp": stamp, "shape-0": "line", **line, "do": "save"})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert stored(survey) is None


@pytest.mark.parametrize(
    "do", ["line:9-9-9", "group:x", "remove:", "remove:0-0", "remove:99", "remove:-1", "line:²", "nix"]
)
def test_nonsense_buttons(do: str, team: PortalClient, survey: Survey) -> None:
    deep = {f"shape-{'-'.join(['0'] * depth)}": "group" for depth in range(1, 60)}
    assert team.post(PLACE, {"stamp": "", "do": do, "shape-0": "line", "subject-0": "<b>"}).status_code == 200
    assert team.post(PLACE, {"stamp": "", "do": do, **deep}).status_code == 200
    assert stored(survey) is None
