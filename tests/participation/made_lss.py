"""LimeSurvey structures as its exporter writes them, in both layouts, made for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

SID = "834271"
Texts = str | Mapping[str, str]
TEXT_COLUMNS = {"group_name", "description", "question", "help", "answer"}


def in_languages(text: Texts, languages: tuple[str, ...]) -> dict[str, str]:
    return {languages[0]: text} if isinstance(text, str) else dict(text)


class Lss:
    """Collects groups, questions and answers, and writes them in the old or the new layout."""

    def __init__(self, *languages: str, new: bool = True, version: int | None = None, **survey: str) -> None:
        self.languages = languages or ("de",)
        self.new = new
        self.version = version or (498 if new else 178)
        self.survey = {"sid": SID, "language": self.languages[0], "format": "G", **survey}
        self.survey["additional_languages"] = " ".join(self.languages[1:]) + (" " if self.languages[1:] else "")
        self.settings: dict[str, Any] = {"surveyls_title": "Digital vor Ort"}
        self.groups: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.subquestions: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.tables: dict[str, list[dict[str, str]]] = {}
        self._next = 10

    def _id(self) -> str:
        self._next += 1
        return str(self._next)

    def group(self, name: Texts, description: Texts = "", **columns: str) -> str:
        gid = self._id()
        row = {
            "gid": gid,
            "sid": SID,
            "group_order": str(len(self.groups)),
            "randomization_group": "",
            "grelevance": "",
        }
        self.groups.append({**row, "group_name": name, "description": description, **columns})
        return gid

    def question(  # noqa: PLR0913 -- what a question has
        self,
        kind: str,
        title: str,
        text: Texts = "Frage?",
        *,
        subs: Sequence[tuple[str, Texts]] = (),
        columns: Sequence[tuple[str, Texts]] = (),
        answers: Sequence[tuple[str, Texts]] = (),
        second: Sequence[tuple[str, Texts]] = (),
        attributes: Mapping[str, Any] | None = None,
        sub_relevance: Mapping[str, str] | None = None,
        **more: Any,
    ) -> str:
        qid = self._id()
        gid = self.groups[-1]["gid"]
        row = {
            "qid": qid,
            "parent_qid": "0",
            "sid": SID,
            "gid": gid,
            "type": kind,
            "title": title,
            "preg": "",
            "other": "N",
            "mandatory": "N",
            "question_order": str(len(self.questions)),
            "scale_id": "0",
            "same_default": "0",
            "relevance": "1",
            "question": text,
            "help": "",
        }
        self.questions.append({**row, **more})
        for scale, rows in (("0", subs), ("1", columns)):
            self._subquestions(row, scale, rows, sub_relevance or {})
        for scale, rows in (("0", answers), ("1", second)):
            self._answers(qid, scale, rows)
        self._attributes(qid, attributes or {})
        return qid

    def _subquestions(
        self, row: dict[str, Any], scale: str, rows: Sequence[tuple[str, Texts]], relevance: Mapping[str, str]
    ) -> None:
        for place, (code, label) in enumerate(rows, start=1):
            sub = {**row, "qid": self._id(), "parent_qid": row["qid"], "type": "T", "title": code, "question": label}
            order = {"scale_id": scale, "question_order": str(place), "relevance": relevance.get(code, "1")}
            self.subquestions.append({**sub, **order})

    def _answers(self, qid: str, scale: str, rows: Sequence[tuple[str, Texts]]) -> None:
        for place, (code, label) in enumerate(rows, start=1):
            answer = {"aid": self._id(), "qid": qid, "code": code, "sortorder": str(place), "scale_id": scale}
            self.answers.append({**answer, "assessment_value": "0", "answer": label})

    def _attributes(self, qid: str, attributes: Mapping[str, Any]) -> None:
        for name, value in attributes.items():
            values = value if isinstance(value, dict) else {"": value}
            for language, text_of in values.items():
                attribute = {"qid": qid, "attribute": name, "value": text_of}
                self.table("question_attributes", **attribute, **({"language": language} if language else {}))

    def table(self, table: str, /, **row: str) -> None:
        self.tables.setdefault(table, []).append(row)

    def field(self, qid: str, suffix: str = "") -> str:
        """The name of an answer as old conditions use it."""
        gid = next(row["gid"] for row in self.questions if row["qid"] == qid)
        return f"{SID}X{gid}X{qid}{suffix}"

    def condition(  # noqa: PLR0917 -- as the table has them
        self, qid: str, source: str, field: str, value: str, method: str = "==", scenario: str = "1"
    ) -> None:
        self.table(
            "conditions",
            cid=self._id(),
            qid=qid,
            cqid=source,
            cfieldname=field,
            method=method,
            value=value,
            scenario=scenario,
        )

    def xml(self) -> bytes:
        sections = {
            "answers": self._rows(self.answers, "answer", "aid"),
            "groups": self._rows(self.groups, "group", "gid"),
            "questions": self._rows(self.questions, "question", "qid"),
            "subquestions": self._rows(self.subquestions, "question", "qid"),
        }
        tables: dict[str, list[dict[str, str]]] = {}
        for name, (rows, texts) in sections.items():
            tables[name] = rows
            if texts:
                beside = {"answers": "answer_l10ns", "groups": "group_l10ns"}.get(name, "question_l10ns")
                tables.setdefault(beside, []).extend(texts)
        tables |= self.tables
        tables["surveys"] = [self.survey]
        tables["surveys_languagesettings"] = [
            {
                "surveyls_survey_id": SID,
                "surveyls_language": language,
                **{name: in_languages(text, self.languages).get(language, "") for name, text in self.settings.items()},
            }
            for language in self.languages
        ]
        names = reversed(self.languages)  # the base language is often last
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<document>"]
        lines += [" <LimeSurveyDocType>Survey</LimeSurveyDocType>", f" <DBVersion>{self.version}</DBVersion>"]
        lines += [" <languages>", *(f"  <language>{name}</language>" for name in names), " </languages>"]
        for name, rows in tables.items():
            lines += _table(name, rows)
        return "\n".join([*lines, "</document>"]).encode()

    def archive(self, **more: bytes) -> bytes:
        """The same as ``.lsa``, with answers and participants beside it."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(f"survey_{SID}_responses.lsr", b"<secret>never read</secret>")
            package.writestr(f"survey_{SID}.lss", self.xml())
            package.writestr(f"survey_{SID}_tokens.lst", b"<secret>anna@example.org</secret>")
            for name, content in more.items():
                package.writestr(name.replace("__", "."), content)
        return target.getvalue()

    def _rows(
        self, things: list[dict[str, Any]], kind: str, key: str
    ) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        rows: list[dict[str, str]] = []
        texts: list[dict[str, str]] = []
        for thing in things:
            plain = {name: value for name, value in thing.items() if name not in TEXT_COLUMNS}
            said = {name: in_languages(value, self.languages) for name, value in thing.items() if name in TEXT_COLUMNS}
            by_language = {
                language: {name: by.get(language, "") for name, by in said.items()} for language in self.languages
            }
            if self.new:
                rows.append(plain)
                texts += [
                    {"id": self._id(), key: thing[key], **words, "language": language}
                    for language, words in by_language.items()
                ]
            else:
                plain.pop("aid", "")
                rows += [{**plain, **words, "language": language} for language, words in reversed(by_language.items())]
        return rows, texts if kind else []


def _table(name: str, rows: list[dict[str, str]]) -> list[str]:
    if not rows:
        return []
    lines = [f" <{name}>", "  <fields>"]
    lines += [f"   <fieldname>{column}</fieldname>" for column in rows[0]]
    lines += ["  </fields>", "  <rows>"]
    for row in rows:
        cells = [
            f"    <{column}><![CDATA[{value.replace(']]>', ']] >')}]]></{column}>" if value else f"    <{column}/>"
            for column, value in row.items()
        ]
        lines += ["   <row>", *cells, "   </row>"]
    return [*lines, "  </rows>", f" </{name}>"]


def raw(text: str) -> bytes:
    """A file with this as its only question's text, not protected."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>'
        "<DBVersion>178</DBVersion><languages><language>de</language></languages>"
        "<groups><rows><row><gid>1</gid><group_name>A</group_name><language>de</language></row></rows></groups>"
        "<questions><rows><row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>S</type><title>q1</title>"
        f"<question>{escape(text)}</question><language>de</language></row></rows></questions></document>"
    ).encode()


def named(value: object) -> str:
    """What a parameter is called in the list of tests: files by their kind, everything else by its words."""
    return "file" if isinstance(value, bytes) else str(value)[:60]
