"""What a paper says of a measure or a profile: public fields only (``publicity.py``), empty ones not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from elbe_elster.strategy.models import (
    COURSE_LOOKS,
    PHASE_STEPS,
    Adoption,
    ChronicleEntry,
    Course,
    Indicator,
    Measure,
    ProjectProfile,
)
from elbe_elster.strategy.pdf import blocks as b
from elbe_elster.strategy.pdf.parts import chronicle, example_mark, measure_sections, measure_tables, profile_sections
from elbe_elster.strategy.pdf.room import Room, lengths_to_try
from elbe_elster.strategy.periods import period_text, span_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elbe_elster.strategy.models import MeasureQuerySet, ProjectProfileQuerySet
    from elbe_elster.strategy.pdf.blocks import Data

MOST_SQUARES = len(PHASE_STEPS)


def measures_for_paper() -> MeasureQuerySet:
    """Every published measure with all that is printed of it, in a fixed number of queries."""
    profiles = ProjectProfile.objects.published().with_course().select_related("measure__lead", "lead")
    return (
        Measure.objects.published()
        .with_course()
        .select_related("primary_field", "lead", "merged_into")
        .prefetch_related(
            "goals",
            "milestones",
            "costrows",
            "fundingrows",
            "resolutions",
            "deviations",
            "partnerships__body",
            "municipalities",
            Prefetch("profiles", queryset=profiles, to_attr="shown_profiles"),
            Prefetch("adoptions", queryset=Adoption.objects.select_related("administration")),
            Prefetch("indicators", queryset=Indicator.objects.prefetch_related("readings")),
            Prefetch("chronicle", queryset=ChronicleEntry.objects.public().newest_first()),
        )
    )


def profiles_for_paper() -> ProjectProfileQuerySet:
    """Every published profile with all that is printed of it."""
    return (
        ProjectProfile.objects.published()
        .with_course()
        .select_related("measure__primary_field", "measure__lead", "lead")
        .prefetch_related("milestones", "costrows", "fundingrows", "administrations", "resolutions", "deviations")
    )


def measure_paper(measure: Measure) -> Data:
    """The paper of one measure, as long as it needs."""
    data = {
        **frame(title=measure.title, url=measure.get_absolute_url(), running=f"{measure.number} {measure.title}"),
        **_measure_head(measure),
        "one_page": False,
    }
    everything = [*measure_sections(measure, Room()), *measure_tables(measure), chronicle(measure)]
    return data | {"variants": [b.shown(everything)]}


def measure_record(measure: Measure) -> Data:
    """A measure as the booklet shows it: in the lengths that may fit on a page."""
    lengths = lengths_to_try(measure, lambda room: measure_sections(measure, room))
    return {**_measure_head(measure), "title": b.printable(str(measure)), "variants": lengths}


def _measure_head(measure: Measure) -> Data:
    kicker = [b.strong(measure.number), b.text("   "), b.field_mark(measure.primary_field)]
    return {
        "title": b.printable(measure.title),
        "summary": b.printable(measure.summary),
        "kicker": [b.paragraph(*kicker, *example_mark(example=measure.example))],
        "facts": _facts(_measure_facts(measure)),
    }


def profile_paper(profile: ProjectProfile) -> Data:
    """The Steckbrief: always one page."""
    measure = profile.measure
    whose = b.link(measure.get_absolute_url(), f"{measure.number} {measure.title}")
    kicker = [b.strong(gettext("Projektsteckbrief")), b.text("   "), b.field_mark(measure.primary_field)]
    return {
        **frame(title=profile.title, url=profile.get_absolute_url(), running=gettext("Projektsteckbrief")),
        "title": b.printable(profile.title),
        "summary": b.printable(profile.summary),
        "kicker": [b.paragraph(*kicker, *example_mark(example=profile.example))],
        "facts": _facts(_profile_facts(profile, whose)),
        "variants": lengths_to_try(profile, lambda room: profile_sections(profile, room)),
        "one_page": True,
    }


def frame(*, title: str, url: str, running: str) -> Data:
    """What every paper says around its content."""
    return {
        "title": b.printable(title),
        "site": settings.SITE_NAME,
        "publisher": "Landkreis Elbe-Elster",
        "lang": (get_language() or "de").split("-", maxsplit=1)[0],
        "url": b.printable(f"{settings.BASE_URL}{url}"),
        "as_of": period_text(timezone.localdate()),
        "running": b.printable(running),
        "words": {
            "found": gettext("Im Internet:"),
            "as_of": gettext("Stand:"),
            "page": gettext("Seite"),
            "of": gettext("von"),
            "contents": gettext("Inhalt"),
        },
    }


def _facts(items: Iterable[tuple[str, list[Data]]]) -> Data:
    found = [{"label": label, "c": inlines} for label, inlines in items if inlines]
    return {"t": "facts", "items": found}


def course_words(record: Measure | ProjectProfile) -> list[Data]:
    """The course with its sign and, if people have set it, their reason; nothing after the end."""
    if not record.course:
        return []
    course = Course(record.course)
    reason = [b.small(record.course_reason)] if record.course_override and record.course_reason else []
    return [b.look(COURSE_LOOKS[course], course.label), *reason]


def _planned_facts(record: Measure | ProjectProfile) -> list[tuple[str, list[Data]]]:
    step = record.phase_step
    phase = [*([b.meter(step, MOST_SQUARES)] if step else []), b.strong(record.get_phase_display())]
    if record.ending_reason:
        phase.append(b.small(record.ending_reason))
    if isinstance(record, Measure) and record.merged_into and record.merged_into.is_visible:
        phase.append(b.small(str(record.merged_into)))
    span = span_text(record)
    done = [b.small(gettext("abgeschlossen %(day)s") % {"day": period_text(record.done_on)})] if record.done_on else []
    return [
        (gettext("Phase"), phase),
        (gettext("Verlauf"), course_words(record)),
        (gettext("Zeitraum"), [b.strong(span), *done] if span else done),
    ]


def _measure_facts(measure: Measure) -> list[tuple[str, list[Data]]]:
    lead = [b.strong(measure.lead.name)] if measure.lead else []
    if measure.contact_address:
        lead += [{"t": "br"}] if lead else []
        lead.append(b.mail(measure.contact_address))
    if measure.contact_public and measure.contact_name:
        lead.append(b.small(measure.contact_name))
    review = period_text(measure.next_review_on, "month")
    return [
        *_planned_facts(measure),
        (gettext("Zuständig"), lead),
        (gettext("Priorität"), [b.strong(measure.get_priority_display())] if measure.priority else []),
        (gettext("Wird wieder geprüft"), [b.strong(review)] if review and not measure.has_ended else []),
    ]


def _profile_facts(profile: ProjectProfile, whose: Data) -> list[tuple[str, list[Data]]]:
    lead = profile.lead or profile.measure.lead
    who = [b.strong(lead.name)] if lead else []
    if lead and lead.email:
        who += [{"t": "br"}, b.mail(lead.email)]
    cases = [b.strong(number_format(profile.cases, force_grouping=True))] if profile.cases else []
    core = (
        [] if profile.core_process is None else [b.strong(gettext("ja") if profile.core_process else gettext("nein"))]
    )
    return [
        *_planned_facts(profile),
        (gettext("Zuständig"), who),
        (gettext("Maßnahme"), [whose]),
        (gettext("Fälle im Jahr"), cases),
        (gettext("Kernaufgabe"), core),
    ]
