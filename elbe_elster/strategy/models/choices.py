"""The words the catalogue is sorted by. Each list is closed, because texts and rules hang on every word."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    import datetime as dt


class Publication(models.TextChoices):
    """Whether the public sees a record."""

    DRAFT = "draft", _("Entwurf")
    PUBLISHED = "published", _("veröffentlicht")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


class Phase(models.TextChoices):
    """Where a measure is in its life. Says nothing about whether it is on time; that is the course."""

    IDEA = "idea", _("Idee")
    QUALIFIED = "qualified", _("Geprüft")
    DECIDED = "decided", _("Beschlossen")
    IN_PROGRESS = "in_progress", _("In Umsetzung")
    DONE = "done", _("Abgeschlossen")
    DISCONTINUED = "discontinued", _("Eingestellt")
    MERGED = "merged", _("Aufgegangen")


RUNNING_PHASES = (Phase.IDEA, Phase.QUALIFIED, Phase.DECIDED, Phase.IN_PROGRESS)
ENDED_PHASES = (Phase.DONE, Phase.DISCONTINUED, Phase.MERGED)
PHASE_STEPS = {Phase.IDEA: 1, Phase.QUALIFIED: 2, Phase.DECIDED: 3, Phase.IN_PROGRESS: 4, Phase.DONE: 5}


class Course(models.TextChoices):
    """Whether a running measure is on time. An ended measure has no course (empty text)."""

    ON_TRACK = "on_track", _("Im Plan")
    DELAYED = "delayed", _("Verzögert")
    AT_RISK = "at_risk", _("Gefährdet")
    RESTING = "resting", _("Ruht")
    NOT_ASSESSED = "not_assessed", _("Noch nicht bewertet")


COURSE_LOOKS = {
    Course.ON_TRACK: "good",
    Course.DELAYED: "late",
    Course.AT_RISK: "risk",
    Course.RESTING: "rest",
    Course.NOT_ASSESSED: "open",
}


class Priority(models.TextChoices):
    """How soon a measure is to start; the meaning is fixed (Baukasten Digitalstrategien Brandenburg, chapter 5)."""

    HIGH = "high", _("Hoch: möglichst sofort")
    MEDIUM = "medium", _("Mittel: binnen zwei Jahren")
    LOW = "low", _("Niedrig: binnen vier Jahren")


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("Tag")
    MONTH = "month", _("Monat")
    QUARTER = "quarter", _("Quartal")
    YEAR = "year", _("Jahr")


class Mandate(models.TextChoices):
    """Whether the county is free to do it."""

    OWN = "own", _("Freiwillige Aufgabe")
    REQUIRED = "required", _("Vorgabe von Land oder Bund")


class Origin(models.TextChoices):
    """Where a measure comes from."""

    WORKSHOP = "workshop", _("Workshop")
    TALK = "talk", _("Nachbarschaftsgespräch")
    SURVEY = "survey", _("Umfrage")
    CITIZEN = "citizen", _("Idee aus der Bürgerschaft")
    CIRCLE = "circle", _("Koordinierungskreis")
    ADMINISTRATION = "administration", _("Verwaltung")
    LAW = "law", _("Gesetz")


class Participation(models.TextChoices):
    """Whether citizens take part in carrying a measure out."""

    PLANNED = "planned", _("Beteiligung geplant")
    DONE = "done", _("Beteiligung gelaufen")
    NONE = "none", _("Keine Beteiligung geplant")


class MilestoneState(models.TextChoices):
    """How far one step is."""

    OPEN = "open", _("Noch offen")
    UNDER_WAY = "under_way", _("In Arbeit")
    DONE = "done", _("Erreicht")
    DROPPED = "dropped", _("Entfallen")


class CostKind(models.TextChoices):
    """What the money is for."""

    INVESTMENT = "investment", _("Anschaffung")
    OPERATION = "operation", _("Laufender Betrieb")
    STAFF = "staff", _("Personal")
    SERVICE = "service", _("Dienstleistung")


class FundingKind(models.TextChoices):
    """Whose money it is."""

    OWN = "own", _("Eigenmittel")
    GRANT = "grant", _("Fördermittel")
    THIRD = "third", _("Dritte")


class FundingState(models.TextChoices):
    """How sure the money is."""

    PLANNED = "planned", _("Geplant")
    APPLIED = "applied", _("Beantragt")
    GRANTED = "granted", _("Bewilligt")
    REFUSED = "refused", _("Abgelehnt")


class Stage(models.TextChoices):
    """How far one administration is with a measure."""

    NOT_CONCERNED = "not_concerned", _("Nicht betroffen")
    INTERESTED = "interested", _("Interesse")
    PLANNED = "planned", _("Geplant")
    PILOTING = "piloting", _("Erprobung")
    IN_USE = "in_use", _("Im Einsatz")
    STOPPED = "stopped", _("Beendet")


CONCERNED_STAGES = (Stage.INTERESTED, Stage.PLANNED, Stage.PILOTING, Stage.IN_USE, Stage.STOPPED)
STAGE_STEPS = {
    Stage.NOT_CONCERNED: 0,
    Stage.INTERESTED: 1,
    Stage.PLANNED: 2,
    Stage.PILOTING: 3,
    Stage.IN_USE: 4,
    Stage.STOPPED: 0,
}


class DeviationKind(models.TextChoices):
    """What was changed after publication."""

    DATE = "date", _("Termin")
    COST = "cost", _("Kosten")
    SCOPE = "scope", _("Umfang")


class EntryKind(models.TextChoices):
    """What an entry of the Chronik tells, in the order of the thread: contribution to result."""

    CONTRIBUTION = "contribution", _("Beitrag")
    GOAL = "goal", _("Ziel")
    MEASURE = "measure", _("Maßnahme")
    DECISION = "decision", _("Beschluss")
    MILESTONE = "milestone", _("Meilenstein")
    CHANGE = "change", _("Geändert")
    COURSE = "course", _("Verlauf")
    ADOPTION = "adoption", _("Kommune")
    NEWS = "news", _("Neuigkeit")
    RESULT = "result", _("Ergebnis")


class Licence(models.TextChoices):
    """Under which terms others may use a file."""

    DL_DE_BY = "dl-de-by-2.0", _("Datenlizenz Deutschland – Namensnennung 2.0")
    DL_DE_ZERO = "dl-de-zero-2.0", _("Datenlizenz Deutschland – Zero 2.0")
    CC_BY = "cc-by-4.0", _("Creative Commons Namensnennung 4.0")
    CC_ZERO = "cc0-1.0", _("Creative Commons Zero 1.0")
    RESERVED = "reserved", _("Alle Rechte vorbehalten")


class Frequency(models.TextChoices):
    """How often a follower gets mail."""

    AT_ONCE = "at_once", _("Sofort")
    WEEKLY = "weekly", _("Einmal in der Woche")


def first_day(date: dt.date, precision: str) -> dt.date:
    """The first day of the period the date lies in: ``2026-08-14`` by quarter is ``2026-07-01``."""
    if precision == Precision.YEAR:
        return date.replace(month=1, day=1)
    if precision == Precision.QUARTER:
        return date.replace(month=3 * ((date.month - 1) // 3) + 1, day=1)
    return date.replace(day=1) if precision == Precision.MONTH else date


def last_day(date: dt.date, precision: str) -> dt.date:
    """The last day of the period the date lies in: ``2026-08-14`` by quarter is ``2026-09-30``."""
    month = {Precision.YEAR: 12, Precision.QUARTER: 3 * ((date.month - 1) // 3) + 3}.get(
        Precision(precision), date.month
    )
    if precision == Precision.DAY:
        return date
    return date.replace(month=month, day=calendar.monthrange(date.year, month)[1])
