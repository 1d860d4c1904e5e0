"""The parts a paper of a measure or profile is made of. Public fields only (``publicity.py``), empty ones not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from elbe_elster.strategy.amounts import cents, number
from elbe_elster.strategy.models import MilestoneState
from elbe_elster.strategy.pdf import blocks as b
from elbe_elster.strategy.pdf.room import Room
from elbe_elster.strategy.periods import period_text

if TYPE_CHECKING:
    from decimal import Decimal

    from elbe_elster.strategy.models import ChronicleEntry, CostRow, FundingRow, Measure, Milestone, ProjectProfile
    from elbe_elster.strategy.pdf.blocks import Data

MOST_STAGE = 4
STATE_LOOKS = {
    MilestoneState.DONE: "good",
    MilestoneState.UNDER_WAY: "open",
    MilestoneState.OPEN: "open",
    MilestoneState.DROPPED: "rest",
}


def money(amount: Decimal) -> str:
    """Euros without cents where there are none."""
    return f"{cents(amount)} €"


def example_mark(*, example: bool) -> list[Data]:
    """The mark behind a gap, where there is one."""
    return [b.text("   "), b.example()] if example else []


def measure_sections(measure: Measure, room: Room) -> list[Data]:
    """What booklet and single paper have in common."""
    title = measure.decided_title
    decided = [b.paragraph(b.text(gettext("Beschlossen als: „%(title)s“") % {"title": title}))] if title else []
    for_whom = [b.paragraph(b.strong(gettext("Für wen:")), b.text(" " + measure.target_groups))]
    origin = _origin(measure)
    return b.shown(
        [
            b.section(gettext("Worum es geht"), [*b.markdown(measure.description, limit=room.letters), *decided]),
            b.section(gettext("Warum"), [*b.markdown(measure.need, limit=room.letters), *origin]),
            b.section(
                gettext("Was es bringt"),
                [
                    *b.markdown(measure.benefit, limit=room.letters),
                    *(for_whom if measure.target_groups else []),
                    *_indicators(measure),
                ],
            ),
            b.section(gettext("Ziele"), _bullets([[b.text(goal.title)] for goal in measure.goals.all()], room)),
            _milestones(list(measure.milestones.all()), room),
            b.section(gettext("Projekte"), _bullets(_profile_lines(measure), room)),
        ]
    )


def profile_sections(profile: ProjectProfile, room: Room) -> list[Data]:
    """All of a profile."""
    names = ", ".join(administration.name for administration in profile.administrations.all())
    return b.shown(
        [
            b.section(gettext("Ausgangslage"), b.markdown(profile.situation, limit=room.letters)),
            b.section(gettext("Ziele und Nutzen"), b.markdown(profile.aims, limit=room.letters)),
            b.section(gettext("Vorgehen"), b.markdown(profile.plan, limit=room.letters)),
            _milestones(list(profile.milestones.all()), room),
            b.section(gettext("Wer mitmacht"), [b.paragraph(b.text(names))] if names else []),
            b.section(gettext("Recht"), b.markdown(profile.legal_conditions, limit=room.letters)),
            _costs(list(profile.costrows.all()), list(profile.fundingrows.all()), room),
            _resolutions(profile, room),
            _deviations(profile, room),
        ]
    )


def _origin(measure: Measure) -> list[Data]:
    said = ". ".join(part for part in (measure.get_origin_display(), measure.origin_note) if part)
    return [b.paragraph(b.strong(gettext("Herkunft:")), b.text(f" {said}"))] if said else []


def _profile_lines(measure: Measure) -> list[list[Data]]:
    profiles: list[ProjectProfile] = getattr(measure, "shown_profiles", [])
    return [
        [b.link(row.get_absolute_url(), row.title), b.text(f" ({row.get_phase_display()})"), *example_mark(example=row.example)]
        for row in profiles
    ]  # fmt: skip


def _bullets(lines: list[list[Data]], room: Room) -> list[Data]:
    kept = lines if room.rows is None else lines[: room.rows]
    return [b.bullets(kept), *_more(len(lines) - len(kept))] if lines else []


def _more(count: int) -> list[Data]:
    """Says that rows were left out, and how many."""
    if count <= 0:
        return []
    words = ngettext("und %(count)s weiterer Eintrag im Internet", "und %(count)s weitere Einträge im Internet", count)
    return [b.paragraph(b.text(words % {"count": count}))]


def _milestones(rows: list[Milestone], room: Room) -> Data | None:
    """The open ones go before the done ones when there is no room for all."""
    counted = [row for row in rows if row.state != MilestoneState.DROPPED]
    done = sum(row.state == MilestoneState.DONE for row in counted)
    kept = rows
    if room.rows is not None and len(rows) > room.rows:
        still = [row for row in rows if row.state in (MilestoneState.OPEN, MilestoneState.UNDER_WAY)]
        rest = [row for row in reversed(rows) if row not in still]
        chosen = [*still, *rest][: room.rows]
        kept = [row for row in rows if row in chosen]
    head = [gettext("Schritt"), gettext("Geplant"), gettext("Stand")]
    lines = [[_step(row, room), [b.text(period_text(row.due_on, row.due_precision))], _state(row)] for row in kept]
    blocks = [b.table(head, lines, ["5fr", "3fr", "3fr"], name=gettext("Meilensteine")), *_more(len(rows) - len(kept))]
    note = gettext("%(done)s von %(all)s erreicht") % {"done": done, "all": len(counted)}
    return b.section(gettext("Meilensteine"), blocks if rows else [], note=note)


def _step(row: Milestone, room: Room) -> list[Data]:
    said = [b.strong(row.title)]
    if row.text and room.letters is None:
        said.append(b.small(row.text))
    if row.late_reason:
        said.append(b.small(gettext("Grund der Verspätung: %(reason)s") % {"reason": row.late_reason}))
    return said


def _state(row: Milestone) -> list[Data]:
    if row.came_late:
        return [b.look("late", gettext("Später erreicht")), b.small(period_text(row.done_on))]
    if row.is_overdue():
        return [b.look("late", gettext("Überfällig"))]
    words = b.look(STATE_LOOKS[MilestoneState(row.state)], row.get_state_display())
    return [words, b.small(period_text(row.done_on))] if row.done_on else [words]


def _indicators(measure: Measure) -> list[Data]:
    rows = []
    for row in measure.indicators.all():
        readings = list(row.readings.all())
        last = readings[-1] if readings else None
        now = [b.text(number(last.value)), b.small(period_text(last.date, last.precision))] if last else [b.text("–")]
        start = [b.text(number(row.baseline))] if row.baseline is not None else [b.text("–")]
        goal = [b.text(number(row.target))] if row.target is not None else [b.text("–")]
        rows.append([[b.strong(row.name), b.small(row.unit)], start, now, goal])
    head = [gettext("Kennzahl"), gettext("Am Anfang"), gettext("Zuletzt"), gettext("Ziel")]
    return [b.table(head, rows, ["5fr", "2fr", "2fr", "2fr"], name=gettext("Kennzahlen"))] if rows else []


def measure_tables(measure: Measure) -> list[Data | None]:
    """Parts only the paper of a single measure has room for."""
    partners = [[b.text(str(row))] for row in measure.partnerships.all()]
    places = ", ".join(place.name for place in measure.municipalities.all())
    said = ". ".join(part for part in (measure.get_participation_display(), measure.participation_note) if part)
    everything = Room()
    return [
        b.section(gettext("Wer mitmacht"), _bullets(partners, everything)),
        b.section(gettext("Wo"), [b.paragraph(b.text(places))] if places else []),
        b.section(gettext("Bürgerbeteiligung"), [b.paragraph(b.text(said))] if said else []),
        _costs(list(measure.costrows.all()), list(measure.fundingrows.all()), everything),
        _adoptions(measure),
        _resolutions(measure, everything),
        _deviations(measure, everything),
    ]


def _costs(costs: list[CostRow], funding: list[FundingRow], room: Room) -> Data | None:
    spent = any(row.actual is not None for row in costs)
    head = [gettext("Kosten"), gettext("Jahr"), gettext("Geplant"), *([gettext("Ausgegeben")] if spent else [])]
    rows = [
        [[b.strong(row.get_kind_display()), *([b.small(row.note)] if row.note else [])], [b.text(row.year)]]
        + [[b.text(money(row.planned))]]
        + ([[b.text(money(row.actual) if row.actual is not None else "–")]] if spent else [])
        for row in costs
    ]
    sources = [
        [
            [b.strong(row.get_kind_display()), *([b.small(row.programme)] if row.programme else [])],
            [b.text(money(row.amount))],
            [b.text(row.get_state_display())],
        ]
        for row in funding
    ]
    kept, kept_sources = rows[: room.rows], sources[: room.rows]
    widths = ["4fr", "1fr", *["2fr"] * (len(head) - 2)]
    blocks = [b.table(head, kept, widths, name=gettext("Kosten"))] if rows else []
    if sources:
        names = [gettext("Woher das Geld kommt"), gettext("Betrag"), gettext("Stand")]
        blocks.append(b.table(names, kept_sources, ["4fr", "2fr", "2fr"], name=gettext("Finanzierung")))
    return b.section(gettext("Geld"), [*blocks, *_more(len(rows) + len(sources) - len(kept) - len(kept_sources))])


def _adoptions(measure: Measure) -> Data | None:
    rows = [
        [
            [b.strong(row.administration.name), *([b.small(row.note)] if row.note else [])],
            [*([b.meter(row.step, MOST_STAGE)] if row.step else []), b.text(row.get_stage_display())],
            [b.text(period_text(row.since, "month"))],
        ]
        for row in measure.adoptions.all()
    ]
    head = [gettext("Verwaltung"), gettext("Stand"), gettext("Seit")]
    blocks = [b.table(head, rows, ["4fr", "3fr", "2fr"], name=gettext("Stand in den Kommunen"))] if rows else []
    return b.section(gettext("Stand in den Kommunen"), blocks)


def _resolutions(record: Measure | ProjectProfile, room: Room) -> Data | None:
    lines = [
        [b.strong(f"{row.body_name}, {period_text(row.date)}: "), b.text(row.text), *_reference(row.reference, row.url)]
        for row in record.resolutions.all()
    ]
    return b.section(gettext("Beschlüsse"), _bullets(lines, room))


def _reference(reference: str, url: str) -> list[Data]:
    if not reference and not url:
        return []
    words = reference or gettext("Vorlage")
    return [b.text(" ("), b.link(url, words) if url else b.text(words), b.text(")")]


def _deviations(record: Measure | ProjectProfile, room: Room) -> Data | None:
    lines = [
        [
            b.strong(f"{period_text(row.changed_on)}: {row.subject}. "),
            b.text(_change(row.before, row.after) + row.reason),
        ]
        for row in record.deviations.all()
    ]
    return b.section(gettext("Was sich geändert hat"), _bullets(lines, room))


def _change(before: str, after: str) -> str:
    if before and after:
        return gettext("Bisher %(before)s, jetzt %(after)s.") % {"before": before, "after": after} + " "
    return ""


def chronicle(measure: Measure) -> Data | None:
    """The story of a measure, newest first."""
    rows = [
        [
            [b.text(period_text(row.date, row.precision))],
            [b.strong(f"{row.get_kind_display()}: "), b.text(row.text), *_chronicle_link(row)],
        ]
        for row in measure.chronicle.all()
    ]
    head = [gettext("Wann"), gettext("Was geschah")]
    blocks = [b.table(head, rows, ["2fr", "7fr"], name=gettext("Chronik"))] if rows else []
    return b.section(gettext("Chronik"), blocks)


def _chronicle_link(row: ChronicleEntry) -> list[Data]:
    return [b.text(" "), b.link(row.url, row.url_label or row.url)] if row.url else []
