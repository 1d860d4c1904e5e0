"""The whole published catalogue as one booklet for the Kreistag."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from elbe_elster.strategy.models import (
    COURSE_LOOKS,
    PHASE_STEPS,
    STAGE_STEPS,
    ActionField,
    Course,
    Goal,
    Phase,
    Priority,
    Stage,
    Strategy,
)
from elbe_elster.strategy.pdf import blocks as b
from elbe_elster.strategy.pdf.parts import MOST_STAGE
from elbe_elster.strategy.pdf.records import (
    MOST_SQUARES,
    course_words,
    frame,
    measure_record,
    measures_for_paper,
)
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from elbe_elster.strategy.models import Measure
    from elbe_elster.strategy.pdf.blocks import Data

ADDRESS = "strategy:measure-list"


def booklet_paper() -> Data:
    """Cover, contents, each field with its goals and measures, roadmap, legend. The same number of queries for any size."""
    strategy = Strategy.objects.current().first()
    goals = Prefetch("goals", queryset=Goal.objects.order_by("number"))
    fields = list(ActionField.objects.in_force().prefetch_related(goals))
    measures = list(measures_for_paper().filter(strategy=strategy).order_by("primary_field__number", "number_order"))
    title = gettext("Maßnahmenkatalog")
    return {
        **frame(title=title, url=reverse(ADDRESS), running=title),
        "subtitle": b.printable(strategy.title if strategy else ""),
        "cover": _cover(measures, fields),
        "fields": [_field(field, [row for row in measures if row.primary_field_id == field.pk]) for field in fields],
        "appendix": b.shown([_roadmap(measures), *_legend()]),
    }


def _cover(measures: list[Measure], fields: list[ActionField]) -> list[Data]:
    count = ngettext("%(count)s Maßnahme", "%(count)s Maßnahmen", len(measures)) % {"count": len(measures)}
    where = ngettext("in %(count)s Handlungsfeld", "in %(count)s Handlungsfeldern", len(fields)) % {
        "count": len(fields)
    }
    courses = Counter(row.course for row in measures)
    said = [f"{courses[course]} {course.label}" for course in Course if courses[course]]
    done = sum(row.phase == Phase.DONE for row in measures)
    ended = sum(row.phase in (Phase.DISCONTINUED, Phase.MERGED) for row in measures)
    said = [
        *([f"{done} {Phase.DONE.label}"] if done else []),
        *said,
        *([f"{ended} {gettext('Eingestellt oder aufgegangen')}"] if ended else []),
    ]
    lines = [
        b.paragraph(b.strong(f"{count} {where}")),
        b.paragraph(b.text(" · ".join(said))),
        b.paragraph(b.text(gettext("Stand: %(day)s") % {"day": period_text(timezone.localdate())})),
    ]
    if any(row.example for row in measures):
        note = gettext("Was so markiert ist, ist ausgedacht und zeigt, wie der Katalog aussehen kann.")
        lines.append(b.paragraph(b.example(), b.text(f" {note}")))
    return lines


def _field(field: ActionField, measures: list[Measure]) -> Data:
    goals = [
        [b.text(goal.title), *([b.text(" "), b.example()] if goal.example else []), *([b.small(goal.text)] if goal.text else [])]
        for goal in field.goals.all()
    ]  # fmt: skip
    none = [b.paragraph(b.text(gettext("Noch keine veröffentlichte Maßnahme.")))]
    number = gettext("Handlungsfeld %(number)s") % {"number": field.number}
    return {
        "kicker": [b.paragraph({"t": "field", "svg": b.field_sign(field), "v": number})],
        "title": b.printable(field.name),
        "summary": b.printable(field.summary),
        "sections": b.shown(
            [
                b.section(gettext("Ziele"), [b.bullets(goals)] if goals else []),
                b.section(gettext("Maßnahmen"), [] if measures else none),
            ]
        ),
        "measures": [measure_record(row) for row in measures],
    }


def _roadmap(measures: list[Measure]) -> Data | None:
    rows = []
    for row in measures:
        start = period_text(row.starts_on, row.starts_precision) or "–"
        end = gettext("auf Dauer") if row.permanent else period_text(row.ends_on, row.ends_precision) or "–"
        state = course_words(row)[:1] or [b.text(row.get_phase_display())]
        rows.append([[b.strong(row.number)], [b.text(row.title)], [b.text(start)], [b.text(end)], state])
    head = [gettext("Nummer"), gettext("Maßnahme"), gettext("Beginn"), gettext("Ende"), gettext("Verlauf")]
    widths = ["auto", "5fr", "2fr", "2fr", "2fr"]
    return b.section(gettext("Fahrplan"), [b.table(head, rows, widths, name=gettext("Fahrplan"))] if rows else [])


def _legend() -> list[Data | None]:
    phases = [
        [
            [b.meter(PHASE_STEPS[phase], MOST_SQUARES)] if phase in PHASE_STEPS else [b.text("–")],
            [b.strong(phase.label)],
            [b.text(words)],
        ]
        for phase, words in _phase_words().items()
    ]
    courses = [
        [[b.look(COURSE_LOOKS[course], course.label)], [b.text(words)]] for course, words in _course_words().items()
    ]
    stages = [
        [[b.meter(STAGE_STEPS[stage], MOST_STAGE)], [b.strong(stage.label)]] for stage in Stage if STAGE_STEPS[stage]
    ]
    priorities = [[b.text(priority.label)] for priority in Priority]
    sign, word, meaning = gettext("Zeichen"), gettext("Wort"), gettext("Was es heißt")
    blocks = [
        {"t": "h", "c": [b.text(gettext("Phase"))]},
        b.table([sign, word, meaning], phases, ["1fr", "2fr", "6fr"], name=gettext("Phase")),
        {"t": "h", "c": [b.text(gettext("Verlauf"))]},
        b.table([word, meaning], courses, ["3fr", "6fr"], name=gettext("Verlauf")),
        {"t": "h", "c": [b.text(gettext("Stand in den Kommunen"))]},
        b.table([sign, word], stages, ["1fr", "8fr"], name=gettext("Stand in den Kommunen")),
        {"t": "h", "c": [b.text(gettext("Priorität"))]},
        b.bullets(priorities),
    ]
    return [b.section(gettext("Was die Zeichen bedeuten"), blocks)]


def _phase_words() -> dict[Phase, str]:
    return {
        Phase.IDEA: gettext("Ein Vorschlag, noch nicht geprüft."),
        Phase.QUALIFIED: gettext("Geprüft: Es ist machbar und hilft."),
        Phase.DECIDED: gettext("Das zuständige Gremium hat zugestimmt."),
        Phase.IN_PROGRESS: gettext("Es wird daran gearbeitet."),
        Phase.DONE: gettext("Fertig."),
        Phase.DISCONTINUED: gettext("Beendet, bevor es fertig war. Der Grund steht dabei."),
        Phase.MERGED: gettext("Teil einer anderen Maßnahme geworden."),
    }


def _course_words() -> dict[Course, str]:
    return {
        Course.ON_TRACK: gettext("Alle Termine sind eingehalten."),
        Course.DELAYED: gettext("Ein Termin ist vorbei, bevor der Schritt fertig war."),
        Course.AT_RISK: gettext("Ein Termin ist seit mehr als einem halben Jahr vorbei."),
        Course.RESTING: gettext("Die Arbeit ruht. Der Grund steht dabei."),
        Course.NOT_ASSESSED: gettext("Es fehlen Termine, um den Verlauf zu bewerten."),
    }
