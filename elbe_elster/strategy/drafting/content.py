"""The whole content of a draft: a record's form and its tables, made from text, and back."""

from __future__ import annotations

import re
import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.datastructures import MultiValueDict

from elbe_elster.strategy.models import DeviationKind
from elbe_elster.strategy.translations import followed, outdated_columns

from .boxes import Choices
from .merging import ROW, flattened
from .records import FORMS, translated_columns
from .tables import STAFF_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.strategy.models import Measure, ProjectProfile

    from .records import RecordForm
    from .tables import RowForm, Table

    Record = Measure | ProjectProfile

ROW_NAME = re.compile(rf"([a-z]+)-([a-z0-9]{{1,20}})-{ROW}")
REASONS = {
    DeviationKind.DATE: "reason_date",
    DeviationKind.COST: "reason_cost",
    DeviationKind.SCOPE: "reason_scope",
}
PASSING = ("new_lead", "still_right", *REASONS.values())  # part of a draft, not of a record
MOST_ROWS = 500  # of one table


def kind_of(record: Record) -> str:
    """``measure`` or ``profile``."""
    return str(record._meta.model_name).replace("projectprofile", "profile")


def new_key() -> str:
    """The key of a row that is not stored yet."""
    return f"n{secrets.token_hex(4)}"


def table_names(kind: str) -> list[str]:
    """Names of the tables of a kind of record."""
    return [table.name for table in FORMS[kind].table_list()]


def written(record: Record) -> dict[str, Any]:
    """The text of a stored or new record, as a draft would hold it."""
    form = FORMS[kind_of(record)]
    values: dict[str, Any] = form.written(record)
    for table in form.table_list():
        rows = stored_rows(record, table) if record.pk else []
        values[table.name] = [{"key": str(row.pk), **table.form.written(row)} for row in rows]
    return values


def stored_rows(record: Record, table: Table) -> list[Any]:
    """The rows of a table that staff edit: of the Chronik only what staff wrote."""
    rows = getattr(record, table.name).all()
    if table.name == "chronicle":
        rows = rows.filter(key=None, kind__in=STAFF_KINDS)
    return list(rows.prefetch_related("readings") if table.name == "indicators" else rows)


def blank_row(table: Table) -> dict[str, Any]:
    """A new row, with the choices a new row begins with."""
    return {"key": new_key(), **table.form.written(table.form.model())}


def posted(kind: str, data: Any, *, number: str | None = None) -> dict[str, Any]:
    """The text of a sent form. New rows that are marked as removed are dropped; ``number`` of a stored measure stays."""
    form_class, choices = FORMS[kind], Choices()
    values = form_class(data, choices=choices).posted()
    if number is not None:
        values["number"] = number
    tables = {table.name: table for table in form_class.table_list()}
    values |= {name: [] for name in tables}
    for name in data:
        found = ROW_NAME.fullmatch(name)
        if not found or found[1] not in tables or len(values[found[1]]) >= MOST_ROWS:
            continue
        table, key = tables[found[1]], found[2]
        row = table.form(data, prefix=f"{table.name}-{key}", choices=choices).posted()
        if row["remove"] and not key.isdigit():
            continue
        values[table.name].append({"key": key, **row})
    return values


