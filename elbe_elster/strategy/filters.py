"""The catalogue's filter: one query string means the same set on the page and in every file and feed made of it."""

from __future__ import annotations

import copy
import datetime as dt
import json
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import django_filters
from django import forms
from django.db.models import Case, F, IntegerField, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, Collate, Concat, JSONObject
from django.utils.translation import get_language

from elbe_elster.region.models import Administration
from elbe_elster.region.sorting import german_order
from elbe_elster.search.words import Words, read_words
from elbe_elster.snapshots.store import shared

from .models import ActionField, Body, Course, Goal, Measure, Phase, Priority, Strategy
from .statements import as_list, read_text, words

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Self

    from django.db.models import QuerySet
    from django.http import QueryDict

    from .models import MeasureQuerySet

YEARS = range(2000, 2101)
SEVERAL = ("feld", "ziel", "phase", "verlauf", "prioritaet", "stelle", "kommune")
YEAR_NAMES = ("zeitraum_von", "zeitraum_bis")
URGENCY = (Course.AT_RISK, Course.DELAYED, Course.RESTING, Course.ON_TRACK, Course.NOT_ASSESSED)  # ended ones last
NOTHING_OFFERED = '{"feld": [], "ziel": [], "stelle": [], "kommune": []}'
MOST_VALUES = 50  # of one parameter; no list of choices is longer


class Choice(NamedTuple):
    """A value of a facet: what stands in the address, what people read, and the row's id (0: it is a word)."""

    value: str
    label: str
    pk: int = 0
    colour: int = 0


class Choices:
    """What there is to choose from; asked from the database at most once, and only if needed."""

    @cached_property
    def text(self) -> str:
        """What the edition in force offers, as JSON (one query)."""
        language = get_language() or "de"
        found = shared(f"choices-{language}", lambda: read_text(("choices", language), lambda: _offered(language)))
        return found or NOTHING_OFFERED

    def _read(self, name: str) -> dict[str, Choice]:
        return _choices(self.text)[name]

    @cached_property
    def feld(self) -> dict[str, Choice]:
        """The action fields in force, by slug."""
        return self._read("feld")

    @cached_property
    def ziel(self) -> dict[str, Choice]:
        """The goals that measures serve, by number of field and goal: „1.2“."""
        return self._read("ziel")

    @cached_property
    def stelle(self) -> dict[str, Choice]:
        """The offices that lead measures, by id."""
        return self._read("stelle")

    @cached_property
    def kommune(self) -> dict[str, Choice]:
        """The administrations, by slug."""
        return self._read("kommune")

    @cached_property
    def phase(self) -> dict[str, Choice]:
        """The phases."""
        return {value: Choice(value, str(label)) for value, label in Phase.choices}

    @cached_property
    def verlauf(self) -> dict[str, Choice]:
        """The courses."""
        return {value: Choice(value, str(label)) for value, label in Course.choices}

    @cached_property
    def prioritaet(self) -> dict[str, Choice]:
        """The priorities."""
        return {value: Choice(value, str(label)) for value, label in Priority.choices}


@lru_cache(maxsize=8)
def _choices(text: str) -> dict[str, dict[str, Choice]]:
    return {name: {row["value"]: Choice(**row) for row in rows} for name, rows in json.loads(text).items()}


def _offered(language: str) -> QuerySet[Any, Any]:
    """Fields, goals and leads of published measures, administrations: as one object of lists."""
    published = Measure.objects.published().order_by()
    served = Measure.goals.through.objects.filter(measure__in=published.values("pk")).values("goal")
    goals = Goal.objects.filter(action_field__strategy=OuterRef("pk"), pk__in=served)
    key = Concat(Cast("action_field__number", TextField()), Value(".", TextField()), Cast("number", TextField()))
    fields = ActionField.objects.filter(strategy=OuterRef("pk"))
    leads = Body.objects.filter(pk__in=published.values("lead"))
    lists = {
        "feld": as_list(fields, "pk", "colour", value="slug", label=words("short_name", language)),
        "ziel": as_list(goals, "pk", value=key, label=Concat(key, Value(" ", TextField()), words("title", language))),
        "stelle": as_list(leads, "pk", value=Cast("pk", TextField()), label="name"),
        "kommune": as_list(Administration.objects.all(), "pk", value="slug", label="name"),
    }
    return Strategy.objects.current().annotate(found=JSONObject(**lists)).values("found")


