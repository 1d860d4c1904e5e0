"""What is measured, and the most it may cost."""

from __future__ import annotations

from typing import Any, NamedTuple

CONSTANT_BYTES = 30_000  # body of the view that every page is compared with


class Page(NamedTuple):
    """An address; the most SQL queries, and the most processor time as a multiple of the constant Django view."""

    path: str
    queries: int | None = None
    ratio: float | None = None


PAGES = [
    Page("/", queries=7),  # four, two for how far the strategy is and what is new, one for the survey that runs
    Page("/strategie/"),
    Page("/handlungsfelder/mobilitaet/"),
    Page("/massnahmen/", queries=8, ratio=25),  # the first 50 of 500
    Page("/massnahmen/?phase=in_progress&verlauf=delayed"),
    Page("/massnahmen/messung-0007/", queries=8, ratio=20),
    Page("/fahrplan/", queries=8),
    Page("/kommunen/", queries=8),
    Page("/stand/"),
    Page("/neues/"),
    Page("/suche/?q=rufbus", ratio=20),  # a good quarter of the texts
    Page("/suche/?q=technik", ratio=20),  # every text
    Page("/beteiligung/umfragen/messung-20/ausfuellen/", queries=8, ratio=30),  # 20 questions on one page
    Page("/impressum/"),
]


class File(NamedTuple):
    """Something that is made or read as a whole, and the most seconds it may take."""

    name: str
    seconds: float | None = None


FILES = {
    "xlsx": File("XLSX of 500 measures", 2.0),
    "csv": File("CSV of 500 measures"),
    "json": File("JSON of 500 measures"),
    "atom": File("Atom of the newest entries"),
    "booklet": File("PDF booklet of 80 measures", 5.0),
    "import": File("dry run of an import of 500 rows", 5.0),
}


class Survey(NamedTuple):
    """A figure of bench/surveys.py or bench/submissions.py, with the most or the least it may be."""

    name: str
    unit: str
    most: float | None = None
    least: float | None = None


SURVEYS = {
    "counts": Survey("all counts of 50,000 × 100", "s", most=1.0),
    "counts_lime": Survey("  the same, one count an option on a wide table", "s"),
    "counts_ratio": Survey("  ratio", "×", least=20),
    "cross": Survey("one cross table", "s", most=2.0),
    "cross_lime": Survey("  the same, one count a cell on a wide table", "s"),
    "cross_ratio": Survey("  ratio", "×", least=20),
    "tallied": Survey("all counts from tallies", "s", most=0.1),
    "submission.queries": Survey("handing in 100 answers", "statements", most=5),
    "submission.transactions": Survey("handing in 100 answers", "transactions", most=1),
    "submission.milliseconds": Survey("handing in 100 answers", "ms"),
    "bare_transactions": Survey("PostgreSQL alone, transactions of 20 rows", "a second"),
    "submissions.per_second": Survey("whole submissions of 20 answers", "a second", least=100),
    "submissions.forms_per_second": Survey("  forms", "a second"),
    "submissions.posts_per_second": Survey("  posts", "a second"),
    "submissions.failed": Survey("  failed", "", most=0),
    **{
        f"exports.{one}.{what}": Survey(f"export of 50,000 × 100 as {one}", unit, most=most)
        for one in ("csv", "xlsx", "sav")
        for what, unit, most in (("seconds", "s", None), ("memory_mb", "MB", 300))
    },
    "million_tallied": Survey("all counts of 1,000,000 × 20 from tallies", "s", most=0.1),
    **{
        f"million_exports.{one}.{what}": Survey(f"export of 1,000,000 × 20 as {one}", unit, most=most)
        for one in ("csv", "xlsx", "sav")
        for what, unit, most in (("seconds", "s", None), ("memory_mb", "MB", 300))
    },
}


def figure(found: dict[str, Any], key: str) -> float | None:
    """The figure behind a dotted key; None where it was not measured."""
    value: Any = found
    for part in key.split("."):
        if part not in value:
            return None
        value = value[part]
    return float(value)