def data_of(values: Mapping[str, Any], kind: str) -> MultiValueDict[str, Any]:
    """The text as if a form had sent it."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in flattened(values, table_names(kind)).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


class TableContent:
    """A table and its rows as forms."""

    def __init__(self, table: Table, forms: list[RowForm], blank: RowForm) -> None:
        self.table = table
        self.forms = forms
        self.blank = blank  # for new rows; „__key__“ stands where the key will

    @property
    def counting(self) -> list[RowForm]:
        """The rows that are to be there."""
        return [form for form in self.forms if form.counts]


class Content:
    """The text of a draft with everything that can be asked of it: forms, errors, values."""

    def __init__(self, kind: str, values: Mapping[str, Any], *, is_new: bool = False) -> None:
        self.kind = kind
        self.text = values
        self.choices = Choices()
        self.data = data_of(values, kind)
        self.form: RecordForm = FORMS[kind](self.data, choices=self.choices, is_new=is_new)
        self.tables = {table.name: self._table(table) for table in self.form.table_list()}

    def _table(self, table: Table) -> TableContent:
        rows = self.text.get(table.name, [])
        forms = [table.form(self.data, prefix=f"{table.name}-{row['key']}", choices=self.choices) for row in rows]
        empty = table.form(prefix=f"{table.name}-__key__", initial=blank_row(table), choices=self.choices)
        return TableContent(table, forms, empty)

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """Messages by the name of the box; rows that do not count are not asked."""
        found = {name: [str(message) for message in messages] for name, messages in self.form.errors.items()}
        for table in self.tables.values():
            for row in table.counting:
                for name, messages in row.errors.items():
                    found[row.add_prefix(name)] = [str(message) for message in messages]
        return found

    def hide_errors(self, *, missing: bool) -> None:
        """Nothing is wrong with a row that does not count; and while somebody writes, ``missing`` is no error yet."""
        for table in self.tables.values():
            for form in table.forms:
                if missing or not form.counts:
                    _hide(form, every=not form.counts)
        if missing:
            _hide(self.form, every=False)

    def values(self) -> dict[str, Any]:
        """The cleaned values of the record. Only without errors."""
        return self.form.values()

    def rows(self, record: Record) -> dict[str, list[dict[str, Any]]]:
        """The rows of every table, as ``change_record`` takes them. Only without errors."""
        found = {}
        for name, table in self.tables.items():
            stored = {row.pk: row for row in stored_rows(record, table.table)} if record.pk else {}
            found[name] = [
                form.row(stored.get(int(form.key)) if not form.is_new else None)
                for form in table.counting
                if form.is_new or int(form.key) in stored
            ]
        return found

    def reasons(self) -> dict[DeviationKind, str]:
        """Why dates, costs, scope change."""
        return {kind: str(self.form.cleaned_data[name]) for kind, name in REASONS.items()}

    def box_of(self, key: str) -> str:
        """The box that a key of ``change_record``'s messages means: ``milestones-2-due_on`` → ``milestones-17-due``."""
        table, _hyphen, rest = key.partition("-")
        if table in self.tables and rest:
            number, _hyphen, column = rest.partition("-")
            counting = self.tables[table].counting
            if number.isdigit() and int(number) < len(counting):
                form = counting[int(number)]
                return form.add_prefix(box_of_column(form, column.partition("-")[0]))
        return box_of_column(self.form, key)


def _hide(form: Any, *, every: bool) -> None:
    for name, errors in list(form.errors.as_data().items()):
        if every or all(error.code == "required" for error in errors):
            del form.errors[name]


def box_of_column(form: Any, column: str) -> str:
    """The box in which a column is typed."""
    for name, columns in form.periods.items():
        if column in (columns.date, columns.precision):
            return str(name)
    original = f"{column}_de"
    return original if column not in form.fields and original in form.fields else column


def outdated(kind: str, values: Mapping[str, Any], base: Mapping[str, Any], known: Mapping[str, str]) -> set[str]:
    """The translations of a draft that no longer follow its German text."""
    columns = translated_columns(FORMS[kind].translated)
    state = followed(before=base, after=values, columns=columns, known=known, still_right=values.get("still_right", ()))
    return outdated_columns(values, columns, state)


def following(
    kind: str, before: Mapping[str, Any], values: Mapping[str, Any], known: Mapping[str, str]
) -> dict[str, str]:
    """``translated_from`` of the record once the draft is published."""
    columns = translated_columns(FORMS[kind].translated)
    return followed(
        before=before, after=values, columns=columns, known=known, still_right=values.get("still_right", ())
    )
