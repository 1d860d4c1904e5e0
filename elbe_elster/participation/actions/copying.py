"""A survey once more, for the next year; and the trash for drafts."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.freezing import write_pages
from elbe_elster.participation.actions.running import SurveyRefusedError, locked, readable_draft
from elbe_elster.participation.models import (
    Question,
    StepKind,
    Survey,
    SurveyState,
    SurveyStep,
    TextCode,
)

if TYPE_CHECKING:
    from django.db.models import Model

    from elbe_elster.accounts.models import User

KEPT_FOR = dt.timedelta(days=30)
YEAR = re.compile(r"\b20\d\d\b")
LONGEST_TITLE, LONGEST_SLUG = 120, 80  # characters
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Proposal(NamedTuple):
    """What the copy could be called."""

    title: str
    slug: str


def proposed_copy(survey: Survey, today: dt.date | None = None) -> Proposal:
    """The title with the new year (this one, or the one after the old one), and an address nobody has (one query)."""
    year = _new_year(str(survey.title_de), today or timezone.localdate())  # type: ignore[attr-defined]
    title = _with_year(str(survey.title_de), year)  # type: ignore[attr-defined]
    return Proposal(title, free_slug(title))


def _new_year(title: str, today: dt.date) -> int:
    found = [int(year) for year in YEAR.findall(title)]
    return max([today.year, *(year + 1 for year in found)])


def _with_year(title: str, year: int) -> str:
    if YEAR.search(title):
        return YEAR.sub(str(year), title)
    return f"{title[: LONGEST_TITLE - 5]} {year}" if title else ""


def free_slug(title: str) -> str:
    """An address made of the title that no survey has."""
    base = slugify(title.casefold().translate(UMLAUTS))[: LONGEST_SLUG - 4].strip("-") or "umfrage"
    taken = set(Survey.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def copy_survey(*, survey: Survey, actor: User | None, title: str, slug: str, now: dt.datetime | None = None) -> Survey:
    """Make a draft of the same pages, questions, codes and breakdowns, without answers and times.

    What is retired comes along, so that no number is given to something else. The same ``slug`` again gives the copy
    there is, so a double click makes one. Raises SurveyRefusedError when another survey has the address.
    """
    now = now or timezone.now()
    row = locked(survey)
    if there := Survey.objects.filter(slug=slug).first():
        if there.copied_from_id == row.pk:
            return there
        raise SurveyRefusedError(_("Diese Adresse hat schon eine andere Umfrage."))
    questionnaire = readable_draft(row)
    copy = _copied_head(row, title, slug, now)
    write_pages(survey=copy, questionnaire=questionnaire)
    new = {question.code: question for question in copy.questions.all()}
    kept_back = row.questions.filter(publishable=False).values_list("code", flat=True)
    copy.questions.filter(code__in=list(kept_back)).update(publishable=False)
    _copy_breakdowns(row, copy, new)
    _copy_topics(row, new)
    note = _("Aus „%(title)s“") % {"title": row.title}
    SurveyStep.objects.create(survey=copy, kind=StepKind.COPIED, note=note, at=now, actor=actor)
    return copy


def _copied_head(row: Survey, title: str, slug: str, now: dt.datetime) -> Survey:
    """The survey itself under its new name, in every language with the new year; what belongs to a run is left out."""
    copy = Survey.objects.get(pk=row.pk)
    copy.pk, copy.current, copy.copied_from, copy.loaded = None, None, row, {}
    copy.opens_at = copy.closes_at = copy.results_from = copy.trashed_at = None
    copy.changed_at = copy.shown_as_of = now
    copy.slug, copy.generated = slug, False
    year = max([0, *(int(found) for found in YEAR.findall(title))])
    for language in settings.MODELTRANSLATION_LANGUAGES:
        column = f"title_{language.replace('-', '_')}"
        if language == "de" or getattr(copy, column):
            setattr(copy, column, title if language == "de" else _with_year(getattr(copy, column), year or now.year))
    copy.save(force_insert=True)
    return copy


def _copy_breakdowns(row: Survey, copy: Survey, questions: dict[str, Question]) -> None:
    for breakdown in row.breakdowns.select_related("question").prefetch_related("groups"):
        groups = list(breakdown.groups.all())
        breakdown.survey, breakdown.question = copy, questions[breakdown.question.code]
        _insert_again(breakdown)
        for group in groups:
            group.breakdown = breakdown
            _insert_again(group)


def _copy_topics(row: Survey, questions: dict[str, Question]) -> None:
    """The topics of free texts, so that years can be compared."""
    for topic in TextCode.objects.filter(question__survey=row).select_related("question"):
        topic.question = questions[topic.question.code]
        _insert_again(topic)


def _insert_again(row: Model) -> None:
    row.pk = None
    row.save(force_insert=True)


@transaction.atomic
def trash_survey(*, survey: Survey, actor: User | None, now: dt.datetime | None = None) -> bool:
    """Move a draft to the trash. False when it lies there already. Raises SurveyRefusedError once it was published."""
    now = now or timezone.now()
    row = Survey.objects.select_for_update(no_key=True, of=("self",)).get(pk=survey.pk)
    if row.trashed_at is not None:
        return False
    if row.state_at(now) != SurveyState.DRAFT:
        raise SurveyRefusedError(_("Nur Entwürfe kommen in den Papierkorb. Was veröffentlicht war, bleibt."))
    _move(row, now, StepKind.TRASHED, actor, now)
    return True


@transaction.atomic
def restore_survey(*, survey: Survey, actor: User | None, now: dt.datetime | None = None) -> bool:
    """Take a draft out of the trash. False when it does not lie there."""
    row = Survey.objects.select_for_update(no_key=True, of=("self",)).get(pk=survey.pk)
    if row.trashed_at is None:
        return False
    _move(row, None, StepKind.RESTORED, actor, now or timezone.now())
    return True


def _move(row: Survey, trashed_at: dt.datetime | None, kind: StepKind, actor: User | None, now: dt.datetime) -> None:
    row.trashed_at = trashed_at
    row.save(update_fields=["trashed_at"])
    SurveyStep.objects.create(survey=row, kind=kind, at=now, actor=actor)


def gone_after(survey: Survey) -> dt.datetime:
    """When a draft in the trash is deleted."""
    assert survey.trashed_at is not None  # noqa: S101 -- asked for what is in the trash
    return survey.trashed_at + KEPT_FOR


def empty_trash(*, now: dt.datetime | None = None) -> int:
    """Delete the drafts that have been in the trash for 30 days. Gives how many. Repeatable."""
    before = (now or timezone.now()) - KEPT_FOR
    due = Survey.objects.filter(trashed_at__lt=before, current=None).order_by("pk").values_list("pk", flat=True)
    return sum(_delete(pk) for pk in list(due))


@transaction.atomic
def _delete(pk: int) -> bool:
    found = Survey.objects.select_for_update(of=("self",)).filter(pk=pk, trashed_at__isnull=False).first()
    if found is None:
        return False
    found.breakdowns.all().delete()  # they protect their questions
    found.delete()
    return True
