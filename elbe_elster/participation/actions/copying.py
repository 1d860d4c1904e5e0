"""A survey once more, for the next year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.freezing import write_pages
from elbe_elster.participation.actions.running import SurveyRefusedError, locked, readable_draft
from elbe_elster.participation.models import (
    Question,
    StepKind,
    Survey,
    SurveyStep,
    TextCode,
)

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import Model

    from elbe_elster.accounts.models import User

YEAR = re.compile(r"\b20\d\d\b")
LONGEST_TITLE = 120  # characters


def proposed_title(survey: Survey, today: dt.date | None = None) -> str:
    """The title with the new year: this one, or the one after the year in the title or of the beginning."""
    title = str(survey.title_de)  # type: ignore[attr-defined]  # a column of translation.py
    found = [int(year) for year in YEAR.findall(title)]
    if survey.opens_at and not found:
        found.append(timezone.localtime(survey.opens_at).year)
    year = max([(today or timezone.localdate()).year, *(year + 1 for year in found)])
    return _with_year(title, year)


def _with_year(title: str, year: int) -> str:
    if YEAR.search(title):
        return YEAR.sub(str(year), title)
    return f"{title[: LONGEST_TITLE - 5]} {year}" if title else ""


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
