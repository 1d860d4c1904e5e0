"""The tables of a LimeSurvey structure, the same for both layouts: one record a thing, its texts by language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .files import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .files import Element

    Row = dict[str, str]

DOCUMENTS = {"Survey": "Umfrage", "Group": "Fragengruppe", "Question": "Frage"}
INHERITED = {"I", "E", "inherit", "-1"}


@dataclass
class Record:
    """A group, question, subquestion or answer: its columns, and its texts by name and language."""

    row: Row
    texts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def __getitem__(self, column: str) -> str:
        return self.row.get(column, "")

    def number(self, column: str) -> int:
        """A whole number, 0 for anything else."""
        text = self[column].strip().lstrip("-")
        return int(self[column]) if text.isascii() and text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004


@dataclass
class Structure:
    """Everything of the file that an import may need."""

    kind: str  # Survey, Group or Question
    version: str
    base: str
    languages: list[str]
    survey: Row
    settings: dict[str, Row]  # by language
    groups: list[Record]
    questions: list[Record]
    subquestions: dict[str, list[Record]]  # by the question's qid, both scales
    answers: dict[str, list[Record]]
    attributes: dict[str, dict[str, dict[str, str]]]  # qid → name → language → value
    tables: Mapping[str, list[Row]]
    sections: set[str] = field(default_factory=set)  # that have any content
    orphans: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        """For people."""
        return f"LimeSurvey, {DOCUMENTS[self.kind]}, Datenbankfassung {self.version or 'unbekannt'}"


def read_structure(root: Element) -> Structure:
    """The structure of a file. Raises UnreadableError when it is none."""
    kind = root.part("LimeSurveyDocType")
    name = kind.text.strip() if kind else ""
    if root.name != "document" or name not in DOCUMENTS:
        raise UnreadableError("Das ist keine Struktur aus LimeSurvey. Exportieren Sie die Umfrage als „.lss“.")
    tables = {part.name: _rows(part) for part in root.parts}
    if not tables.get("questions"):
        raise UnreadableError("In der Datei steht keine Frage.")
    base, languages = _languages(root, tables)
    groups = _records(tables, "groups", "group", ("gid",), base)
    everything = _records(tables, "questions", "question", ("qid",), base)
    everything += _records(tables, "subquestions", "question", ("qid",), base)
    parents = [record for record in everything if not record.number("parent_qid")]
    version = root.part("DBVersion")
    found = Structure(
        kind=name,
        version=version.text.strip()[:10] if version else "",
        base=base,
        languages=languages,
        survey=(tables.get("surveys") or [{}])[0],
        settings={row.get("surveyls_language", ""): row for row in tables.get("surveys_languagesettings", [])},
        groups=sorted(groups, key=lambda record: record.number("group_order")),
        questions=sorted(parents, key=lambda record: record.number("question_order")),
        subquestions=_by_question(everything, "parent_qid", "question_order"),
        answers=_by_question(_records(tables, "answers", "answer", ANSWER_KEYS, base), "qid", "sortorder"),
        attributes=_attributes(tables),
        tables=tables,
        sections={part.name for part in root.parts if part.parts},
    )
    found.orphans = _orphans(found)
    return found


ANSWER_KEYS = ("qid", "code", "scale_id")


def _rows(table: Element) -> list[Row]:
    rows = table.part("rows")
    if rows is None:
        return []
    return [{cell.name.removeprefix("_"): cell.text for cell in row.parts} for row in rows.parts if row.name == "row"]


def _languages(root: Element, tables: Mapping[str, list[Row]]) -> tuple[str, list[str]]:
    listed = root.part("languages")
    names = [part.text.strip() for part in listed.parts] if listed else []
    survey = (tables.get("surveys") or [{}])[0]
    base = survey.get("language", "").strip() or (names[0] if names else "de")
    others = [*survey.get("additional_languages", "").split(), *names]
    return base, [name for name in dict.fromkeys(others) if name and name != base]


def _records(
    tables: Mapping[str, list[Row]], table: str, single: str, keys: tuple[str, ...], base: str
) -> list[Record]:
    """One record a thing. Old files repeat the row per language; newer ones have a table of texts beside it."""
    beside = tables.get(f"{single}_l10ns")
    found: dict[tuple[str, ...], Record] = {}
    for place, row in enumerate(tables.get(table, [])):
        key = tuple(row.get(name, "") for name in keys)
        if beside is not None or not row.get("language"):
            own = key if beside is None or single != "answer" else (*key, row.get("aid", str(place)))
            found.setdefault(own, Record(row))
            continue
        record = found.setdefault(key, Record(row))
        if row["language"] == base:
            record.row = row
        _add_texts(record, row, row["language"])
    if beside is None:
        for record in found.values():
            if not record.row.get("language"):
                _add_texts(record, record.row, base)
        return list(found.values())
    identity = {"group": "gid", "question": "qid", "answer": "aid"}[single]
    by_id = {record[identity]: record for record in found.values()}
    for row in beside:
        if row.get(identity, "") in by_id:
            _add_texts(by_id[row[identity]], row, row.get("language", ""))
    return list(found.values())


TEXTS = ("group_name", "description", "question", "help", "answer", "script")


def _add_texts(record: Record, row: Row, language: str) -> None:
    for name in TEXTS:
        if row.get(name):
            record.texts[name].setdefault(language, row[name])


def _by_question(records: list[Record], key: str, order: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.number(key):
            found[record[key].strip()].append(record)
    for rows in found.values():
        rows.sort(key=lambda record: (record.number("scale_id"), record.number(order)))
    return dict(found)


def _attributes(tables: Mapping[str, list[Row]]) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in tables.get("question_attributes", []):
        value = row.get("value", "")
        if value.strip():
            found[row.get("qid", "")][row.get("attribute", "")][row.get("language", "")] = value
    return {qid: dict(names) for qid, names in found.items()}


def _orphans(structure: Structure) -> list[str]:
    """Rows that belong to nothing: questions of no group, subquestions and answers of no question."""
    groups = {record["gid"] for record in structure.groups}
    questions = {record["qid"] for record in structure.questions}
    found = []
    if groups:
        found += [f"Frage {record['title']}" for record in structure.questions if record["gid"] not in groups]
    for words, table in (("Teilfragen", structure.subquestions), ("Antworten", structure.answers)):
        found += [f"{words} zur Frage mit der Nummer {qid}" for qid in table if qid not in questions]
    return found
