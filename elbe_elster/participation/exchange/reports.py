"""What an import kept, changed and dropped: the loss report every import ends in."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire.document import Questionnaire, Texts

MOST_ENTRIES = 5000  # of each list; a file that says more says the same


@dataclass(frozen=True)
class Entry:
    """One thing: ``code`` as it stands in the file (empty for the survey as a whole), ``what`` it is, and ``why``."""

    code: str
    what: str
    why: str


@dataclass
class LossReport:
    """Everything a person should look at after an import. Lists keep the order of the file and repeat nothing."""

    kept: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    dropped: list[Entry] = field(default_factory=list)

    def keep(self, code: str, what: str, why: str) -> None:
        """Note something that came over as it was."""
        _add(self.kept, Entry(code, what, why))

    def change(self, code: str, what: str, why: str) -> None:
        """Note something that is different now."""
        _add(self.changed, Entry(code, what, why))

    def drop(self, code: str, what: str, why: str) -> None:
        """Note something that did not come over."""
        _add(self.dropped, Entry(code, what, why))


def _add(entries: list[Entry], entry: Entry) -> None:
    if len(entries) < MOST_ENTRIES and entry not in entries[-50:]:
        entries.append(entry)


@dataclass
class Counts:
    """How much was imported, counted in the words and rows of the file; quotas are those that were found."""

    pages: int = 0
    questions: int = 0
    subquestions: int = 0
    options: int = 0
    conditions: int = 0
    quotas: int = 0


@dataclass
class BroughtSurvey:
    """A questionnaire from a file, with the texts of its survey, before anything is written.

    ``languages`` are those of the file that were taken; the document has German always.
    """

    title: Texts
    purpose: Texts
    thanks: Texts
    languages: tuple[str, ...]
    questionnaire: Questionnaire
    counts: Counts
    report: LossReport
    source: str = ""  # in words, for people

    def summary(self) -> dict[str, Any]:
        """As ``manage.py import_survey --json`` prints it; design.md names the keys."""
        return {
            "title": self.title.get("de", ""),
            "languages": list(self.languages),
            **asdict(self.counts),
            "kept": [asdict(entry) for entry in self.report.kept],
            "changed": [asdict(entry) for entry in self.report.changed],
            "dropped": [asdict(entry) for entry in self.report.dropped],
        }
