"""Every version of a record from the history the database writes: who, when, why, what; and the text it had then."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elbe_elster.accounts.models import User
from elbe_elster.strategy.amounts import number
from elbe_elster.strategy.models import Indicator, Measure, Reading
from elbe_elster.ui.comparison import Piece, compared_words

from .boxes import LANGUAGES, german_column
from .content import kind_of, new_key, written
from .fields import write_readings
from .records import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.strategy.models import ProjectProfile

    Record = Measure | ProjectProfile

SILENT = {"id", "measure", "profile", "indicator", "key", "written_at", "loaded", "published_at", "sort_key"}
STEPS = {
    "published": gettext_lazy("veröffentlicht"),
    "withdrawn": gettext_lazy("zurückgezogen"),
    "trashed": gettext_lazy("in den Papierkorb gelegt"),
    "restored": gettext_lazy("aus dem Papierkorb geholt"),
}


class Changed(NamedTuple):
    """One column in words, and what changed in it; rows that came or went together are several ``lines``."""

    label: str
    lines: list[list[Piece]]


class Version(NamedTuple):
    """One transaction on the record and its tables."""

    at: dt.datetime
    who: str
    why: str
    changes: list[Changed]


def event_model(model: type[models.Model]) -> Any:
    """The history of a model."""
    return apps.get_model("strategy", f"{model.__name__}Event")


def _events(record: Record) -> list[tuple[type[models.Model], list[Any]]]:
    """Every event of the record and of its tables, by model, oldest first."""
    own = type(record)
    found: list[tuple[type[models.Model], Any]] = [(own, event_model(own).objects.filter(pgh_obj_id=record.pk))]
    owner = {"measure" if isinstance(record, Measure) else "profile": record.pk}
    for table in FORMS[kind_of(record)].table_list():
        model = table.form.model
        found.append((model, event_model(model).objects.filter(**{f"{key}_id": pk for key, pk in owner.items()})))
    if isinstance(record, Measure):
        indicators = event_model(Indicator).objects.filter(measure_id=record.pk).values("pgh_obj_id")
        found.append((Reading, event_model(Reading).objects.filter(indicator_id__in=indicators)))
    return [(model, list(rows.select_related("pgh_context").order_by("pgh_id"))) for model, rows in found]


def versions(record: Record) -> list[Version]:
    """The newest first. What one transaction changed is one version."""
    groups: dict[dt.datetime, tuple[list[Any], list[Changed]]] = {}
    for model, events in _events(record):
        last: dict[int, Any] = {}
        for event in events:
            at, changes = groups.setdefault(event.pgh_created_at, ([], []))
            at.append(event)
            changes += _changes(model, last.get(event.pgh_obj_id), event)
            last[event.pgh_obj_id] = event
    metadata = {at: _metadata(events) for at, (events, _changes) in groups.items()}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=[one.get("user") for one in metadata.values()])}
    return [
        Version(at, people.get(metadata[at].get("user") or 0, ""), _why(metadata[at]), _together(groups[at][1]))
        for at in sorted(groups, reverse=True)
        if groups[at][1] or _why(metadata[at])
    ]


def _together(changes: list[Changed]) -> list[Changed]:
    """Changes of the same name as one."""
    found: dict[str, list[list[Piece]]] = {}
    for change in changes:
        found.setdefault(change.label, []).extend(change.lines)
    return [Changed(label, lines) for label, lines in found.items()]


def _metadata(events: Iterable[Any]) -> dict[str, Any]:
    return next((event.pgh_context.metadata for event in events if event.pgh_context), {})


def _why(metadata: dict[str, Any]) -> str:
    words = [STEPS.get(metadata.get("step", ""), ""), metadata.get("note", ""), metadata.get("reason", "")]
    return ": ".join(str(word) for word in words if word)


def _changes(model: type[models.Model], before: Any, event: Any) -> list[Changed]:
    """What an event changed. A row that came or went is told as a whole."""
    is_record = model.__name__ in ("Measure", "ProjectProfile")
    name = str(model._meta.verbose_name)
    if event.pgh_label == "delete":
        return [Changed(_("%(what)s entfernt") % {"what": name}, [[Piece("old", _summary(model, event))]])]
    if before is None:
        if is_record:
            return [Changed(_("Angelegt"), [[Piece("new", str(event.title_de or ""))]])]
        return [Changed(_("%(what)s neu") % {"what": name}, [[Piece("new", _summary(model, event))]])]
    found = []
    for column in _columns(model):
        old, new = _in_words(column, before), _in_words(column, event)
        if old != new:
            label = (
                _label(model, column) if is_record else f"{name} „{_summary(model, event)}“: {_label(model, column)}"
            )
            found.append(Changed(label, [compared_words(old, new)]))
    return found


def _columns(model: type[models.Model]) -> list[Any]:
    """What is kept and means something: translated columns instead of their original."""
    names = {field.name for field in event_model(model)._meta.get_fields()}
    columns = [field for field in model._meta.concrete_fields if field.name in names and field.name not in SILENT]
    translated = {german_column(field.name)[0] for field in columns if german_column(field.name)[1]}
    return [field for field in columns if field.name not in translated]


def _label(model: type[models.Model], column: Any) -> str:
    original, ending = german_column(column.name)
    words = str(model._meta.get_field(original).verbose_name if ending else column.verbose_name)  # type: ignore[union-attr]
    words = words[:1].upper() + words[1:]
    return f"{words} ({LANGUAGES[ending]})" if ending and LANGUAGES[ending] else words


def _in_words(column: Any, event: Any) -> str:
    value = getattr(event, column.attname, None)
    if value is None or value == "":
        return ""
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.ForeignKey):
        target: Any = column.related_model
        return str(target._default_manager.filter(pk=value).first() or value)
    return _plain_words(value)


def _plain_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, dt.datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, dt.date) else str(value)


def _summary(model: type[models.Model], event: Any) -> str:
    """A row in few words, as the model itself would say it."""
    return str(_as_it_was(model, event))[:120]


def _as_it_was(model: type[models.Model], event: Any) -> Any:
    """An unsaved row with the values of the event."""
    row = model()
    for column in _columns(model):
        setattr(row, column.attname, getattr(event, column.attname))
    row.pk = event.pgh_obj_id
    for name in ("measure_id", "profile_id", "indicator_id"):
        if hasattr(row, name):
            setattr(row, name, getattr(event, name, None))
    return row


def text_at(record: Record, at: dt.datetime) -> dict[str, Any]:
    """The text the record had at that moment. Lists without history of their own are as they are now."""
    text = written(record)
    form = FORMS[kind_of(record)]
    latest = {model: _latest(events, at) for model, events in _events(record)}
    if own := latest[type(record)]:
        text |= form.written(_as_it_was(type(record), own[0]))
    readings = latest.get(Reading, [])
    for table in form.table_list():
        rows = []
        for event in latest[table.form.model]:
            row = _as_it_was(table.form.model, event)
            entry = {"key": _key(row), **table.form.written(row)}
            if table.form.model is Indicator:
                mine = sorted((one for one in readings if one.indicator_id == row.pk), key=lambda one: one.date)
                entry["readings"] = write_readings(mine)
            rows.append(entry)
        if table.name != "chronicle":  # what was told stays told
            text[table.name] = rows
    return text


def _latest(events: list[Any], at: dt.datetime) -> list[Any]:
    """The last event of each row up to that moment, without those that were deleted by then."""
    last = {event.pgh_obj_id: event for event in events if event.pgh_created_at <= at}
    return [event for event in last.values() if event.pgh_label != "delete"]


def _key(row: Any) -> str:
    """The row's own key while it is there; else it is a new one."""
    return str(row.pk) if type(row)._default_manager.filter(pk=row.pk).exists() else new_key()
