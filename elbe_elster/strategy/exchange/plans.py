"""What an import would do: the answer of the dry run, and the list of work for the taking over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elbe_elster.strategy.models import DeviationKind, Measure

LONGEST_SHOWN = 300  # characters


@dataclass(frozen=True)
class Message:
    """Something wrong or worth knowing: where in the file, and a sentence."""

    where: str
    text: str
    code: str = ""  # number of the measure, where there is one
    what: str = ""  # header of the column

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


@dataclass(frozen=True)
class FieldChange:
    """One cell that differs from the catalogue."""

    label: str
    before: str
    after: str
    where: str


@dataclass
class RowPlan:
    """One row of a table of a measure: new without ``key``."""

    key: int | None
    values: dict[str, Any]
    delete: bool = False
    model: Any = None

    def blank(self) -> Any:
        """A new row that nobody has filled in."""
        return self.model()


@dataclass
class MeasurePlan:
    """What becomes of one measure. ``values`` holds only what differs, by column."""

    number: str
    title: str
    where: str
    measure: Measure | None
    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[RowPlan]] = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)
    reasons: dict[DeviationKind, str] = field(default_factory=dict)
    becomes: str = ""  # "draft", "waiting" or "open": which draft takes it up; empty: written at once

    @property
    def is_new(self) -> bool:
        """Whether the catalogue has no such number."""
        return self.measure is None

    @property
    def has_work(self) -> bool:
        """Whether anything is to be written."""
        return self.is_new or bool(self.values or any(self.rows.values()))


@dataclass
class Plan:
    """The whole dry run. With ``errors`` nothing can be taken over."""

    measures: list[MeasurePlan] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)
    dropped: list[Message] = field(default_factory=list)
    read_as: list[Message] = field(default_factory=list)
    new_goals: dict[str, int] = field(default_factory=dict)  # title to action field
    new_bodies: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # numbers of the catalogue that the file does not have
    field_names: dict[int, str] = field(default_factory=dict)

    @property
    def created(self) -> list[MeasurePlan]:
        """Those new to the catalogue."""
        return [plan for plan in self.measures if plan.is_new]

    @property
    def changed(self) -> list[MeasurePlan]:
        """Those known that would be different."""
        return [plan for plan in self.measures if not plan.is_new and plan.has_work]

    @property
    def unchanged(self) -> list[MeasurePlan]:
        """Those in the file exactly as in the catalogue."""
        return [plan for plan in self.measures if not plan.has_work]

    def summary(self) -> dict[str, Any]:
        """The plan for the page, as JSON: long texts shortened."""
        return {
            "errors": [str(message) for message in self.errors],
            "dropped": [str(message) for message in self.dropped],
            "read_as": [str(message) for message in self.read_as],
            "new_goals": [f"{title} ({self.field_names[key]})" for title, key in self.new_goals.items()],
            "new_bodies": self.new_bodies,
            "created": len(self.created),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "missing": len(self.missing),
            "measures": [_shown(plan) for plan in self.measures if plan.has_work],
        }

    def digest(self) -> str:
        """The mark of everything that would be done: another catalogue or file gives another mark."""
        work = {
            "errors": [str(message) for message in self.errors],
            "goals": sorted(self.new_goals.items()),
            "bodies": self.new_bodies,
            "measures": [
                [
                    plan.number,
                    plan.is_new,
                    plan.becomes,
                    [asdict(change) for change in plan.changes],
                    sorted(plan.reasons.items()),
                ]
                for plan in self.measures
                if plan.has_work
            ],
        }
        return hashlib.sha256(json.dumps(work, ensure_ascii=False, default=str).encode()).hexdigest()


def _shown(plan: MeasurePlan) -> dict[str, Any]:
    changes = [{name: _short(text) for name, text in asdict(change).items()} for change in plan.changes]
    return {
        "number": plan.number,
        "title": plan.title,
        "new": plan.is_new,
        "where": plan.where,
        "changes": changes,
        "becomes": plan.becomes,
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
