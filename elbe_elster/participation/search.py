"""What the search finds of participation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.models import Dialogue, Survey
from elbe_elster.search.sources import Source
from elbe_elster.strategy.models import ProcessStep

SOURCES = [
    Source(
        kind="umfragen",
        label=_("Umfragen"),
        rows=Survey.objects.visible_to,
        title="title",
        texts=("summary", "purpose"),
        url=lambda row: f"{reverse('participation:overview')}umfragen/{row.slug}/",
        indexed=lambda: Survey.objects.filter(current__isnull=False, trashed_at=None),
    ),
    Source(
        kind="gespraeche",
        label=_("Gespräche"),
        rows=lambda _user: Dialogue.objects.all(),
        title="host_event",
        texts=("place", "venue", "text"),
        url=lambda _row: reverse("participation:talk-list"),
    ),
    Source(
        kind="weg",
        label=_("Der Weg zur Strategie"),
        rows=lambda _user: ProcessStep.objects.in_force(),
        title="title",
        texts=("summary", "text"),
        url=lambda row: f"{reverse('participation:process-detail')}#schritt-{row.number}",
    ),
]
