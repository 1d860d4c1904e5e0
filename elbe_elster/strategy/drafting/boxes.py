"""Base of the forms of the editor: boxes made from columns of a model, whose text can be read and written."""

from __future__ import annotations

import copy
import re
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from elbe_elster.region.models import Administration, Municipality
from elbe_elster.strategy.models import ActionField, Body, Goal, Measure

from .fields import AmountField, DayField, PeriodField, write_value
from .periods import write_period

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django.db.models import Model

LANGUAGES = {"de": "", "en": _("Englisch"), "de_simple": _("Leichte Sprache")}  # by the ending of the column
TRANSLATIONS = ("en", "de_simple")
LONG = 120  # characters; a longer text has a box of several lines beside the German one
REPLACED = "\ufffd"
NO_TEXT = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f]")
YES_NO = [("", "–"), ("yes", _("Ja")), ("no", _("Nein"))]


class PeriodColumns(NamedTuple):
    """Where a period is stored: the day, how exactly, and which day of the period counts (first or last)."""

    date: str
    precision: str
    day: Callable[[dt.date, str], dt.date]
    label: Any


class Choices:
    """What can be chosen, asked of the database once a page."""

    @cached_property
    def lists(self) -> dict[type[Model], list[tuple[str, str]]]:
        """Filled as needed."""
        return {}

    def of(self, model: type[Model]) -> list[tuple[str, str]]:
        """Key and words of every row that can be chosen."""
        if model not in self.lists:
            self.lists[model] = [(str(row.pk), str(row)) for row in self._rows(model)]
        return self.lists[model]

    def with_none(self, model: type[Model]) -> list[tuple[str, str]]:
        """The same, with nothing chosen first."""
        return [("", "–"), *self.of(model)]

    def _rows(self, model: type[Model]) -> Any:
        rows: dict[Any, Callable[[], Any]] = {
            ActionField: ActionField.objects.in_force,
            Goal: Goal.objects.in_force,
            Measure: Measure.objects.kept,
            Municipality: lambda: Municipality.objects.order_by("name"),
            Administration: Administration.objects.all,
            Body: Body.objects.all,
        }
        return rows[model]()


