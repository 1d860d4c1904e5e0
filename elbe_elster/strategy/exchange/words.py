"""What the cells refer to: fields, goals, offices, places and other measures, loaded once for a whole file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, F, Max, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from elbe_elster.region.models import Municipality
from elbe_elster.strategy.exchange.cells import CellError, folded, one_line, short
from elbe_elster.strategy.models import ActionField, Body, ChronicleEntry, Course, Goal, Measure, MeasurePartner

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from elbe_elster.strategy.models import MeasureQuerySet

NUMBER = re.compile(r"[A-Z]{1,3}-?[0-9]{1,4}")
GOAL = re.compile(r"(\d+)\.(\d+)\.? (.+)")


@dataclass
class Words:
    """The names in the catalogue. ``public`` says that everybody reads the file. Names unknown so far are gathered."""

    public: bool
    fields: dict[int, ActionField] = field(default_factory=dict)
    goals: dict[int, Goal] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)  # folded name to name
    places: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    new_bodies: dict[str, str] = field(default_factory=dict)
    prefix: str = ""  # what bare numbers of a list get before them: „M-“
    longest_goal: int = 200
    longest_role: int = 120
    longest_body: int = 160

    def __post_init__(self) -> None:
        self._fields: dict[str, int] = {}
        for row in self.fields.values():
            for name in (row.name, row.name_de, row.short_name_de, row.slug, str(row.number)):  # type: ignore[attr-defined]
                self._fields.setdefault(folded(name or ""), row.pk)
            self._fields.setdefault(folded(f"{row.number}. {row.name_de}"), row.pk)  # type: ignore[attr-defined]
            self._fields.setdefault(folded(f"{row.number} {row.name_de}"), row.pk)  # type: ignore[attr-defined]
        self._new_goals: dict[str, str] = {}
        self._goals: dict[str, int] = {}
        for goal in self.goals.values():
            self._goals[folded(self.goal_label(goal.pk))] = goal.pk
            self._goals.setdefault(folded(goal.title_de), goal.pk)  # type: ignore[attr-defined]

    def field(self, text: str) -> int:
        """The key of an action field. Raises CellError."""
        found = self._fields.get(folded(text))
        if found is None:
            allowed = ", ".join(f"„{row.name}“" for row in self.fields.values())
            words = {"text": short(text), "allowed": allowed}
            raise CellError(_("Das Handlungsfeld „%(text)s“ gibt es nicht. Möglich sind: %(allowed)s.") % words)
        return found

    def goal(self, text: str) -> int | str:
        """The key of a goal, or the title of a new one. Raises CellError for the number of another goal."""
        found = self._goals.get(folded(text))
        if found is not None:
            return found
        if parts := GOAL.fullmatch(text):
            place = (int(parts[1]), int(parts[2]))
            for goal in self.goals.values():
                if (self.fields[goal.action_field_id].number, goal.number) == place:
                    words = {"number": f"{place[0]}.{place[1]}", "title": goal.title}
                    raise CellError(_("Das Ziel %(number)s heißt „%(title)s“.") % words)
        return self._new_goals.setdefault(folded(text), text)

    def goal_label(self, key: int | str) -> str:
        """Number and title of a goal."""
        if isinstance(key, str):
            return key
        goal = self.goals[key]
        title = goal.title if self.public else goal.title_de  # type: ignore[attr-defined]
        return f"{self.fields[goal.action_field_id].number}.{goal.number} {one_line(title)}"

    def goal_plain(self, key: int) -> dict[str, Any]:
        """Number and title of a goal for JSON."""
        goal = self.goals[key]
        return {"number": f"{self.fields[goal.action_field_id].number}.{goal.number}", "title": goal.title}

    def knows_goal(self, text: str) -> bool:
        """Whether a goal is called so."""
        return folded(text) in self._goals

    def knows_body(self, text: str) -> bool:
        """Whether an office has this name."""
        return folded(text) in self.bodies

    def body(self, text: str) -> str:
        """The name of an office as it is written here; one nobody knows is noted. Raises CellError."""
        if not text:
            return ""
        known = self.bodies.get(folded(text)) or self.new_bodies.get(folded(text))
        if known:
            return known
        if len(text) > self.longest_body:
            raise CellError(_("Der Name einer Stelle ist höchstens 160 Zeichen lang: „%s“") % short(text))
        self.new_bodies[folded(text)] = text
        return text

    def place(self, text: str) -> str:
        """The name of a municipality. Raises CellError."""
        found = self.places.get(folded(text))
        if found is None:
            raise CellError(_("Die Gemeinde „%s“ gibt es im Landkreis nicht.") % short(text))
        return found

    def number(self, text: str) -> str:
        """The number of another measure. Raises CellError."""
        number = text.upper()
        if not NUMBER.fullmatch(number) or (self.numbers and number not in self.numbers):
            raise CellError(_("Eine Maßnahme mit der Nummer „%s“ gibt es nicht.") % short(text))
        return number

    @staticmethod
    def course_label(value: str) -> str:
        """The course in words; an ended measure has none."""
        return str(Course(value).label) if value else ""


def public_words() -> Words:
    """What public files refer to (two queries)."""
    return Words(public=True, fields=_fields(), goals=_by_key(Goal.objects.all()))


def staff_words() -> Words:
    """What the working file may refer to (five queries). Its words are German in every language of the page."""
    return Words(
        public=False,
        fields=_fields(),
        goals=_by_key(Goal.objects.all()),
        bodies={folded(one_line(name)): one_line(name) for name in Body.objects.values_list("name", flat=True)},
        places={folded(name): name for name in Municipality.objects.values_list("name", flat=True)},
        numbers=set(Measure.objects.kept().values_list("number", flat=True)),
    )


def _fields() -> dict[int, ActionField]:
    """Every action field, those of the newest edition first: where names are the same, they are meant."""
    return _by_key(ActionField.objects.order_by(F("strategy__valid_from").desc(nulls_last=True), "number"))


def _by_key(rows: QuerySet[Any]) -> dict[int, Any]:
    return {row.pk: row for row in rows}


def with_links(measures: MeasureQuerySet, *, public: bool) -> MeasureQuerySet:
    """With the names of everything a measure refers to, in the same query; in public only what is public itself."""
    others = Measure.objects.published() if public else Measure.objects.kept()
    owner = OuterRef("pk")
    partners = MeasurePartner.objects.filter(measure=owner).order_by("body__sort_key", "pk")
    told = ChronicleEntry.objects.public().filter(measure=owner).order_by().values("measure")
    rows = measures.select_related("lead").prefetch_related(None)
    return rows.annotate(
        field_keys=ArraySubquery(Measure.further_fields.through.objects.filter(measure=owner).values("actionfield")),
        goal_keys=ArraySubquery(Measure.goals.through.objects.filter(measure=owner).values("goal")),
        place_names=ArraySubquery(
            Measure.municipalities.through.objects.filter(measure=owner).values("municipality__name")
        ),
        partner_names=ArraySubquery(partners.values("body__name")),
        partner_roles=ArraySubquery(partners.values("role")),
        merged_number=Subquery(others.filter(pk=OuterRef("merged_into")).values("number")),
        related_numbers=ArraySubquery(_linked(others, Measure.related.through, "from_measure", "to_measure")),
        needed_numbers=ArraySubquery(_linked(others, Measure.depends_on.through, "from_measure", "to_measure")),
        told_at=Greatest(
            F("published_at"),
            Subquery(told.annotate(last=Max("written_at")).values("last")),
            output_field=DateTimeField(),
        ),
    )


def _linked(others: MeasureQuerySet, through: Any, here: str, there: str) -> QuerySet[Any]:
    rows = through.objects.filter(**{here: OuterRef("pk"), f"{there}__in": others.values("pk")})
    linked: QuerySet[Any] = rows.values(f"{there}__number")
    return linked
