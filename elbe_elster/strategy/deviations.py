"""Compares a published record with what it becomes: what the public is owed a reason for, and what the Chronik tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from elbe_elster.strategy.amounts import cents
from elbe_elster.strategy.models import Course, DeviationKind, Measure, Milestone, MilestoneState, Phase
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from elbe_elster.strategy.models import ProjectProfile

    Record = Measure | ProjectProfile

OPEN = (MilestoneState.OPEN, MilestoneState.UNDER_WAY)


@dataclass(frozen=True)
class Shift:
    """One change that needs a public reason. Texts are functions, because the Chronik tells them in every language."""

    kind: DeviationKind
    subject: Callable[[], str]
    before: Callable[[], str]
    after: Callable[[], str]


@dataclass
class Picture:
    """What matters of a record at one moment."""

    visible: bool
    phase: str
    override: str
    dates: dict[str, tuple[Any, str]]
    permanent: bool
    cost: Decimal
    decided_title: str
    places: frozenset[str]
    goals: dict[int, str]
    milestones: dict[int, Milestone] = field(default_factory=dict)


def picture(record: Record) -> Picture:
    """Take the picture of a stored record (four queries)."""
    if isinstance(record, Measure):
        places = frozenset(row.name for row in record.municipalities.all())
        goals, visible = {goal.pk: str(goal) for goal in record.goals.all()}, record.is_visible
        decided_title = record.decided_title
    else:
        places = frozenset(row.name for row in record.administrations.all())
        goals, visible, decided_title = {}, record.is_visible and record.measure.is_visible, ""
    return Picture(
        visible=visible,
        phase=record.phase,
        override=record.course_override,
        dates={
            "starts_on": (record.starts_on, record.starts_precision),
            "ends_on": (record.ends_on, record.ends_precision),
        },
        permanent=record.permanent,
        cost=sum((row.planned for row in record.costrows.all()), start=Decimal(0)),
        decided_title=decided_title,
        places=places,
        goals=goals,
        milestones={row.pk: row for row in record.milestones.all()},
    )


def shifts(old: Picture, new: Picture) -> list[Shift]:
    """Every change of date, cost or scope between two pictures, in this order."""
    return [*_date_shifts(old, new), *_milestone_shifts(old, new), *_cost_shifts(old, new), *_scope_shifts(old, new)]


def _date_shifts(old: Picture, new: Picture) -> list[Shift]:
    found = []
    for name, subject in (("starts_on", lambda: _("Beginn")), ("ends_on", lambda: _("Ende"))):
        (was, was_exact), (now, now_exact) = old.dates[name], new.dates[name]
        if was and (was, was_exact) != (now, now_exact):
            before, after = _period(was, was_exact), _period(now, now_exact)
            found.append(Shift(DeviationKind.DATE, subject, before, after))
    return found


def _period(date: Any, precision: str) -> Callable[[], str]:
    return lambda: period_text(date, precision) if date else _("offen")


def _milestone_shifts(old: Picture, new: Picture) -> list[Shift]:
    found = []
    for pk, was in old.milestones.items():
        now = new.milestones.get(pk)
        if was.state not in OPEN:
            continue
        if now is None or now.state == MilestoneState.DROPPED:
            found.append(
                Shift(
                    DeviationKind.SCOPE,
                    lambda was=was: was.title,  # type: ignore[misc]
                    lambda: _("vorgesehen"),
                    lambda: _("entfällt"),
                )
            )
        elif was.due_on and (was.due_on, was.due_precision) != (now.due_on, now.due_precision):
            before, after = _period(was.due_on, was.due_precision), _period(now.due_on, now.due_precision)
            found.append(Shift(DeviationKind.DATE, lambda now=now: now.title, before, after))  # type: ignore[misc]
    return found


def _cost_shifts(old: Picture, new: Picture) -> list[Shift]:
    if not old.cost or old.cost == new.cost:
        return []
    return [
        Shift(DeviationKind.COST, lambda: _("Geplante Kosten"), lambda: euros(old.cost), lambda: euros(new.cost)),
    ]


def euros(amount: Decimal) -> str:
    """An amount in German or English writing, cents only where there are some: „1.250.000 Euro“."""
    return _("%(amount)s Euro") % {"amount": cents(amount)}


def _scope_shifts(old: Picture, new: Picture) -> list[Shift]:
    found = []
    if old.decided_title and old.decided_title != new.decided_title:
        found.append(
            Shift(
                DeviationKind.SCOPE,
                lambda: _("Beschlossener Titel"),
                lambda: old.decided_title[:200],
                lambda: new.decided_title[:200],
            )
        )
    for pk, title in old.goals.items():
        if pk not in new.goals:
            found.append(
                Shift(
                    DeviationKind.SCOPE,
                    lambda: _("Ziel"),
                    lambda title=title: title[:200],  # type: ignore[misc]
                    lambda: _("entfällt"),
                )
            )
    if old.places and old.places != new.places:
        found.append(Shift(DeviationKind.SCOPE, lambda: _("Orte"), _names(old.places), _names(new.places)))
    return found


def _names(places: frozenset[str]) -> Callable[[], str]:
    text = ", ".join(sorted(places))
    return lambda: (text if len(text) <= 200 else text[:199] + "…") or _("alle")  # noqa: PLR2004 - width of the column


def in_every_language(text: Callable[[], str]) -> dict[str, str]:
    """The text by language."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = text()
    return found


def shift_sentence(shift: Shift, reason: str) -> str:
    """What the Chronik says about a change, in the language of the moment."""
    words = {"subject": shift.subject(), "before": shift.before(), "after": shift.after(), "reason": reason.rstrip(".")}
    return _("%(subject)s: bisher %(before)s, jetzt %(after)s. Grund: %(reason)s.") % words


def phase_sentence(phase: str, record: Record) -> str:
    """What the Chronik says about a new phase, in the language of the moment."""
    sentences = {
        Phase.IDEA: _("Die Maßnahme ist wieder eine Idee."),
        Phase.QUALIFIED: _("Die Idee ist geprüft."),
        Phase.DECIDED: _("Die Umsetzung ist beschlossen."),
        Phase.IN_PROGRESS: _("Die Umsetzung hat begonnen."),
        Phase.DONE: _("Die Arbeit ist abgeschlossen."),
    }
    if phase == Phase.DISCONTINUED:
        return _("Die Arbeit ist eingestellt. Grund: %(reason)s") % {"reason": record.ending_reason}
    if phase == Phase.MERGED and isinstance(record, Measure) and record.merged_into:
        return _("Die Maßnahme geht auf in: %(measure)s.") % {"measure": record.merged_into}
    return sentences[Phase(phase)]


def course_sentence(course: str, reason: str) -> str:
    """What the Chronik says about a course set by hand, in the language of the moment."""
    words = {"course": Course(course).label, "reason": reason}
    return _("Verlauf: %(course)s. Grund: %(reason)s") % words
