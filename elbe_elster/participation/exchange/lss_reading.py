"""What reading a question of LimeSurvey needs whatever its type: texts, attributes, codes, conditions, leftovers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import Not, Selected
from elbe_elster.participation.questionnaire.document import Duty, Kind, Option, Question

from .assembling import LONGEST_OPTION, LONGEST_UNIT, Wish, numbered
from .comparing import any_of
from .lss_names import ALWAYS
from .lss_types import LOOK, OTHER
from .parsing import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .assembling import Assembly
    from .comparing import Truth
    from .lss_names import Names
    from .lss_tables import Record, Structure

    Raw = Mapping[str, str]

OTHER_CODE = "-oth-"


class Reading:
    """Reads what all types have."""

    def __init__(self, structure: Structure, assembly: Assembly, names: Names) -> None:
        self.structure = structure
        self.assembly = assembly
        self.report = assembly.report
        self.names = names

    def value(self, record: Record, name: str) -> str:
        """An attribute without language, or in the base language."""
        found = self.structure.attributes.get(record["qid"], {}).get(name, {})
        return (found.get("") or found.get(self.structure.base) or next(iter(found.values()), "")).strip()

    def texts(self, record: Record, name: str) -> Raw:
        """An attribute in all languages."""
        found = dict(self.structure.attributes.get(record["qid"], {}).get(name, {}))
        if "" in found:
            found.setdefault(self.structure.base, found.pop(""))
        return found

    def sub(self, record: Record, scale: int = 0) -> list[Record]:
        """The subquestions of one scale, in order."""
        return [row for row in self.structure.subquestions.get(record["qid"], []) if row.number("scale_id") == scale]

    def answers(self, record: Record, scale: int = 0) -> list[tuple[str, Raw]]:
        """The answers of one scale, in order; says so when there are none."""
        rows = self.structure.answers.get(record["qid"], [])
        found: list[tuple[str, Raw]] = [
            (row["code"].strip(), row.texts["answer"]) for row in rows if row.number("scale_id") == scale
        ]
        if not found:
            what = "Skala" if record["type"] in {"F", "H", "1"} else "Antworten"
            self.report.change(
                record["title"], what, "In der Datei stehen keine Antworten dazu. Bitte ergänzen Sie sie."
            )
        return found

    def plain_question(self, record: Record) -> Question:
        """The question without what depends on its type."""
        title = record["title"].strip()
        labels, helps = self.assembly.question_texts(title, record.texts["question"], record.texts["help"], title)
        duty = {"Y": Duty.HARD, "S": Duty.SOFT}.get(record["mandatory"].strip().upper(), Duty.FREE)
        shuffle = self.value(record, "random_order") in {"1", "2"} or "random" in {
            self.value(record, "answer_order"),
            self.value(record, "subquestion_order"),
        }
        return Question(0, "", Kind.INFORMATION, labels, helps, duty=duty, shuffle=shuffle)

    def add(self, record: Record, question: Question, raw: str = "") -> Question:
        """Give the question its code, put it on the page, and wish for its condition."""
        title = record["title"].strip()
        code = self.assembly.question_code(raw or title, title)
        question = replace(question, code=code)
        self.assembly.add(question)
        parts = self._relevance(record)
        if parts:
            self.assembly.wish(Wish("question", code, "", title, _shown(record, self.names), parts))
        return question

    def _relevance(self, record: Record) -> list[Callable[[], Truth]]:
        if self.names.conditions.get(record["qid"]):
            return [lambda: self.names.table(record["qid"])]
        relevance = record["relevance"]
        return [] if relevance.strip().lower() in ALWAYS else [lambda: self.names.relevance(relevance)]

    def leave_over(self, record: Record) -> None:
        """Attributes that say something and have no counterpart."""
        title = record["title"].strip()
        if record["preg"].strip():
            self.report.drop(title, "Prüfung", "Reguläre Ausdrücke prüft das Portal nicht.")
        ignored = {"0", "", "N", "default", "normal", "none"}
        names = self.structure.attributes.get(record["qid"], {})
        left = sorted(name for name in names if _matters(name) and self.value(record, name) not in ignored)
        if left:
            words = "Einstellungen ohne Entsprechung im Portal"
            self.report.drop(title, "Einstellungen", f"{words}: {', '.join(name[:40] for name in left[:12])}.")
        if self.value(record, "prefix"):
            self.report.drop(
                title, "Text vor dem Feld", f"„{self.value(record, 'prefix')[:60]}“ steht nicht mehr davor."
            )
        if record["encrypted"] == "Y":
            self.report.change(title, "Verschlüsselung", "Das Portal verschlüsselt keine einzelnen Fragen.")

    def unit(self, record: Record) -> Mapping[str, str]:
        """What stands behind a number."""
        return self.assembly.line(record["title"], self.texts(record, "suffix"), LONGEST_UNIT, "Einheit")

    def filters(self, record: Record, question: Question, known: Mapping[str, str], what: str) -> None:
        """Rows and options that only stand there when they were chosen (or not) in an earlier question."""
        for name, chosen in (("array_filter", True), ("array_filter_exclude", False)):
            sources = [part.strip() for part in self.value(record, name).replace(",", ";").split(";") if part.strip()]
            if not sources:
                continue
            for raw, code in known.items():
                part = _filter(self.names, sources, raw, chosen=chosen)
                self.assembly.wish(Wish(what, question.code, code, record["title"], f"Filter „{name}“: ", [part]))

    def with_other(
        self, record: Record, options: tuple[Option, ...], known: dict[str, str]
    ) -> tuple[tuple[Option, ...], dict[str, str]]:
        """The options with „Sonstiges“, if the question has it."""
        if record["other"].strip().upper() != "Y":
            return options, known
        code = "other" if all(option.code != "other" for option in options) else "other_text"
        raw = self.texts(record, "other_replace_text")
        label = self.assembly.line(record["title"], raw, LONGEST_OPTION, "Antwort") if raw else {}
        fallback = {name: OTHER[name] for name in self.assembly.languages.of_document}
        options = numbered([*options, Option(code, len(options) + 1, {**fallback, **label}, other=True)])
        return options, {**known, OTHER_CODE: code}

    def fixed(self, rows: Sequence[tuple[str, str, Raw]]) -> tuple[tuple[Option, ...], dict[str, str]]:
        """Options that the type brings."""
        languages = self.assembly.languages.of_document
        options = tuple(
            Option(code, place, {name: label.get(name, label["de"]) for name in languages})
            for place, (_raw, code, label) in enumerate(rows, start=1)
        )
        return options, {raw: code for raw, code, _label in rows if raw}

    def sub_relevance(self, question: Question, rows: list[Record], known: Mapping[str, str], what: str) -> None:
        """Wish for the conditions of rows or options."""
        for row in rows:
            relevance = row["relevance"]
            if relevance.strip().lower() not in ALWAYS:
                part = [partial(self.names.relevance, relevance)]
                source = f"{question.code} {row['title'].strip()}"
                self.assembly.wish(Wish(what, question.code, known[row["title"].strip()], source, "", part))

    def joined(self, labels: Mapping[str, str], row: Raw, source: str) -> dict[str, str]:
        """The question and the name of one of its fields."""
        parts = self.assembly.line(source, row, LONGEST_OPTION, "Teilfrage")
        return {
            name: f"{labels.get(name, labels['de'])[:280]} – {parts.get(name) or parts.get('de', '')}".rstrip(" –")
            for name in {*labels, *parts}
        }


def _matters(attribute: str) -> bool:
    folded = attribute.lower()
    return folded not in LOOK and not folded.startswith("time_limit_")


def _filter(names: Names, sources: Sequence[str], raw: str, *, chosen: bool) -> Callable[[], Truth]:
    """Shown when the option of the same code was chosen in one of the sources (or in none of them)."""

    def tree() -> Truth:
        found = []
        for source in sources:
            meaning = names.known.get(source)
            if meaning is None:
                raise ExpressionError(f"„{source}“ gibt es in der Datei nicht.")
            meaning.must_be_there()
            if raw in meaning.options:
                found.append(Selected(meaning.question, meaning.options[raw]))
        if not found:
            return True
        together = any_of(found)
        return together if chosen or isinstance(together, bool) else Not(together)

    return tree


def _shown(record: Record, names: Names) -> str:
    if names.conditions.get(record["qid"]):
        return ""
    line = " ".join(record["relevance"].split())
    return f"„{line if len(line) <= 160 else line[:159] + '…'}“: "  # noqa: PLR2004 - enough to recognise it
