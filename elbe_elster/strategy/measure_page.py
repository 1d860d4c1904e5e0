"""The public page of a measure in words: what its template shows, made of what ``dossier.py`` has read."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from elbe_elster.ui import drawings
from elbe_elster.ui.templatetags.text import shy

from .measure_parts import Entry, Other, Place, Station, day, rows_of
from .models import (
    STAGE_STEPS,
    CostRow,
    Deviation,
    Document,
    EntryKind,
    FundingRow,
    Image,
    Measure,
    Milestone,
    Phase,
    Precision,
    ProjectProfile,
    Resolution,
    Stage,
)
from .models.progress import followable
from .periods import period_text, within
from .readings import IndicatorTable, indicator_table
from .steps import step_groups, steps_reached

if TYPE_CHECKING:
    from .steps import StepGroup

SHOWN_ENTRIES = 12  # of the Chronik; older ones are folded
SHOWN_AHEAD = 3  # planned ones above them
STATION_LENGTH = 110  # characters
STAGE_ORDER = (Stage.IN_USE, Stage.PILOTING, Stage.PLANNED, Stage.INTERESTED, Stage.STOPPED, Stage.NOT_CONCERNED)


class MeasurePage:
    """Everything the page shows. Nothing in here asks the database, and nothing is internal."""

    def __init__(self, dossier: dict[str, Any], today: dt.date | None = None) -> None:
        self.dossier = dossier
        self.today = today or timezone.localdate()
        self.contact_name: str = dossier["own"]["contact_name"]
        self.field: dict[str, Any] = dossier["field"]

    @cached_property
    def measure(self) -> Measure:
        """What is the measure's own."""
        own = self.dossier["own"]
        measure = rows_of(Measure, [own], but=("course", "contact_name"))[0]
        measure.course = own["course"]
        return measure

    @cached_property
    def steps(self) -> list[StepGroup]:
        """The milestones, in groups."""
        return step_groups(rows_of(Milestone, self.dossier["milestones"]), self.today)

    @cached_property
    def reached(self) -> int:
        """How many milestones are reached."""
        return steps_reached(self.steps)[0]

    @cached_property
    def counted(self) -> int:
        """How many milestones count."""
        return steps_reached(self.steps)[1]

    # Head -------------------------------------------------------------------------

    @property
    def lead(self) -> dict[str, str] | None:
        """Name, address and web page of the office in charge."""
        lead: dict[str, str] = self.dossier["lead"]
        return lead if lead["name"] else None

    @property
    def email(self) -> str:
        """Where people write."""
        return self.measure.contact_email or self.dossier["lead"]["email"] or ""

    @property
    def reviewed(self) -> str:
        """„zuletzt geprüft im Oktober 2026“, or empty."""
        when = within(self.measure.reviewed_on, Precision.MONTH)
        return gettext("zuletzt geprüft %(when)s") % {"when": when} if when else ""

    @property
    def next_review(self) -> str:
        """When somebody looks at it again."""
        due = self.measure.next_review_on
        if due is None or self.measure.has_ended:
            return ""
        return gettext("in diesen Tagen") if due < self.today else period_text(due, Precision.MONTH)

    @property
    def ended(self) -> str:
        """Since when there is nothing more to do, or empty."""
        if self.measure.phase == Phase.DONE:
            return within(self.measure.done_on)
        return ""

    @property
    def merged_into(self) -> dict[str, str] | None:
        """The measure this one has become part of."""
        found: list[dict[str, str]] = self.dossier["merged_into"]
        return found[0] if found else None

    # What it brings ---------------------------------------------------------------

    @cached_property
    def indicators(self) -> list[IndicatorTable]:
        """The numbers, each with its readings."""
        return [indicator_table(row) for row in self.dossier["indicators"]]

    @property
    def headline(self) -> IndicatorTable | None:
        """The number that stands large on top, if it has been read at least once."""
        return next((table for table in self.indicators if table.headline and table.latest), None)

    @property
    def more_indicators(self) -> list[IndicatorTable]:
        """Those the head does not show as a whole."""
        return [table for table in self.indicators if table is not self.headline or not table.fits_head]

    # How it goes ------------------------------------------------------------------

    @property
    def next_step(self) -> Milestone | None:
        """The milestone that comes next; after the end none does."""
        if self.measure.has_ended:
            return None
        return next((step.milestone for group in self.steps for step in group.steps if step.is_next), None)

    @cached_property
    def profiles(self) -> list[ProjectProfile]:
        """Its projects, with course."""
        rows = rows_of(ProjectProfile, self.dossier["profiles"], but=("course",))
        for row, found in zip(rows, self.dossier["profiles"], strict=True):
            row.course = found["course"]
        return rows

    @cached_property
    def places(self) -> list[Place]:
        """The administrations that have told how far they are; the furthest first."""
        base = reverse("strategy:adoption-matrix")
        return [
            Place(
                row["name"],
                f"{base}{row['slug']}/",
                drawings.meter(STAGE_STEPS[stage], max(STAGE_STEPS.values())),
                str(stage.label),
                period_text(day(row["since"]), Precision.MONTH),
                row["note"],
                row["contact_email"],
            )
            for stage in STAGE_ORDER
            for row in self.dossier["adoptions"]
            if row["stage"] == stage
        ]

    @property
    def place_counts(self) -> list[tuple[str, int]]:
        """How many administrations are at each stage; stages without any are left out."""
        stages = [row["stage"] for row in self.dossier["adoptions"]]
        return [(str(stage.label), stages.count(stage)) for stage in STAGE_ORDER if stage in stages]

    # Money, decisions, files ------------------------------------------------------

    @cached_property
    def costs(self) -> list[CostRow]:
        """What it costs, the visible projects included."""
        rows = rows_of(CostRow, self.dossier["costs"], but=("project",))
        for row, found in zip(rows, self.dossier["costs"], strict=True):
            row.note = " · ".join(filter(None, (found["project"], row.note)))
        return rows

    @cached_property
    def fundings(self) -> list[FundingRow]:
        """Who pays, the visible projects included."""
        rows = rows_of(FundingRow, self.dossier["fundings"], but=("project",))
        for row, found in zip(rows, self.dossier["fundings"], strict=True):
            row.programme = " · ".join(filter(None, (found["project"], row.programme)))
        return rows

    @cached_property
    def resolutions(self) -> list[Resolution]:
        """What was resolved."""
        return rows_of(Resolution, self.dossier["resolutions"])

    @cached_property
    def deviations(self) -> list[Deviation]:
        """What was changed, and why."""
        return rows_of(Deviation, self.dossier["deviations"])

    @cached_property
    def documents(self) -> list[Document]:
        """Files to download."""
        return rows_of(Document, self.dossier["documents"])

    @cached_property
    def images(self) -> list[Image]:
        """Pictures."""
        return rows_of(Image, self.dossier["images"])

    # What belongs to it -----------------------------------------------------------

    @property
    def others(self) -> list[Other]:
        """Measures that hang together with this one."""
        labels = {
            "depends_on": gettext("Davor muss fertig sein"),
            "needed_by": gettext("Darauf warten"),
            "related": gettext("Verwandt"),
            "merged_measures": gettext("Hierin aufgegangen"),
        }
        return [Other(label, self.dossier[name]) for name, label in labels.items() if self.dossier[name]]

    @property
    def origin(self) -> str:
        """Where it comes from, in a few words."""
        known = self.measure.get_origin_display() if self.measure.origin else ""
        return ": ".join(filter(None, (known, self.measure.origin_note)))

    @property
    def participation(self) -> str:
        """Whether citizens take part, and how or why not."""
        known = self.measure.get_participation_display() if self.measure.participation else ""
        return ". ".join(filter(None, (known, self.measure.participation_note)))

    @property
    def in_short(self) -> list[tuple[str, str]]:
        """What else is known, as pairs of term and words; the template leaves out what is empty."""
        measure = self.measure
        return [
            (gettext("Für wen"), measure.target_groups),
            (gettext("Wo"), ", ".join(place["name"] for place in self.dossier["places"])),
            (gettext("Herkunft"), self.origin),
            (gettext("Spielraum"), measure.get_mandate_display() if measure.mandate else ""),
            (gettext("Priorität"), measure.get_priority_display() if measure.priority else ""),
            (gettext("Beteiligung"), self.participation),
            (gettext("Begonnen"), within(measure.started_on)),
            (gettext("Im Katalog seit"), period_text(measure.added_on, Precision.MONTH)),
            (gettext("Beschlossen als"), measure.decided_title),
            (gettext("Fragen beantwortet"), self.contact_name),
        ]

    # Chronik ----------------------------------------------------------------------

    @cached_property
    def entries(self) -> list[Entry]:
        """Every entry, the newest first."""
        kinds = {kind.value: str(kind.label) for kind in EntryKind}
        more = gettext("Mehr dazu")
        found = []
        for row in self.dossier["chronicle"]:
            date = dt.date.fromisoformat(row["date"])
            when = period_text(date, row["precision"])
            label = row["url_label"] or more
            url, ahead = followable(row["url"]), date > self.today
            found.append(Entry(date, when, kinds[row["kind"]], row["text"], url, label, ahead))
        return found

    @property
    def ahead(self) -> list[Entry]:
        """What is planned, the furthest first: entries and the next milestones."""
        kind = gettext("Geplant")
        groups = [] if self.measure.has_ended else self.steps
        steps = [step.milestone for group in groups for step in group.steps]
        planned = [
            Entry(row.due_on, period_text(row.due_on, row.due_precision), kind, row.title, ahead=True)
            for row in steps
            if row.due_on and row.done_on is None and row.due_on >= self.today and row.state != "dropped"
        ]
        told = [entry for entry in self.entries if entry.ahead]
        return sorted([*planned, *told], key=lambda entry: entry.date)[:SHOWN_AHEAD][::-1]

    @property
    def newest(self) -> list[Entry]:
        """What happened lately."""
        return [entry for entry in self.entries if not entry.ahead][:SHOWN_ENTRIES]

    @property
    def older(self) -> list[Entry]:
        """What happened before."""
        return [entry for entry in self.entries if not entry.ahead][SHOWN_ENTRIES:]

    @cached_property
    def thread(self) -> list[Station]:
        """From the first remark to the result: the stations there are, if they tell a story (three or more)."""
        first: dict[str, Station] = {}
        for entry in reversed(self.entries):
            if not entry.ahead:
                short = Truncator(entry.text).chars(STATION_LENGTH)
                first.setdefault(entry.kind, Station(entry.kind, short, entry.when, entry.url))
        made = [
            first.get(str(EntryKind.CONTRIBUTION.label)),
            first.get(str(EntryKind.GOAL.label)) or self._goal_station(),
            first.get(str(EntryKind.MEASURE.label)) or self._measure_station(),
            first.get(str(EntryKind.DECISION.label)) or self._decision_station(),
            self._milestone_station(),
            self._result_station(first.get(str(EntryKind.RESULT.label))),
        ]
        stations = [station._replace(text=shy(station.text)) for station in made if station]
        return stations if len(stations) > 2 else []  # noqa: PLR2004 - two points are no way

    def _goal_station(self) -> Station | None:
        goal = next(iter(self.dossier["goals"]), None)
        if goal is None:
            return None
        short = Truncator(goal["title"]).chars(STATION_LENGTH)
        return Station(str(EntryKind.GOAL.label), short, period_text(day(goal["set_on"]), Precision.MONTH))

    def _measure_station(self) -> Station:
        text = gettext("Steht als %(number)s im Katalog.") % {"number": self.measure.number}
        return Station(str(EntryKind.MEASURE.label), text, period_text(self.measure.added_on, Precision.MONTH))

    def _decision_station(self) -> Station | None:
        row = next(reversed(self.resolutions), None)
        if row is None:
            return None
        short = Truncator(f"{row.body_name}: {row.text}").chars(STATION_LENGTH)
        return Station(str(EntryKind.DECISION.label), short, period_text(row.date, Precision.MONTH), row.url)

    def _milestone_station(self) -> Station | None:
        if not self.counted:
            return None
        numbers = {"reached": self.reached, "counted": self.counted}
        text = gettext("%(reached)s von %(counted)s erreicht.") % numbers
        running = not self.measure.has_ended
        when = gettext("heute") if running else ""
        return Station(str(EntryKind.MILESTONE.label), text, when, "#meilensteine", "now" if running else "")

    def _result_station(self, told: Station | None) -> Station | None:
        if told and self.measure.phase == Phase.DONE:
            return told
        label = str(EntryKind.RESULT.label)
        if self.measure.phase == Phase.DONE:
            return Station(label, gettext("Abgeschlossen."), period_text(self.measure.done_on, Precision.MONTH))
        if self.measure.has_ended or self.measure.ends_on is None:
            return None
        when = period_text(self.measure.ends_on, self.measure.ends_precision)
        return Station(label, gettext("Soll dann fertig sein."), when, state="next")