class SeveralField(forms.Field):
    """Every value of a parameter. Which of them mean something, the filter decides: unknown ones are no error."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        """Each value once."""
        return list(dict.fromkeys(value or ()))[:MOST_VALUES]


class Facet(django_filters.Filter):
    """Something to filter by. Each request has its own, and copying django-filter's costs more than their work."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """A twin that asks its own FilterSet; what it was declared with is shared."""
        twin = copy.copy(self)
        twin.method = self.method
        return twin


class Several(Facet):
    """A facet of which one or several values are wanted."""

    field_class = SeveralField


class YearField(forms.Field):
    """A year with four digits; anything else counts as not given."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        """The year."""
        known = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) == len("2026")
        return int(value) if known and int(value) in YEARS else None


class Year(Facet):
    """A year."""

    field_class = YearField


class WordsField(forms.Field):
    """What was typed; the search cleans it."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        """The text."""
        return value if isinstance(value, str) else ""


class Text(Facet):
    """Words to look for."""

    field_class = WordsField


class MeasureFilter(django_filters.FilterSet):
    """Text, field, goal, phase, course, priority, lead, administration, period. Unknown values are ignored."""

    q = Text(method="by_text", label="")
    feld = Several(method="by_field", label="")
    ziel = Several(method="by_goal", label="")
    phase = Several(method="by_phase", label="")
    verlauf = Several(method="by_course", label="")
    prioritaet = Several(method="by_priority", label="")
    stelle = Several(method="by_lead", label="")
    kommune = Several(method="by_administration", label="")
    zeitraum_von = Year(method="from_year", label="")
    zeitraum_bis = Year(method="until_year", label="")

    class Meta:
        model = Measure
        fields: tuple[str, ...] = ()

    @cached_property
    def choices(self) -> Choices:
        """What there is to choose from."""
        return Choices()

    @cached_property
    def words(self) -> Words:
        """What was typed, ready for the search (one query if there is a word)."""
        self.form.is_valid()
        return read_words(self.form.cleaned_data["q"], get_language() or "de")

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What is filtered by, by parameter: known values only; facets without any are left out."""
        if self.base_filters.keys().isdisjoint(self.data or {}):
            return {}
        self.form.is_valid()  # these fields refuse nothing
        given = self.form.cleaned_data | {"q": self.words.text}
        for name in SEVERAL:
            given[name] = given[name] and [value for value in given[name] if value in getattr(self.choices, name)]
        if self.years_swapped:
            given |= {"zeitraum_von": given["zeitraum_bis"], "zeitraum_bis": given["zeitraum_von"]}
        return {name: value for name, value in given.items() if value}

    @cached_property
    def years_swapped(self) -> bool:
        """Whether the period was given to end before it begins; then it is read the other way round."""
        self.form.is_valid()
        first, last = (self.form.cleaned_data[name] for name in YEAR_NAMES)
        return bool(first and last and first > last)

    @property
    def has_unknown(self) -> bool:
        """Whether something in the address means nothing to a facet and was left out."""
        known = {pair for pair in self.pairs() if pair[0] != "q"}
        if self.years_swapped:
            known |= {(name, str(self.form.cleaned_data[name])) for name in YEAR_NAMES}
        data = cast("QueryDict", self.data)
        given = [(name, value) for name in (*SEVERAL, *YEAR_NAMES) for value in data.getlist(name) if value]
        return any(pair not in known for pair in given)

    def pairs(self) -> list[tuple[str, str]]:
        """What is filtered by, as it stands in an address."""
        return [
            (name, str(value))
            for name, values in self.chosen.items()
            for value in (values if isinstance(values, list) else [values])
        ]

    def narrowed(self, measures: MeasureQuerySet, *, but: Collection[str] = ()) -> MeasureQuerySet:
        """The measures filtered by every facet but these; for the course they need ``with_course()`` before."""
        for name, value in self.chosen.items():
            if name not in but:
                measures = cast("MeasureQuerySet", self.filters[name].filter(measures, value))
        return measures

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Every facet applied."""
        return self.narrowed(cast("MeasureQuerySet", queryset))

    def _ids(self, name: str, values: list[str]) -> list[int]:
        choices: dict[str, Choice] = getattr(self.choices, name)
        return [choices[value].pk for value in values]

    def by_text(self, measures: MeasureQuerySet, _name: str, _value: str) -> MeasureQuerySet:
        """Those that hold every word."""
        return measures.matching(self.words)

    def by_field(self, measures: MeasureQuerySet, name: str, values: list[str]) -> MeasureQuerySet:
        """Those of the fields."""
        return measures.in_field(*self._ids(name, values))

    def by_goal(self, measures: MeasureQuerySet, name: str, values: list[str]) -> MeasureQuerySet:
        """Those that serve the goals."""
        return measures.serving(*self._ids(name, values))

    def by_phase(self, measures: MeasureQuerySet, _name: str, values: list[str]) -> MeasureQuerySet:
        """Those in the phases."""
        return measures.filter(phase__in=values)

    def by_course(self, measures: MeasureQuerySet, _name: str, values: list[str]) -> MeasureQuerySet:
        """Those in the courses."""
        return measures.in_course(*values)

    def by_priority(self, measures: MeasureQuerySet, _name: str, values: list[str]) -> MeasureQuerySet:
        """Those of the priorities."""
        return measures.filter(priority__in=values)

    def by_lead(self, measures: MeasureQuerySet, name: str, values: list[str]) -> MeasureQuerySet:
        """Those led by the offices."""
        return measures.filter(lead__in=self._ids(name, values))

    def by_administration(self, measures: MeasureQuerySet, name: str, values: list[str]) -> MeasureQuerySet:
        """Those that concern the administrations."""
        return measures.concerning(*self._ids(name, values))

    def from_year(self, measures: MeasureQuerySet, _name: str, year: int) -> MeasureQuerySet:
        """Those planned to run in the year or later."""
        return measures.planned_between(dt.date(year, 1, 1), dt.date.max)

    def until_year(self, measures: MeasureQuerySet, _name: str, year: int) -> MeasureQuerySet:
        """Those planned to run in the year or before."""
        return measures.planned_between(dt.date.min, dt.date(year, 12, 31))


def filtered_measures(query: QueryDict, today: dt.date | None = None) -> tuple[MeasureQuerySet, MeasureFilter]:
    """The published measures a query string asks for, with course and in the order asked for, and the filter itself.

    Pages, files and feeds all start here. Nothing in the query string can raise an error.
    """
    filterset = MeasureFilter(query, queryset=Measure.objects.published().with_course(today))
    measures = cast("MeasureQuerySet", filterset.qs)
    return measures.order_by(*order_of(query.get("sortierung", ""))), filterset


def order_of(key: str) -> list[Any]:
    """How to sort: ``nummer``, ``titel``, ``naechster`` (what is due next), ``verlauf``; with „-“ the other way round."""
    name, down = key.removeprefix("-"), key.startswith("-")
    number = [F("number_order"), F("number")]
    if name == "titel":
        title = words("title", get_language() or "de")
        first: Any = Collate(german_order(title), "C")
    elif name == "naechster":
        first = F("next_due")
    elif name == "verlauf":
        places = (When(Q(("course", course)), then=place) for place, course in enumerate(URGENCY))
        first = Case(*places, default=len(URGENCY), output_field=IntegerField())
    else:
        first = number.pop(0)
    return [first.desc(nulls_last=True) if down else first.asc(nulls_last=True), *number]
