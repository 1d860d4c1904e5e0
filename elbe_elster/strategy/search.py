"""What the search finds of the strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat, Replace
from django.utils.translation import gettext_lazy as _

from elbe_elster.search.sources import Source
from elbe_elster.strategy.models import ActionField, Measure, ProjectProfile, Strategy
from elbe_elster.strategy.models.measures import SEARCH_KIND

if TYPE_CHECKING:
    from elbe_elster.strategy.models import MeasureQuerySet


def _measures(_user: object) -> MeasureQuerySet:
    """The published ones; „M-03“ is found as „M 03“ as well, because PostgreSQL reads a hyphen as a minus."""
    number, hyphen = Cast("number", TextField()), Value("-", TextField())
    spellings = [Replace(number, hyphen, Value(instead, TextField())) for instead in (" ", "")]
    blank = Value(" ", TextField())
    return Measure.objects.published().annotate(number_words=Concat(number, blank, spellings[0], blank, spellings[1]))


SOURCES = [
    Source(
        kind=SEARCH_KIND,
        label=_("Maßnahmen"),
        rows=_measures,
        title="title",
        texts=(
            *("summary", "decided_title", "description", "need", "benefit", "target_groups"),
            *("origin_note", "lead__name", "goals__title", "municipalities__name", "number_words"),
        ),
    ),
    Source(
        kind="projekte",
        label=_("Projekte"),
        rows=lambda _user: ProjectProfile.objects.published(),
        title="title",
        texts=("summary", "situation", "aims", "plan", "legal_conditions"),
    ),
    Source(
        kind="handlungsfelder",
        label=_("Handlungsfelder"),
        rows=lambda _user: ActionField.objects.in_force(),
        title="name",
        texts=("summary", "text", "examples", "questions"),
    ),
    Source(
        kind="strategie",
        label=_("Strategie"),
        rows=lambda _user: Strategy.objects.filter(pk__in=Strategy.objects.current().values("pk")),
        title="title",
        texts=("summary", "subject", "reason", "medium_term", "long_term", "people", "funding"),
    ),
]
