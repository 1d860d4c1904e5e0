"""What can be found: one row for each page and language, ready to be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from elbe_elster.search.words import GERMAN_CONFIG

if TYPE_CHECKING:
    from django.db.models.expressions import CombinedExpression


def _vector(config: str) -> CombinedExpression:
    return SearchVector("title", config=config, weight="A") + SearchVector("text", config=config, weight="C")


class SearchEntry(models.Model):
    """A row of a room as the search knows it in one language. Written only by ``search.actions``.

    Everything is made ready when it is written: plain words without Markdown, the long words in which others may
    stand, and the vector of stems. The row is kept short, because a common word reads hundreds of them. Who may see the row is not stored; the search asks the room.
    """

    kind = models.CharField(_("Art"), max_length=60)
    row_id = models.BigIntegerField(_("Nummer der Zeile"))
    language = models.CharField(_("Sprache der Seite"), max_length=10)
    text_language = models.CharField(_("Sprache der Wörter"), max_length=10)
    url = models.CharField(_("Adresse"), max_length=400)
    title = models.TextField(_("Titel"))
    text = models.TextField(_("Text"))
    folded_title = models.TextField(_("Titel ohne Großbuchstaben und Akzente"))
    compounds = models.TextField(_("Lange Wörter ohne Großbuchstaben und Akzente, jedes einmal"))
    vector = models.GeneratedField(
        expression=models.Case(
            models.When(text_language="en", then=_vector("english")), default=_vector(GERMAN_CONFIG)
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("Sucheintrag")
        verbose_name_plural = _("Sucheinträge")
        ordering = ["kind", "row_id", "language"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id", "language"], name="search_one_entry_per_language")
        ]
        indexes = [
            models.Index(fields=["language"], name="search_entry_language"),
            GinIndex(fields=["vector"], name="search_entry_vector", fastupdate=False),
            GinIndex(OpClass("compounds", name="gin_trgm_ops"), name="search_entry_compounds", fastupdate=False),
            GinIndex(OpClass("folded_title", name="gin_trgm_ops"), name="search_entry_title", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"
