"""How far the strategy is, counted: for /stand/ and the home page.

Only what the public sees is counted, and by the rules the catalogue goes by: ``with_course()`` says whether a measure
is on time, ``in_field()`` to which action fields it belongs. So each number equals the list it links to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from .models import Course, Measure, Phase
from .money import money_by_measure, sum_granted, sum_planned

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from django.utils.functional import Promise

    from .models import ActionField

__all__ = ["money_by_measure", "sum_granted", "sum_planned"]


class Standing(NamedTuple):
    """How far a measure is, in one word. Phase and course in one: what has ended has no course any more."""

    key: str  # also its drawing, see ui.drawings.course_units
    label: Promise
    short: Promise  # for the head of a narrow column
    meaning: Promise
    query: tuple[tuple[str, str], ...]  # what the catalogue is asked for


STANDINGS = (
    Standing("done", _("Abgeschlossen"), _("Fertig"), _("Die Arbeit ist fertig."), (("phase", Phase.DONE),)),
    Standing(
        "on_track",
        Course.ON_TRACK.label,
        Course.ON_TRACK.label,
        _("Alles läuft so, wie es versprochen ist."),
        (("verlauf", Course.ON_TRACK),),
    ),
    Standing(
        "delayed",
        Course.DELAYED.label,
        Course.DELAYED.label,
        _("Ein versprochener Termin ist vorbei, seit höchstens einem halben Jahr."),
        (("verlauf", Course.DELAYED),),
    ),
    Standing(
        "at_risk",
        Course.AT_RISK.label,
        Course.AT_RISK.label,
        _("Es ist nicht sicher, ob das Ziel noch erreicht wird."),
        (("verlauf", Course.AT_RISK),),
    ),
    Standing(
        "resting",
        Course.RESTING.label,
        Course.RESTING.label,
        _("Die Arbeit macht eine Pause."),
        (("verlauf", Course.RESTING),),
    ),
    Standing(
        "not_assessed",
        Course.NOT_ASSESSED.label,
        _("Offen"),
        _("Es gibt noch keinen Termin, an dem man das messen kann."),
        (("verlauf", Course.NOT_ASSESSED),),
    ),
    Standing(
        "ended",
        _("Eingestellt oder aufgegangen"),
        _("Beendet"),
        _("Die Arbeit endet ohne Ergebnis oder geht in einer anderen Maßnahme weiter."),
        (("phase", Phase.DISCONTINUED), ("phase", Phase.MERGED)),
    ),
)
LATE = ("delayed", "at_risk")


class Fact(NamedTuple):
    """What is counted of one public measure."""

    fields: frozenset[int]
    phase: str
    course: str
    reviewed_on: dt.date | None
    example: bool

    @property
    def standing(self) -> str:
        """Key of its standing."""
        return Phase.DONE if self.phase == Phase.DONE else self.course or "ended"


class Number(NamedTuple):
    """So many measures of one standing, and the list of them."""

    standing: Standing
    number: int
    url: str

    @property
    def squares(self) -> list[tuple[str, int]]:
        """What the tag ``course_units`` draws."""
        return [(self.standing.key, self.number)]


@dataclass(frozen=True)
class Tally:
    """The measures of one field, or of all (``field`` None), by standing."""

    field: ActionField | None
    numbers: list[Number]
    total: int
    url: str

    def count(self, *keys: str) -> int:
        """How many measures have one of these standings."""
        return sum(one.number for one in self.numbers if one.standing.key in keys)

    @property
    def done(self) -> int:
        """Measures that are finished."""
        return self.count("done")

    @property
    def on_track(self) -> int:
        """Measures that run as promised."""
        return self.count("on_track")

    @property
    def late(self) -> int:
        """Measures that are later than promised, be it a little or much."""
        return self.count(*LATE)

    @property
    def others(self) -> int:
        """Measures that rest, have not been assessed, or have ended without a result."""
        return self.total - self.done - self.on_track - self.late

    @property
    def squares(self) -> list[tuple[str, int]]:
        """What the tag ``course_units`` draws."""
        return [(one.standing.key, one.number) for one in self.numbers]


def facts(today: dt.date | None = None) -> list[Fact]:
    """What is counted, of every public measure (one query)."""
    further = Measure.further_fields.through.objects.filter(measure=OuterRef("pk")).values("actionfield")
    rows = Measure.objects.published().with_course(today).annotate(further=ArraySubquery(further)).order_by()
    values = rows.values_list("primary_field", "further", "phase", "course", "reviewed_on", "example")
    return [Fact(frozenset([first, *more]), *rest) for first, more, *rest in values]


def tally(known: Iterable[Fact], field: ActionField | None = None) -> Tally:
    """Count by standing, in one field or in all. Standings that a county hopes not to need show only when needed."""
    found = Counter(fact.standing for fact in known if field is None or field.pk in fact.fields)
    where = (("feld", field.slug),) if field else ()
    numbers = [Number(one, found[one.key], catalogue_address(*one.query, *where)) for one in STANDINGS]
    return Tally(field, numbers, found.total(), catalogue_address(*where))


def tallies(known: Sequence[Fact], fields: Iterable[ActionField]) -> list[Tally]:
    """One tally for each field. A measure with several fields counts in each of them, as in the catalogue."""
    return [tally(known, field) for field in fields]


def catalogue_address(*parameters: tuple[str, str]) -> str:
    """The catalogue, narrowed down."""
    address = reverse("strategy:measure-list")
    return f"{address}?{urlencode(parameters)}" if parameters else address
