"""The names LimeSurvey's expressions use for answers, and its table of conditions."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from .comparing import all_of, any_of, inverse
from .parsing import ExpressionError, Literal, Name, Operation, parse_lime
from .translation import translate

if TYPE_CHECKING:
    from .comparing import Truth
    from .lss_tables import Record, Structure
    from .meanings import Meaning
    from .parsing import Node

VALUES = {"", "naok", "value", "valuenaok", "code"}
SIGNS = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
ALWAYS = {"", "1", "true"}
NEVER = {"0", "false"}


class Names:
    """Which name of the file means what."""

    def __init__(self, structure: Structure) -> None:
        self.survey = structure.survey.get("sid", "")
        self.known: dict[str, Meaning] = {}
        self.conditions: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in structure.tables.get("conditions", []):
            self.conditions[row.get("qid", "")].append(row)

    def learn(
        self, question: Record, meaning: Meaning, sub: str = "", *, glued: str | None = None, sub_id: str = ""
    ) -> None:
        """One name in all its spellings: ``Q1_SQ001``, ``12345X6X78SQ001`` and, from version 7 on, ``Q78_S79``."""
        glued = sub if glued is None else glued
        title, qid = question["title"].strip(), question["qid"].strip()
        spelled = [f"{title}_{sub}" if sub else title, f"{self.survey}X{question['gid']}X{qid}{glued}"]
        spelled.append(f"Q{qid}_S{sub_id}" if sub_id else (f"Q{qid}_{sub}" if sub else f"Q{qid}"))
        for name in spelled:
            self.known.setdefault(name, meaning)

    def lookup(self, name: Name) -> Meaning:
        """What the name means. Raises ExpressionError for names that mean nothing here."""
        if name.name.split(":", maxsplit=1)[0] in {"TOKEN", "INSERTANS"}:
            raise ExpressionError("Angaben über Teilnehmende („TOKEN“) gibt es im Portal nicht.")
        if name.name in {"self", "that", "this"} or name.name.startswith(("self.", "that.", "this.")):
            raise ExpressionError(f"„{name.name.split('.', maxsplit=1)[0]}“ gibt es hier nicht.")
        if name.suffix not in VALUES:
            raise ExpressionError(f"Den Zusatz „.{name.suffix}“ gibt es hier nicht.")
        if name.name not in self.known:
            raise ExpressionError(f"„{name.name}“ gibt es in der Datei nicht.")
        return self.known[name.name]

    def relevance(self, text: str) -> Truth:
        """The tree of a relevance equation. Raises ExpressionError."""
        folded = text.strip().strip("{}").strip().lower()
        if folded in ALWAYS:
            return True
        if folded in NEVER:
            return False
        return translate(parse_lime(text), self.lookup)

    def table(self, qid: str) -> Truth:
        """The tree of the rows for a question: scenarios are OR, one source is OR, different sources are AND."""
        scenarios: dict[str, dict[str, list[Truth]]] = defaultdict(lambda: defaultdict(list))
        for place, row in enumerate(self.conditions[qid]):
            field = row.get("cfieldname", "").strip()
            source = f"{field}#{place}" if field.startswith("+") else field
            scenarios[row.get("scenario", "1")][source].append(self._row(row))
        return any_of([all_of([any_of(rows) for rows in sources.values()]) for sources in scenarios.values()])

    def _row(self, row: dict[str, str]) -> Truth:
        field, value, method = row.get("cfieldname", "").strip(), row.get("value", ""), row.get("method", "").strip()
        if field.startswith("{") or row.get("cqid") == "0":
            raise ExpressionError("Angaben über Teilnehmende („TOKEN“) gibt es im Portal nicht.")
        if method not in SIGNS:
            words = "Reguläre Ausdrücke" if method == "RX" else f"Der Vergleich „{method}“"
            raise ExpressionError(f"{words} gibt es in Bedingungen des Portals nicht.")
        name = Name(field.removeprefix("+"))
        meaning = self.lookup(name)
        if value.startswith("@") and value.endswith("@") and len(value) > 2:  # noqa: PLR2004 - something between them
            right: Node = Name(value.strip("@"))
        elif meaning.is_choice and meaning.kind.value == "multiple" and value.strip():
            found = meaning.selected(value)
            return found if method == "==" else inverse(found)
        else:
            right = (
                Literal(Decimal(value))
                if value.strip().lstrip("-").isdecimal() and not meaning.is_text
                else Literal(value)
            )
        return translate(Operation(SIGNS[method], name, right), self.lookup)
