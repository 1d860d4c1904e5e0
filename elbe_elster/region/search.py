"""What the search finds of the region."""

from django.utils.translation import gettext_lazy as _

from elbe_elster.region.models import Administration
from elbe_elster.search.sources import Source

SOURCES = [
    Source(
        kind="kommunen",
        label=_("Kommunen"),
        rows=lambda _user: Administration.objects.all(),
        title="name",
        texts=("seat", "municipalities__name"),
    )
]
