"""What the search finds of the strategy."""

from django.utils.translation import gettext_lazy as _

from elbe_elster.search.sources import Source
from elbe_elster.strategy.models import ActionField, Strategy

SOURCES = [
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
