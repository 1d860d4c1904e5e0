"""What a measure needs next, said to those who look after it. Hints, no marks: the public never sees them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.strategy.models import (
    CostRow,
    Course,
    Document,
    Draft,
    DraftState,
    Image,
    Indicator,
    Measure,
    Milestone,
    MilestoneState,
    Publication,
    Reading,
)

if TYPE_CHECKING:
    from elbe_elster.strategy.models.measures import MeasureQuerySet

SOON = dt.timedelta(days=31)  # a review is announced a month ahead
FRESH = dt.timedelta(days=365)
POINTS = 8


@dataclass(frozen=True)
class Need:
    """One thing to do: a sentence, the part of the editor it is done in, and whether it waits already."""

    text: str
    part: str
    urgent: bool = False


@dataclass(frozen=True)
class DeskRow:
    """A measure with what it needs and how many of the quality points it has, out of ``POINTS``."""

    measure: Measure
    needs: list[Need]
    points: int

    @property
    def draft_state(self) -> str:
        """Where the draft beside it stands, in words; empty without one."""
        draft = getattr(self.measure, "draft", None)
        return draft.get_state_display() if draft else ""

    @property
    def is_urgent(self) -> bool:
        """Whether something waits already."""
        return any(need.urgent for need in self.needs)


def with_needs(measures: MeasureQuerySet, today: dt.date | None = None) -> MeasureQuerySet:
    """What ``needs_of`` asks for, without a query for each row."""
    today = today or timezone.localdate()
    own = {"measure": OuterRef("pk")}
    return measures.for_list(today).annotate(
        has_milestones=Exists(Milestone.objects.filter(**own).exclude(state=MilestoneState.DROPPED)),
        has_costs=Exists(CostRow.objects.filter(**own)),
        has_indicators=Exists(Indicator.objects.filter(**own)),
        has_fresh_readings=Exists(Reading.objects.filter(indicator__measure=OuterRef("pk"), date__gte=today - FRESH)),
        files_wait=_files_wait(),
        late_without_reason=Exists(Milestone.objects.filter(overdue(today), late_reason="", **own)),
    )


def _files_wait() -> Q:
    """Files of a published measure that nobody has laid before the publishers."""
    own = {"measure": OuterRef("pk")}
    waiting = (Exists(model.objects.waiting().filter(**own)) for model in (Image, Document))
    submitted = Draft.objects.filter(state__in=(DraftState.SUBMITTED, DraftState.SCHEDULED), **own)
    return Q(Q(*waiting, _connector=Q.OR), ~Exists(submitted), publication=Publication.PUBLISHED)


def overdue(today: dt.date) -> Q:
    """Milestones still to do although their last day is over."""
    return Q(state__in=(MilestoneState.OPEN, MilestoneState.UNDER_WAY), due_on__lt=today)


def desk_row(measure: Measure, today: dt.date | None = None) -> DeskRow:
    """What a measure out of ``with_needs`` needs, the urgent first."""
    today = today or timezone.localdate()
    if measure.has_ended:
        return DeskRow(measure, _files(measure), POINTS)
    needs = [*_files(measure), *_waiting(measure, today), *_progress(measure, today)]
    missing = _missing(measure)
    needs += missing
    return DeskRow(measure, needs, POINTS - len(missing) - (1 if _is_stale(measure, today) else 0))


def _is_stale(measure: Measure, today: dt.date) -> bool:
    return measure.reviewed_on is None or measure.reviewed_on < today - FRESH


def _files(measure: Measure) -> list[Need]:
    if measure.files_wait:  # type: ignore[attr-defined]  # annotated
        return [Need(_("Ein Bild oder Dokument ist hochgeladen, aber noch nicht vorgelegt."), "dateien", urgent=True)]
    return []


def _waiting(measure: Measure, today: dt.date) -> list[Need]:
    due = measure.next_review_on
    if due and due < today:
        return [Need(_("Die Prüfung ist fällig."), "wann", urgent=True)]
    if due and due < today + SOON:
        return [Need(_("Die nächste Prüfung kommt bald."), "wann")]
    if measure.reviewed_on is None:
        return [Need(_("Noch nicht geprüft: Stimmt alles, was hier steht?"), "wann", urgent=True)]
    if _is_stale(measure, today):
        return [Need(_("Die letzte Prüfung ist über ein Jahr her."), "wann", urgent=True)]
    return []


def _progress(measure: Measure, today: dt.date) -> list[Need]:
    needs = []
    if measure.late_without_reason:  # type: ignore[attr-defined]  # annotated
        needs.append(
            Need(_("Ein Meilenstein ist überfällig. Ist er erreicht, oder woran liegt es?"), "fortschritt", urgent=True)
        )
    elif measure.course in (Course.DELAYED, Course.AT_RISK) and not measure.course_reason:
        needs.append(
            Need(_("Die Maßnahme ist später dran als geplant. Sagen Sie in einem Satz, warum."), "fortschritt")
        )
    if measure.course == Course.NOT_ASSESSED and not measure.permanent:
        needs.append(Need(_("Ohne Termin lässt sich nicht sagen, ob sie im Plan ist."), "wann"))
    soon = [step for step in measure.open_milestones if step.due_on and today <= step.due_on <= today + SOON]  # type: ignore[attr-defined]
    if soon:
        needs.append(Need(_("Bald fällig: %(step)s") % {"step": soon[0].title}, "fortschritt"))
    return needs


def _missing(measure: Measure) -> list[Need]:
    """Quality points that are not there yet: seven at most, the eighth is a fresh review."""
    found = [
        (measure.contact_address, _("Es fehlt eine Adresse, an die man schreiben kann."), "wer"),
        (measure.need, _("Es fehlt, warum es die Maßnahme braucht."), "warum"),
        (measure.benefit, _("Es fehlt, was sie den Menschen bringt."), "warum"),
        (measure.has_milestones, _("Es gibt noch keinen Meilenstein."), "fortschritt"),  # type: ignore[attr-defined]
        (measure.has_costs, _("Es steht noch nicht da, was sie kostet."), "geld"),  # type: ignore[attr-defined]
        (measure.summary_de_simple, _("Es fehlt die Fassung in Leichter Sprache."), "sprachen"),  # type: ignore[attr-defined]
        (
            not measure.has_indicators or measure.has_fresh_readings,  # type: ignore[attr-defined]
            _("Die Kennzahl hat seit einem Jahr keinen neuen Wert."),
            "kennzahlen",
        ),
    ]
    return [Need(text, part) for there, text, part in found if not there]
