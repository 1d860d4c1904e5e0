"""What is measured, and the most it may cost."""

from __future__ import annotations

from typing import NamedTuple

CONSTANT_BYTES = 30_000  # body of the view that every page is compared with


class Page(NamedTuple):
    """An address; the most SQL queries, and the most processor time as a multiple of the constant Django view."""

    path: str
    queries: int | None = None
    ratio: float | None = None


PAGES = [
    Page("/", queries=6),  # four, and two for how far the strategy is and what is new
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
