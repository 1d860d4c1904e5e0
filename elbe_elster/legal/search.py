"""What the search finds in legal."""

from django.utils.translation import gettext_lazy as _

from elbe_elster.legal.models import LegalText
from elbe_elster.search.sources import Source

SOURCES = [
    Source(
        kind="rechtliches",
        label=_("Rechtliches"),
        rows=lambda _user: LegalText.objects.all(),
        title="title",
        texts=("body",),
    ),
]
