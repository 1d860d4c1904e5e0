"""Puts two versions of a draft together that began as the same. Versions are flat: text by name of the form's box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Flat = Mapping[str, Any]  # "title_de": "…", "goals": ["3"], "milestones-17-due": "03/2026"

ROW = "row"  # milestones-17-row says that the row is there


class Difference(NamedTuple):
    """One box in which the versions are not the same. ``chosen``: "mine", "theirs", or "" where both changed it."""

    name: str
    base: Any
    mine: Any
    theirs: Any
    chosen: str


def flattened(values: Mapping[str, Any], tables: Iterable[str]) -> dict[str, Any]:
    """The boxes of a version, rows of tables included."""
    tables = set(tables)
    flat = {name: value for name, value in values.items() if name not in tables}
    for table in sorted(tables & set(values)):
        for row in values[table]:
            prefix = f"{table}-{row['key']}-"
            flat |= {f"{prefix}{name}": value for name, value in row.items() if name != "key"} | {f"{prefix}{ROW}": "1"}
    return flat


def nested(flat: Flat, tables: Iterable[str]) -> dict[str, Any]:
    """The version whose boxes these are. Rows keep their order; rows that are not there are dropped."""
    values: dict[str, Any] = {table: [] for table in tables}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name, value in flat.items():
        table, _hyphen, rest = name.partition("-")
        if table not in values or not rest:
            values[name] = value
            continue
        key, _hyphen, column = rest.partition("-")
        row = rows.setdefault((table, key), {"key": key})
        row[column] = value
    for (table, _key), row in rows.items():
        if row.pop(ROW, "") == "1":
            values[table].append(row)
    return values


def differences(base: Flat, mine: Flat, theirs: Flat) -> list[Difference]:
    """Where mine and theirs are not the same, in the order of mine, then of theirs."""
    found = []
    for name in dict.fromkeys([*mine, *theirs]):
        was, left, right = base.get(name, ""), mine.get(name, ""), theirs.get(name, "")
        if left != right:
            chosen = "theirs" if left == was else "mine" if right == was else ""
            found.append(Difference(name, was, left, right, chosen))
    return found


def merged(mine: Flat, theirs: Flat, found: Iterable[Difference], choices: Mapping[str, Any]) -> dict[str, Any]:
    """Theirs, with what was chosen: ``choices`` by box is "mine", "theirs" or ("own", value)."""
    result = {**theirs}
    for difference in found:
        choice = choices.get(difference.name, difference.chosen)
        if choice == "mine":
            result[difference.name] = mine.get(difference.name, "")
        elif isinstance(choice, tuple):
            result[difference.name] = choice[1]
    order = {name: at for at, name in enumerate([*mine, *(name for name in theirs if name not in mine)])}
    return dict(sorted(result.items(), key=lambda entry: order[entry[0]]))