def _box(column: models.Field[Any, Any]) -> forms.Field:
    """The box for a column."""
    label = capfirst(column.verbose_name)
    common: dict[str, Any] = {"label": label, "help_text": column.help_text}
    if isinstance(column, models.ManyToManyField):
        return forms.TypedMultipleChoiceField(**common, coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    if isinstance(column, models.ForeignKey):
        return forms.TypedChoiceField(**common, coerce=int, empty_value=None, required=not column.blank)
    return _plain_box(column, common)


def _plain_box(column: models.Field[Any, Any], common: dict[str, Any]) -> forms.Field:
    """The box for a column that points at nothing."""
    if isinstance(column, models.DateField):
        return DayField(**common, required=not column.null)
    if isinstance(column, models.DecimalField):
        return AmountField(**common, digits=column.max_digits, required=not column.null)
    if isinstance(column, models.BooleanField):
        return _yes_or_no(column, common)
    if isinstance(column, models.IntegerField):
        digits = 6 if isinstance(column, models.PositiveSmallIntegerField) else 11
        return AmountField(**common, whole=True, digits=digits, required=not column.null)
    if isinstance(column, models.URLField):
        return forms.URLField(**common, required=not column.blank, assume_scheme="https", max_length=column.max_length)
    field = column.formfield()
    assert field is not None  # noqa: S101 -- only the key has none
    field.label, field.required = common["label"], not column.blank
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = 6
    if column.choices and (column.blank or not column.has_default()):
        field.choices = column.get_choices(blank_choice=[("", "–")])  # type: ignore[attr-defined]
    return field


def _yes_or_no(column: models.Field[Any, Any], common: dict[str, Any]) -> forms.Field:
    if not column.null:
        return forms.BooleanField(**common, required=False)
    return forms.TypedChoiceField(
        **common, choices=YES_NO, required=False, coerce=lambda text: text == "yes", empty_value=None
    )


def german_column(name: str) -> tuple[str, str]:
    """Original field and ending of a translated column: ``("title", "de_simple")``; ending "" for any other."""
    for ending in ("de_simple", "en", "de"):
        if name.endswith(f"_{ending}"):
            return name.removesuffix(f"_{ending}"), ending
    return name, ""


@cache
def boxes(model: type[Model], columns: tuple[str, ...]) -> dict[str, forms.Field]:
    """The boxes of these columns; made once a process, copied for each form."""
    made = {}
    for name in columns:
        field = _box(model._meta.get_field(name))  # type: ignore[arg-type]  # columns, not relations
        original, ending = german_column(name)
        if ending:
            column: Any = model._meta.get_field(original)
            field.label = capfirst(column.verbose_name)
            field.required = ending == "de" and not column.blank
            field.widget.attrs["lang"] = ending.replace("_", "-")
            if ending != "de":
                field.label = format_lazy("{label} ({language})", label=field.label, language=LANGUAGES[ending])
            if ending != "de" and (getattr(field, "max_length", None) or 0) > LONG:
                field.widget = forms.Textarea(attrs={"rows": 3, **field.widget.attrs})
        made[name] = field
    return made


class TextForm(forms.Form):
    """A form over columns of a model. Bound to text, valid or not; ``written`` gives the text of a stored row."""

    model: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]
    periods: ClassVar[dict[str, PeriodColumns]] = {}
    order: ClassVar[tuple[str, ...]] = ()  # boxes that come first
    internal: ClassVar[frozenset[str]] = frozenset()
    mark_optional = False
    use_required_attribute = False

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields
        self.fields = {
            **{name: copy.deepcopy(field) for name, field in boxes(self.model, self.columns).items()},
            **{name: PeriodField(label=columns.label) for name, columns in self.periods.items()},
            **own,
        }
        self.order_fields(self.order)
        for name, field in self.fields.items():
            self._fill(name, field, choices)

    def _fill(self, name: str, field: forms.Field, choices: Choices) -> None:
        column = self.model._meta.get_field(name) if name in self.columns else None
        if isinstance(column, models.ManyToManyField):
            field.choices = partial(choices.of, column.related_model)  # type: ignore[attr-defined, arg-type]
        elif isinstance(column, models.ForeignKey):
            field.choices = partial(choices.with_none, column.related_model)  # type: ignore[attr-defined, arg-type]
        if isinstance(field, forms.CharField):
            field.validators = [*field.validators, refuse_unreadable]
        if name in self.internal:
            field.label = format_lazy(_("{label} (intern)"), label=field.label)
            field.help_text = ""  # it says the same

    @classmethod
    def written(cls, row: Any) -> dict[str, Any]:
        """The text of every box for a stored row."""
        text: dict[str, Any] = {name: write_value(_stored(row, name)) for name in cls.columns}
        text |= {name: blank_text(field) for name, field in cls.base_fields.items()}
        for name, columns in cls.periods.items():
            text[name] = write_period(getattr(row, columns.date), getattr(row, columns.precision))
        return text

    def values(self) -> dict[str, Any]:
        """The cleaned values by column, as ``change_record`` takes them. Only for a valid form."""
        found = {name: self.cleaned_data[name] for name in self.columns}
        for name, columns in self.periods.items():
            period = self.cleaned_data[name]
            found[columns.date] = columns.day(*period) if period else None
            if period:
                found[columns.precision] = period.precision.value
        return {name: _whole(self.model, name, value) for name, value in found.items()}

    def posted(self) -> dict[str, Any]:
        """The text that stands in each box, as a draft keeps it."""
        return {
            name: keepable(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
            for name, field in self.fields.items()
        }


def blank_text(field: forms.Field) -> str | list[str]:
    """What stands in a box in which nothing stands."""
    return [] if isinstance(field, forms.MultipleChoiceField) else ""


def in_words(field: forms.Field | None, value: Any) -> str:
    """What stands in a box, as people read it: the label of a choice, not its key."""
    if isinstance(field, forms.BooleanField):
        return gettext("ja") if value else gettext("nein")
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(label) for key, label in list(field.choices)}  # type: ignore[arg-type]
        values: list[Any] = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values if one != "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _stored(row: Any, name: str) -> Any:
    column = row._meta.get_field(name)
    if isinstance(column, models.ManyToManyField):
        return [entry.pk for entry in getattr(row, name).all()] if row.pk else []
    value = getattr(row, column.attname)
    if isinstance(column, models.BooleanField) and column.null:
        return {True: "yes", False: "no", None: ""}[value]
    return value


def _whole(model: Any, name: str, value: Any) -> Any:
    column = model._meta.get_field(name)
    return int(value) if isinstance(column, models.IntegerField) and value is not None else value


def keepable(value: Any) -> str | list[str]:
    """What was sent, as text the database can hold: „�“ stands for each sign that is no text; its box says so."""
    text = write_value(value)
    return [_without_signs(one) for one in text] if isinstance(text, list) else _without_signs(text)


def _without_signs(text: str) -> str:
    return NO_TEXT.sub(REPLACED, text.replace("\x0b", "\n"))  # what word processors call a line break


def refuse_unreadable(text: str) -> None:
    """Raises ValidationError for text in which a sign had to be replaced."""
    if REPLACED in text:
        raise ValidationError(
            _("Hier steht ein Zeichen, das kein Text ist (%(sign)s). Löschen Sie es.") % {"sign": REPLACED}
        )
