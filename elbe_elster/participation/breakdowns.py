"""By whose groups results are split: what can be split by, groups to begin with, and what can be expected of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from elbe_elster.participation.disclosure.thresholds import LEAST_BASE
from elbe_elster.participation.questionnaire.document import MATRICES, ONE_OPTION, WITH_OPTIONS, Kind
from elbe_elster.participation.survival import Group, Outlook, hidden_share, outlook, responses_needed
from elbe_elster.region.models import Municipality, Population, PopulationSeries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from elbe_elster.participation.models import Breakdown, BreakdownGroup, Survey
    from elbe_elster.participation.questionnaire.document import Option, Question, Questionnaire

LANGUAGES = tuple(settings.MODELTRANSLATION_LANGUAGES)
AGES = (None, 17, 29, 44, 59, 74, None)  # the last year of each band
OLDEST = 130
BANDS = 5  # of a number that is no age
MOST = 5  # breakdowns of one survey


@dataclass(frozen=True)
class NewGroup:
    """A group that is proposed or was put together in a form. ``options`` are numbers; a band has bounds instead."""

    labels: Mapping[str, str]
    options: tuple[int, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True)
class Prospect:
    """What is to be expected of a breakdown at so many responses."""

    rows: list[Outlook]
    hidden: float
    needed: int | None
    people_known: bool

    @property
    def percent_hidden(self) -> int:
        """Of all cells, in whole percent."""
        return round(self.hidden * 100)

    @property
    def lost(self) -> list[Outlook]:
        """Groups that will not be shown."""
        return [row for row in self.rows if row.survives is False]


@dataclass(frozen=True)
class Region:
    """The municipalities by official key and by name, with their people after the newest count."""

    by_code: dict[str, Municipality] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)  # by official key

    def of(self, option: Option) -> Municipality | None:
        """The municipality an option stands for: by its key, or by its name."""
        return self.by_code.get(option.code) or self.by_code.get(option.label.get("de", ""))


def region_now() -> Region:
    """Read the region (three queries)."""
    rows = list(Municipality.objects.select_related("administration"))
    newest = PopulationSeries.objects.order_by("-date", "key").first()
    counts = Population.objects.filter(series=newest).values_list("municipality__key", "count")
    found = {row.name: row for row in rows} | {row.key: row for row in rows}
    return Region(found, dict(counts))


def may_split(question: Question) -> bool:
    """Whether results can be split by it: one option to choose, or a number."""
    return not question.retired and (question.kind in ONE_OPTION or question.kind is Kind.NUMBER)


# Proposals ------------------------------------------------------------------------


def proposals(question: Question, region: Region, responses: int) -> dict[str, list[NewGroup]]:
    """Groups to begin with, by the name of the proposal; the first one is the best."""
    if question.kind is Kind.NUMBER:
        return {"bands": _bands(question)}
    options = [option for option in question.options if not option.retired]
    if any(region.of(option) for option in options):
        return {
            "towns": _towns(options, region, responses),
            "administrations": _by_administration(options, region, set()),
            "each": _each(options),
        }
    return {"each": _each(options)}


def _each(options: Iterable[Option]) -> list[NewGroup]:
    return [NewGroup(option.label, (option.number,)) for option in options]


def _towns(options: Sequence[Option], region: Region, responses: int) -> list[NewGroup]:
    """Towns on their own if enough of their people answer, everything else by administration."""
    everybody = sum(region.people.get(found.key, 0) for option in options if (found := region.of(option)))
    single = {
        option.number
        for option in options
        if (town := region.of(option)) and town.is_town and _reaches(region.people.get(town.key), everybody, responses)
    }
    return _by_administration(options, region, single)


def _reaches(people: int | None, everybody: int, responses: int) -> bool:
    """Whether the town will have enough responses; yes where nothing is known."""
    return not (people and everybody and responses) or people / everybody * responses >= LEAST_BASE


def _by_administration(options: Sequence[Option], region: Region, single: set[int]) -> list[NewGroup]:
    """One group for each administration; ``single`` options, and what is no municipality, on their own."""
    together: dict[str, list[Option]] = {}
    left_out: dict[str, list[str]] = {}
    found: list[NewGroup] = []
    for option in options:
        municipality = region.of(option)
        if municipality is not None and option.number not in single:
            together.setdefault(municipality.administration.name, []).append(option)
        elif municipality is not None:
            left_out.setdefault(municipality.administration.name, []).append(municipality.name)
            found.append(NewGroup(option.label, (option.number,)))
    for name, members in together.items():
        labels = members[0].label if len(members) == 1 else _without(name, left_out.get(name, []))
        found.append(NewGroup(labels, tuple(option.number for option in members)))
    found.sort(key=lambda group: group.labels.get("de", "").casefold())
    return found + _each(option for option in options if region.of(option) is None)


def _without(name: str, towns: Sequence[str]) -> dict[str, str]:
    """„Amt Schlieben ohne Schlieben“, in every language."""
    if not towns:
        return {"de": name}
    labels = {}
    for language in LANGUAGES:
        with override(language):
            labels[language] = _("%(name)s ohne %(towns)s") % {"name": name, "towns": ", ".join(towns)}
    return labels


def _bands(question: Question) -> list[NewGroup]:
    """Bands of age, or bands of equal width where the number is something else."""
    least, most = question.least, question.most
    if least is None or most is None or (least < BANDS * 4 and most <= OLDEST):
        pairs = itertools.pairwise(AGES)
        edges = [
            (None if low is None else Decimal(low + 1), None if high is None else Decimal(high)) for low, high in pairs
        ]
        kept = [
            (low, high)
            for low, high in edges
            if (high is None or least is None or high >= least) and (low is None or most is None or low <= most)
        ]
    else:
        width = max((most - least + 1) / BANDS, Decimal(1)).to_integral_value()
        starts = [least + number * width for number in range(BANDS) if least + number * width <= most]
        kept = [(low, high - 1) for low, high in zip(starts, [*starts[1:], most + 1], strict=True)]
    return [NewGroup(band_labels(low, high), least=low, most=high) for low, high in kept]


def band_labels(least: Decimal | None, most: Decimal | None) -> dict[str, str]:
    """What a band is called, in every language."""
    labels = {}
    for language in LANGUAGES:
        with override(language):
            words = {"least": _number(least), "most": _number(most)}
            if least is None:
                labels[language] = _("bis %(most)s") % words
            elif most is None:
                labels[language] = _("ab %(least)s") % words
            else:
                labels[language] = _("%(least)s bis %(most)s") % words
    return labels


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f").replace(".", ",")


# What can be expected ---------------------------------------------------------------


def prospect(
    breakdown: Breakdown, questionnaire: Questionnaire, region: Region, responses: int, publishable: set[str]
) -> Prospect | None:
    """How a breakdown will do at so many responses. None when its question is not asked (any more)."""
    asked = {question.pk: question for question in questionnaire.questions()}.get(breakdown.question_id)
    if asked is None:
        return None
    groups, known = _shares(asked, list(breakdown.groups.all()), region)
    split = [
        question for question in questionnaire.questions() if question.code in publishable and question is not asked
    ]
    rows = outlook(groups, responses, [count for question in split for count in _cells(question)])
    return Prospect(rows, hidden_share(rows), responses_needed(groups), known)


def _cells(question: Question) -> list[int]:
    """How many cells each line of its table has, one line for each row of a matrix."""
    if question.retired or question.kind not in WITH_OPTIONS:
        return []
    options = sum(not option.retired for option in question.options)
    rows = sum(not item.retired for item in question.items) if question.kind in MATRICES else 1
    return [options] * rows


def _shares(question: Question, groups: list[BreakdownGroup], region: Region) -> tuple[list[Group], bool]:
    """The groups with their share of all people: by population, else all alike."""
    people = {
        option.number: region.people[found.key]
        for option in question.options
        if (found := region.of(option)) and found.key in region.people
    }
    everybody = sum(people.values())
    if not everybody:
        return [Group(group.number, group.label, 1 / len(groups)) for group in groups], False
    found_groups = []
    for group in groups:
        counted = [people[number] for number in group.options if number in people]
        total = sum(counted) if counted else None
        found_groups.append(Group(group.number, group.label, None if total is None else total / everybody, total))
    return found_groups, True


def prospects(survey: Survey, questionnaire: Questionnaire) -> list[tuple[Breakdown, Prospect | None]]:
    """Every breakdown of a survey with what can be expected of it (six queries)."""
    rows = list(survey.breakdowns.select_related("question").prefetch_related("groups"))
    if not rows:
        return []
    region = region_now()
    publishable = set(survey.questions.filter(publishable=True, retired=False).values_list("code", flat=True))
    responses = survey.expected_responses or 0
    return [(row, prospect(row, questionnaire, region, responses, publishable)) for row in rows]
