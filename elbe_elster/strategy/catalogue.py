"""The catalogue page, counted and made ready for its template: every row a few strings, every chip with its number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from elbe_elster.search.sources import localized
from elbe_elster.ui.drawings import meter
from elbe_elster.ui.templatetags.ui import STATUS_ICONS, field_mark, status

from .filters import filtered_measures
from .models import COURSE_LOOKS, ENDED_PHASES, PHASE_STEPS, Course, Measure, Milestone, Phase, Publication
from .models.courses import OPEN_STATES
from .periods import period_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from .filters import Choice

LIST = "strategy:measure-list"
PER_PAGE = 50
CHIP_FACETS = ("feld", "phase", "verlauf")
COLUMNS = (("nummer", _("Nr.")), ("titel", _("Maßnahme")), ("", _("Handlungsfeld")), ("verlauf", _("Verlauf")))
NEXT_COLUMN = ("naechster", _("Nächster Schritt"))
ENDED_LOOKS = {Phase.DONE: "good", Phase.DISCONTINUED: "rest", Phase.MERGED: "rest"}
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


class Select(NamedTuple):
    """A facet that is seldom used: its name, its words, and its options as HTML."""

    name: str
    label: str
    options: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in the list."""

    number: str
    title: str
    url: str
    summary: str
    example: bool
    field: SafeString
    course: SafeString
    phase: str
    meter: SafeString
    step: str
    step_due: str


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
        self.query, self.today = query, today
        self.measures, self.filter = filtered_measures(query, today)
        self.chosen = self.filter.chosen
        self.fields = {choice.pk: choice for choice in self.filter.choices.feld.values()}
        self.groups = list(self._groups())
        self.total = sum(group.total for group in self.groups)
        self.found = sum(group.fits for group in self.groups if self._wanted(group))
        self.page = self._page()
        self.as_cards = query.get("ansicht") == "karten"

    # Counting ---------------------------------------------------------------------

    def _groups(self) -> Iterable[Group]:
        published = Measure.objects.published()
        further = Measure.further_fields.through.objects.filter(measure=OuterRef("pk")).order_by("actionfield")
        rows = (
            published.with_course(self.today).order_by().annotate(further=ArraySubquery(further.values("actionfield")))
        )
        counted = rows.values_list("primary_field", "further", "phase", "course").annotate(total=Count("pk"))
        if self.chosen.keys() - set(CHIP_FACETS):
            fits = self.filter.narrowed(published, but=CHIP_FACETS).order_by().values("pk")
            counted = counted.annotate(fits=Count("pk", filter=Q(pk__in=fits)))
        for primary, others, phase, course, *numbers in counted:
            yield Group(frozenset([primary, *others]), phase, course, numbers[0], numbers[-1])

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
        kept = {name: self.query.get(name, "") for name in ("sortierung", "ansicht")} | changes
        return "?" + urlencode([*pairs, *((name, value) for name, value in kept.items() if value)])

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
        kept = [(name, self.query.get(name, "")) for name in ("sortierung", "ansicht")]
        return [
            pair
            for pair in (*self.filter.pairs(), *kept)
            if pair[1] and pair[0] in (*CHIP_FACETS, "sortierung", "ansicht")
        ]

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
            Select(name, label, _options(values, self.chosen.get(name, [])))
            for name, label, values in offered
            if values
        ]

    # Rows -------------------------------------------------------------------------

    def _page(self) -> Page[int]:
        asked = self.query.get("seite", "")
        number = int(asked) if asked.isdecimal() and len(asked) < len("10000") else 1
        return Paginator(range(self.found), PER_PAGE).get_page(number)

    def rows(self) -> list[Row]:
        """The measures of this page (two queries)."""
        language = get_language() or "de"
        names = ("pk", "number", "slug", "found_title", "found_summary", "primary_field", "phase", "course", "example")
        measures = self.measures.annotate(
            found_title=localized(Measure, "title", language), found_summary=localized(Measure, "summary", language)
        )
        start = (self.page.number - 1) * PER_PAGE
        values = list(measures.values_list(*names)[start : start + PER_PAGE]) if self.found else []
        steps = next_steps([row[0] for row in values], language)
        base = reverse(LIST)
        found = []
        for pk, number, slug, title, summary, field, phase, course, example in values:
            step, due = steps.get(pk, ("", "")) if phase not in ENDED_PHASES else ("", "")
            choice = self.fields.get(field)
            mark = _mark(choice.colour, choice.label) if choice else SafeString()
            look, words = _course(phase, course, language)
            found.append(
                Row(number, title, f"{base}{slug}/", summary, example, mark, look, words, _meter(phase), step, due)
            )
        return found

    def sentence(self) -> str:
        """How many there are, in one sentence."""
        several = {"number": self.found, "total": self.total}
        if not self.chosen:
            return ngettext("%(total)s Maßnahme", "%(total)s Maßnahmen", self.total) % several
        counted = SENTENCES.get(_only(self.chosen), FITTING)
        return str(counted % several)


# Parts ------------------------------------------------------------------------


def next_steps(measures: list[int], language: str) -> dict[int, tuple[str, str]]:
    """The next open milestone of each measure, its own or one of its visible projects: title and when (one query)."""
    shown = Q(profile=None) | Q(profile__publication=Publication.PUBLISHED, profile__trashed_at=None)
    rows = Milestone.objects.filter(shown, Q(measure__in=measures) | Q(profile__measure__in=measures))
    owned = rows.filter(state__in=OPEN_STATES).annotate(
        owner=Coalesce("measure", "profile__measure"), found_title=localized(Milestone, "title", language)
    )
    first = owned.order_by("owner", F("due_on").asc(nulls_last=True), "pk").distinct("owner")
    values = first.values_list("owner", "found_title", "due_on", "due_precision") if measures else ()
    return {owner: (title, period_text(due, precision) or gettext("offen")) for owner, title, due, precision in values}


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


def _options(choices: Mapping[str, Choice], chosen: list[str]) -> SafeString:
    """Options of a select."""
    selected = SafeString(" selected")
    rows = ((value, selected if value in chosen else "", choice.label) for value, choice in choices.items())
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@lru_cache(maxsize=256)
def _mark(colour: int, name: str) -> SafeString:
    return field_mark(colour, name)


@lru_cache(maxsize=16)
def _meter(phase: str) -> SafeString:
    step = PHASE_STEPS.get(Phase(phase))
    return meter(step, len(PHASE_STEPS)) if step else SafeString()


@lru_cache(maxsize=256)
def _course(phase: str, course: str, language: str) -> tuple[SafeString, str]:  # noqa: ARG001 - a key of the cache
    """The cell that says how it goes, and the phase in words where the cell does not say it."""
    words = str(Phase(phase).label)
    if not course:
        return status(ENDED_LOOKS.get(Phase(phase), "rest"), words), ""
    return status(COURSE_LOOKS[Course(course)], str(Course(course).label)), words
