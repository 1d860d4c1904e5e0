"""The catalogue page, counted and made ready for its template: every row a few strings, every chip with its number."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from elbe_elster.search.finding import similar
from elbe_elster.snapshots.store import shared
from elbe_elster.ui.templatetags.ui import STATUS_ICONS

from .filters import MeasureFilter, filtered_measures
from .models import COURSE_LOOKS, Course, Measure
from .models.measures import SEARCH_KIND
from .rows import LIST, Row, made_rows, measure_values, table_body
from .search import SOURCES
from .statements import read_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterable, Mapping

    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.utils.safestring import SafeString

    from elbe_elster.search.finding import Suggestion

    from .filters import Choice
    from .models import MeasureQuerySet

PER_PAGE = 50
CHIP_FACETS = ("feld", "phase", "verlauf")
GROUPED = ("primary_field", "further", "phase", "course", "total")
COLUMNS = (("nummer", _("Nr.")), ("titel", _("Maßnahme")), ("", _("Handlungsfeld")), ("verlauf", _("Verlauf")))
FILES = (
    ("strategy:measure-xlsx", _("Excel")),
    ("strategy:measure-csv", _("CSV")),
    ("strategy:measure-json", _("JSON")),
    ("strategy:measure-atom", _("Feed abonnieren")),
)
MEANT = [source for source in SOURCES if source.kind in (SEARCH_KIND, "projekte")]
LONGEST = 20  # characters of a word in the address that says how to sort
NEXT_COLUMN = ("naechster", _("Nächster Schritt"))
FITTING = ngettext_lazy(
    "%(number)s von %(total)s Maßnahmen passt zu Ihrer Auswahl",
    "%(number)s von %(total)s Maßnahmen passen zu Ihrer Auswahl",
    "number",
)
SENTENCES = {
    ("phase", "idea"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist eine Idee", "%(number)s von %(total)s Maßnahmen sind Ideen", "number"
    ),
    ("phase", "qualified"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist geprüft", "%(number)s von %(total)s Maßnahmen sind geprüft", "number"
    ),
    ("phase", "decided"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist beschlossen",
        "%(number)s von %(total)s Maßnahmen sind beschlossen",
        "number",
    ),
    ("phase", "in_progress"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist in Umsetzung",
        "%(number)s von %(total)s Maßnahmen sind in Umsetzung",
        "number",
    ),
    ("phase", "done"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist abgeschlossen",
        "%(number)s von %(total)s Maßnahmen sind abgeschlossen",
        "number",
    ),
    ("verlauf", "on_track"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist im Plan", "%(number)s von %(total)s Maßnahmen sind im Plan", "number"
    ),
    ("verlauf", "delayed"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist verzögert",
        "%(number)s von %(total)s Maßnahmen sind verzögert",
        "number",
    ),
    ("verlauf", "at_risk"): ngettext_lazy(
        "%(number)s von %(total)s Maßnahmen ist gefährdet",
        "%(number)s von %(total)s Maßnahmen sind gefährdet",
        "number",
    ),
}


class Chip(NamedTuple):
    """A value to filter by, with the number of measures it would leave; the address takes a chosen one away."""

    label: str
    number: int
    url: str
    current: bool
    icon: str = ""


class ChipRow(NamedTuple):
    """A facet shown as chips."""

    name: str
    label: str
    chips: list[Chip]


class Head(NamedTuple):
    """The head of a column, and how it sorts the list now."""

    label: str
    url: str
    direction: str


class Link(NamedTuple):
    """Words and where they lead."""

    label: str
    url: str


class Year(NamedTuple):
    """A field for a year."""

    name: str
    label: str
    value: str


class Select(NamedTuple):
    """A facet that is seldom used: its name, its words, and its options as HTML."""

    name: str
    label: str
    options: SafeString


class Group(NamedTuple):
    """How many measures there are of one field set, phase and course; and how many of them the other facets leave."""

    fields: frozenset[int]
    phase: str
    course: str
    total: int
    fits: int


class Catalogue:
    """What ``/massnahmen/`` shows for a query string (at most eight queries, whatever the number of measures)."""

    def __init__(self, query: QueryDict, today: dt.date | None = None) -> None:
        self.query, self.day = query, today or timezone.localdate()
        self.filter = MeasureFilter(query)
        self.chosen = self.filter.chosen
        self.fields = {choice.pk: choice for choice in self.filter.choices.feld.values()}
        self.groups = list(self._groups())
        self.total = sum(group.total for group in self.groups)
        self.found = sum(group.fits for group in self.groups if self._wanted(group))
        self.page = self._page()
        self.as_cards = query.get("ansicht") == "karten"

    # Counting ---------------------------------------------------------------------

    def _groups(self) -> Iterable[Group]:
        if self.chosen.keys() - set(CHIP_FACETS):
            fits = self.filter.narrowed(Measure.objects.published(), but=CHIP_FACETS).order_by().values("pk")
            counted = _grouped(self.day).annotate(fits=Count("pk", filter=Q(pk__in=fits)))
            rows = list(counted.values_list(*GROUPED, "fits"))
        else:
            day = self.day
            rows = shared(f"groups-{day}", lambda: read_rows(("groups", day), lambda: _grouped(day), GROUPED))
        for primary, further, phase, course, *numbers in rows:
            yield Group(frozenset([primary, *further]), phase, course, numbers[0], numbers[-1])

    def _wanted(self, group: Group, but: str = "") -> bool:
        """Whether a group is among what the chips leave, the chips of one facet aside."""
        chosen = self.chosen
        fields = {self.filter.choices.feld[slug].pk for slug in chosen.get("feld", ())}
        return (
            (but == "feld" or not fields or bool(fields & group.fields))
            and (but == "phase" or "phase" not in chosen or group.phase in chosen["phase"])
            and (but == "verlauf" or "verlauf" not in chosen or group.course in chosen["verlauf"])
        )

    def counts(self, facet: str) -> dict[str, int]:
        """How many measures each value of a facet would leave beside the other facets."""
        found: dict[str, int] = {}
        for group in self.groups:
            if group.fits and self._wanted(group, but=facet):
                slugs = [self.fields[pk].value for pk in group.fields if pk in self.fields]
                for value in {"feld": slugs, "phase": [group.phase], "verlauf": [group.course]}[facet]:
                    found[value] = found.get(value, 0) + group.fits
        return found

    # Addresses --------------------------------------------------------------------

    def address(self, pairs: list[tuple[str, str]], **changes: str) -> str:
        """The list with these facets, in the order and the shape it has now."""
        kept = dict(self._shape("sortierung", "ansicht")) | changes
        return "?" + urlencode([*pairs, *((name, value) for name, value in kept.items() if value)])

    def _shape(self, *names: str) -> list[tuple[str, str]]:
        """What the address says of order and shape."""
        return [(name, str(self.query[name])[:LONGEST]) for name in names if self.query.get(name)]

    def chips(self, facet: str) -> list[Chip]:
        """The values of a facet that leave something, and those chosen."""
        counts, chosen, pairs = self.counts(facet), self.chosen.get(facet, []), self.filter.pairs()
        choices: dict[str, Choice] = getattr(self.filter.choices, facet)
        chips = []
        for value, choice in choices.items():
            if value in chosen:
                rest = [pair for pair in pairs if pair != (facet, value)]
                chips.append(Chip(choice.label, counts.get(value, 0), self.address(rest), True, _icon(facet, choice)))
            elif value in counts:
                more = [*pairs, (facet, value)]
                chips.append(Chip(choice.label, counts[value], self.address(more), False, _icon(facet, choice)))
        return chips

    def chip_rows(self) -> list[ChipRow]:
        """The facets shown as chips; those without any value vanish."""
        labels = {"feld": gettext("Handlungsfeld"), "phase": gettext("Phase"), "verlauf": gettext("Verlauf")}
        rows = (ChipRow(facet, labels[facet], self.chips(facet)) for facet in CHIP_FACETS)
        return [row for row in rows if row.chips]

    @property
    def start(self) -> str:
        """The list without filter."""
        return self.address([]) if self.query.get("ansicht") or self.query.get("sortierung") else reverse(LIST)

    @property
    def other_shape(self) -> str:
        """The same list as cards instead of a table, or back."""
        return self.address(self.filter.pairs(), ansicht="" if self.as_cards else "karten")

    @cached_property
    def other_chips(self) -> list[Chip]:
        """What else is chosen, to take away."""
        pairs, choices = self.filter.pairs(), self.filter.choices
        labels = {"q": "„{}“", "zeitraum_von": gettext("ab {}"), "zeitraum_bis": gettext("bis {}")}
        found = []
        for pair in pairs:
            if pair[0] not in CHIP_FACETS:
                known = getattr(choices, pair[0], {}).get(pair[1])
                label = known.label if known else labels[pair[0]].format(pair[1])
                found.append(Chip(label, 0, self.address([other for other in pairs if other != pair]), True))
        return found

    def heads(self) -> list[Head]:
        """The columns and how they sort."""
        now, pairs = self.query.get("sortierung") or "nummer", self.filter.pairs()
        directions = {"": "ascending", "-": "descending"}
        found = []
        for key, label in (*COLUMNS, NEXT_COLUMN):
            direction = next((words for sign, words in directions.items() if key and now == sign + key), "")
            turned = f"-{key}" if now == key else key
            url = self.address(pairs, sortierung="" if turned == "nummer" else turned) if key else ""
            found.append(Head(str(label), url, direction))
        return found

    def hidden(self) -> list[tuple[str, str]]:
        """What a form has to carry along: the chips and the shape of the list."""
        chips = [pair for pair in self.filter.pairs() if pair[0] in CHIP_FACETS]
        return [*chips, *self._shape("sortierung", "ansicht")]

    def selects(self) -> list[Select]:
        """The seldom used facets."""
        choices = self.filter.choices
        offered: list[tuple[str, str, Mapping[str, Choice]]] = [
            ("ziel", gettext("Ziel"), choices.ziel),
            ("prioritaet", gettext("Priorität"), choices.prioritaet),
            ("stelle", gettext("Zuständig"), choices.stelle),
            ("kommune", gettext("Kommune"), choices.kommune),
        ]
        return [
            Select(name, label, _options(tuple(values.values()), tuple(self.chosen.get(name, ()))))
            for name, label, values in offered
            if values
        ]

    @property
    def years(self) -> list[Year]:
        """The two years of the period."""
        labels = {"zeitraum_von": gettext("Läuft ab Jahr"), "zeitraum_bis": gettext("Läuft bis Jahr")}
        return [Year(name, label, str(self.chosen.get(name, ""))) for name, label in labels.items()]

    # Rows -------------------------------------------------------------------------

    def _page(self) -> Page[int]:
        asked = self.query.get("seite", "")
        number = int(asked) if asked.isdecimal() and len(asked) < len("10000") else 1
        return Paginator(range(self.found), PER_PAGE).get_page(number)

    @cached_property
    def values(self) -> list[tuple[Any, ...]]:
        """The measures of this page as they were read (one query)."""
        start = (self.page.number - 1) * PER_PAGE
        key = None if self.chosen else (self.query.get("sortierung", "")[:20], self.day)
        return measure_values(self._measures, start, start + PER_PAGE, key) if self.found else []

    @cached_property
    def rows(self) -> list[Row]:
        """The measures of this page."""
        return made_rows(self.values)

    def _measures(self) -> MeasureQuerySet:
        return filtered_measures(self.query, self.day)[0]

    @property
    def shown(self) -> Hashable:
        """All that the page shows; None where it is not worth keeping: nobody else types the same words."""
        if "q" in self.chosen or not self.values:
            return None
        return self.query.urlencode(), self.day, self.filter.choices.text, tuple(self.groups), repr(self.values)

    @property
    def table_body(self) -> SafeString:
        """The rows of the table."""
        return table_body(self.rows)

    @property
    def files(self) -> list[Link]:
        """The same list to take along."""
        pairs = [*self.filter.pairs(), *self._shape("sortierung")]
        query = "?" + urlencode(pairs) if pairs else ""
        return [Link(str(label), reverse(name) + query) for name, label in FILES]

    def notes(self) -> list[str]:
        """What was done to the choice that nobody asked for, in sentences."""
        found = []
        if self.filter.years_swapped:
            years = {"first": self.chosen["zeitraum_von"], "last": self.chosen["zeitraum_bis"]}
            found.append(gettext("Die Jahre standen verkehrt herum. Sie sehen %(first)s bis %(last)s.") % years)
        if self.filter.has_unknown:
            found.append(gettext("Einen Teil Ihrer Auswahl kennen wir nicht. Er ist weggelassen."))
        return found

    def meant(self) -> list[Suggestion]:
        """Measures and projects that somebody may have meant who finds nothing by a word (one query)."""
        return similar(MEANT, self.filter.words, AnonymousUser()) if "q" in self.chosen else []

    def sentence(self) -> str:
        """How many there are, in one sentence."""
        several = {"number": self.found, "total": self.total}
        if not self.chosen:
            return ngettext("%(total)s Maßnahme", "%(total)s Maßnahmen", self.total) % several
        counted = SENTENCES.get(_only(self.chosen), FITTING)
        return str(counted % several)


# Parts ------------------------------------------------------------------------


def _grouped(today: dt.date) -> QuerySet[Measure, Any]:
    """How many measures there are of each set of fields, phase and course."""
    further = Measure.further_fields.through.objects.filter(measure=OuterRef("pk")).order_by("actionfield")
    measures = Measure.objects.published().with_course(today)
    rows = measures.order_by().annotate(further=ArraySubquery(further.values("actionfield")))
    return rows.values_list(*GROUPED[:-1]).annotate(total=Count("pk"))


def _only(chosen: dict[str, Any]) -> tuple[str, str]:
    """The one facet and value there is; nothing if there are more."""
    if len(chosen) == 1:
        name, values = next(iter(chosen.items()))
        if isinstance(values, list) and len(values) == 1:
            return name, values[0]
    return "", ""


def _icon(facet: str, choice: Choice) -> str:
    if facet == "verlauf":
        return STATUS_ICONS[COURSE_LOOKS[Course(choice.value)]]
    return f"f{choice.colour}" if facet == "feld" else ""


@lru_cache(maxsize=64)
def _options(choices: tuple[Choice, ...], chosen: tuple[str, ...]) -> SafeString:
    """Options of a select; kept, because they are the same for nearly everybody."""
    selected = format_html(" {}", "selected")
    rows = ((choice.value, selected if choice.value in chosen else "", choice.label) for choice in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
