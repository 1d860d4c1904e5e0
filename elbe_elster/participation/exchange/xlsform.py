"""XLSForm in: the sheets survey, choices and settings of an ``.xlsx``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.document import Kind, Question

from .assembling import LONGEST_TITLE, Assembly, Wish, shortened
from .languages import choose_languages
from .meanings import Meaning
from .parsing import ExpressionError, Name, has_curly_quotes, parse_xpath
from .reports import LossReport
from .texts import one_line
from .translation import translate
from .xlsform_questions import LineReader
from .xlsform_sheets import read_form
from .xlsform_types import FormType, read_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from .comparing import Truth
    from .reports import BroughtSurvey
    from .xlsform_sheets import Form, Line

    Part = Callable[[], Truth]

NO_LANGUAGE = ""
DEEPEST_GROUPS = 20
MANY = 20  # questions on one page are too many


@dataclass
class Group:
    """A group of rows; the outermost has no line."""

    line: Line | None
    repeats: bool = False
    children: list[Group | tuple[Line, FormType]] = field(default_factory=list)

    @property
    def has_questions(self) -> bool:
        """Whether something is asked directly in it."""
        return any(isinstance(child, tuple) and child[1].what != "gone" for child in self.children)


def read_xlsform(content: bytes) -> BroughtSurvey:
    """The questionnaire of a workbook. Raises UnreadableError."""
    report = LossReport()
    form = read_form(content, report)
    return _Reader(form, report).brought()


class _Reader:
    """Reads one form from top to bottom."""

    def __init__(self, form: Form, report: LossReport) -> None:
        self.form = form
        self.report = report
        base = self._base()
        for line in (*form.survey, *(line for lines in form.choices.values() for line in lines)):
            for texts in line.texts.values():
                if NO_LANGUAGE in texts and base:
                    texts.setdefault(base, texts.pop(NO_LANGUAGE))
        others = [name for name in form.languages if name]
        self.languages = choose_languages(base, others, report)
        self.assembly = Assembly(self.languages, report, html=False)
        self.names: dict[str, Meaning] = {}
        self.lines = LineReader(form, self.assembly, self.names, self.wish)

    def _base(self) -> str:
        """The language of columns without one: as the settings say, else German if it is there, else the first."""
        named = [name for name in self.form.languages if name]
        said = self.form.settings.get("default_language", "").strip()
        if said:
            return next((name for name in named if name.casefold() == said.casefold()), said)
        if NO_LANGUAGE in self.form.languages or not named:
            self.report.change("", "Sprache", "Texte ohne Angabe der Sprache gelten als Deutsch.")
            return next((name for name in named if name.casefold() in {"deutsch", "german", "de"}), "de")
        return next((name for name in named if name.casefold().startswith(("deutsch", "german", "de "))), named[0])

    def brought(self) -> BroughtSurvey:
        """The survey with its questionnaire."""
        self._lay_out(self._tree(), [], None)
        self._left_over()
        settings = self.form.settings
        raw = settings.get("form_title") or settings.get("form_id") or ""
        title = {"de": shortened(one_line(raw), LONGEST_TITLE) or "Übernommene Umfrage"}
        used = {id(line) for line in self.lines.used_choices}
        self.assembly.counts.options = len(used)
        for page in self.assembly.pages:
            if len(page.questions) > MANY:
                words = f"{len(page.questions)} Fragen auf einer Seite sind viel. Verteilen Sie sie auf mehrere Teile."
                self.report.change(page.title["de"], "Teil", words)
        return self.assembly.finished(title, {}, {}, "XLSForm")

    # Groups -------------------------------------------------------------------

    def _tree(self) -> Group:
        stack = [Group(None)]
        for line in self.form.survey:
            text = line["type"]
            if not text.strip():
                if line.cells or line.texts:
                    self.report.drop(line["name"], "Zeile", f"{line.place('type')}: Die Zeile hat keinen Typ.")
                continue
            found = read_type(text)
            if found.what == "begin":
                group = Group(line, repeats=found.detail in {"repeat", "loop"})
                stack[-1].children.append(group)
                stack.append(group)
            elif found.what == "end":
                if len(stack) > 1:
                    stack.pop()
                else:
                    self.report.change("", "Gruppe", f"{line.place('type')}: „{text[:40]}“ beendet nichts.")
            else:
                stack[-1].children.append((line, found))
        for group in stack[1:]:
            where = group.line.place("type") if group.line else ""
            self.report.change(group.line["name"] if group.line else "", "Gruppe", f"{where}: Die Gruppe endet nie.")
        return stack[0]

    def _lay_out(self, group: Group, outer: list[Part], around: Line | None) -> None:
        """Groups that ask something become pages; groups of groups only open up. Loose questions get a page too."""
        is_open = False
        for child in group.children:
            if isinstance(child, tuple):
                if child[1].what != "gone" and not is_open:
                    self._page(around, outer)
                    is_open = True
                self.lines.read_all([child], [])
                continue
            is_open = False
            if self._refused(child):
                continue
            if child.has_questions or not child.children:
                self._page(child.line, outer)
                self._inside(child, [], 0)
            else:
                self._lay_out(child, [*outer, *self._own(child)], child.line)

    def _page(self, line: Line | None, outer: list[Part]) -> None:
        label, hint = (line.text("label"), line.text("hint")) if line else ({}, {})
        name = line["name"] if line else ""
        code = line["portal_code"] if line else ""
        page = self.assembly.open_page(code or name, label, hint, name)
        parts = [*outer, *(self._condition(line) if line else [])]
        if parts:
            place = f"{line.place('relevant')}: {_quoted(line['relevant'])}" if line else ""
            self.assembly.wish(Wish("page", page.code, "", name, place, parts))

    def _inside(self, group: Group, outer: list[Part], depth: int) -> None:
        """The rows of a page. Groups inside of it become a heading, their condition goes to each question."""
        run: list[tuple[Line, FormType]] = []
        tabular = bool(group.line and "table-list" in group.line["appearance"].casefold())
        for child in group.children:
            if isinstance(child, tuple):
                run.append(child)
                continue
            self.lines.read_all(run, outer, group.line if tabular else None)
            run = []
            if self._refused(child) or child.line is None:
                continue
            if depth > DEEPEST_GROUPS:
                self.report.drop(child.line["name"], "Gruppe", f"{child.line.place()}: Zu tief verschachtelt.")
                continue
            parts = [*outer, *self._own(child)]
            is_table = "table-list" in child.line["appearance"].casefold()
            if any(child.line.text("label").values()) and not is_table:
                self._heading(child.line, parts)
            self._inside(child, parts, depth + 1)
        self.lines.read_all(run, outer, group.line if tabular else None)

    def _heading(self, line: Line, parts: list[Part]) -> None:
        source = line["name"]
        label, rest = self.assembly.question_texts(source, line.text("label"), line.text("hint"), source)
        code = self.assembly.question_code(f"{source}_hinweis", source)
        self.assembly.add(Question(0, code, Kind.INFORMATION, label, rest))
        if parts:
            self.assembly.wish(Wish("question", code, "", source, f"{line.place('relevant')}: ", parts))
        self.report.change(source, "Gruppe", f"{line.place()}: Eine Gruppe in einer Gruppe ist jetzt eine Überschrift.")

    def _refused(self, group: Group) -> bool:
        if not group.repeats or group.line is None:
            return False
        line = group.line
        words = f"{line.place('type')}: Wiederholungen gibt es im Portal nicht. Alles darin ist nicht übernommen."
        self.report.drop(line["name"], "Wiederholung", words)
        self._forget(group)
        return True

    def _forget(self, group: Group) -> None:
        for child in group.children:
            if isinstance(child, tuple):
                name = child[0]["name"]
                self.report.drop(name, "Frage", f"{child[0].place()}: Sie steht in einer Wiederholung.")
                self.names[name] = Meaning(name, gone=f"„{name}“ ist nicht übernommen.")
            else:
                self._forget(child)

    # Conditions ---------------------------------------------------------------

    def _own(self, group: Group) -> list[Part]:
        return self._condition(group.line) if group.line else []

    def _condition(self, line: Line) -> list[Part]:
        text = line["relevant"]
        if not text.strip():
            return []
        if has_curly_quotes(text):
            words = f"{line.place('relevant')}: Typografische Anführungszeichen sind als gerade gelesen."
            self.report.change(line["name"], "Bedingung", words)
        return [lambda: self._tree_of(text)]

    def _tree_of(self, text: str) -> Truth:
        folded = text.strip().casefold()
        if folded in {"yes", "true", "1", "true()", "wahr", "ja"}:
            return True
        if folded in {"no", "false", "0", "false()", "falsch", "nein"}:
            return False
        return translate(parse_xpath(text), self._lookup)

    def _lookup(self, name: Name) -> Meaning:
        found = self.names.get(f"{name.name}.{name.suffix}" if name.suffix else name.name)
        if name.name == ".":
            raise ExpressionError("„.“ steht für die eigene Antwort; davon kann die Frage nicht abhängen.")
        if found is None:
            raise ExpressionError(f"Das Feld „{name.name}“ gibt es in der Datei nicht.")
        return found

    def wish(self, what: str, target: str, sub: str, line: Line, outer: list[Part]) -> None:
        """Wish for the condition of a row, together with those of the groups around it."""
        parts = [*outer, *self._condition(line)]
        if parts:
            text = _quoted(line["relevant"]) if line["relevant"] else ""
            place = f"{line.place('relevant')}: {text}"
            self.assembly.wish(Wish(what, target, sub, line["name"], place, parts))

    def _left_over(self) -> None:
        for name in ("instance_name", "public_key", "submission_url", "auto_send", "auto_delete"):
            if self.form.settings.get(name):
                self.report.drop("", f"Einstellung {name}", "Sie hat im Portal keine Entsprechung.")
        unused = set(self.form.choices) - self.lines.used_lists - {""}
        for name in sorted(unused)[:50]:
            self.report.drop(name, "Liste", "Keine Frage benutzt diese Antworten.")
        if self.form.choices.get(""):
            first = self.form.choices[""][0]
            self.report.drop(
                "", "Antworten", f"{first.place('list_name')}: Die Liste fehlt, zu der die Antwort gehört."
            )


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"„{line if len(line) <= 160 else line[:159] + '…'}“: "  # noqa: PLR2004 - enough to recognise it
