"""Reads files of the catalogue: bodies, goals, measures and profiles with their rows, as the tables want them.

A file belongs to one action field. Dates say how exactly they are known by how they are written: ``2026``,
``2026-Q3``, ``2026-08``, ``2026-08-14``.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from elbe_elster.content.files import ContentError, read_yaml
from elbe_elster.content.loading import FileRow
from elbe_elster.strategy.models import MilestoneState, Precision, first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LANGUAGES = {"de": "de", "en": "en", "de-simple": "de_simple"}
MONTHS_OF = {"Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10}
Rows = list[tuple[str, dict[str, Any]]]


@dataclass
class Entry:
    """One thing of a file, with the words an error calls it by."""

    place: str
    values: dict[str, Any]
    action_field: str = ""

    def row(self, values: dict[str, Any], part: str = "") -> FileRow:
        """Values for a table, labelled."""
        row = FileRow(values)
        row.label = f"{self.place} {part}".strip()
        return row


@dataclass
class Catalogue:
    """What all files together say."""

    bodies: list[Entry] = field(default_factory=list)
    goals: list[Entry] = field(default_factory=list)
    measures: list[Entry] = field(default_factory=list)
    profiles: list[Entry] = field(default_factory=list)


@dataclass
class Places:
    """Primary keys by the words of the files."""

    strategy: int
    fields: dict[str, int]
    administrations: dict[str, int]
    municipalities: dict[str, int]
    bodies: dict[str, int]
    goals: dict[str, int]
    measures: dict[str, int]


def read_catalogue(paths: Iterable[Path]) -> Catalogue:
    """Everything in the files. Raises ContentError for a file that is no mapping or names a thing twice."""
    catalogue = Catalogue()
    for path in paths:
        content = read_yaml(path)
        if not isinstance(content, dict):
            raise ContentError(f"{path.name}: Oben stehen „field“, „goals“, „measures“ und so weiter.")
        action_field = content.get("field", "")
        for values in content.get("bodies", []):
            catalogue.bodies.append(Entry(f"{path.name}: {values.get('name')}", values))
        for values in content.get("goals", []):
            catalogue.goals.append(Entry(f"{path.name}: Ziel {values.get('number')}", values, action_field))
        for values in content.get("measures", []):
            catalogue.measures.append(Entry(f"{path.name}: {values.get('number')}", values, action_field))
        for values in content.get("profiles", []):
            catalogue.profiles.append(Entry(f"{path.name}: {values.get('slug')}", values, action_field))
    _refuse_twice(catalogue.measures, "number")
    _refuse_twice(catalogue.profiles, "slug")
    _refuse_unknown(catalogue)
    for entry in (*catalogue.bodies, *catalogue.goals, *catalogue.measures, *catalogue.profiles):
        _refuse_empty(entry, entry.values)
    return catalogue


def _refuse_empty(entry: Entry, value: object) -> None:
    """A key without a value is the rest of a text behind a comma, outside of quotation marks."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if inner is None:
                raise ContentError(
                    f"{entry.place}: „{key}“ steht ohne Wert. Texte mit Komma gehören in Anführungszeichen."
                )
            _refuse_empty(entry, inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_empty(entry, inner)


def _refuse_unknown(catalogue: Catalogue) -> None:
    """Measures and profiles name measures of the same files."""
    numbers = {entry.values.get("number") for entry in catalogue.measures}
    for entry in [*catalogue.measures, *catalogue.profiles]:
        given = entry.values
        named = {
            given.get("merged_into"),
            given.get("measure"),
            *given.get("related", []),
            *given.get("depends_on", []),
        }
        if unknown := named - numbers - {None}:
            raise ContentError(f"{entry.place}: {', '.join(sorted(unknown))} gibt es nicht.")


def _refuse_twice(entries: list[Entry], name: str) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        key = entry.values.get(name, "")
        if key in seen:
            raise ContentError(f"{entry.place}: {key} steht schon in {seen[key]}.")
        seen[key] = entry.place


@contextmanager
def told(entry: Entry) -> Iterator[None]:
    """Whatever is wrong inside is told with file and number."""
    try:
        yield
    except KeyError as error:
        raise ContentError(f"{entry.place}: {error.args[0]!r} fehlt oder ist unbekannt.") from error
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ContentError(f"{entry.place}: {error}") from error


def texts(values: dict[str, Any], *names: str) -> dict[str, str | None]:
    """The columns of translated fields. Only German is required, and only where the file has the field at all."""
    columns: dict[str, str | None] = {}
    for name in names:
        given = values.get(name) or {}
        if isinstance(given, str):
            given = {"de": given}
        if given and not given.get("de"):
            raise ValueError(f"„{name}“ fehlt auf Deutsch.")
        if unknown := set(given) - set(LANGUAGES):
            raise ValueError(f"„{name}“ hat eine unbekannte Sprache: {', '.join(sorted(unknown))}.")
        for language, column in LANGUAGES.items():
            text = given.get(language)
            columns[f"{name}_{column}"] = text.strip() if text else ("" if language == "de" else None)
    return columns


def period(value: object) -> tuple[dt.date, Precision]:
    """First day and precision of a date as it is written."""
    if isinstance(value, dt.date):
        return value, Precision.DAY
    text = str(value)
    if re.fullmatch(r"\d{4}", text):
        return dt.date(int(text), 1, 1), Precision.YEAR
    if re.fullmatch(r"\d{4}-Q[1-4]", text):
        return dt.date(int(text[:4]), MONTHS_OF[text[5:]], 1), Precision.QUARTER
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return dt.date(int(text[:4]), int(text[5:]), 1), Precision.MONTH
    raise ValueError(f"„{text}“ ist kein Datum. Beispiele: 2026, 2026-Q3, 2026-08, 2026-08-14.")


def begin(values: dict[str, Any], name: str, column: str) -> dict[str, Any]:
    """The first day of the period under ``name``, and its precision; without the name, no date."""
    if values.get(name) is None:
        return {f"{column}_on": None, f"{column}_precision": Precision.MONTH.value}
    date, precision = period(values[name])
    return {f"{column}_on": first_day(date, precision), f"{column}_precision": precision.value}


def end(values: dict[str, Any], name: str, column: str) -> dict[str, Any]:
    """The last day of the period under ``name``, and its precision; without the name, no date."""
    if values.get(name) is None:
        return {f"{column}_on": None, f"{column}_precision": Precision.MONTH.value}
    date, precision = period(values[name])
    return {f"{column}_on": last_day(date, precision), f"{column}_precision": precision.value}


def money(value: object) -> Decimal | None:
    """Two places, as the database keeps it. Nothing stays nothing."""
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def noon(date: dt.date) -> dt.datetime:
    """The middle of the day, in UTC."""
    return dt.datetime.combine(date, dt.time(11), tzinfo=dt.UTC)


# Rows of a measure or profile: a stable key within the owner, and the columns -----------------------------------------


def milestone_rows(values: dict[str, Any]) -> Rows:
    """Steps; one with ``done`` is reached."""
    return [
        (
            item["key"],
            {
                **texts(item, "title", "text"),
                **end(item, "due", "due"),
                "state": MilestoneState.DONE.value if "done" in item else item.get("state", MilestoneState.OPEN.value),
                "done_on": item.get("done"),
                "late_reason": item.get("late_reason", ""),
                "proof": item.get("proof", ""),
            },
        )
        for item in values.get("milestones", [])
    ]


def cost_rows(values: dict[str, Any]) -> Rows:
    """``costs: {2025: {investment: [planned, actual]}}``; one number alone is planned."""
    rows: Rows = []
    for year, kinds in values.get("costs", {}).items():
        for kind, given in kinds.items():
            planned, actual = given if isinstance(given, list) else (given, None)
            amounts = {"planned": money(planned), "actual": money(actual)}
            rows.append((f"{year}-{kind}", {"year": year, "kind": kind, **amounts}))
    return rows


def funding_rows(values: dict[str, Any]) -> Rows:
    """Sources, identified by kind and programme."""
    return [
        (
            f"{item['kind']}-{item.get('programme', '')}",
            {
                "kind": item["kind"],
                "programme": item.get("programme", ""),
                "amount": money(item["amount"]),
                "own_share": item.get("own_share"),
                "state": item.get("state", "granted"),
                "deadline": item.get("deadline"),
            },
        )
        for item in values.get("funding", [])
    ]


def resolution_rows(values: dict[str, Any]) -> Rows:
    """What was resolved, one in a day."""
    return [
        (
            f"{item['date']}",
            {
                "body_name": item["body"],
                "date": item["date"],
                "text": item["text"],
                "reference": item.get("reference", ""),
            },
        )
        for item in values.get("resolutions", [])
    ]


def deviation_rows(values: dict[str, Any]) -> Rows:
    """What was changed, one kind in a day."""
    return [
        (
            f"{item['date']}-{item['kind']}",
            {
                **{name: item.get(name, "") for name in ("kind", "subject", "before", "after", "reason")},
                "changed_on": item["date"],
            },
        )
        for item in values.get("deviations", [])
    ]


def indicator_rows(values: dict[str, Any]) -> Rows:
    """Numbers; their readings are rows of their own."""
    return [
        (
            item["key"],
            {
                **texts(item, "name", "unit"),
                "baseline": money(item.get("baseline")),
                "target": money(item.get("target")),
                "baseline_on": end(item, "baseline_on", "baseline")["baseline_on"],
                "target_on": end(item, "target_on", "target")["target_on"],
                "source": item.get("source", ""),
                "headline": item.get("headline", False),
            },
        )
        for item in values.get("indicators", [])
    ]


def reading_rows(item: dict[str, Any]) -> Rows:
    """``readings: {2026-05: 412}`` of one indicator; the day is the last of the period."""
    rows: Rows = []
    for when, value in item.get("readings", {}).items():
        date, precision = period(when)
        values = {"date": last_day(date, precision), "precision": precision.value, "value": money(value)}
        rows.append((str(when), values))
    return rows


def chronicle_rows(values: dict[str, Any]) -> Rows:
    """``{at, kind, de, en}``; a second entry of a kind on a day needs a ``key``."""
    rows: Rows = []
    for item in values.get("chronicle", []):
        date, precision = period(item["at"])
        columns = {
            **texts({"text": {name: item[name] for name in LANGUAGES if name in item}}, "text"),
            "kind": item["kind"],
            "date": date,
            "precision": precision.value,
            "written_at": noon(date),
        }
        rows.append((item.get("key") or f"{item['at']}-{item['kind']}", columns))
    return rows


def adoption_rows(values: dict[str, Any], administrations: dict[str, int]) -> Rows:
    """``adoption: {in_use: {amt-plessa: 2026-05}}``; a note may follow the date in a list."""
    rows: Rows = []
    for stage, given in values.get("adoption", {}).items():
        for slug, told_value in given.items():
            when, note = told_value if isinstance(told_value, list) else (told_value, "")
            since, _precision = period(when)
            columns = {"stage": stage, "since": since, "note": note, "told_at": noon(since)}
            rows.append((slug, {"administration_id": administrations[slug], **columns}))
    return rows
