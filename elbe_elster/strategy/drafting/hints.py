"""What does not fit together yet in a draft: said at the box while somebody writes, and nothing is held up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from elbe_elster.strategy.exchange.rules import broken_rules
from elbe_elster.strategy.models import Measure, ProjectProfile

from .content import Content, box_of_column, stored_rows

if TYPE_CHECKING:
    from .boxes import TextForm
    from .work import Work

NEVER_EMPTY = ("title_de", "number")  # a draft begins with both, so whoever sees them empty has emptied them


def content_with_hints(work: Work, values: dict[str, Any], *, whole: bool = False) -> Content:
    """The forms of the text, with a sentence at every box that contradicts another or cannot be read.

    What is merely missing is said when the ``whole`` draft is checked, not while somebody writes. The number of queries does not grow with the rows.
    """
    content = Content(work.kind, values, is_new=work.record is None)
    emptied = [name for name in NEVER_EMPTY if content.form.has_error(name, "required")]
    content.hide_errors(missing=not whole)
    record = work.record or (Measure() if work.kind == "measure" else ProjectProfile())
    _add_hints(content.form, record)
    _add_taken(content.form, work)
    for name in [] if whole else emptied:
        content.form.add_error(name, content.form.fields[name].error_messages["required"])
    for table in content.tables.values():
        stored = {str(row.pk): row for row in stored_rows(record, table.table)} if record.pk else {}
        for form in table.counting:
            _add_hints(form, stored.get(form.key) or table.table.form.model())
    return content


def hints_of(content: Content) -> dict[str, list[str]]:
    """The sentences by the id of the box in the page."""
    forms = [content.form, *(form for table in content.tables.values() for form in table.counting)]
    return {
        form[name].auto_id: [str(message) for message in messages]
        for form in forms
        for name, messages in form.errors.items()
        if name in form.fields
    }


def _add_hints(form: Any, row: models.Model) -> None:
    """The rules of the model, as far as the boxes can be read."""
    given = _readable(form)
    values = {name: getattr(row, field.attname) for field in row._meta.concrete_fields for name in _names(field)}
    owned = {name: None for name in ("measure", "profile", "indicator") if name in values and name not in given}
    whole = {**values, **(owned if row.pk is None else {}), **given}
    if row.pk is None and owned:
        whole["measure"] = whole["measure_id"] = 0  # of whom the row is, the draft knows
    wrong = set(form.errors)
    for name, text in broken_rules(type(row), whole, set(given)):
        box = box_of_column(form, name)
        if box in form.fields and box not in wrong and not _is_missing(form, box, name, given):
            form.add_error(box, text)


def _names(field: Any) -> tuple[str, ...]:
    return () if field.generated else tuple(dict.fromkeys((field.name, field.attname)))


def _readable(form: TextForm) -> dict[str, Any]:
    """The values of the boxes that can be read, by column; lists of other rows have no rules."""
    form.errors  # noqa: B018 -- reads the boxes
    found = {name: form.cleaned_data[name] for name in form.columns if name in form.cleaned_data}
    for name, columns in form.periods.items():
        if name in form.cleaned_data:
            period = form.cleaned_data[name]
            found[columns.date] = columns.day(*period) if period else None
            if period:
                found[columns.precision] = period.precision.value
    fields = {name: form.model._meta.get_field(name) for name in found}
    return {name: value for name, value in found.items() if not isinstance(fields[name], models.ManyToManyField)}


def _is_missing(form: TextForm, box: str, name: str, given: dict[str, Any]) -> bool:
    """Whether the rule only says that something which every record needs is not there yet."""
    field = form.model._meta.get_field(name)
    return given.get(name) in ("", None) and (form.fields[box].required or (not field.blank and not field.null))


def _add_taken(form: Any, work: Work) -> None:
    """A number that another measure has."""
    number = form.cleaned_data.get("number")
    if work.kind != "measure" or not number or form.has_error("number"):
        return
    if work.record is None and Measure.objects.filter(number=number).exists():  # a stored measure keeps its number
        form.add_error("number", Measure(number=number).unique_error_message(Measure, ("number",)))
