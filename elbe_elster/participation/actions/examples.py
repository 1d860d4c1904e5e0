"""The example surveys: one that runs, and last year's with invented answers. Loads them and takes them away."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pghistory
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import (
    Breakdown,
    BreakdownGroup,
    Question,
    Response,
    StepKind,
    Survey,
    SurveyStep,
    SurveyVersion,
)
from elbe_elster.participation.questionnaire.document import to_json
from elbe_elster.region.models import Municipality
from elbe_elster.search.actions import refresh_entries
from elbe_elster.snapshots.actions import mark_stale

from .example_file import read_example, read_questionnaire, texts
from .freezing import draft_document, write_pages
from .inventing import invent_responses
from .publishing import publish_results
from .running import span_of
from .urn import store_responses

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNNING, OVER = "digital-leben", "digital-leben-vorjahr"
INVENTED = 3_000  # responses
SEED = 2025
RUNS_FOR = 90  # days
RESULTS_AFTER = dt.timedelta(days=14)
TEXT_FIELDS = ("title", "summary", "purpose", "thanks", "contact_text", "paper_return")


@transaction.atomic
def load_survey_examples(*, restore: bool = False) -> list[str]:
    """Make the example surveys that are not there; gives their titles. Those once removed only with ``restore``."""
    known = set(Survey.objects.values_list("slug", flat=True))
    if not restore:
        known |= set(apps.get_model("participation.SurveyEvent")._default_manager.values_list("slug", flat=True))
    entry = read_example()
    with pghistory.context(reason="Beispiele geladen"):
        made = [make(entry) for slug, make in ((RUNNING, _make_running), (OVER, _make_over)) if slug not in known]
    if made:
        refresh_entries(Survey)
        mark_stale()
    return [survey.title for survey in made]


def count_survey_examples() -> int:
    """How many example surveys there are."""
    return Survey.objects.filter(example=True).count()


@transaction.atomic
def remove_survey_examples() -> int:
    """Delete every example survey with all its answers; gives how many."""
    surveys = Survey.objects.filter(example=True)
    number = surveys.count()
    with pghistory.context(reason="Beispiele entfernt"):
        for survey in surveys:
            survey.tables.all().delete()
            Response.objects.filter(survey=survey).delete()
            survey.breakdowns.all().delete()
            Survey.objects.filter(pk=survey.pk).update(current=None)
            survey.delete()
    if number:
        refresh_entries(Survey)
        mark_stale()
    return number


def _make_running(entry: dict[str, Any]) -> Survey:
    opened = timezone.localdate() - dt.timedelta(days=10)
    return _make(entry, RUNNING, _midnight(opened), _midnight(opened + dt.timedelta(days=RUNS_FOR)), contact_wish=True)


def _make_over(entry: dict[str, Any]) -> Survey:
    """Last year's survey: the same questions, so that the years can be compared."""
    today = timezone.localdate()
    year = today.year - 1
    day = min(
        today - dt.timedelta(days=360), dt.date(year, 12, 1)
    )  # ended less than a year ago: texts are kept so long
    opened, closed = _midnight(day), _midnight(day + dt.timedelta(days=61))
    survey = _make(entry, OVER, opened, closed, generated=True)
    for column in COLUMNS.values():
        setattr(survey, f"title_{column}", f"{getattr(survey, f'title_{column}')} {year}")
    survey.save()
    days = [timezone.localdate(opened) + dt.timedelta(days=number) for number in range((closed - opened).days)]
    version = survey.versions.get()
    invented = invent_responses(draft_document(survey), version.pk, number=INVENTED, days=days, seed=SEED)
    store_responses(survey, invented)
    _write_step(survey, StepKind.CLOSED, closed, _("Wie geplant."))
    codes = [question.code for question in survey.questions.all()]
    publish_results(survey=survey, codes=codes, actor=None, now=closed + RESULTS_AFTER)
    return survey


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _make(entry: dict[str, Any], slug: str, opened: dt.datetime, closed: dt.datetime, **marks: bool) -> Survey:
    survey = Survey.objects.create(
        slug=slug,
        languages=entry["languages"],
        minutes=entry["minutes"],
        opens_at=opened,
        closes_at=closed,
        expected_responses=INVENTED,
        example=True,
        **marks,
        **{column: text for field in TEXT_FIELDS for column, text in _columns(field, texts(entry, field)).items()},
    )
    write_pages(survey=survey, questionnaire=read_questionnaire(entry))
    _write_breakdowns(survey, entry["breakdowns"])
    document = to_json(draft_document(survey))
    survey.current = SurveyVersion.objects.create(survey=survey, number=1, document=document, published_at=opened)
    survey.save()
    _write_step(survey, StepKind.PUBLISHED, opened, span_of(survey))
    return survey


def _write_step(survey: Survey, kind: StepKind, at: dt.datetime, note: str = "") -> None:
    """What staff would have done by hand at that moment."""
    SurveyStep.objects.create(survey=survey, kind=kind, at=at, note=note)


def _columns(field: str, found: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{COLUMNS[language]}": text for language, text in found.items()}


def _write_breakdowns(survey: Survey, entries: list[dict[str, Any]]) -> None:
    for order, entry in enumerate(entries):
        question = Question.objects.get(survey=survey, code=entry["question"])
        breakdown = Breakdown.objects.create(
            survey=survey, question=question, order=order, **_columns("label", texts(entry, "label"))
        )
        groups = _by_administration(question) if entry["groups"] == "municipalities" else _one_each(question)
        BreakdownGroup.objects.bulk_create(
            BreakdownGroup(breakdown=breakdown, number=number, options=options, **labels)
            for number, (labels, options) in enumerate(groups, start=1)
        )


def _one_each(question: Question) -> list[tuple[dict[str, str], list[int]]]:
    return [
        ({f"label_{column}": getattr(option, f"label_{column}") for column in COLUMNS.values()}, [option.number])
        for option in question.options.all()
    ]


def _by_administration(question: Question) -> list[tuple[dict[str, str], list[int]]]:
    """Small municipalities together with those that share their administration."""
    numbers = dict(question.options.values_list("code", "number"))
    found: dict[str, list[int]] = {}
    for municipality in Municipality.objects.select_related("administration").order_by("administration__name", "name"):
        found.setdefault(municipality.administration.name, []).append(numbers[municipality.key])
    groups = [({"label_de": name}, options) for name, options in found.items()]
    return [
        *groups,
        (
            {"label_de": "außerhalb", "label_en": "outside", "label_de_simple": "nicht im Land-Kreis"},
            [numbers["outside"]],
        ),
    ]
